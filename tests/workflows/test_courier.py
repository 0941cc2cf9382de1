"""The courier as admins see it: rounds that cost nothing, and what fails as an activity of its own."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.client import Client, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.courier import CourierActivities, Round
from engine.events import Event, NotificationRequested
from storage.database import Pool, connect
from storage.events import PostgresEventStore
from storage.projector import Projector
from tests.known import at_ten, known
from tests.post_office import PostOffice
from tests.storage.facts import NOW, append, opened, started
from tests.worlds import directory
from workers import couriering, temporal
from workers.courier import Courier, courier
from workers.settings import Settings
from workflows.courier import Bag, CourierWorkflow

ROOT = Path(__file__).parents[2]
EVERYBODY = tuple(person.id for person in directory().people)
HEAD, LEAD = "p-0003", "p-0004"


@dataclass
class Post:
    """A courier workflow with everything around it."""

    client: Client
    pool: Pool
    office: PostOffice
    queue: str

    @property
    def handle(self) -> WorkflowHandle[CourierWorkflow, None]:
        return self.client.get_workflow_handle_for(CourierWorkflow.run, couriering.workflow_id(self.queue))

    def courier(self, lasting: float = 600.0, clock: Callable[[], datetime] = at_ten) -> Courier:
        settings = Settings(smtp_host="127.0.0.1", smtp_port=self.office.port, smtp_starttls=False)
        return courier(settings, self.pool, known(), clock=clock, lasting=lasting, lease=2.0)

    @asynccontextmanager
    async def working(self, it: Courier | None = None) -> AsyncIterator[None]:
        async with couriering.courier_worker(self.client, it or self.courier(), self.queue):
            await couriering.start(self.client, self.queue)
            yield

    async def plan(self, *events: Event) -> None:
        await PostgresEventStore(self.pool).append(append("m:1", 0, started("m:1"), *events))
        await Projector(self.pool).catch_up()

    async def sent(self) -> int:
        return int(await self.pool.fetchval("select count(*) from termwise.outbox where status = 'sent'"))

    async def pending(self) -> list[PendingActivityInfo]:
        described = await self.handle.describe()
        return list(described.raw_description.pending_activities)

    async def retried(self, name: str) -> int:
        """How many activities of that name have failed and wait."""
        return sum(
            each.activity_type.name == name and each.HasField("last_failure") for each in await self.pending()
        )


@pytest.fixture
async def post(database: str, temporal_address: str) -> AsyncIterator[Post]:
    office = PostOffice()
    office.open()
    pool = await connect(database)
    client = await temporal.connect({"target_host": temporal_address})
    made = Post(client, pool, office, uuid4().hex)
    yield made
    await made.handle.terminate()
    await pool.close()
    office.close()


def ticking() -> Callable[[], datetime]:
    """A clock that begins at ten on a school day."""
    began = datetime.now(UTC)
    return lambda: NOW + (datetime.now(UTC) - began)


def notice(*to: str) -> NotificationRequested:
    return NotificationRequested(
        at=NOW, by="termwise", address="n", step="n", to=to, subject="We begin", body="Please read."
    )


def asked(task: str, person: str) -> Event:
    return opened(task, assignee=person, candidates=(person,))


async def until(counted: Callable[[], Awaitable[int]], count: int, seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while await counted() < count:
            await asyncio.sleep(0.05)


async def test_letters_go_in_rounds_that_leave_a_handful_of_events(post: Post) -> None:
    await post.plan(*(notice(*EVERYBODY) for _ in range(5)))
    wanted = 5 * len(EVERYBODY)

    async with post.working(post.courier(lasting=0.5)):
        await until(post.sent, wanted)
        described = await post.handle.describe()

    assert len(post.office.ids()) == len(set(post.office.ids())) == wanted
    assert described.history_length < 40
    assert described.id.startswith("courier")


async def test_a_letter_that_fails_is_an_activity_that_says_why_and_when_it_is_tried_again(
    post: Post,
) -> None:
    post.office.refused[f"{HEAD}@trust.example"] = ["451 4.3.0 Head ash is busy"]
    await post.plan(asked("t1", HEAD), asked("t2", LEAD))

    async with post.working(post.courier(clock=ticking())):
        await until(lambda: post.retried("deliver_letter"), 1)
        (letter,) = [each for each in await post.pending() if each.activity_type.name == "deliver_letter"]
        await post.pool.execute("update termwise.outbox set next_at = planned_at where status = 'planned'")
        await couriering.try_now(post.client, post.queue)
        await until(post.sent, 2)

    failure, wait = letter.last_failure, letter.scheduled_time.ToDatetime(UTC) - datetime.now(UTC)
    assert failure.message == "the mail server does not take the address: 451 4.3.0"
    assert 0 < wait.total_seconds() <= 60
    assert len(post.office.ids()) == 2


async def test_a_letter_that_is_refused_for_good_fails_its_activity_and_is_not_tried_again(
    post: Post,
) -> None:
    post.office.refused[f"{HEAD}@trust.example"] = ["451 4.3.0 busy", "550 5.1.1 no such person"]
    await post.plan(asked("t1", HEAD))
    it = post.courier(lasting=0)
    (letter,) = (await it.round(Round(), asyncio.Event())).failing
    by_itself = CourierActivities(it).deliver_letter

    with pytest.raises(ApplicationError, match=r"451 4\.3\.0") as waiting:
        await ActivityEnvironment().run(by_itself, letter)
    await post.pool.execute("update termwise.outbox set next_at = planned_at where status = 'planned'")
    with pytest.raises(ApplicationError, match=r"550 5\.1\.1") as refused:
        await ActivityEnvironment().run(by_itself, letter)

    assert waiting.value.next_retry_delay == timedelta(minutes=1)
    assert not waiting.value.non_retryable
    assert refused.value.non_retryable
    assert await ActivityEnvironment().run(by_itself, letter) == "gone"
    await couriering.start(post.client, post.queue)  # for the end of the test to terminate


async def test_a_mail_server_that_is_away_is_one_activity_however_many_letters_wait(post: Post) -> None:
    post.office.close()
    await post.plan(notice(*EVERYBODY))

    async with post.working(post.courier(clock=ticking())):
        await until(lambda: post.retried("reach_channel"), 1)
        pending = await post.pending()
        post.office.open()
        await couriering.try_now(post.client, post.queue)
        await until(post.sent, len(EVERYBODY))

    assert sorted(each.activity_type.name for each in pending) == ["deliver_round", "reach_channel"]
    (away,) = [each for each in pending if each.activity_type.name == "reach_channel"]
    assert "takes nothing now: SMTPConnectError" in away.last_failure.message
    assert len(set(post.office.ids())) == len(post.office.ids()) == len(EVERYBODY)


async def test_a_history_that_grows_long_is_begun_anew_and_what_fails_is_still_followed(post: Post) -> None:
    post.office.refused[f"{HEAD}@trust.example"] = ["451 4.3.0 busy"]
    await post.plan(asked("t1", HEAD))

    async def runs() -> int:
        return (await post.handle.describe()).run_id != first.run_id

    async with couriering.courier_worker(post.client, post.courier(lasting=0.2, clock=ticking()), post.queue):
        await post.client.start_workflow(
            CourierWorkflow.run,
            Bag(long=30),
            id=couriering.workflow_id(post.queue),
            task_queue=couriering.queue(post.queue),
        )
        first = await post.handle.describe()
        await until(runs, 1)
        await until(lambda: post.retried("deliver_letter"), 1)


async def test_nothing_personal_is_in_the_couriers_history(post: Post) -> None:
    post.office.refused[f"{HEAD}@trust.example"] = [f"451 Head ash <{HEAD}@trust.example> is ill"]
    await post.plan(asked("t1", HEAD), asked("t2", LEAD), notice(*EVERYBODY[:4]))

    async with post.working(post.courier(lasting=0.5, clock=ticking())):
        await until(lambda: post.retried("deliver_letter"), 1)
        history = str((await post.handle.fetch_history()).events)

    assert "does not take the address: 451" in str(await post.pending())
    for word in ("Head ash", "trust.example", "Please read", "We begin", "p-0003"):
        assert word not in history


async def test_a_courier_that_is_killed_while_it_sends_is_followed_by_another_and_no_letter_is_made_up(
    database: str, temporal_address: str, post: Post
) -> None:
    await post.plan(*(notice(*EVERYBODY) for _ in range(12)))
    wanted = 12 * len(EVERYBODY)
    script = [sys.executable, str(Path(__file__).with_name("lasting_courier.py"))]
    process = subprocess.Popen(
        [*script, database, temporal_address, str(post.office.port), post.queue],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    await couriering.start(post.client, post.queue)

    async def arrived() -> int:
        return len(post.office.mails)

    await until(arrived, wanted // 4)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = await post.sent()
    async with post.working():
        await until(post.sent, wanted, seconds=120)

    assert left < wanted
    assert len(set(post.office.ids())) == wanted
    assert len(post.office.ids()) <= wanted + 3  # what it had in hand, and could not say that it had gone


async def test_two_couriers_and_one_that_stops_send_each_letter_once(
    temporal_address: str, post: Post
) -> None:
    await post.plan(*(notice(*EVERYBODY) for _ in range(6)))
    wanted = 6 * len(EVERYBODY)

    other = await temporal.connect({"target_host": temporal_address})
    async with couriering.courier_worker(other, post.courier(), post.queue):
        async with post.working():
            await until(post.sent, wanted // 4)
        await until(post.sent, wanted)

    assert len(post.office.ids()) == len(set(post.office.ids())) == wanted
