"""Clocks that stand still, in words."""

from cli.wording import Words
from engine.state import Stop


def stopped(stop: Stop, words: Words) -> str:
    """For what the clock stands still, since when, and for how long."""
    ends = [f"until {stop.ends_on}"] if stop.ends_on else []
    ends += [f"at most until {words.moment(stop.until.at)}"] if stop.until else []
    since = ", ".join([f"since {words.moment(stop.since)}", *([" or ".join(ends)] if ends else [])])
    return f"{stop.event}, {since} ({stop.reason})"
