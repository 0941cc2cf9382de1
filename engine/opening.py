"""Opening a task, a wait or a message: who is asked, by when and why, and what they see."""

from base64 import b32encode
from datetime import date, datetime, timedelta
from hashlib import sha256
from math import ceil

from engine import addresses, deadlines, ladders
from engine.calendar import BeyondCalendarError
from engine.deadlines import Deadline, Roll, Status
from engine.definition.model import ForEachStep, TaskStep, WaitStep
from engine.definition.program import Node
from engine.events import TERMWISE, Awaited, NotificationRequested, TaskEscalated, TaskOpened, WaitOpened
from engine.scope import Scope
from engine.stops import WAITS, holding
from engine.who import people, without_conflicts
from engine.world import World

#: What a task that came back shows first.
SENT_BACK = "Sent back"
_DAYS_IN_A_WEEK, _SCHOOL_DAYS_IN_A_WEEK = 7, 5


def task_id(instance: str, address: str) -> str:
    """The short id of the task at this address: twelve letters and digits, the same for ever.

    Sixty bits of a SHA-256: among a million tasks a clash has a chance of about 1 in 2 million; the log
    refuses it.
    """
    return b32encode(sha256(f"{instance}\x1f{address}".encode()).digest())[:12].decode().lower()


def open_task(  # noqa: PLR0913, PLR0917 - one step, one place, one time, and why again
    world: World, scope: Scope, node: Node, address: str, at: datetime, sent_back: str | None = None
) -> TaskOpened:
    """The event that asks for this task, again if it was sent back."""
    spec = node.spec
    if not isinstance(spec, TaskStep):
        raise TypeError(node.kind)
    today = world.calendar.local_date(at)
    asked = people(world.directory, node, "who", scope, today)
    able = without_conflicts(world.directory, node, scope, asked, today)
    school, year_group = (_word(scope, name) for name in ("school", "year_group"))
    due, undated = _deadline_if_known(world, scope, node, school, spec.status, at)
    return TaskOpened(
        at=at,
        by=TERMWISE,
        task=task_id(scope.state.instance, address),
        address=address,
        step=node.id,
        round=addresses.again_of(address),
        title=scope.render(node.templates["title"]),
        stage=node.stage,
        school=school,
        year_group=year_group,
        role=" or ".join(who.title for who in node.whos["who"]),
        assignee=able[0] if len(able) == 1 else None,
        candidates=able,
        due=due,
        undated=undated,
        moments=ladders.ladder(world, scope.state.started.engine, spec, due, school, at) if due else (),
        minutes=spec.minutes,
        stopped=holding(scope.state, school, spec.status, node.id) if due else (),
        shown={
            **({SENT_BACK: sent_back} if sent_back else {}),
            **{label: scope.evaluate(node.expressions[f"show.{label}"]) for label in spec.show},
        },
    )


def nobody_is_asked(world: World, opened: TaskOpened) -> TaskEscalated:
    """The owner is told at once of a task that nobody can do, and may give it to somebody."""
    return nobody_can(world, opened.task, opened.at)


def nobody_can(world: World, task: str, at: datetime) -> TaskEscalated:
    """As `nobody_is_asked`, of a task that was open before."""
    owner = world.program.definition.owner
    to = world.directory.holders(owner, world.calendar.local_date(at))
    return TaskEscalated(at=at, by=TERMWISE, task=task, days=0, role=owner, to=to)


def open_wait(world: World, scope: Scope, node: Node, address: str, at: datetime) -> WaitOpened:
    """The event that begins to wait."""
    spec = node.spec
    if not isinstance(spec, WaitStep):
        raise TypeError(node.kind)
    school = _word(scope, "school")
    awaited = tuple(_awaited(world, scope, node, event, at) for event in spec.awaited)
    plain = not spec.events and not spec.match
    until = _deadline_or_estimate(world, scope, node, school, at)
    return WaitOpened(
        at=at,
        by=TERMWISE,
        address=address,
        step=node.id,
        event=awaited[0].event if awaited and plain else None,
        raised_by=awaited[0].raised_by if awaited and plain else (),
        until=until,
        stopped=holding(scope.state, school, WAITS, node.id) if until else (),
        school=school,
        awaited=() if plain else awaited,
    )


def _awaited(world: World, scope: Scope, node: Node, event: str, at: datetime) -> Awaited:
    today, start = world.calendar.local_date(at), f"match.{event}."
    known = f"by.{event}" in node.whos
    return Awaited(
        event=event,
        raised_by=people(world.directory, node, f"by.{event}", scope, today) if known else (),
        match={
            part.removeprefix(start): scope.evaluate(expression)
            for part, expression in node.expressions.items()
            if part.startswith(start)
        },
    )


def notification(world: World, scope: Scope, node: Node, address: str, at: datetime) -> NotificationRequested:
    """The event that asks for this message."""
    return NotificationRequested(
        at=at,
        by=TERMWISE,
        address=address,
        step=node.id,
        to=people(world.directory, node, "to", scope, world.calendar.local_date(at)),
        subject=scope.render(node.templates["subject"]),
        body=scope.render(node.templates["body"]),
    )


def deadline_at(world: World, scope: Scope, node: Node, at: datetime) -> Deadline | None:
    """When the step's time comes, at the school whose work it is. None when it has no deadline."""
    return _deadline_or_estimate(world, scope, node, _word(scope, "school"), at)


def _deadline_or_estimate(
    world: World, scope: Scope, node: Node, school: str | None, at: datetime
) -> Deadline | None:
    """When the wait ends. A wait must end, so where the calendar does not reach, five school days are a week."""
    try:
        return _deadline(world, scope, node, school, "custom", at)
    except BeyondCalendarError as error:
        rule = node.due
        if rule is None or rule.count <= 0:
            raise
        ends = at + timedelta(days=ceil(rule.count * _DAYS_IN_A_WEEK / _SCHOOL_DAYS_IN_A_WEEK))
        why = f"{error}; estimated from the day it began, five school days to a week"
        return Deadline(at=ends, on=world.calendar.local_date(ends), rule=rule.text, why=why, status="custom")


def _deadline_if_known(  # noqa: PLR0913, PLR0917 - as `_deadline`
    world: World, scope: Scope, node: Node, school: str | None, status: Status, at: datetime
) -> tuple[Deadline | None, str | None]:
    """The deadline, or why there is none. Work does not stop because next year's dates are not published yet."""
    try:
        return _deadline(world, scope, node, school, status, at), None
    except BeyondCalendarError as error:
        return None, str(error)


def task_deadline(  # noqa: PLR0913, PLR0917 - as `_deadline`
    world: World, scope: Scope, node: Node, school: str | None, status: Status, at: datetime
) -> Deadline | None:
    """The deadline of a task that opened then. Raises BeyondCalendarError where the calendar ends too early."""
    return _deadline(world, scope, node, school, status, at)


def _deadline(  # noqa: PLR0913, PLR0917 - one rule, one place, one time
    world: World, scope: Scope, node: Node, school: str | None, status: Status, at: datetime
) -> Deadline | None:
    if node.due is None:
        return None

    def anchor(name: str) -> date | str:
        return scope.anchor(name, at)

    roll = deadlines.roll_of(status, _roll(node))
    return deadlines.resolve(node.due, anchor, world.calendar, school, roll=roll, status=status)


def _roll(node: Node) -> Roll | None:
    said = node.spec.roll if isinstance(node.spec, TaskStep | WaitStep | ForEachStep) else None
    return Roll(said) if said else None


def _word(scope: Scope, name: str) -> str | None:
    found = scope.value(name)
    return found if isinstance(found, str) else None
