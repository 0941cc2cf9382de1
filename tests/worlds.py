"""Small worlds for tests: a trust of three schools, one calendar, and definitions written in the test."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import dedent
from uuid import UUID

from pydantic import JsonValue

from definitions.loader import load_program, program_from
from definitions.yaml_source import parse
from engine.calendar import Calendar
from engine.commands import Command, CompleteTask
from engine.definition.program import Program
from engine.events import TERMWISE, Event
from engine.people import Directory
from engine.playing import Activity, Cast
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
    """One instance and its children, played in memory at a clock that the test moves."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a play begins with
        self,
        program: Program,
        inputs: dict[str, JsonValue] | None = None,
        at: datetime = NOW,
        activities: Mapping[str, Activity] | None = None,
        processes: Mapping[str, Program] | None = None,
        people: Directory | None = None,
    ) -> None:
        self.world = World(program, calendar(), people or directory(), processes or {})
        self.at = at
        self.cast = Cast(self.world, activities)
        self.root = self.cast.start(inputs or {}, named(self.world.directory, "Officer"), at)

    @property
    def states(self) -> dict[str, State]:
        """Every instance, by id."""
        return self.cast.states

    @property
    def state(self) -> State:
        """The state of the instance that was started."""
        return self.states[self.root]

    @property
    def log(self) -> dict[str, list[tuple[UUID, Event]]]:
        """What has happened in each instance, and in which command."""
        log: dict[str, list[tuple[UUID, Event]]] = {}
        for each in self.cast.played:
            log.setdefault(each.instance, []).append((each.command, each.event))
        return log

    def do(self, command: Command, instance: str | None = None) -> tuple[Event, ...]:
        """Decide a command and believe its events."""
        return self.cast.do(instance or self.root, command, self.at)

    def id(self) -> UUID:
        """A fresh command id."""
        return self.cast.fresh_id()

    def tasks(self, step: str | None = None) -> list[Task]:
        """Open tasks, by address."""
        return [task for _, task in self.cast.open_tasks() if step in {None, task.step}]

    def task(self, step: str) -> Task:
        """The one open task of this step."""
        (found,) = self.tasks(step)
        return found

    def world_of(self, task: Task) -> World:
        """What the instance of the task decides with."""
        return self.cast.world_of(self.where(task))

    def where(self, task: Task) -> str:
        """The instance the task is in."""
        return self.cast.where(task.id)

    def complete(
        self,
        task: Task | str,
        outcome: str | None = None,
        by: str | None = None,
        reason: str | None = None,
        code: str | None = None,
        **values: JsonValue,
    ) -> tuple[Event, ...]:
        """Answer a task, given itself or as the only open one of its step, as the first of those asked."""
        task = self.task(task) if isinstance(task, str) else task
        who = named(self.world.directory, by) if by else task.asked[0]
        command = CompleteTask(
            id=self.id(), by=who, task=task.id, outcome=outcome, values=values, reason=reason, code=code
        )
        return self.do(command, instance=self.where(task))

    def pass_time(self, to: datetime) -> list[Event]:
        """Let the clock reach an instant, in every instance, oldest moment first."""
        happened = self.cast.pass_time(to)
        self.at = to
        return happened


__all__ = ["NOW", "TERMWISE", "Play", "calendar", "date", "directory", "moderation", "named", "program"]
