"""People who were exported are read back to the same."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions import exporting
from definitions.imports import people_csv, trust_yaml
from engine.commands import command_id
from engine.people import Directory
from engine.register.deciding import decide, replay
from engine.register.people import ChangePeople
from engine.staff import Contract, Managed, Person, Post
from tests.definitions.merging import TREES, merged
from tests.engine.book import Book

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


_days = st.dates(date(2019, 1, 1), date(2029, 1, 1))
_names = st.text("abcé'=+-@,\"; Zö", min_size=1, max_size=12).map(str.strip).filter(lambda t: t)


@st.composite
def _person(draw: st.DrawFn, number: int) -> Person:
    def spell() -> dict[str, date | None]:
        since = draw(_days)
        until = draw(st.none() | st.dates(since, date(2030, 1, 1)))
        return {"since": since, "until": until}

    posts = [
        Post(
            role=draw(st.sampled_from(["class-teacher", "maths-lead", "headteacher"])),
            school=draw(st.sampled_from([None, "ash", "beech"])),
            year_group=draw(st.sampled_from([None, "R", "Y6"])),
            phase=draw(st.sampled_from([None, "key-stage-2"])),
            subject=draw(st.sampled_from([None, "english"])),
            acting=draw(st.booleans()),
            **spell(),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    since = draw(_days)
    return Person(
        id=f"p-{number:04d}",
        name=draw(_names),
        email=f"{number}@trust.example",
        trn=draw(st.none() | st.just(f"{number:07d}")),
        employer_reference=draw(st.none() | st.just(f"E{number}")),
        line_manager=draw(st.none() | st.just("p-0001")),
        posts=tuple(dict.fromkeys(posts)),
        contracts=tuple(
            Contract(
                school=draw(st.sampled_from([None, "ash"])), fte=draw(st.sampled_from([1, 0.6])), **spell()
            )
            for _ in range(draw(st.integers(0, 1)))
        ),
        managed=tuple(
            Managed(manager=draw(st.sampled_from([None, "p-0001"])), since=since)
            for _ in range(draw(st.integers(0, 1)))
        ),
    )


@st.composite
def _directory(draw: st.DrawFn) -> Directory:
    people = [draw(_person(number)) for number in range(1, draw(st.integers(2, 4)))]
    return TREES.model_copy(update={"people": tuple(people)})


@settings(max_examples=60, deadline=None)
@given(_directory())
def test_importing_what_was_exported_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, known: Directory
) -> None:
    folder = tmp_path_factory.mktemp("trust")
    for name, text in (exporting.to_yaml(known) | exporting.to_csv(known)).items():
        (folder / name).write_text(text, "utf-8", newline="")

    by_yaml = merged(trust_yaml.read_people(folder, known), known)
    by_csv = merged(people_csv.read_people(sorted(folder.glob("*.csv")), known), known)

    assert by_yaml.directory == known
    assert by_csv.directory == known
    assert by_yaml.missing == by_csv.missing == ()


@settings(max_examples=40, deadline=None)
@given(st.lists(_directory(), min_size=1, max_size=4))
def test_any_imports_one_after_the_other_replayed_give_the_same_directory(several: list[Directory]) -> None:
    book = Book(several[0].model_copy(update={"people": (*TREES.people[:1], *several[0].people[1:])}))
    for number, each in enumerate(several):
        people = tuple(person for person in each.people if person.id != "p-0001")
        order = ChangePeople(
            id=command_id("n", number), by="p-0001", people=people, correct=True, reason="As the file says"
        )
        book.take(decide(book.register, order, AT))
        assert {p.id: _as_set(book.register.people[p.id]) for p in people} == {
            p.id: _as_set(p) for p in people
        }

    assert replay(book.log) == book.register
    again = ChangePeople(id=command_id("again"), by="p-0001", people=people)
    assert decide(book.register, again, AT) == ()


def _as_set(person: Person) -> tuple[object, ...]:
    """However its posts are ordered."""
    return (
        person.model_copy(update={"posts": (), "contracts": (), "managed": ()}),
        frozenset(person.posts),
        frozenset(person.contracts),
        frozenset(person.managed),
    )
