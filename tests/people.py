"""The trust of the tests a moment later: somebody has left, somebody has come."""

from collections.abc import Callable
from datetime import date

from engine.people import Directory
from engine.staff import Person, Post
from tests.worlds import named


def until(people: Directory, name: str, last: date) -> Directory:
    """The same trust, in which this person's posts end on that day."""
    return changed(
        people,
        name,
        lambda person: {"posts": tuple(each.model_copy(update={"until": last}) for each in person.posts)},
    )


def joining(
    people: Directory, name: str, role: str, school: str | None = None, *, since: date, **scope: str
) -> Directory:
    """The same trust, with somebody more who holds this role from that day on."""
    key = f"p-{len(people.people) + 901:04d}"
    post = Post.model_validate({"role": role, "school": school, "since": since, **scope})
    return _valid(
        people, *people.people, Person(id=key, name=name, email=f"{key}@trust.example", posts=(post,))
    )


def changed(people: Directory, name: str, change: Callable[[Person], dict[str, object]]) -> Directory:
    """The same trust, with something else said of one person."""
    wanted = named(people, name)
    return _valid(
        people,
        *(each.model_copy(update=change(each)) if each.id == wanted else each for each in people.people),
    )


def _valid(people: Directory, *everybody: Person) -> Directory:
    return Directory.model_validate_json(people.model_copy(update={"people": everybody}).model_dump_json())
