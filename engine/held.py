"""When a post counts: while it is held, its school is in the trust, and its class is as it is."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from engine.schools import Membership, SchoolClass
from engine.staff import Post
from engine.year_groups import YearGroup


class Held(NamedTuple):
    """A post of a person in force from a day to a day, for year groups."""

    person: str
    post: Post
    since: date
    until: date | None
    year_groups: tuple[YearGroup, ...]

    def on(self, day: date) -> bool:
        """Whether it counts on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


def held(
    person: str, post: Post, memberships: Sequence[Membership] | None, classes: Sequence[SchoolClass]
) -> Iterator[Held]:
    """A post as it counts. `memberships` is None where the school has always been in the trust."""
    spans = [(post.since, post.until)]
    if memberships is not None:
        spans = [cut for each in memberships for cut in _cut(spans[0], each.since, each.until)]
    for since, until in spans:
        if post.class_ is None or post.year_groups or not classes:
            yield Held(person, post, since, until, post.year_groups)
            continue
        for each in classes:
            for first, last in _cut((since, until), each.since, each.until):
                yield Held(person, post, first, last, each.year_groups)


def _cut(
    span: tuple[date, date | None], since: date | None, until: date | None
) -> Iterator[tuple[date, date | None]]:
    """The part of a span that is within another; nothing when they do not meet."""
    first = max(span[0], since) if since else span[0]
    ends = [each for each in (span[1], until) if each is not None]
    last = min(ends) if ends else None
    if last is None or first <= last:
        yield first, last
