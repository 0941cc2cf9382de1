"""Small worlds for tests: a trust of three schools, one calendar, and definitions written in the test."""

from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import dedent
from uuid import UUID, uuid5

from pydantic import JsonValue

from definitions.loader import load_program, program_from
from definitions.yaml_source import parse
from engine.calendar import Calendar
from engine.children import cancellation_of, order_of, report_of
from engine.commands import (
    TERMWISE_NAMESPACE,
    Command,
    CompleteTask,
    PassTime,
    StartProcess,
    command_id,
)
from engine.decide import decide
from engine.definition.compiler import digest
from engine.definition.program import Program
from engine.events import TERMWISE, ChildStarted, Event
from engine.evolve import answered, evolve
from engine.people import Directory
from engine.starting import instance_id, resolve_inputs
from engine.state import State, Task
from engine.world import World

DEFINITIONS = Path(__file__).parents[1] / "definitions"
SCHOOLS = ("ash", "beech", "cedar")
#: A school day in the middle of summer 1.
NOW = datetime(2027, 4, 20, 9, 0, tzinfo=UTC)

_YEAR = {
    "autumn 1": ["2026-08-26", "2026-10-16"],
    "autumn 2": ["2026-10-26", "2026-12-18"],
    "spring 1": ["2027-01-04", "2027-02-12"],
    "spring 2": ["2027-02-22", "2027-03-25"],
    "summer 1": ["2027-04-12", "2027-05-28"],
    "summer 2": ["2027-06-07", "2027-07-09"],
}


def calendar() -> Calendar:
    """One academic year, the same for every school."""
    return Calendar.model_validate(
        {
            "name": "test",
            "version": 1,
            "years": [{"name": "2026-27", "half_terms": _YEAR}],
            "bank_holidays": {
                "2027-03-26": "Good Friday",
                "2027-03-29": "Easter Monday",
                "2027-05-03": "May Day",
            },
        }
    )


def directory() -> Directory:
    """A chief executive, an improvement officer; at each school a head, leads, two teachers of each year."""
    people: list[dict[str, object]] = []

    def person(name: str, *posts: dict[str, str], manager: str | None = None) -> str:
        key = f"p-{len(people) + 1:04d}"
        people.append(
            {
                "id": key,
                "name": name,
                "email": f"{key}@trust.example",
                "line_manager": manager,
                "posts": [{"from": "2020-09-01", **post} for post in posts],
            }
        )
        return key

    person("Chief", {"role": "ceo"})
    person("Officer", {"role": "school-improvement-officer"}, manager="p-0001")
    for school in SCHOOLS:
        at = {"school": school}
        head = person(f"Head {school}", {"role": "headteacher", **at}, manager="p-0001")
        person(
            f"Lead {school}", {"role": "assessment-lead", **at}, {"role": "english-lead", **at}, manager=head
        )
        person(f"Data {school}", {"role": "data-manager", **at}, manager=head)
        for year in ("Y2", "Y6"):
            for letter in "AB":
                posts = [{"role": role, **at, "year_group": year} for role in ("class-teacher", "moderator")]
                person(f"Teacher {year}{letter} {school}", *posts, manager=head)
    return Directory.model_validate(
        {
            "trust": {"key": "trees", "name": "Trees Trust"},
            "schools": [
                {"key": key, "name": key.title(), "urn": f"90000{n}"} for n, key in enumerate(SCHOOLS)
            ],
            "people": people,
        }
    )


def program(text: str) -> Program:
    """A definition written in a test; the header may be left out."""
    header = """
        process: example
        version: 1
        title: An example
        purpose: To be tested.
        owner: school-improvement-officer
        confidentiality: trust
        retention: plans
        key: only
        name: The example
        outcomes: {done: {title: Done}}
    """
    body = dedent(text)
    given = {line.split(":")[0] for line in body.splitlines() if line and not line[0].isspace()}
    kept = [line for line in dedent(header).strip().splitlines() if line.split(":")[0] not in given]
    return program_from(parse("\n".join(kept) + "\n" + body, "example.yaml"))


def moderation() -> Program:
    """The definition that comes with termwise."""
    return load_program(DEFINITIONS / "moderation" / "process.yaml")


def named(directory: Directory, name: str) -> str:
    """A person's id by name."""
    return directory.by_name_or_id(name).id


class Play:
    """One instance and its children, played in memory: decide, believe, keep the log."""

    def __init__(
        self, program: Program, inputs: dict[str, JsonValue] | None = None, at: datetime = NOW
    ) -> None:
        self.world = World(program, calendar(), directory())
        self.at = at
        self.states: dict[str, State] = {}
        self.log: dict[str, list[tuple[UUID, Event]]] = {}
        self.count = 0
        values = resolve_inputs(self.world, inputs or {})
        self.root = instance_id(program, values)
        order = StartProcess(
            id=command_id(self.root, "start"),
            by=named(self.world.directory, "Officer"),
            instance=self.root,
            definition=program.digest,
            calendar=digest(self.world.calendar.model_dump_json()),
            directory=digest(self.world.directory.model_dump_json()),
            inputs=values,
            root=self.root,
        )
        self.do(order, instance=self.root)

    @property
    def state(self) -> State:
        """The state of the instance that was started."""
        return self.states[self.root]

    def do(self, command: Command, instance: str | None = None) -> tuple[Event, ...]:
        """Decide a command and believe its events."""
        where = instance or self.root
        state = self.states.get(where)
        if state is not None and command.id in state.commands:
            return ()  # A repeat has no second effect.
        events = decide(self.world, state, command, self.at)
        for event in events:
            state = evolve(state, event)
        if state is not None and events:
            self.states[where] = answered(state, command.id)
            self.log.setdefault(where, []).extend((command.id, event) for event in events)
            for event in events:
                if isinstance(event, ChildStarted):
                    self.do(order_of(self.states[where], self.world, event.child), instance=event.child)
            if self.states[where].status == "cancelled":
                for child in sorted(self.states[where].children):
                    self.do(cancellation_of(child), instance=child)
            self._report(where)
        return events

    def id(self) -> UUID:
        """A fresh command id."""
        self.count += 1
        return uuid5(TERMWISE_NAMESPACE, str(self.count))

    def tasks(self, step: str | None = None) -> list[Task]:
        """Open tasks, in the order they were opened."""
        found = [state.tasks[task] for state in self.states.values() for task in state.open_tasks]
        return sorted((task for task in found if step in {None, task.step}), key=lambda task: task.address)

    def task(self, step: str) -> Task:
        """The one open task of this step."""
        (found,) = self.tasks(step)
        return found

    def where(self, task: Task) -> str:
        """The instance the task is in."""
        return next(name for name, state in self.states.items() if task.id in state.tasks)

    def complete(
        self,
        task: Task | str,
        outcome: str | None = None,
        by: str | None = None,
        reason: str | None = None,
        **values: JsonValue,
    ) -> tuple[Event, ...]:
        """Answer a task, given itself or as the only open one of its step, as the first of those asked."""
        task = self.task(task) if isinstance(task, str) else task
        who = named(self.world.directory, by) if by else task.asked[0]
        command = CompleteTask(
            id=self.id(), by=who, task=task.id, outcome=outcome, values=values, reason=reason
        )
        return self.do(command, instance=self.where(task))

    def pass_time(self, to: datetime) -> list[Event]:
        """Let the clock reach an instant, in every instance, oldest moment first."""
        happened: list[Event] = []
        while due := [s.next_moment for s in self.states.values() if s.next_moment and s.next_moment <= to]:
            self.at = max(self.at, min(due))
            for name in list(self.states):
                happened += self.do(PassTime(id=self.id(), by=TERMWISE), instance=name)
        self.at = to
        return happened

    def _report(self, child: str) -> None:
        report = report_of(self.states[child])
        parent = self.states[child].started.parent
        if report and parent and self.states[parent].status == "running":
            self.do(report, instance=parent)


__all__ = ["NOW", "TERMWISE", "Play", "calendar", "date", "directory", "moderation", "named", "program"]
