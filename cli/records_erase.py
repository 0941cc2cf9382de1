"""`termwise records erase`: what is personal of somebody becomes unreadable, for good."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from activities.keeping import refuse_unready
from cli.exit_codes import ExitCode
from cli.options import UNSAID, ActingOptions
from cli.output import facts, note, show, write_json
from cli.register_book import read_book, rehearsed
from cli.setup import acting_person, open_desk, settings
from cli.standing_change import NOT_YET, DryRun, identified
from cli.wording import counted
from engine.register.fact import RegisterFact
from engine.register.record_facts import PersonErased
from engine.register.records import ErasePerson
from storage.keeping import PostgresKeeping
from workers.erasing import Traces, traces
from workers.wiring import open_office

_MOST = 20


async def erase(
    person: Annotated[str, Parameter(help="Whose: an id, a name or an e-mail address.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Why; it is kept for good, so name nobody in it.")],
    also: Annotated[
        tuple[str, ...], Parameter(help="Another name they go by, such as a former one; as often as needed.")
    ] = (),
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> int:
    """Erase a person: their name, address, words and what is known of them. It cannot be undone. For administrators.

    Their id stays, with the posts it held and what was done under it. It is refused while they hold a post, while
    anything is open for or about them, and while a hold stands. Look first: --dry-run.

    Example: termwise records erase "Lucy Fenwick" --reason "Left in 2019; asked for it" --dry-run --as "Hannah Lister"
    """
    async with open_desk() as desk:
        register = (await read_book(desk)).register
        acting = acting_person(register.directory, options.as_)
        whose = register.directory.by_name_or_id(person)
        keeping = PostgresKeeping(desk.records.pool, None)
        note("Reading the whole log ...")
        found = await traces(desk.records.store, whose.id, also)
        order = identified(_order(acting.id, found, reason), register)
        said, _ = rehearsed(register, order, desk.now)
        await refuse_unready(keeping, order, register)
        plain = await keeping.in_the_open(found.names) if said else 0
    if not dry_run:
        async with open_office(settings()) as office:
            await office.client.register(order)
    done = not dry_run
    if options.json:
        write_json({"erased": done, "person": whose.id, **_plain(found), "in_the_open": plain})
    else:
        show(*_told(whose.id, whose.name, said, found, plain), Text(_ending(said, done=done), "bold"))
    return ExitCode.FINDINGS if done and plain else ExitCode.OK


def _order(by: str, found: Traces, reason: str) -> ErasePerson:
    return ErasePerson(
        id=NOT_YET,
        by=by,
        person=found.person,
        reason=reason,
        cycles=found.took_part,
        whole=found.whole,
        named=found.named,
    )


def _plain(found: Traces) -> dict[str, object]:
    return {
        "took_part": found.took_part,
        "all_words_go": found.whole,
        "named_by_others": found.named,
        "register_facts": found.facts,
    }


def _told(
    person: str, name: str, said: Sequence[RegisterFact], found: Traces, plain: int
) -> Iterator[RenderableType]:
    if not any(isinstance(each, PersonErased) for each in said):
        yield Text(f"{person} is erased already; typing it again does what was left undone.")
        return
    keys = len(said) - 1
    yield Text(f"Erasing {name} ({person})", "bold")
    yield facts(
        {
            "Goes": "name, e-mail, numbers, contracts, absences, interests and preferences, in every version",
            "": f"what they wrote in {counted(len(found.took_part), 'closed cycle')}",
            "Stays": f"the id {person}, its posts, and what was done under it: dates, outcomes, marks",
            "Register": counted(found.facts, "fact") + " about them then read `erased`",
            "Keys": f"{counted(keys, 'key')} revoked" if keys else None,
        }
    )
    yield from _listed(
        "All words go, others' too: it is about them, or copies of their words stand there", found.whole
    )
    yield from _listed(
        "Others name them there. What others wrote stays; lists no longer show it", found.named
    )
    if plain:
        yield Text(
            f"{counted(plain, 'stored text')} older than the keys, or copied from before, "
            f"{'has' if plain == 1 else 'have'} their name in the open: that cannot be erased."
        )


def _listed(title: str, cycles: Sequence[str]) -> Iterator[RenderableType]:
    if cycles:
        yield Text(f"{title}:", "bold")
        yield from (Padding(Text(each), (0, 0, 0, 2)) for each in cycles[:_MOST])
        if len(cycles) > _MOST:
            yield Padding(Text(f"... and {len(cycles) - _MOST} more"), (0, 0, 0, 2))


def _ending(said: Sequence[RegisterFact], *, done: bool) -> str:
    if not done:
        return "Nothing was changed."
    return "It is gone. Other processes forget it within a minute." if said else "Done again."
