"""Sends what an entry of a scenario says as the commands that people send."""

from collections.abc import Callable, Mapping

from pydantic import JsonValue, ValidationError

from definitions.scenarios.doing import Doing
from definitions.scenarios.selecting import Found, find_open, read_selector
from definitions.scenarios.stage import Stage
from definitions.scenarios.stopping import StopError, at_place

Says = Mapping[str, JsonValue]
#: Fields of commands in which a person stands.
_PEOPLE = frozenset({"to", "person"})


def meaning(stage: Stage, name: str, value: JsonValue) -> JsonValue:
    """People are named by their names, and meant by their ids."""
    return stage.person(value) if name in _PEOPLE and isinstance(value, str) else value


def send_to_each(  # noqa: PLR0913, PLR0917 - an entry, and the command that it becomes
    stage: Stage,
    entry: Doing,
    key: str,
    text: str,
    model: Callable[..., object],
    says: Says,
    usual: str | None = None,
) -> None:
    """Send a command about every task that is meant; by `usual`, or whoever is asked, unless the entry says."""
    for found in meant(stage, entry, key, text):
        by = who_does(stage, entry, (usual,) if usual else found.task.asked)
        send(stage, model, found.instance, by, {"task": found.task.id, **says})


def send(stage: Stage, model: Callable[..., object], instance: str, by: str, says: Says) -> None:
    """Send one command. Raises StopError for fields that do not fit it, or RefusedError."""
    try:
        command = model(id=stage.cast.fresh_id(), by=by, **says)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise StopError(f"{name}: {first['msg'][:1].lower()}{first['msg'][1:]}") from None
    stage.cast.do(instance, command, stage.now)  # type: ignore[arg-type]


def meant(stage: Stage, entry: Doing, key: str, text: str) -> list[Found]:
    """The open tasks, or for `resume` the deferred ones, that the text under this key means. Raises StopError."""
    by = None
    if entry.by:
        with at_place("as"):
            by = stage.person(entry.by)
    with at_place(key):
        return find_open(stage.cast, read_selector(text, stage.tested), by, deferred=key == "resume")


def who_does(stage: Stage, entry: Doing, asked: tuple[str, ...]) -> str:
    """Whom the entry names, or else the first of those who are asked. Raises StopError when nobody is."""
    if entry.by:
        with at_place("as"):
            return stage.person(entry.by)
    if not asked:
        raise StopError("nobody is asked to do this; say who does it with `as`")
    return asked[0]
