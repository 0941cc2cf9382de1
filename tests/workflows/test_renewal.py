"""Instances on real servers follow the register: judged by what it says now, on whatever worker, after whatever."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from activities.registrar import Registrar
from engine import library
from engine.commands import command_id
from engine.errors import RefusedError
from engine.people import Directory
from engine.register.absences import EndAbsence, StartAbsence
from engine.register.calendars import ImportCalendar
from engine.register.deciding import replay
from engine.register.fact import REGISTER
from engine.register.people import ImportDirectory
from engine.timezone import local_date
from storage.projector import Projector
from storage.verify import verify
from tests.desk import Desk, answer
from tests.faults.resetting import reset
from tests.people import joining, until
from tests.worlds import calendar, directory, named
from workers.consequences import Consequences, consequences

LOOK = """
steps:
- {task: look, title: Look around, who: headteacher at school}
- {task: agree, title: Agree with it, who: ceo}
"""
ASH = "values: {school: ash}\n" + LOOK
OWN = """
about: whose
inputs: {tag: {type: text}, whose: {type: person}}
steps:
- {task: agree, title: Agree with it, who: ceo, due: 5 working days after opened}
"""
EACH_AS_CHILD = """
steps:
- for_each: visits
  over: {school: '["ash", "beech"]'}
  run: as child instances
  steps:
  - {task: look, title: Look around, who: headteacher at school}
- {task: report, title: Report, who: ceo}
"""


def today() -> datetime:
    return datetime.now(UTC)


def other_head() -> Directory:
    """The head of Ash left yesterday; another came today."""
    day = today().date()
    gone = until(directory(), "Head ash", day - timedelta(days=1))
    return joining(gone, "Rosa Quist", "headteacher", "ash", since=day)


async def behind_their_backs(desk: Desk, people: Directory) -> None:
    """The register says so, and no instance is told."""
    records = desk.records
    digest = await records.documents.put("directory", library.text(people))
    order = ImportDirectory(id=command_id("import", digest), by="p-0001", directory=digest)
    await Registrar(records.store, records.documents, records.register).keep(order, today())


async def kinds(desk: Desk, instance: str) -> list[str]:
    return [each.event.kind for each in await desk.records.store.read(instance)]


async def asked(desk: Desk, instance: str, person: str) -> None:
    """Wait until the open tasks are asked of this person."""
    async with asyncio.timeout(20):
        while [task.assignee for task in await desk.tasks(instance)] != [person]:
            await asyncio.sleep(0.02)


async def told(desk: Desk, instance: str, kind: str) -> None:
    """Wait until such an event is in its log."""
    async with asyncio.timeout(20):
        while kind not in await kinds(desk, instance):
            await asyncio.sleep(0.02)


async def run_of(desk: Desk, instance: str) -> str:
    return (await desk.temporal.get_workflow_handle(instance).describe()).run_id


async def test_who_has_left_is_refused_although_the_instance_did_not_know(desk: Desk) -> None:
    await desk.fill_register()
    async with desk.worker():
        instance = await desk.start(ASH)
        [task] = await desk.tasks(instance)
        await behind_their_backs(desk, other_head())

        with pytest.raises(RefusedError, match="Head ash is not asked to do 'Look around'"):
            await desk.send(instance, answer(task))

        assert (await kinds(desk, instance))[-2:] == ["instance-renewed", "task-replanned"]
        [task] = await desk.tasks(instance)
        assert task.assignee == named(other_head(), "Rosa Quist")
        await desk.complete(task)
    standing = await desk.records.register.standing()
    assert standing is not None
    assert (await desk.state(instance)).started.directory == standing.directory


async def test_who_came_is_heard_although_the_instance_did_not_know(desk: Desk) -> None:
    await desk.fill_register()
    async with desk.worker():
        instance = await desk.start(ASH)
        [task] = await desk.tasks(instance)
        await behind_their_backs(desk, other_head())

        await desk.send(instance, answer(task, by=named(other_head(), "Rosa Quist")))

        assert [task.title for task in await desk.tasks(instance)] == ["Agree with it"]


async def test_a_change_wakes_those_whose_work_it_is_and_no_others(desk: Desk) -> None:
    await desk.fill_register()
    async with desk.worker():
        ours, others = await desk.start(ASH), await desk.start(ASH.replace("ash", "beech"))

        await desk.import_people(other_head())
        await asked(desk, ours, named(other_head(), "Rosa Quist"))

        assert "instance-renewed" not in await kinds(desk, others)


async def test_a_process_of_somebodys_own_stands_still_while_they_are_away(desk: Desk) -> None:
    await desk.fill_register()
    projector = Projector(desk.records.pool)
    teacher = named(directory(), "Teacher Y6A ash")
    today = local_date(datetime.now(UTC))
    async with desk.worker():
        instance = await desk.start(OWN, whose=teacher)
        await projector.catch_up()
        away = StartAbsence(id=command_id(instance, "away"), by="p-0001", person=teacher, since=today)

        begun = await desk.client.register(away)
        await told(desk, instance, "clock-stopped")
        back = EndAbsence(
            id=command_id(instance, "back"),
            by="p-0001",
            absence=f"a-{begun.version}",
            last=today - timedelta(days=1),
        )
        await desk.client.register(back)
        await told(desk, instance, "clock-started")


async def test_another_calendar_wakes_all_that_run(desk: Desk) -> None:
    await desk.fill_register()
    projector = Projector(desk.records.pool)
    async with desk.worker():
        instance = await desk.start(ASH)
        await projector.catch_up()
        days = calendar().model_copy(update={"version": 2})
        digest = await desk.records.documents.put("calendar", library.text(days))

        await desk.client.register(ImportCalendar(id=command_id(digest), by="p-0001", calendar=digest))

        async with asyncio.timeout(20):
            while (await desk.state(instance)).started.calendar != digest:
                await asyncio.sleep(0.02)


async def test_a_part_follows_by_itself(desk: Desk) -> None:
    await desk.fill_register()
    async with desk.worker():
        instance = await desk.start(EACH_AS_CHILD)
        await desk.import_people(other_head())
        rosa = named(other_head(), "Rosa Quist")
        async with asyncio.timeout(20):
            while rosa not in {task.assignee for task in await desk.tasks(instance)}:
                await asyncio.sleep(0.02)
        for task in await desk.tasks(instance):
            await desk.complete(task)
        async with asyncio.timeout(20):
            while [task.title for task in await desk.tasks(instance)] != ["Report"]:
                await asyncio.sleep(0.02)
        [task] = await desk.tasks(instance)
        await desk.complete(task)
        assert await desk.temporal.get_workflow_handle(instance).result() == "done"


async def test_every_task_may_replay_the_renewal_on_another_worker(desk: Desk) -> None:
    await desk.fill_register()
    async with desk.worker(cached=0):
        instance = await desk.start(ASH)
        run = await run_of(desk, instance)
        await behind_their_backs(desk, other_head())
        rosa = named(other_head(), "Rosa Quist")
        [task] = await desk.tasks(instance)
        library._documents.clear()
        await desk.send(instance, answer(task, by=rosa))
        library._documents.clear()
        [task] = await desk.tasks(instance)
        assert await run_of(desk, instance) == run
        await desk.complete(task)
        assert await desk.temporal.get_workflow_handle(instance).result() == "done"


async def test_a_reset_to_before_the_renewal_rejoins_the_log(desk: Desk) -> None:
    await desk.fill_register()
    async with desk.worker():
        instance = await desk.start(ASH)
        await desk.import_people(other_head())
        await asked(desk, instance, named(other_head(), "Rosa Quist"))

        await reset(desk, instance)
        for _ in range(2):
            [task] = await desk.tasks(instance)
            await desk.complete(task)
        assert await desk.temporal.get_workflow_handle(instance).result() == "done"

    assert (await kinds(desk, instance)).count("instance-renewed") == 1


async def test_a_command_sent_again_after_the_register_moved_gets_its_first_answer(desk: Desk) -> None:
    await desk.fill_register()
    async with desk.worker():
        instance = await desk.start(ASH)
        [task] = await desk.tasks(instance)
        first = await desk.send(instance, answer(task))
        await behind_their_backs(desk, other_head())

        assert await desk.send(instance, answer(task)) == first


async def test_the_register_of_another_trust_changes_nothing(desk: Desk) -> None:
    people = directory()
    async with desk.worker():
        instance = await desk.start(ASH)
        await desk.fill_register(people.model_copy(update={"people": people.people[:1]}))
        for _ in range(2):
            [task] = await desk.tasks(instance)
            await desk.complete(task)
        assert await desk.temporal.get_workflow_handle(instance).result() == "done"

    assert "instance-renewed" not in await kinds(desk, instance)


async def test_what_was_planned_anew_stands_in_the_inbox_as_in_the_log(desk: Desk) -> None:
    await desk.fill_register()
    projector = Projector(desk.records.pool)
    async with desk.worker():
        instance = await desk.start(ASH)
        await desk.import_people(other_head())
        await asked(desk, instance, named(other_head(), "Rosa Quist"))
    await projector.catch_up()

    [row] = await desk.tasks(instance)
    task = (await desk.state(instance)).tasks[row.task]
    assert (row.assignee, row.candidates) == (task.assignee, task.candidates)
    assert (await verify(desk.records.pool)).problems == ()
    await projector.rebuild("inbox")
    assert (await desk.tasks(instance)) == [row]


async def test_what_would_happen_is_told_before_it_does(desk: Desk) -> None:
    await desk.fill_register()
    register = replay(each.event for each in await desk.records.store.read(REGISTER))
    async with desk.worker():
        instance = await desk.start(ASH)
        [task] = await desk.tasks(instance)

        [found] = (await consequences(desk.records, register, other_head())).seen

        assert (found.person, found.task, found.instance) == (task.assignee, task.task, instance)
        assert found.what == "goes to Rosa Quist: Head ash has left Ash"
        assert [row.assignee for row in await desk.tasks(instance)] == [task.assignee]
        assert await consequences(desk.records, register, directory()) == Consequences(seen=(), unseen=0)
