"""What people read of cover, absence and interests."""

from datetime import UTC, date, datetime

import pytest

from engine.covering import Absence, Cover
from engine.interests import Interest
from engine.register.cover_facts import (
    AbsenceEnded,
    AbsenceStarted,
    CoverEnded,
    CoverSet,
    InterestDeclared,
    InterestWithdrawn,
)
from engine.register.fact import RegisterFact
from reports.cover_sentences import say
from tests.worlds import directory, named

PEOPLE = directory()
HEAD, LEAD, DATA = (named(PEOPLE, f"{role} ash") for role in ("Head", "Lead", "Data"))
DAY = date(2027, 4, 20)
LAST = date(2027, 4, 30)
WHO = {"at": datetime(2027, 4, 20, 9, tzinfo=UTC), "by": HEAD}
COVER = Cover(id="c-1", person=HEAD, deputies=(LEAD, DATA), since=DAY, until=LAST)
ROLE = Cover(
    id="c-2",
    role="headteacher",
    school="ash",
    deputies=(LEAD, DATA),
    since=DAY,
    together=True,
    processes=("moderation",),
)
ABSENCE = Absence(id="a-1", person=HEAD, since=DAY, expected=LAST)
INTEREST = Interest(id="i-1", person=HEAD, type="relative", about=DATA, since=DAY, note="My cousin")
KNOWN = PEOPLE.model_copy(update={"covers": (COVER, ROLE), "absences": (ABSENCE,), "interests": (INTEREST,)})


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        (
            CoverSet(**WHO, cover=COVER),
            "Lead ash, then Data ash covers for Head ash from 20 Apr 2027 to 30 Apr 2027",
        ),
        (
            CoverSet(**WHO, cover=ROLE),
            "Lead ash and Data ash cover for the headteacher of Ash from 20 Apr 2027, in moderation only",
        ),
        (
            CoverEnded(**WHO, cover="c-2", last=LAST),
            "the cover for the headteacher of Ash ends; its last day is 30 Apr 2027",
        ),
        (
            AbsenceStarted(**WHO, absence=ABSENCE),
            "Head ash is away from 20 Apr 2027, expected back after 30 Apr 2027",
        ),
        (
            AbsenceEnded(**WHO, absence="a-1", last=LAST),
            "the absence of Head ash ends; its last day is 30 Apr 2027",
        ),
        (InterestDeclared(**WHO, interest=INTEREST), "Head ash has declared an interest"),
        (
            InterestWithdrawn(**WHO, interest="i-1", last=LAST),
            "a declared interest of Head ash holds no more after 30 Apr 2027",
        ),
    ],
)
def test_a_fact_is_told(fact: RegisterFact, sentence: str) -> None:
    assert say(fact, KNOWN) == sentence
