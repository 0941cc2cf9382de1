"""Cover, absence and interests in the register: who may say them, what makes no sense, what comes of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.covering import AbsenceKind
from engine.errors import NotAllowedError, RefusedError, UnknownNameError
from engine.fact import TERMWISE
from engine.register.absences import EndAbsence, StartAbsence
from engine.register.cover import EndCover, SetCover
from engine.register.deciding import decide, evolve, replay
from engine.register.fact import RegisterFact
from engine.register.interests import DeclareInterest, WithdrawInterest
from engine.register.order import RegisterOrder
from engine.register.people import ImportDirectory
from engine.register.register import Register
from tests.documents import kept
from tests.worlds import directory, named

PEOPLE = directory()
NOW = datetime(2027, 4, 20, 9, tzinfo=UTC)
TODAY, YESTERDAY = date(2027, 4, 20), date(2027, 4, 19)
CHIEF = named(PEOPLE, "Chief")
HEAD, LEAD, DATA = (named(PEOPLE, f"{role} ash") for role in ("Head", "Lead", "Data"))
HEAD_BEECH = named(PEOPLE, "Head beech")


class Book:
    """A register that orders change, as its workflow would."""

    def __init__(self) -> None:
        self.log: list[RegisterFact] = []
        self.value = Register()
        self.do(ImportDirectory(id=UUID(int=0), by=TERMWISE, directory=kept(PEOPLE)))

    def do(self, order: RegisterOrder, at: datetime = NOW) -> tuple[RegisterFact, ...]:
        facts = decide(self.value, order, at)
        for fact in facts:
            self.value = evolve(self.value, fact)
        self.log += facts
        return facts

    def cover(self, by: str = HEAD, **given: Any) -> str:  # noqa: ANN401 - fields of an order
        order = {"id": uuid4(), "by": by, "person": HEAD, "deputies": (LEAD,), "since": TODAY, **given}
        self.do(SetCover.model_validate(order))
        return max(self.value.covers, key=lambda key: int(key[2:]))

    def away(self, by: str = HEAD, kind: AbsenceKind = "planned", **given: Any) -> str:  # noqa: ANN401
        order = {"id": uuid4(), "by": by, "person": HEAD, "absence": kind, "since": TODAY, **given}
        self.do(StartAbsence.model_validate(order))
        return max(self.value.absences, key=lambda key: int(key[2:]))

    def interest(self, by: str = HEAD, **given: Any) -> str:  # noqa: ANN401
        order = {"id": uuid4(), "by": by, "person": HEAD, "type": "relative", "about": DATA, "since": TODAY}
        self.do(DeclareInterest.model_validate({**order, **given}))
        return max(self.value.interests, key=lambda key: int(key[2:]))


@pytest.fixture
def book() -> Book:
    return Book()


def test_what_was_said_is_in_the_directory_and_reads_the_same_from_the_log(book: Book) -> None:
    cover, absence, interest = book.cover(reason="At a course"), book.away(), book.interest()

    people = book.value.directory
    assert [each.id for each in people.covers_of(HEAD, TODAY)] == [cover]
    assert people.absent(HEAD, TODAY) == book.value.absences[absence]
    assert [each.id for each in people.interests_of(HEAD, TODAY)] == [interest]
    assert replay(book.log).directory == people


@pytest.mark.parametrize("by", [HEAD, CHIEF], ids=["oneself", "line manager and administrator"])
def test_who_answers_for_the_person_may_say_it(book: Book, by: str) -> None:
    book.cover(by)
    book.away(by)
    book.interest(by)


def test_the_head_of_the_school_and_the_line_manager_answer_for_their_people(book: Book) -> None:
    book.cover(HEAD, person=DATA, deputies=(LEAD,))
    book.away(HEAD, person=LEAD)


@pytest.mark.parametrize("what", ["cover", "away", "interest"])
def test_nobody_else_may_say_it(book: Book, what: str) -> None:
    with pytest.raises(
        NotAllowedError, match=r"Head beech may not .*that is for Head ash, their line manager"
    ):
        getattr(book, what)(HEAD_BEECH)


def test_cover_of_a_role_is_for_its_holder_the_head_and_administrators(book: Book) -> None:
    role = {"person": None, "role": "data-manager", "school": "ash"}
    for by in (DATA, HEAD, CHIEF):
        book.cover(by, **role)
    with pytest.raises(NotAllowedError, match="Lead ash may not say who covers the data-manager"):
        book.cover(LEAD, **role)
    with pytest.raises(NotAllowedError, match="Head ash may not say who covers the ceo"):
        book.cover(HEAD, person=None, role="ceo", school=None)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"deputies": (HEAD,)}, "Head ash cannot cover for themselves"),
        ({"deputies": (LEAD, LEAD)}, "names a deputy twice"),
        ({"deputies": ("p-9999",)}, "there is no person 'p-9999'"),
        ({"last": date(2027, 4, 18)}, "would end on 18 Apr 2027, before it begins on 20 Apr 2027"),
        ({"since": date(2027, 4, 1), "last": date(2027, 4, 18)}, "would be over already"),
        ({"role": "headteacher"}, "say for whom the cover is: for a person, or for a role"),
        ({"person": None}, "say for whom the cover is"),
        ({"person": None, "role": "headteacher", "school": "elm"}, "there is no school 'elm'"),
    ],
)
def test_cover_that_makes_no_sense_is_refused(book: Book, given: dict[str, Any], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        book.cover(**given)


def test_cover_by_somebody_who_holds_no_post_then_is_refused(book: Book) -> None:
    order = SetCover(id=uuid4(), by=CHIEF, person=HEAD, deputies=(LEAD,), since=YESTERDAY)
    leaver = book.value.people[LEAD]
    posts = tuple(post.model_copy(update={"until": YESTERDAY}) for post in leaver.posts)
    left = replace(book.value, people=book.value.people.set(LEAD, leaver.model_copy(update={"posts": posts})))

    with pytest.raises(RefusedError, match="Lead ash holds no post on 20 Apr 2027"):
        decide(left, order, NOW)


def test_cover_never_goes_in_a_circle(book: Book) -> None:
    book.cover(CHIEF, person=HEAD, deputies=(LEAD,), last=date(2027, 4, 30))
    book.cover(CHIEF, person=LEAD, deputies=(DATA,), last=date(2027, 4, 30))
    circle = {"person": DATA, "deputies": (HEAD,)}

    with pytest.raises(RefusedError, match="in a circle: Data ash covers, on some of these days"):
        book.cover(CHIEF, **circle, last=date(2027, 4, 22))
    role = {"person": None, "role": "data-manager", "school": "ash", "deputies": (HEAD,)}
    with pytest.raises(RefusedError, match="in a circle"):
        book.cover(CHIEF, **role)
    book.cover(CHIEF, **circle, since=date(2027, 5, 1))


def test_cover_ends_today_or_later_never_in_the_past(book: Book) -> None:
    cover = book.cover(last=date(2027, 5, 31))

    with pytest.raises(RefusedError, match="was in force until today"):
        book.do(EndCover(id=uuid4(), by=HEAD, cover=cover, last=date(2027, 4, 1)))
    with pytest.raises(RefusedError, match="ends on 31 May 2027 already"):
        book.do(EndCover(id=uuid4(), by=HEAD, cover=cover, last=date(2027, 6, 1)))
    with pytest.raises(NotAllowedError, match="Lead ash may not say who covers"):
        book.do(EndCover(id=uuid4(), by=LEAD, cover=cover))
    with pytest.raises(UnknownNameError, match="there is no cover 'c-99'"):
        book.do(EndCover(id=uuid4(), by=HEAD, cover="c-99"))
    book.do(EndCover(id=uuid4(), by=HEAD, cover=cover))

    assert book.value.directory.covers_of(HEAD, TODAY) == ()
    with pytest.raises(RefusedError, match="is over since 19 Apr 2027"):
        book.do(EndCover(id=uuid4(), by=HEAD, cover=cover))


def test_what_has_not_begun_never_comes_into_force(book: Book) -> None:
    cover = book.cover(since=date(2027, 5, 1))

    book.do(EndCover(id=uuid4(), by=HEAD, cover=cover))

    assert book.value.directory.covers_of(HEAD, date(2027, 5, 1)) == ()


def test_an_absence_begins_once_and_ends(book: Book) -> None:
    absence = book.away(expected=date(2027, 4, 30))
    with pytest.raises(RefusedError, match="Head ash is away already since 20 Apr 2027"):
        book.away()
    with pytest.raises(RefusedError, match="before it begins"):
        book.away(person=LEAD, expected=YESTERDAY)

    book.do(EndAbsence(id=uuid4(), by=HEAD, absence=absence))

    assert book.value.directory.absent(HEAD, TODAY) is None
    book.away()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"about": HEAD}, "nobody judges themselves anyway"),
        ({"about": None}, "say what the interest is in"),
        ({"year_group": "Y2"}, "are those of a school; name the school"),
        ({"about": "p-9999"}, "there is no person"),
        ({"about": None, "school": "elm"}, "there is no school"),
        ({"last": YESTERDAY}, "before it begins"),
    ],
)
def test_an_interest_says_in_whom_or_what(book: Book, given: dict[str, Any], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        book.interest(**given)


def test_an_interest_that_is_withdrawn_holds_no_more(book: Book) -> None:
    interest = book.interest()
    order = {"id": uuid4(), "interest": interest}
    with pytest.raises(NotAllowedError):
        book.do(WithdrawInterest.model_validate({**order, "by": DATA}))
    with pytest.raises(UnknownNameError) as unknown:
        book.do(WithdrawInterest.model_validate({**order, "by": DATA, "interest": "i-99"}))

    book.do(WithdrawInterest.model_validate({**order, "by": HEAD}))

    assert book.value.directory.interests_of(HEAD, TODAY) == ()
    # Whose the others are is nobody's business.
    assert interest not in str(unknown.value)
    with pytest.raises(UnknownNameError, match=f"known: {interest}"):
        book.do(WithdrawInterest.model_validate({**order, "by": HEAD, "interest": "zz"}))
