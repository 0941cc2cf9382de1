"""What a message says: one occasion becomes one letter, in plain words, as text and as HTML.

The words are in `templates/`: a file for each kind of occasion, whose first paragraph introduces the task
and whose others follow its facts, and a layout for each of the two forms.
"""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import JsonValue

from activities.channels import Bulletin, Letter, Line
from activities.inlining import inlined
from engine.dates import say_day
from engine.model import Model

#: Names threads; never to be changed.
THREADS = UUID("7465726d-7769-5365-8000-746872656164")
#: The clock on the wall of an English school.
_CLOCK = "Europe/London"
#: Where to read more of what is of no cycle.
_ELSEWHERE = {"address-failed": "termwise bounces"}


class Asked(Model):
    """The task that a letter is about, as it is when the letter is written."""

    task: str
    title: Line
    school: Line | None
    due_at: datetime | None
    due_on: date | None
    due_why: Line | None
    late: bool
    minutes: int
    process: str | None = None
    stage: Line | None = None
    people: tuple[Line, ...]
    """The names of those it is asked of; several: whoever claims it first does it."""


class Occasion(Model):
    """Why one person is written to, and all that the letter needs to say."""

    message_id: UUID
    kind: str
    """Names the template."""
    recipient: str
    name: Line
    email: str
    trust: Line
    cycle: Line
    """What people call the cycle. Nothing personal."""
    instance: str
    root: str
    """The instance that was started first, which all letters of the cycle have in common."""
    matter: Line
    """The kind in words, for the subject. Nothing personal."""
    asked: Asked | None = None
    reason: Line | None = None
    """In the words of whoever sent the work back."""
    heading: Line = ""
    people: dict[str, Line] = {}
    """The names of those that the parameters speak of, by their ids."""
    parameters: dict[str, JsonValue]
    """What else the kind has: `days`, or `body` with a blank line between paragraphs."""

    @property
    def covers_for(self) -> str | None:
        """The name of the person in whose place the reader is told."""
        covered = self.parameters.get("covers_for")
        return self.people.get(covered, covered) if isinstance(covered, str) else None


def write(occasion: Occasion) -> Letter:
    """The letter for an occasion: the same for the same occasion. In HTML every value is escaped."""
    opening, *closing = _paragraphs(render(f"{occasion.kind}.j2", occasion=occasion))
    facts = list(_facts(occasion.asked)) if occasion.asked else []
    where = _ELSEWHERE.get(occasion.kind, f"termwise show {occasion.instance}")
    covered = occasion.covers_for
    cover = f"You cover for {covered}, and may do this in their place. They were told:" if covered else None
    parts = {
        "occasion": occasion,
        "cover": cover,
        "opening": opening,
        "closing": closing,
        "facts": facts,
        "where": where,
    }
    return Letter(
        message_id=occasion.message_id,
        thread=uuid5(THREADS, occasion.root),
        kind=occasion.kind,
        recipient=occasion.recipient,
        name=occasion.name,
        email=occasion.email,
        subject=f"{occasion.matter}: {occasion.cycle}" if occasion.cycle else occasion.matter,
        text=render("letter.txt.j2", **parts),
        html=inlined(render("letter.html.j2", title=occasion.matter, **parts)),
        bulletin=bulletin(occasion),
    )


def bulletin(occasion: Occasion) -> Bulletin:
    """What anybody may know of an occasion."""
    asked, days = occasion.asked, occasion.parameters.get("days")
    return Bulletin(
        instance=occasion.instance,
        root=occasion.root,
        process=asked.process if asked else None,
        task=asked.task if asked else None,
        stage=asked.stage if asked else None,
        days=days if isinstance(days, int) else None,
        people=len(asked.people) if asked else None,
        late=asked.late if asked else False,
    )


def _facts(asked: Asked) -> Iterator[tuple[str, str]]:
    """What is worth knowing about the task, each with its label."""
    if asked.school:
        yield "School", asked.school
    if asked.due_at and asked.due_on:
        clock = asked.due_at.astimezone(ZoneInfo(_CLOCK))
        yield "Was due" if asked.late else "Due", f"{say_day(asked.due_on)}, by {clock:%H:%M}"
    if asked.due_why:
        yield "Why then", asked.due_why
    yield "Takes", f"about {asked.minutes} minutes"
    yield "Asked of", ", ".join(asked.people) + ("; whoever claims it first" if len(asked.people) > 1 else "")


def _paragraphs(text: str) -> list[str]:
    return [paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()] or [""]


def _day(text: str) -> str:
    return say_day(date.fromisoformat(text))


def render(template: str, **values: object) -> str:
    """A template of `templates/` with these values; one that is lacking is an error."""
    return _templates().get_template(template).render(values)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("activities"),
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),  # noqa: S701 - the rest is text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = _day
    return environment
