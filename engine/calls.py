"""Between an instance and the activities it calls: the name a call has for ever, and the command that ends it.

Pure: the workflow and instances played in memory say the same of the same result.
"""

import json
from uuid import UUID

from pydantic import JsonValue

from engine.commands import EndCall, command_id, refuse_unstorable
from engine.errors import InvalidInputError
from engine.events import TERMWISE
from engine.expressions import canonical
from engine.state import OpenCall

#: Characters of a result as JSON. It is kept in the log, and read with every expression that names it.
MAX_RESULT = 200_000
MAX_WHY = 500
#: What expressions can hold.
_LARGEST = 2**63


def call_key(instance: str, address: str) -> UUID:
    """What an activity may tell a repeat by: the same at every try of this step in this instance, for ever."""
    return command_id(instance, "call", address)


def finished(instance: str, call: OpenCall, result: object) -> EndCall:
    """The command that ends a call with its result; a result that cannot be kept is a failure that says so."""
    try:
        kept = _kept(result)
        ended = _end(instance, call, result=kept)
        refuse_unstorable(ended)
    except (ValueError, InvalidInputError) as error:
        return failed(instance, call, f"what it gave cannot be kept: {error}")
    return ended


def failed(instance: str, call: OpenCall, why: str) -> EndCall:
    """The command that ends a call without a result."""
    said = " ".join("".join(each if each.isprintable() else " " for each in why).split())
    return _end(instance, call, why=said[:MAX_WHY] or "it did not say why")


def _end(instance: str, call: OpenCall, result: JsonValue = None, why: str | None = None) -> EndCall:
    identity = command_id(instance, "end-call", call.address, call.attempt)
    return EndCall(
        id=identity, by=TERMWISE, address=call.address, attempt=call.attempt, result=result, why=why
    )


def _kept(result: object) -> JsonValue:
    kept = canonical(result)
    size = len(json.dumps(kept, ensure_ascii=False))
    if size > MAX_RESULT:
        raise ValueError(f"it has {size:,} characters as JSON; at most {MAX_RESULT:,} are kept")
    _refuse_large_numbers(kept)
    return kept


def _refuse_large_numbers(value: JsonValue) -> None:
    if isinstance(value, int) and abs(value) >= _LARGEST:
        raise ValueError(f"the number {value} is too large for expressions")
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _refuse_large_numbers(each)
