"""What a message of the outbox is about, gathered when it is about to go: task, person and reason."""

from collections.abc import Callable
from datetime import date, datetime

from activities.channels import DeliveryError
from activities.digests import Item
from activities.letters import Asked, Occasion
from engine.acting import stand_ins
from engine.errors import TermwiseError, UnknownNameError
from engine.events import TaskReturned
from engine.people import Directory
from engine.staff import Person
from engine.timezone import local_date
from storage.events import PostgresEventStore
from storage.outbox import Message
from storage.projections.outbox import COVERS_FOR, PLACE
from storage.projections.tellings import KINDS
from storage.queries import Queries
from storage.views import TaskRow


class NotNeededError(TermwiseError):
    """By now the message would tell a person of something that no longer concerns them."""


class Correspondence:
    """Everything is as it is now, not as it was when the message was planned."""

    def __init__(self, queries: Queries, store: PostgresEventStore, clock: Callable[[], datetime]) -> None:
        self._queries = queries
        self._store = store
        self._clock = clock

    async def item(self, message: Message, directory: Directory) -> Item:
        """As `occasion`, for a letter of several things."""
        occasion = await self.occasion(message, directory)
        concern = KINDS[message.kind].concern if message.kind in KINDS else "news"
        if concern == "asked" and occasion.asked:
            return Item(section="late" if occasion.asked.late else "asked", occasion=occasion)
        return Item(section="others" if concern == "open" else "news", occasion=occasion)

    async def occasion(self, message: Message, directory: Directory) -> Occasion:
        """What to write. Raises NotNeededError, StoreUnavailableError; DeliveryError for a person unknown."""
        # What is told to a place is written to nobody; of the letter it is given nothing but ids and counts.
        person = None if message.recipient == PLACE else addressee(directory, message.recipient)
        matter = KINDS[message.kind].subject if message.kind in KINDS else message.subject
        asked = await self._asked(message, directory)
        return Occasion(
            message_id=message.message_id,
            kind=message.kind,
            recipient=message.recipient,
            name=person.name if person else "",
            email=person.email if person else "",
            trust=directory.trust.name,
            cycle=_impersonal(message, directory),
            instance=message.instance,
            root=message.root,
            matter=matter,
            # What a definition's author calls a message may have a name in it: it goes inside.
            heading="" if message.subject == matter else message.subject,
            people={each: _name(directory, each) for each in _spoken_of(message)},
            parameters=message.parameters,
            asked=asked,
            reason=await self._reason(message),
        )

    async def _asked(self, message: Message, directory: Directory) -> Asked | None:
        if "task" not in message.parameters:
            return None
        row = await self._queries.task(str(message.parameters["task"]))
        _check_needed(message, row)
        if COVERS_FOR in message.parameters:
            _check_covers(message, row, directory, local_date(self._clock()))
        return _asked(directory, row)

    async def _reason(self, message: Message) -> str | None:
        """Why the work came back, when it did so just then; not when it is the next step's turn again."""
        if message.kind != "task-again":
            return None
        events = [each.event for each in await self._store.find(message.command)]
        return next((event.reason for event in events if isinstance(event, TaskReturned)), None)


def _impersonal(message: Message, directory: Directory) -> str:
    """What people call the cycle, or only its process when that has a person's name in it: it is in the subject."""
    named = (person for person in directory.people if person.name in message.cycle)
    return message.process if next(named, None) else message.cycle


def _spoken_of(message: Message) -> tuple[str, ...]:
    """The people that its parameters name."""
    parts = ("by", "owner", "wanted_by", "person", COVERS_FOR)
    return tuple(str(message.parameters[part]) for part in parts if part in message.parameters)


def _check_needed(message: Message, row: TaskRow) -> None:
    concern = KINDS[message.kind].concern if message.kind in KINDS else "news"
    if concern == "news":
        return
    if concern == "request" and row.request is None:
        raise NotNeededError("nobody asks for more time by now")
    if row.status != "open":
        raise NotNeededError(f"the task was {row.status} before this could go")
    whom = message.parameters.get(COVERS_FOR, message.recipient)
    if concern == "asked" and whom not in (*_people(row), PLACE):
        raise NotNeededError("the task is asked of somebody else by now")


def _check_covers(message: Message, row: TaskRow, directory: Directory, today: date) -> None:
    """A deputy is told of it only while they stand in, and nobody else has taken it on."""
    whom = str(message.parameters[COVERS_FOR])
    if message.recipient not in stand_ins(directory, whom, today, row.process):
        raise NotNeededError("they cover for that person no longer")
    if row.deputy not in {None, message.recipient}:
        raise NotNeededError("another deputy has the task by now")


def _people(row: TaskRow) -> tuple[str, ...]:
    return (row.assignee,) if row.assignee else row.candidates


def _asked(directory: Directory, row: TaskRow) -> Asked:
    return Asked(
        task=row.task,
        title=row.title,
        school=_school(directory, row.school) if row.school else None,
        due_at=row.due_at,
        due_on=row.due_on,
        due_why=row.due_why,
        late=row.overdue,
        minutes=row.minutes,
        process=row.process,
        stage=row.stage,
        people=tuple(_name(directory, person) for person in _people(row)),
    )


def addressee(directory: Directory, person: str) -> Person:
    """The person. Raises DeliveryError for one the directory does not know."""
    try:
        return directory.person(person)
    except UnknownNameError as error:
        raise DeliveryError(f"{person} is not in the directory", permanent=True) from error


def _name(directory: Directory, person: str) -> str:
    try:
        return directory.person(person).name
    except UnknownNameError:
        return person


def _school(directory: Directory, key: str) -> str:
    try:
        return directory.school(key).name
    except UnknownNameError:
        return key
