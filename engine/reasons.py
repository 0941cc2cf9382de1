"""Reasons that people give: in their own words, or by one of the codes that the definition lists."""

from collections.abc import Mapping

from engine.errors import RefusedError, UnknownNameError


def given_reason(given: str | None, what: str) -> str:
    """The reason, without the space around it. Refused when there is none."""
    if not given or not given.strip():
        raise RefusedError(f"to {what}, give the reason (--reason)")
    return given.strip()


def coded_reason(reasons: Mapping[str, str], code: str | None, words: str | None, what: str) -> str:
    """What the code means, and what the person adds. Refused when the code is none of those listed."""
    if not code:
        raise RefusedError(f"to {what}, choose a reason (--code): {', '.join(reasons)}")
    if code not in reasons:
        raise UnknownNameError("reason", code, reasons)
    added = (words or "").strip()
    return f"{reasons[code]}: {added}" if added else reasons[code]
