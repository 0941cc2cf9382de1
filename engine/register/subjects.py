"""The subjects of the register, each a module that says how it changes. A new one is a file and a line here."""

from engine.register import (
    absences,
    addresses,
    calendars,
    channels,
    cover,
    folding,
    holds,
    interests,
    keys,
    people,
    preferences,
    records,
)

SUBJECTS = (
    people,
    folding,
    calendars,
    cover,
    absences,
    interests,
    channels,
    addresses,
    keys,
    preferences,
    holds,
    records,
)
