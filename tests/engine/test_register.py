"""The register: what changes it, who may, and that its facts lead to the same again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from definitions.trust import load_trust
from engine import library
from engine.commands import command_id
from engine.errors import InvalidInputError, NotAllowedError, RefusedError
from engine.events import EVENT
from engine.fact import TERMWISE
from engine.people import Directory
from engine.register.calendars import ImportCalendar
from engine.register.deciding import decide, evolve, replay
from engine.register.fact import RegisterFact
from engine.register.people import ImportDirectory
from engine.register.register import Register
from tests.documents import kept

AT = datetime(2026, 10, 1, 9, tzinfo=UTC)
CLERK, TEACHER = "p-0004", "p-0011"
FOLDER = load_trust(Path("examples/scholars"))


def imported(
    by: str = TERMWISE, directory: Directory = FOLDER.directory, at: datetime = AT
) -> ImportDirectory:
    return ImportDirectory(id=command_id("import", by, at), by=by, directory=kept(directory))


def begun() -> tuple[Register, list[RegisterFact]]:
    facts = list(decide(Register(), imported(), AT))
    return replay(facts), facts


def test_the_first_import_makes_the_directory_of_the_folder() -> None:
    register, facts = begun()

    assert {person.id: person for person in register.directory.people} == {
        person.id: person for person in FOLDER.directory.people
    }
    assert register.version == len(facts)


def test_its_facts_come_back_from_the_log_as_they_were() -> None:
    register, facts = begun()

    assert replay(EVENT.validate_json(EVENT.dump_json(fact)) for fact in facts) == register


def test_importing_the_same_again_changes_nothing() -> None:
    register, _ = begun()

    assert decide(register, imported(CLERK), AT) == ()


def test_an_administrator_may_import_and_a_teacher_may_not() -> None:
    register, _ = begun()
    first, *others = FOLDER.directory.people
    renamed = FOLDER.directory.model_copy(
        update={"people": (first.model_copy(update={"name": "Marion Ashdown-Bell"}), *others)}
    )

    (fact,) = decide(register, imported(CLERK, renamed), AT)
    assert evolve(register, fact).directory.person(first.id).name == "Marion Ashdown-Bell"
    with pytest.raises(NotAllowedError, match="Katarzyna Wrona may not import people"):
        decide(register, imported(TEACHER, renamed), AT)


def test_termwise_itself_imports_only_into_an_empty_register() -> None:
    register, _ = begun()

    with pytest.raises(NotAllowedError):
        decide(register, imported(at=datetime(2026, 11, 1, tzinfo=UTC)), AT)


def test_what_would_contradict_itself_is_refused_whole() -> None:
    register, _ = begun()
    first, second, *others = FOLDER.directory.people
    clash = FOLDER.directory.model_construct(
        trust=FOLDER.directory.trust,
        schools=FOLDER.directory.schools,
        people=(first, second.model_copy(update={"email": first.email}), *others),
    )
    order = imported(CLERK)
    library._documents["clash"] = clash

    with pytest.raises(InvalidInputError, match="is given 2 times"):
        decide(register, order.model_copy(update={"directory": "clash"}), AT)


def test_an_empty_register_says_how_to_begin() -> None:
    with pytest.raises(RefusedError, match="termwise people import"):
        _ = Register().directory


def test_another_calendar_is_used_from_then_on() -> None:
    register, _ = begun()
    pinned = kept(FOLDER.calendar)
    order = ImportCalendar(id=command_id("calendar"), by=CLERK, calendar=pinned, reason="Next year's dates")

    (fact,) = decide(register, order, AT)

    assert evolve(register, fact).calendar == pinned
    assert fact.reason == "Next year's dates"
    assert decide(evolve(register, fact), order, AT) == ()
