"""What starting a process would ask of whom, by when: decided by the engine, carried out by nobody."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from math import prod

from pydantic import JsonValue

from cli.staffing import choices, owners, vacancies
from engine import deadlines
from engine.definition.model import ForEachStep, TaskStep
from engine.definition.program import Node
from engine.errors import InvalidInputError, TermwiseError
from engine.events import TaskOpened
from engine.model import Model
from engine.world import World
from reports.ledger import Overload
from workers.client import Plan

_HOLE = re.compile(r"\{\{(.*?)\}\}")


class FirstTask(Model):
    """A task that opens at once."""

    title: str
    stage: str
    school: str | None
    role: str
    people: tuple[str, ...]
    due: date | None
    why: str | None
    minutes: int


class LaterTask(Model):
    """A task that may open as the process goes on."""

    title: str
    """With `<code>` where the running process will say which."""
    stage: str
    who: str
    rule: str | None
    due: date | None
    """Where the inputs tell it already; of the trust, a school's own days may differ."""
    minutes: int
    times: int | None
    """How often; none where only the running process can tell."""


class Preview(Model):
    """A start, before anybody is asked anything."""

    instance: str
    name: str
    inputs: dict[str, JsonValue]
    first: tuple[FirstTask, ...]
    later: tuple[LaterTask, ...]
    minutes: dict[str, int]
    """Work asked of each role at once."""
    overloads: tuple[Overload, ...] = ()
    """Weeks in which somebody would have too much to do."""
    problems: tuple[str, ...]
    """Why it cannot be started; empty when it can."""


def preview(world: World, plan: Plan, on: date) -> Preview:
    """What a plan means for people. `on` is the day whose role holders count."""
    opened = [event for event in plan.events if isinstance(event, TaskOpened)]
    steps = {event.step for event in opened}
    work: Counter[str] = Counter()
    for event in opened:
        work[event.role] += event.minutes
    nobody = [f"nobody can be asked: {each.title} ({each.school})" for each in opened if not each.candidates]
    vacant = vacancies(world, plan.order.inputs, on)
    return Preview(
        instance=plan.order.instance,
        name=plan.name,
        inputs=plan.order.inputs,
        first=tuple(map(_first, opened)),
        later=tuple(_later(world, plan.order.inputs, steps)),
        minutes=dict(work),
        problems=tuple(vacant or nobody),
    )


def _first(event: TaskOpened) -> FirstTask:
    return FirstTask(
        title=event.title,
        stage=event.stage,
        school=event.school,
        role=event.role,
        people=event.candidates,
        due=event.due.on if event.due else None,
        why=event.due.why if event.due else None,
        minutes=event.minutes,
    )


def _later(world: World, inputs: Mapping[str, JsonValue], opened: set[str]) -> Iterator[LaterTask]:
    for node in world.program.walk():
        if isinstance(node.spec, TaskStep) and node.id not in opened:
            yield LaterTask(
                title=_spoken(node.spec.title),
                stage=node.stage,
                who=node.spec.who,
                rule=node.due.text if node.due else None,
                due=_due(world, node, inputs),
                minutes=node.spec.minutes,
                times=_times(node, inputs),
            )


def _spoken(template: str) -> str:
    """`Judge pack {{ item.code }}` as `Judge pack <code>`."""
    return _HOLE.sub(lambda hole: f"<{hole[1].strip().rpartition('.')[2].replace('_', ' ')}>", template)


def _times(node: Node, inputs: Mapping[str, JsonValue]) -> int | None:
    around = list(owners(node))
    known = choices(node, inputs)
    members = [each.spec.over for each in around if isinstance(each.spec, ForEachStep)]
    sure = all(each.kind in {"for_each", "parallel"} for each in around)
    if not sure or any(name not in known for over in members for name in over):
        return None
    return prod(len(known[name]) for over in members for name in over)


def _due(world: World, node: Node, inputs: Mapping[str, JsonValue]) -> date | None:
    def anchor(name: str) -> date | str:
        found = inputs.get(name)
        if not isinstance(found, str):
            raise InvalidInputError([f"{name} is not known yet"])
        try:
            return date.fromisoformat(found)
        except ValueError:
            return found

    try:
        return deadlines.resolve(node.due, anchor, world.calendar, None).on if node.due else None
    except TermwiseError:
        return None
