"""Holds, erasure and disposal in the register: who may, what stands in the way, and what is left."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from engine.commands import command_id
from engine.errors import NotAllowedError, RefusedError, UnknownNameError
from engine.interests import Interest
from engine.register.deciding import decide, replay
from engine.register.fact import RegisterFact
from engine.register.holds import HeldError, LiftHold, PlaceHold
from engine.register.interests import DeclareInterest
from engine.register.keys import EnrolKey
from engine.register.order import RegisterOrder
from engine.register.people import PastChangedError
from engine.register.record_facts import Disposed, PersonErased, RecordsDisposed
from engine.register.records import ERASED, DisposeRecords, ErasePerson, SetRetention
from engine.retention import Period
from tests.engine.book import AT, CHIEF, HEAD, TEACHER, TODAY, Book, ends, with_posts

WHY = "It was asked for"
LATER = AT + timedelta(days=2)


@pytest.fixture
def book() -> Book:
    return Book()


def gone(book: Book, who: str = TEACHER) -> Book:
    """Somebody who does not work here any more."""
    person = book.person(who)
    book.change(with_posts(person, *(ends(post, TODAY) for post in person.posts)))
    return book


def order(book: Book, given: RegisterOrder, at: datetime = LATER) -> list[RegisterFact]:
    return book.take(decide(book.register, given, at))


def erase(
    who: str = TEACHER, by: str = CHIEF, reason: str | None = WHY, cycles: tuple[str, ...] = ()
) -> ErasePerson:
    return ErasePerson(id=uuid4(), by=by, person=who, reason=reason, cycles=cycles)


def hold(who: str | None = TEACHER, cycle: str | None = None, by: str = CHIEF) -> PlaceHold:
    return PlaceHold(id=uuid4(), by=by, person=who, cycle=cycle, reason="A claim")


def test_of_an_erased_person_an_id_and_its_posts_are_left(book: Book) -> None:
    gone(book)
    posts = book.person(TEACHER).posts
    interest = Interest.model_validate(
        {"id": "i", "person": TEACHER, "type": "own-child", "school": "ash", "from": TODAY}
    )
    order(
        book,
        DeclareInterest(
            id=uuid4(), by=CHIEF, person=TEACHER, type="own-child", school=interest.school, since=TODAY
        ),
    )

    facts = order(book, erase(cycles=("a:1",)))

    assert [type(each) for each in facts] == [PersonErased]
    left = book.person(TEACHER)
    assert (left.name, left.email, left.posts) == (ERASED, f"{TEACHER}@erased.invalid", posts)
    assert not book.register.interests
    assert book.register.directory.person(TEACHER).name == ERASED
    assert replay(book.log) == book.register


def test_their_keys_are_good_for_nothing_any_more(book: Book) -> None:
    public = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    order(
        book, EnrolKey(id=uuid4(), by=CHIEF, public=public, use="person", person=TEACHER, label="Teacher's")
    )
    gone(book)

    order(book, erase())

    assert [key.until for key in book.register.keys.values() if key.person == TEACHER] == [LATER]


def test_who_works_here_who_is_held_and_who_is_unknown_is_not_erased(book: Book) -> None:
    with pytest.raises(RefusedError, match=r"still holds a post \(class-teacher\); end it first"):
        order(book, erase())
    gone(book)
    (placed,) = order(book, hold())
    with pytest.raises(HeldError, match=r"is held \(h-\d+\): nothing of it goes until the hold is lifted"):
        order(book, erase())
    order(book, LiftHold(id=uuid4(), by=CHIEF, hold=placed.hold.id, reason="Settled"))  # type: ignore[attr-defined]
    order(book, hold(None, "a:1"))
    with pytest.raises(HeldError):
        order(book, erase(cycles=("a:1", "b:1")))
    with pytest.raises(UnknownNameError):
        order(book, erase("p-9999"))
    assert order(book, erase(cycles=("b:1",)))
    assert order(book, erase()) == []  # Again: nothing is different.


def test_only_administrators_hold_erase_and_dispose_and_they_say_why(book: Book) -> None:
    gone(book)
    for each in (erase(by=HEAD), hold(by=HEAD)):
        with pytest.raises(NotAllowedError, match="for an administrator of the trust"):
            order(book, each)
    with pytest.raises(RefusedError, match="give the reason"):
        order(book, erase(reason=" "))


def test_nothing_is_said_again_of_who_was_erased(book: Book) -> None:
    before = gone(book).person(TEACHER)
    order(book, erase())

    with pytest.raises(RefusedError, match=f"{TEACHER} was erased, and nothing is said of them again"):
        book.change(before, at=LATER, correct=True, reason="A file from last year")
    with pytest.raises((RefusedError, PastChangedError)):
        book.change(before, at=LATER)


def test_records_are_disposed_of_after_their_time_by_the_period_that_holds(book: Book) -> None:
    plans = Disposed(cycle="plan:1", retention="plans", closed=date(2023, 5, 2), parts=("plan:1",))
    unknown = Disposed(cycle="odd:1", retention="oddities", closed=date(1990, 5, 2))

    def dispose(*some: Disposed, at: datetime = LATER) -> list[RegisterFact]:
        return order(
            book, DisposeRecords(id=command_id(at, some), by=CHIEF, records=some, reason="Its time"), at
        )

    with pytest.raises(RefusedError, match="plan:1 is kept until 31 Aug 2026"):
        dispose(plans, at=datetime(2026, 8, 31, 9, tzinfo=UTC))
    with pytest.raises(RefusedError, match="odd:1 is kept for as long as nobody says otherwise"):
        dispose(unknown)
    order(book, hold(None, "plan:1"))
    with pytest.raises(HeldError):
        dispose(plans)
    order(book, LiftHold(id=uuid4(), by=CHIEF, hold=next(iter(book.register.holds)), reason="Settled"))

    (fact,) = dispose(plans)

    assert isinstance(fact, RecordsDisposed)
    assert (fact.kept_until, fact.period) == (date(2026, 8, 31), Period(years=3))
    assert dispose(plans) == []
    longer = SetRetention(
        id=uuid4(), by=CHIEF, retention="plans", period=Period(years=10), reason="The board decided"
    )
    assert len(order(book, longer)) == 1
    assert order(book, longer) == []
    with pytest.raises(RefusedError, match="kept until 31 Aug 2033"):
        dispose(plans.model_copy(update={"cycle": "plan:2"}))


@pytest.mark.parametrize(
    ("period", "closed", "until"),
    [
        (Period(years=6), date(2026, 8, 31), date(2032, 8, 31)),
        (Period(years=6), date(2026, 9, 1), date(2033, 8, 31)),
        (Period(years=2, counted="closing"), date(2024, 2, 29), date(2026, 2, 28)),
        (Period(years=0, counted="closing"), date(2024, 2, 1), date(2024, 2, 1)),
        (Period(), date(2024, 2, 1), None),
    ],
)
def test_a_period_ends_on_a_day(period: Period, closed: date, until: date | None) -> None:
    assert period.kept_until(closed) == until
