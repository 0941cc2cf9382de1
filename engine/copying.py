"""A copy of a frozen value with some fields changed: `dataclasses.replace`, several times faster.

Every event replaces the state, which has some twenty-five fields, and most replace a task: a large part of deciding
would be making them anew. The type checker takes it for `dataclasses.replace`, so that a field that is not there is
an error.
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import replace
else:

    def replace(value, /, **changes):  # noqa: ANN001, ANN003, ANN201 - typed above
        """The same value with these fields changed. Raises TypeError for a field that is not there.

        Only for frozen dataclasses that have nothing to do after they are made.
        """
        kind = type(value)
        slots = _slots(kind)
        copy = object.__new__(kind)
        if slots is None:
            fields = copy.__dict__
            fields.update(value.__dict__)
            known = len(fields)
            fields.update(changes)
            if len(fields) != known:
                raise _unknown(kind, fields.keys() - value.__dict__.keys())
            return copy
        if not changes.keys() <= slots.keys():
            raise _unknown(kind, changes.keys() - slots.keys())
        for name, (get, put) in slots.items():
            put(copy, changes[name] if name in changes else get(value))
        return copy

    @cache
    def _slots(kind):  # noqa: ANN001, ANN202 - typed above
        """How each slot is read and written, past the guard that freezes the value; none without slots."""
        names = getattr(kind, "__slots__", None)
        if names is None:
            return None
        places = {name: getattr(kind, name) for name in names}
        return {name: (place.__get__, place.__set__) for name, place in places.items()}

    def _unknown(kind, names):  # noqa: ANN001, ANN202 - typed above
        return TypeError(f"{kind.__name__} has no field {', '.join(sorted(names))}")


__all__ = ["replace"]
