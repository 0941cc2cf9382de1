"""The places that are told, and the addresses that mail came back from."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from immutables import Map

from definitions.trust import load_trust
from engine.commands import command_id
from engine.errors import NotAllowedError, RefusedError
from engine.events import EVENT
from engine.fact import TERMWISE
from engine.register.address_facts import AddressFailed
from engine.register.addresses import ClearAddress, ReportBounce, address_digest, unreachable
from engine.register.channel_facts import ChannelOpened
from engine.register.channels import CloseChannel, OpenChannel
from engine.register.deciding import decide, evolve
from engine.register.fact import RegisterFact
from engine.register.order import RegisterOrder
from engine.register.register import Register

AT = datetime(2026, 10, 1, 9, tzinfo=UTC)
CLERK, TEACHER = "p-0004", "p-0011"
FOLDER = load_trust(Path("examples/scholars")).directory


def register() -> Register:
    return Register(
        trust=FOLDER.trust,
        schools=Map({school.key: school for school in FOLDER.schools}),
        people=Map({person.id: person for person in FOLDER.people}),
    )


def after(register: Register, *orders: RegisterOrder) -> tuple[Register, list[RegisterFact]]:
    told: list[RegisterFact] = []
    for order in orders:
        for fact in decide(register, order, AT):
            told.append(fact)
            # As it comes back from the log.
            read = EVENT.validate_json(EVENT.dump_json(fact))
            assert isinstance(read, RegisterFact)
            register = evolve(register, read)
    return register, told


def opening(channel: str = "teams", by: str = CLERK, kinds: tuple[str, ...] = ()) -> OpenChannel:
    return OpenChannel(id=command_id("open", channel, by, kinds), by=by, channel=channel, kinds=kinds)


def closing(channel: str = "teams", by: str = CLERK) -> CloseChannel:
    return CloseChannel(id=command_id("close", channel, by), by=by, channel=channel)


def bounce(person: str = TEACHER, by: str = TERMWISE, email: str | None = None) -> ReportBounce:
    address = address_digest(email or FOLDER.person(person).email)
    return ReportBounce(
        id=command_id("bounce", person, address), by=by, person=person, address=address, code="5.1.1"
    )


def clearing(person: str = TEACHER, by: str = CLERK) -> ClearAddress:
    return ClearAddress(id=command_id("clear", person), by=by, person=person)


def moved(register: Register, person: str, email: str) -> Register:
    known = register.people[person].model_copy(update={"email": email})
    return replace(register, people=register.people.set(person, known))


def test_a_place_is_opened_changed_and_closed_and_each_is_told_once() -> None:
    some = opening(kinds=("task-overdue", "task-escalated", "task-overdue"))

    kept, told = after(register(), opening(), opening(), some, some, opening("webhook"), closing(), closing())

    assert [fact.kind for fact in told] == ["channel-opened"] * 3 + ["channel-closed"]
    assert isinstance(told[1], ChannelOpened)
    assert told[1].kinds == ("task-escalated", "task-overdue")
    assert dict(kept.channels) == {"webhook": ()}


@pytest.mark.parametrize("order", [opening(by=TEACHER), closing(by=TEACHER)])
def test_only_an_administrator_opens_and_closes(order: RegisterOrder) -> None:
    with pytest.raises(NotAllowedError, match="a channel: that is for an administrator"):
        decide(register(), order, AT)


@pytest.mark.parametrize("name", ["mail", "smtp", "log"])
def test_what_carries_letters_is_no_place(name: str) -> None:
    with pytest.raises(RefusedError, match="carries letters to people"):
        decide(register(), opening(name), AT)


def test_mail_that_came_back_is_told_once_to_all_administrators() -> None:
    kept, told = after(register(), bounce(), bounce(), bounce(by=CLERK))

    (fact,) = told
    assert isinstance(fact, AddressFailed)
    assert CLERK in fact.told
    assert TEACHER not in fact.told
    assert [(each.person, each.code) for each in unreachable(kept)] == [(TEACHER, "5.1.1")]


def test_the_address_is_not_in_what_is_remembered_of_it() -> None:
    _, (fact,) = after(register(), bounce())

    assert FOLDER.person(TEACHER).email not in EVENT.dump_json(fact).decode()


def test_an_administrator_whose_own_mail_fails_is_not_written_to_about_it() -> None:
    _, (fact,) = after(register(), bounce(CLERK))

    assert isinstance(fact, AddressFailed)
    assert CLERK not in fact.told


def test_a_new_address_mends_it_by_itself_and_a_late_bounce_of_the_old_one_means_nothing() -> None:
    kept, _ = after(register(), bounce())
    mended = moved(kept, TEACHER, "k.wrona@scholars.example")

    assert unreachable(mended) == ()
    assert decide(mended, bounce(), AT) == ()
    again, told = after(mended, bounce(email="K.Wrona@scholars.example"))
    assert len(told) == 1
    assert [each.person for each in unreachable(again)] == [TEACHER]


def test_an_administrator_clears_it_and_may_be_told_again() -> None:
    kept, told = after(register(), bounce(), clearing(), clearing(), bounce())

    assert [fact.kind for fact in told] == ["address-failed", "address-cleared", "address-failed"]
    assert len(unreachable(kept)) == 1


def test_others_neither_report_nor_clear() -> None:
    with pytest.raises(NotAllowedError):
        decide(register(), bounce(by=TEACHER), AT)
    with pytest.raises(NotAllowedError):
        decide(register(), clearing(by=TEACHER), AT)


def test_a_stranger_has_no_address() -> None:
    stranger = bounce(email="x@y.example").model_copy(update={"person": "p-9999"})

    assert decide(register(), stranger, AT) == ()
    with pytest.raises(RefusedError, match="termwise bounces"):
        decide(register(), clearing("p-9999"), AT)


@pytest.mark.parametrize("code", ["5.1.1", "550", "550 5.1.1"])
def test_what_the_server_said_is_kept_in_numbers(code: str) -> None:
    assert bounce().model_copy(update={"code": code}) == ReportBounce.model_validate(
        {**bounce().model_dump(), "code": code}
    )


@pytest.mark.parametrize("code", ["Claire has left", "550 Claire", "", "5.1.1\n", "5" * 50])
def test_words_of_the_server_are_not_kept(code: str) -> None:
    with pytest.raises(ValueError, match="code"):
        ReportBounce.model_validate({**bounce().model_dump(), "code": code})
