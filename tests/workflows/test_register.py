"""The register on real servers: one order after the other, durable before it is answered, nothing twice."""

import asyncio

import pytest
from temporalio.client import WorkflowExecutionStatus

from activities.registrar import Registrar
from engine import library
from engine.commands import command_id
from engine.errors import RefusedError
from engine.people import Directory
from engine.register.deciding import replay
from engine.register.fact import REGISTER
from engine.register.people import ImportDirectory
from engine.register.standing import Standing
from engine.staff import Person
from storage.projector import Projector
from storage.verify import verify
from tests.desk import Desk
from tests.worlds import directory
from workers.registering import workflow_id
from workers.trust import trust_at

CHIEF = "p-0001"


def with_person(people: Directory, name: str, number: int = 900) -> Directory:
    """The same trust with somebody more."""
    key = f"p-{number:04d}"
    person = Person(id=key, name=name, email=f"{key}@trust.example")
    return people.model_copy(update={"people": (*people.people, person)})


async def now(desk: Desk) -> Standing:
    standing = await desk.records.register.standing()
    assert standing is not None
    return standing


async def names(desk: Desk) -> set[str]:
    """Who stands in the directory that instances are given."""
    trust = await trust_at(await now(desk), desk.records.documents)
    return {person.name for person in trust.directory.people}


async def test_an_order_is_answered_when_the_directory_of_all_says_so(desk: Desk) -> None:
    before = await desk.fill_register()

    async with desk.worker():
        answer = await desk.import_people(with_person(directory(), "Rosa Quist"))

    assert answer.version == before.version + 1 == (await now(desk)).version
    assert "Rosa Quist" in await names(desk)


async def test_an_order_that_is_repeated_counts_once_and_gets_its_first_answer(desk: Desk) -> None:
    await desk.fill_register()
    async with desk.worker():
        first = await desk.import_people(with_person(directory(), "Rosa Quist"))
        await desk.import_people(with_person(directory(), "Lena Marsh", 901))

        again = await desk.import_people(with_person(directory(), "Rosa Quist"))

    assert again == first
    assert (await now(desk)).version == first.version + 1


async def test_many_at_once_are_carried_out_one_after_the_other(desk: Desk) -> None:
    standing = await desk.fill_register()
    async with desk.worker():
        answers = await asyncio.gather(
            *(desk.import_people(with_person(directory(), f"New {n}", 900 + n)) for n in range(8))
        )

    assert sorted(each.version for each in answers) == [standing.version + n for n in range(1, 9)]
    assert {f"New {n}" for n in range(8)} <= await names(desk)


async def test_what_the_rules_refuse_leaves_nothing_and_may_be_asked_again(desk: Desk) -> None:
    standing = await desk.fill_register()
    async with desk.worker():
        for _ in range(2):
            with pytest.raises(RefusedError, match="ask an administrator of the trust"):
                await desk.import_people(with_person(directory(), "Rosa Quist"), by="p-0003")

    assert await now(desk) == standing


async def test_a_workflow_that_was_ended_loses_nothing(desk: Desk) -> None:
    await desk.fill_register()
    async with desk.worker():
        first = await desk.import_people(with_person(directory(), "Rosa Quist"))
        await desk.temporal.get_workflow_handle(workflow_id(desk.queue)).terminate()

        assert await desk.import_people(with_person(directory(), "Rosa Quist")) == first
        await desk.import_people(with_person(directory(), "Lena Marsh", 901))
        found = await desk.temporal.get_workflow_handle(workflow_id(desk.queue)).describe()

    assert found.status == WorkflowExecutionStatus.RUNNING
    assert {"Rosa Quist", "Lena Marsh"} <= await names(desk)


async def test_whoever_was_cut_off_before_the_row_moved_is_mended_by_the_retry(desk: Desk) -> None:
    """The facts are in the log and nothing else was done: what a crash between the two leaves."""
    before = await desk.fill_register()
    records = desk.records
    digest = await records.documents.put("directory", library.text(with_person(directory(), "Rosa Quist")))
    order = ImportDirectory(id=command_id("cut off"), by=CHIEF, directory=digest)

    class CutOffError(Exception):
        pass

    class Unmoved:
        async def standing(self) -> Standing | None:
            return await records.register.standing()

        async def move(self, standing: Standing) -> None:
            if standing.version > before.version:
                raise CutOffError

        async def running(self) -> list[str]:
            return []

        async def asked(self, people: object) -> list[str]:
            del people
            return []

    log = await records.store.read(REGISTER)
    with pytest.raises(CutOffError):
        await Registrar(records.store, records.documents, Unmoved()).keep(order, log[-1].event.at)
    assert await now(desk) == before

    kept = await Registrar(records.store, records.documents, records.register).keep(order, log[-1].event.at)

    assert kept.change is not None
    assert (kept.change.was, kept.change.now) == (before, await now(desk))
    assert len(await records.store.read(REGISTER)) == len(log) + 1


async def test_the_stream_of_the_register_disturbs_no_list_and_no_check(desk: Desk) -> None:
    await desk.fill_register()
    projector = Projector(desk.records.pool)
    async with desk.worker():
        instance = await desk.start("steps: [{task: write, title: Write it, who: ceo}]")
        await desk.import_people(with_person(directory(), "Rosa Quist"))
    await projector.catch_up()

    assert [row.id for row in await desk.records.queries.cycles()] == [instance]
    assert (await verify(desk.records.pool)).problems == ()
    for name in ("inbox", "cycles", "board", "outbox"):
        await projector.rebuild(name)
    assert (await verify(desk.records.pool)).problems == ()


async def test_the_row_can_be_made_again_from_the_log(desk: Desk) -> None:
    before = await desk.fill_register()
    async with desk.records.pool.acquire() as connection:
        await connection.execute("delete from termwise.register")

    records = desk.records
    assert await Registrar(records.store, records.documents, records.register).settle() == before
    assert replay(each.event for each in await records.store.read(REGISTER)).version == before.version
