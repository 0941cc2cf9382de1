"""A copy of a frozen value with some fields changed: `dataclasses.replace`, several times faster where it matters.

Every event replaces the state, which has some twenty-five fields: most of deciding would be copying them. A value
without slots is copied as one map. The type checker takes it for `dataclasses.replace`, so that a field that is not
there is an error.
"""

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import replace
else:

    def replace(value, /, **changes):  # noqa: ANN001, ANN003, ANN201 - typed above
        """The same value with these fields changed. Raises TypeError for a field that is not there.

        Only for frozen dataclasses that have nothing to do after they are made.
        """
        if not hasattr(value, "__dict__"):
            return dataclasses.replace(value, **changes)
        copy = object.__new__(type(value))
        fields = copy.__dict__
        fields.update(value.__dict__)
        count = len(fields)
        fields.update(changes)
        if len(fields) != count:
            unknown = ", ".join(sorted(fields.keys() - value.__dict__.keys()))
            raise TypeError(f"{type(value).__name__} has no field {unknown}")
        return copy


__all__ = ["replace"]
