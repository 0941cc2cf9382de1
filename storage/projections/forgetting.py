"""What lists say no more of a cycle: when somebody who took part is erased, or its time is over.

The tables are named without a schema, so that a rebuild, which comes to the same fact, forgets the same.
"""

from collections.abc import Iterable, Sequence

from engine.records import Recorded
from engine.register.record_facts import PersonErased, RecordsDisposed
from storage.database import Connection

REQUESTS = "update inbox set request = null where root = any($1::text[]) and request is not null"
#: The title as the definition has it may name somebody: the step's own name does not.
WORDS = """
update inbox set shown = '{}', title = upper(left(step, 1)) || replace(substr(step, 2), '_', ' ')
 where root = any($1::text[])
"""
#: What a letter is about stays: ids, kinds and days.
PARAMETERS = """
update outbox o
   set parameters = (select coalesce(jsonb_object_agg(p.key, p.value), '{}'::jsonb) from jsonb_each(o.parameters) p
                      where p.key in ('instance', 'task', 'covers_for', 'owner', 'by', 'until'))
  from termwise.event e join termwise.stream s on s.id = e.stream
 where s.root = any($1::text[]) and e.position = o.position
"""


async def forget_tasks(connection: Connection, cycles: Sequence[str], words: Sequence[str]) -> None:
    """Of these cycles what was asked for more time; of those all that was shown."""
    await connection.execute(REQUESTS, cycles)
    await connection.execute(WORDS, words)


async def forget_letters(connection: Connection, cycles: Sequence[str]) -> None:
    """What the letters of these cycles quote."""
    await connection.execute(PARAMETERS, cycles)


def forgotten(events: Iterable[Recorded]) -> tuple[list[str], list[str]]:
    """Of these events: the cycles somebody took part in who is erased, and those of which all words go."""
    cycles: list[str] = []
    words: list[str] = []
    for each in events:
        match each.event:
            case PersonErased() as erased:
                cycles += [*erased.cycles, *erased.whole, *erased.named]
                words += [*erased.whole, *erased.named]
            case RecordsDisposed() as fact:
                cycles.append(fact.disposed.cycle)
                words.append(fact.disposed.cycle)
            case _:
                pass
    return cycles, words
