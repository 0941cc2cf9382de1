"""A register of people and schools, kept by what is said of them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from engine.commands import command_id
from engine.fact import TERMWISE
from engine.people import Directory
from engine.register.deciding import decide, evolve
from engine.register.fact import RegisterFact
from engine.register.people import ChangePeople, ChangeSchools, ImportDirectory
from engine.register.register import Register
from engine.staff import Person, Post
from tests import worlds
from tests.documents import kept

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY = date(2026, 11, 24)
BEGAN = datetime(2026, 9, 1, 9, tzinfo=UTC)
CHIEF = "p-0001"
TREES = worlds.directory()
HEAD, TEACHER = TREES.by_name_or_id("Head ash").id, TREES.by_name_or_id("Teacher Y6A ash").id
ELSEWHERE = TREES.by_name_or_id("Teacher Y6A beech").id


class Book:
    """A register with its log, as it is kept."""

    def __init__(self, directory: Directory = TREES, at: datetime = BEGAN) -> None:
        self.log: list[RegisterFact] = []
        self.register = Register()
        order = ImportDirectory(id=command_id("first"), by=TERMWISE, directory=kept(directory))
        self.take(decide(self.register, order, at))

    def take(self, facts: Iterable[RegisterFact]) -> list[RegisterFact]:
        found = list(facts)
        for fact in found:
            self.register = evolve(self.register, fact)
        self.log += found
        return found

    def person(self, key: str) -> Person:
        return self.register.people[key]

    def change(
        self,
        *people: Person,
        by: str = CHIEF,
        at: datetime = AT,
        correct: bool = False,
        reason: str | None = None,
        onto: int | None = None,
    ) -> list[RegisterFact]:
        order = ChangePeople(
            id=command_id(at, people), by=by, people=people, correct=correct, reason=reason, onto=onto
        )
        return self.take(decide(self.register, order, at))

    def school(
        self,
        at: datetime = AT,
        by: str = CHIEF,
        *,
        correct: bool = False,
        reason: str | None = None,
        **parts: object,
    ) -> list[RegisterFact]:
        order = ChangeSchools.model_validate(
            {"id": command_id("s"), "by": by, "correct": correct, "reason": reason, **parts}
        )
        return self.take(decide(self.register, order, at))


def with_posts(person: Person, *posts: Post) -> Person:
    return person.model_copy(update={"posts": posts})


def ends(post: Post, on: date | None) -> Post:
    return post.model_copy(update={"until": on})
