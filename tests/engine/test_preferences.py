"""Who may choose how somebody is written to, and what the register then says."""

from datetime import UTC, datetime

import pytest

from engine.commands import command_id
from engine.errors import NotAllowedError, UnknownNameError
from engine.register.deciding import decide, evolve
from engine.register.people import ImportDirectory
from engine.register.preference_facts import PreferencesSet
from engine.register.preferences import SetPreferences
from engine.register.register import Register
from engine.wishes import Wishes
from reports.preference_sentences import say
from tests import worlds
from tests.documents import kept

AT = datetime(2027, 4, 20, 9, tzinfo=UTC)
CHIEF, OFFICER, HEAD = "p-0001", "p-0002", "p-0003"
DAILY = Wishes(pace="daily", channels=("mail",))


@pytest.fixture(scope="module")
def register() -> Register:
    """The trust of the tests."""
    order = ImportDirectory(id=command_id("import"), by="termwise", directory=kept(worlds.directory()))
    made = Register()
    for fact in decide(made, order, AT):
        made = evolve(made, fact)
    return made


def choose(by: str, person: str = HEAD, wishes: Wishes = DAILY) -> SetPreferences:
    return SetPreferences(id=command_id("set", by, person), by=by, person=person, wishes=wishes)


@pytest.mark.parametrize("by", [HEAD, CHIEF])
def test_oneself_or_an_administrator_chooses(register: Register, by: str) -> None:
    (fact,) = decide(register, choose(by), AT)

    assert isinstance(fact, PreferencesSet)
    assert evolve(register, fact).preferences[HEAD] == DAILY
    assert evolve(register, fact).directory == register.directory


def test_nobody_else_chooses(register: Register) -> None:
    with pytest.raises(NotAllowedError, match="Officer may not choose how Head ash is written to"):
        decide(register, choose(OFFICER), AT)
    with pytest.raises(UnknownNameError):
        decide(register, choose(CHIEF, "p-9999"), AT)


def test_the_same_again_changes_nothing_and_the_custom_may_be_chosen_again(register: Register) -> None:
    (fact,) = decide(register, choose(HEAD), AT)
    chosen = evolve(register, fact)

    assert decide(chosen, choose(HEAD), AT) == ()
    assert decide(register, choose(HEAD, wishes=Wishes()), AT) == ()
    assert len(decide(chosen, choose(HEAD, wishes=Wishes()), AT)) == 1


def test_it_is_told_in_a_sentence(register: Register) -> None:
    (fact,) = decide(register, choose(HEAD), AT)

    assert say(fact, register.directory) == (
        "Head ash is written to once a day, in the morning, not between 18:00 and 07:00, not in the holidays, by mail"
    )
