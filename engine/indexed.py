"""Values that are asked often: they keep look-ups, built on first use in cached properties."""

from collections.abc import Mapping
from typing import Self

from engine.model import Model


class Indexed(Model):
    """A value whose cached properties never outlive it."""

    def model_copy(self, *, update: Mapping[str, object] | None = None, deep: bool = False) -> Self:
        """A checked copy with look-ups of its own; pydantic's would keep those of the original."""
        copy = super().model_copy(deep=deep)
        return self.model_validate(
            {n: getattr(copy, n) for n in type(self).model_fields} | dict(update or {})
        )
