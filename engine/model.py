"""The base of every value that crosses a boundary: frozen and closed."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """An immutable value. Unknown fields are refused, so a misspelt name never passes silently."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Sent(Model):
    """A value whose class is made anew wherever workflows run.

    So its fields' descriptions are not read from the source: that is slow, and Python's parser fails now and then where
    two threads use it at once.
    """

    model_config = ConfigDict(use_attribute_docstrings=False)
