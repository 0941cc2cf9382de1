"""Every fact of the register has a sentence, whatever subject it is of."""

from datetime import UTC, datetime

import pytest

from engine.events import EVENT_KINDS
from engine.register.address_facts import AddressCleared, AddressFailed
from engine.register.channel_facts import ChannelClosed, ChannelOpened
from engine.register.fact import RegisterFact
from reports.register_story import say, tell
from tests import worlds

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
DIRECTORY = worlds.directory()
HEAD = DIRECTORY.by_name_or_id("Head ash").id
OF_THE_REGISTER = sorted(kind for kind, fact in EVENT_KINDS.items() if issubclass(fact, RegisterFact))


@pytest.mark.parametrize("kind", OF_THE_REGISTER)
def test_every_fact_of_the_register_has_a_sentence_of_its_own(kind: str) -> None:
    assert say.dispatch(EVENT_KINDS[kind]) is not say.dispatch(object), f"no sentence tells of {kind}"


def test_the_facts_of_every_subject_are_looked_at() -> None:
    assert {"person-joined", "calendar-changed", "channel-opened", "address-failed"} < {*OF_THE_REGISTER}


def test_places_and_addresses_are_told_without_an_address() -> None:
    told = ("p-0001", "p-0004")
    failed = AddressFailed(at=AT, by="termwise", person=HEAD, address="0" * 64, code="550 5.1.1", told=told)
    cleared = AddressCleared(at=AT, by="p-0001", person=HEAD, reason="The mailbox is back")
    some = ChannelOpened(at=AT, by="termwise", channel="teams", kinds=("task-overdue", "task-escalated"))

    assert [tell(each, DIRECTORY) for each in (failed, cleared, some)] == [
        "mail to Head ash came back for good (550 5.1.1); letters wait, and 2 administrators are told",
        "Chief: the address of Head ash is trusted again; the letters that waited go (The mailbox is back)",
        "the place teams is told of task overdue, task escalated",
    ]
    assert say(ChannelOpened(at=AT, by="p-0001", channel="teams"), DIRECTORY).endswith(
        "is told of everything"
    )
    assert say(ChannelClosed(at=AT, by="p-0001", channel="teams"), DIRECTORY).endswith("nothing more")
    alone = failed.model_copy(update={"told": ()})
    assert say(alone, DIRECTORY).endswith("nobody is told")
    assert "0000" not in say(failed, DIRECTORY)
