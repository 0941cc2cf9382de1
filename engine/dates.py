"""Days as people write them, the same under every locale."""

from datetime import date

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def say_day(day: date) -> str:
    """`Wed 26 May 2027`."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def say_days(count: int, unit: str) -> str:
    """`1 school day`, `5 school days`: a unit is named in the plural."""
    return f"{count} {unit.removesuffix('s') if count == 1 else unit}"
