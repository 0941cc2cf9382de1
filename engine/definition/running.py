"""Which other processes a definition runs, and whether any of them leads back."""

from collections.abc import Iterable, Iterator, Mapping

from engine.definition.around import Around
from engine.definition.model import Definition
from engine.definition.outward import RunStep
from engine.model import Model


def runs(definition: Definition) -> tuple[str, ...]:
    """The keys of the processes that its steps run, in the order of the file."""
    return tuple(dict.fromkeys(_in(definition.steps)))


def circle(chain: tuple[str, ...], around: Around) -> tuple[str, ...] | None:
    """The chain gone on until it meets itself; none when it never does. What cannot be read leads nowhere."""
    definition = around.definition(chain[-1])
    for key in runs(definition) if definition else ():
        if key in chain:
            return (*chain, key)
        found = circle((*chain, key), around)
        if found:
            return found
    return None


def _in(part: object) -> Iterator[str]:
    if isinstance(part, RunStep):
        yield part.process
    inside: Iterable[object] = ()
    if isinstance(part, Model):
        inside = (getattr(part, name) for name in type(part).model_fields)
    elif isinstance(part, Mapping):
        inside = part.values()
    elif isinstance(part, tuple):
        inside = part
    for each in inside:
        yield from _in(each)
