"""Year groups of an English primary school, youngest first."""

from typing import Literal

YearGroup = Literal["N1", "N2", "R", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6"]

#: What people call each, in teaching order.
YEAR_GROUPS: dict[YearGroup, str] = {
    "N1": "Nursery 1",
    "N2": "Nursery 2",
    "R": "Reception",
    "Y1": "Year 1",
    "Y2": "Year 2",
    "Y3": "Year 3",
    "Y4": "Year 4",
    "Y5": "Year 5",
    "Y6": "Year 6",
}

Phase = Literal["early-years", "key-stage-1", "key-stage-2"]

#: The year groups of each phase.
PHASES: dict[Phase, tuple[YearGroup, ...]] = {
    "early-years": ("N1", "N2", "R"),
    "key-stage-1": ("Y1", "Y2"),
    "key-stage-2": ("Y3", "Y4", "Y5", "Y6"),
}
