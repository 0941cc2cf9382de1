"""How long the records of a class are kept: periods, and the day on which one is over."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from engine.model import Model

#: The last day of a school year, month and day.
_YEAR_ENDS = (8, 31)

#: The longest period that is a number.
MOST_YEARS = 100

Counted = Literal["school-year", "closing"]


class Period(Model):
    """How long, and from when it counts."""

    years: Annotated[int | None, Field(ge=0, le=MOST_YEARS)] = None
    """None: for ever."""
    counted: Counted = "school-year"
    """From the end of the school year in which the records were closed, or from the day itself."""

    def kept_until(self, closed: date) -> date | None:
        """The last day on which records closed on that day are kept; None for ever."""
        if self.years is None:
            return None
        begins = _end_of_school_year(closed) if self.counted == "school-year" else closed
        return _later(begins, self.years)

    def in_words(self) -> str:
        """`for the school year in which they were closed, and 6 more`."""
        if self.years is None:
            return "for ever"
        years = f"{self.years} year{'' if self.years == 1 else 's'}"
        if self.counted == "closing":
            return f"for {years} after they were closed"
        return f"for the school year in which they were closed, and {years} more"


#: What holds until the trust says otherwise. The sector's custom where there is one; each trust must check its own.
CUSTOM: dict[str, Period] = {
    "appraisal": Period(years=6),
    "training": Period(years=6),
    "personnel": Period(years=6, counted="closing"),
    "moderation-records": Period(years=6),
    "monitoring": Period(years=6),
    "leaders-reports": Period(years=6),
    "attendance": Period(years=6),
    "plans": Period(years=3),
    "pathways": Period(years=6),
    "psychometrics": Period(years=2, counted="closing"),
    "sen": Period(years=31, counted="closing"),
    "child-protection": Period(years=50, counted="closing"),
    "minutes": Period(),
}


def _end_of_school_year(day: date) -> date:
    month, last = _YEAR_ENDS
    return date(day.year if (day.month, day.day) <= _YEAR_ENDS else day.year + 1, month, last)


def _later(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + years, day.month, 28 if leap else day.day)
