"""What changes about how people want to be written to."""

from typing import Literal

from engine.register.fact import RegisterFact
from engine.wishes import Wishes


class PreferencesSet(RegisterFact):
    """A person is written to like this from now on."""

    kind: Literal["preferences-set"] = "preferences-set"
    person: str
    wishes: Wishes
