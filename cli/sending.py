"""Sending a person's command, and telling what came of it.

The command's id is made of what is asked: typing the same again after a time-out repeats it, and it cannot count
twice. Typing something else is another command, so that nobody is told that their second thoughts were heard.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from rich.padding import Padding
from rich.text import Text

from cli.options import ActingOptions
from cli.output import show, write_json
from cli.setup import acting_person, settings
from cli.wording import Words
from engine.commands import Answer, PersonCommand, command_id
from engine.events import TaskOpened
from engine.records import Recorded
from engine.staff import Person
from storage.errors import UnknownRecordError
from storage.views import TaskRow
from workers.wiring import Office, open_office

#: The id of a command until it is sent.
NOT_YET = UUID(int=0)
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Sent:
    """A command that was carried out, and what it recorded."""

    answer: Answer
    command: UUID
    recorded: Sequence[Recorded]
    opened: Sequence[TaskOpened]
    """The tasks that it opened and the person may see."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody with a connection to both servers."""

    office: Office
    person: Person
    json: bool

    async def deliver(self, instance: str, command: PersonCommand, *subject: object) -> Sent:
        """Send it under the id of its meaning. `subject`: what it is about, and since when."""
        meant = command.model_dump_json(exclude={"id"})
        named = command_id(instance, *subject, command.kind, self.person.id, meant)
        identified = command.model_copy(update={"id": named})
        answer = await self.office.client.send(instance, identified)
        recorded = await self.office.records.store.find(named)
        opened = [
            record.event
            for record in recorded
            if isinstance(record.event, TaskOpened) and await self._sees(record.event.task)
        ]
        return Sent(answer, named, recorded, opened)

    async def send(self, instance: str, command: PersonCommand, said: str, *subject: object) -> None:
        """Deliver it, and say what came of it."""
        self.tell(await self.deliver(instance, command, *subject), said)

    def tell(self, sent: Sent, said: str) -> None:
        """Say what came of a command."""
        if self.json:
            write_json(
                {
                    **sent.answer.model_dump(mode="json"),
                    "command": sent.command,
                    "opened": [e.task for e in sent.opened],
                }
            )
        else:
            self._tell(said, sent.recorded, sent.opened)

    async def _sees(self, task: str) -> bool:
        """Whether the person may see the task."""
        try:
            await self.office.records.queries.task(task)
        except UnknownRecordError:
            return False
        return True

    async def about(self, row: TaskRow, command: PersonCommand, said: str) -> None:
        """Send a command about a task as the person saw it."""
        await self.send(row.instance, command, f"{said}: {row.title}.", row.task, row.revision)

    def told_before(self, recorded: Recorded, said: str) -> None:
        """Say that the very same was recorded before, as if it were answered now."""
        if self.json:
            write_json(
                {
                    "instance": recorded.stream,
                    "version": recorded.version,
                    "command": recorded.command,
                    "opened": [],
                }
            )
        else:
            show(said)

    def _tell(self, said: str, recorded: Sequence[Recorded], opened: Sequence[TaskOpened]) -> None:
        words = Words.of(self.office.trust)
        show(said)
        ended = next((r.event.title for r in recorded if r.event.kind == "instance-ended"), None)
        for event in opened[:_SHOWN]:
            who = words.person(event.assignee) if event.assignee else words.people(event.candidates)
            due = f", due {words.day(event.due.on)}" if event.due else ""
            line = f"Now {who} ({words.school(event.school)}): {event.title}{due}"
            show(Padding(Text(line), (0, 0, 0, 2), expand=False))
        if len(opened) > _SHOWN:
            show(Text(f"  ... and {len(opened) - _SHOWN} more tasks"))
        if ended:
            show(Text(f"  {ended}"))


@asynccontextmanager
async def sender(options: ActingOptions) -> AsyncIterator[Sender]:
    """Connect to both servers in somebody's name. Raises what is wrong, each with its remedy."""
    async with open_office(settings(), options.as_) as office:
        yield Sender(office, acting_person(office.trust.directory, options.as_), options.json)
