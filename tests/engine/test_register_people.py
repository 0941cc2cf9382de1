"""People in the register: what becomes of what is said, and what would rewrite the past."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.errors import InvalidInputError, NotAllowedError, RefusedError
from engine.events import EVENT
from engine.register.deciding import replay
from engine.register.people import PastChangedError, StaleDirectoryError
from engine.register.people_authority import may_see_employment
from engine.register.people_facts import (
    ContractBegun,
    LineManagerEnded,
    LineManagerGiven,
    PersonChanged,
    PersonJoined,
    PostCorrected,
    PostEnded,
    PostGiven,
)
from engine.staff import Contract, Managed, Person, Post
from tests.engine.book import AT, CHIEF, ELSEWHERE, HEAD, TEACHER, TODAY, TREES, Book, ends, with_posts


def test_the_first_import_is_one_fact_for_each_and_comes_back_from_the_log() -> None:
    book = Book()

    assert {type(fact).__name__ for fact in book.log} == {"TrustNamed", "SchoolAdded", "PersonJoined"}
    assert len(book.log) == 1 + len(TREES.schools) + len(TREES.people)
    assert book.register.directory == TREES
    assert replay(EVENT.validate_json(EVENT.dump_json(fact)) for fact in book.log) == book.register


def test_a_post_is_given_and_ended_each_by_a_fact_of_its_own() -> None:
    book = Book()
    teacher = book.person(TEACHER)
    lead = Post(role="maths-lead", school="ash", since=date(2027, 1, 4))

    (given,) = book.change(with_posts(teacher, *teacher.posts, lead))
    assert isinstance(given, PostGiven)
    assert given.post == lead
    (ended,) = book.change(with_posts(teacher, *teacher.posts, ends(lead, date(2027, 7, 9))))
    assert isinstance(ended, PostEnded)
    assert (ended.post, ended.on) == (lead, date(2027, 7, 9))
    assert book.register.directory.holds(TEACHER, "maths-lead", date(2027, 7, 9), "ash")
    assert not book.register.directory.holds(TEACHER, "maths-lead", date(2027, 7, 10), "ash")


@pytest.mark.parametrize(
    ("last_day", "refused"), [(TODAY, False), (date(2026, 11, 23), False), (date(2026, 11, 22), True)]
)
def test_a_post_may_end_yesterday_but_not_before(last_day: date, refused: bool) -> None:  # noqa: FBT001
    book = Book()
    teacher = book.person(TEACHER)
    gone = with_posts(teacher, *(ends(post, last_day) for post in teacher.posts))

    if refused:
        with pytest.raises(PastChangedError, match="correct it with --correct REASON"):
            book.change(gone)
        with pytest.raises(RefusedError, match="say why"):
            book.change(gone, correct=True, reason=" ")
        facts = book.change(gone, correct=True, reason="Left on Friday; told today")
        assert all(isinstance(fact, PostCorrected) for fact in facts)
        assert {fact.reason for fact in facts} == {"Left on Friday; told today"}
    else:
        assert all(isinstance(fact, PostEnded) for fact in book.change(gone))
    assert not book.register.directory.at_work(TEACHER, TODAY + timedelta(days=1))


@pytest.mark.parametrize(
    "changed",
    [
        {"since": date(2021, 9, 1)},
        {"since": date(2019, 9, 1)},
        {"line_manager": CHIEF},
        {"acting": True},
        None,
    ],
)
def test_what_was_said_of_the_past_is_changed_only_by_a_correction(changed: dict[str, object] | None) -> None:
    book = Book()
    teacher = book.person(TEACHER)
    first, *others = teacher.posts
    said = [first.model_copy(update=changed)] if changed else []

    with pytest.raises(
        PastChangedError, match="Teacher Y6A ash: class-teacher of Year 6 at Ash from 2020-09-01"
    ):
        book.change(with_posts(teacher, *said, *others))
    (fact,) = book.change(with_posts(teacher, *said, *others), correct=True, reason="Typed wrongly")

    assert isinstance(fact, PostCorrected)
    assert fact.was == first
    assert fact.now == (said[0] if said else None)


def test_what_is_only_planned_may_be_planned_otherwise() -> None:
    book = Book()
    teacher = book.person(TEACHER)
    lead = Post(role="maths-lead", school="ash", since=date(2027, 1, 4))
    later = lead.model_copy(update={"since": date(2027, 4, 12)})
    book.change(with_posts(teacher, *teacher.posts, lead))

    (moved,) = book.change(with_posts(teacher, *teacher.posts, later))
    assert isinstance(moved, PostCorrected)
    (dropped,) = book.change(teacher)
    assert isinstance(dropped, PostCorrected)
    assert (dropped.was, dropped.now) == (later, None)
    assert book.person(TEACHER) == teacher


def test_an_end_that_was_planned_may_be_put_off_but_one_that_has_passed_may_not() -> None:
    book = Book()
    teacher = book.person(TEACHER)
    soon = with_posts(teacher, *(ends(post, date(2026, 12, 31)) for post in teacher.posts))
    book.change(soon)

    assert book.change(teacher)
    book.change(soon)
    with pytest.raises(PastChangedError):
        book.change(teacher, at=datetime(2027, 2, 1, tzinfo=UTC))


def test_both_answers_remain_what_is_known_now_and_what_was_known_then() -> None:
    book = Book()
    teacher = book.person(TEACHER)
    first, *others = teacher.posts
    moved = first.model_copy(update={"since": date(2026, 10, 1)})
    book.change(with_posts(teacher, moved, *others), correct=True, reason="Started in October")
    on = date(2026, 9, 15)

    assert TEACHER not in book.register.directory.holders("class-teacher", on, "ash", "Y6")
    then = replay(fact for fact in book.log if fact.at.date() <= date(2026, 11, 23))
    assert TEACHER in then.directory.holders("class-teacher", on, "ash", "Y6")
    assert replay(book.log) == book.register


def test_line_management_has_dates_and_the_undated_one_is_the_past_too() -> None:
    book = Book()
    teacher = book.person(TEACHER)
    with pytest.raises(PastChangedError, match="line_manager"):
        book.change(teacher.model_copy(update={"line_manager": CHIEF}))

    new = Managed(manager=CHIEF, since=date(2027, 1, 4))
    (given,) = book.change(teacher.model_copy(update={"managed": (new,)}))
    assert isinstance(given, LineManagerGiven)
    (ended,) = book.change(teacher.model_copy(update={"managed": (ends_managed(new, date(2027, 4, 1)),)}))
    assert isinstance(ended, LineManagerEnded)
    now = book.register.directory
    days = {date(2027, 1, 3): HEAD, date(2027, 1, 4): CHIEF, date(2027, 4, 1): CHIEF, date(2027, 4, 2): HEAD}
    assert {day: now.line_manager(TEACHER, day) for day in days} == days


def ends_managed(managed: Managed, on: date) -> Managed:
    return managed.model_copy(update={"until": on})


def test_a_name_changes_and_the_id_stays() -> None:
    book = Book()

    (fact,) = book.change(book.person(TEACHER).model_copy(update={"name": "Mary Oak", "trn": "1234567"}))

    assert isinstance(fact, PersonChanged)
    assert [(each.field, each.was, each.now) for each in fact.changes] == [
        ("name", "Teacher Y6A ash", "Mary Oak"),
        ("trn", None, "1234567"),
    ]
    assert book.person(TEACHER).trn == "1234567"


def test_somebody_joins_with_a_contract_and_gets_another() -> None:
    book = Book()
    new = Person(
        id="p-0100",
        name="Nora New",
        email="n@trust.example",
        contracts=(Contract(school="ash", since=TODAY, fte=0.5),),
    )
    (joined,) = book.change(new)
    second = Contract(school="beech", since=date(2027, 1, 4), fte=0.5)

    (begun,) = book.change(new.model_copy(update={"contracts": (*new.contracts, second)}))

    assert isinstance(joined, PersonJoined)
    assert isinstance(begun, ContractBegun)
    assert len(book.register.directory.contracts_on("p-0100", date(2027, 1, 4))) == 2


def test_a_head_may_give_posts_of_their_own_school_and_nothing_else() -> None:
    book = Book()
    teacher, other = book.person(TEACHER), book.person(ELSEWHERE)
    mine = Post(role="maths-lead", school="ash", since=TODAY)

    assert book.change(with_posts(teacher, *teacher.posts, mine), by=HEAD)
    now = book.person(TEACHER)
    for who in (
        with_posts(now, *now.posts, Post(role="ceo", since=TODAY)),
        with_posts(now, *now.posts, Post(role="headteacher", school="ash", since=TODAY)),
        with_posts(now, *now.posts, Post(role="maths-lead", school="beech", since=TODAY)),
        with_posts(other, *other.posts, Post(role="maths-lead", school="beech", since=TODAY)),
        with_posts(other, *other.posts, mine),
        other.model_copy(update={"contracts": (Contract(school="ash", since=TODAY),)}),
        other.model_copy(update={"email": "mine@trust.example"}),
        now.model_copy(update={"email": "mine@trust.example"}),
    ):
        with pytest.raises(NotAllowedError):
            book.change(who, by=HEAD)
    with pytest.raises(NotAllowedError, match="for an administrator of the trust"):
        book.change(with_posts(now, *now.posts, mine.model_copy(update={"role": "english-lead"})), by=TEACHER)


def test_a_head_does_not_come_to_read_what_is_kept_of_another_schools_staff_by_giving_them_a_post() -> None:
    book = Book()
    other = book.person(ELSEWHERE)
    here = Post(role="maths-lead", school="ash", since=TODAY)

    with pytest.raises(NotAllowedError, match=f"{other.name}: post given"):
        book.change(with_posts(other, *other.posts, here), by=HEAD)
    assert not may_see_employment(book.register, HEAD, ELSEWHERE, AT)

    book.change(with_posts(other, *(ends(post, TODAY - timedelta(days=1)) for post in other.posts)))
    gone = book.person(ELSEWHERE)
    assert book.change(with_posts(gone, *gone.posts, here), by=HEAD), "who works nowhere is taken on"


def test_an_address_that_another_has_is_told_in_plain_words() -> None:
    book = Book()
    same = book.person(TEACHER).model_copy(update={"email": book.person(HEAD).email})

    with pytest.raises(InvalidInputError) as refused:
        book.change(same)
    assert str(refused.value) == f"e-mail {same.email!r} is given 2 times"


def test_who_lost_the_role_yesterday_may_not_change_anything_today() -> None:
    book = Book()
    chief = book.person(CHIEF)
    book.change(with_posts(chief, ends(chief.posts[0], TODAY)))
    teacher = book.person(TEACHER)
    given = with_posts(teacher, *teacher.posts, Post(role="maths-lead", school="ash", since=TODAY))

    with pytest.raises(NotAllowedError):
        book.change(given, at=AT + timedelta(days=1))
    assert book.change(given, at=AT)


def test_what_was_looked_at_before_somebody_else_changed_it_is_refused() -> None:
    book = Book()
    seen = book.register.version
    book.change(book.person(HEAD).model_copy(update={"name": "Hedda Head"}), onto=seen)

    with pytest.raises(StaleDirectoryError, match="look again"):
        book.change(book.person(TEACHER).model_copy(update={"name": "Mary Oak"}), onto=seen)
