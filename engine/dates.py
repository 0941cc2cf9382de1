"""Days as people write them, the same under every locale."""

from datetime import date

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: In small letters; people write them in full or by the first three.
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def say_day(day: date) -> str:
    """`Wed 26 May 2027`."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1][:3].capitalize()} {day.year}"


def say_days(count: int, unit: str) -> str:
    """`1 school day`, `5 school days`: a unit is named in the plural."""
    return f"{count} {unit.removesuffix('s') if count == 1 else unit}"
