"""Schools in the register: they are known, join, leave, convert, and open classes."""

from datetime import date, timedelta

import pytest

from engine.errors import InvalidInputError, RefusedError
from engine.gias import Coded
from engine.register.people import PastChangedError
from engine.register.school_facts import (
    ClassOpened,
    MembershipCorrected,
    SchoolAdded,
    SchoolChanged,
    SchoolJoined,
    SchoolLeft,
)
from engine.schools import Membership, School, SchoolClass
from engine.staff import Post
from tests.engine.book import HEAD, TEACHER, TODAY, Book, with_posts


def test_a_school_is_known_joins_and_leaves() -> None:
    book = Book()
    oak = School(key="oak", name="Oak", urn="900009")
    facts = book.school(schools=[oak], memberships=[Membership(school="oak", since=date(2027, 1, 1))])
    assert [type(each) for each in facts] == [SchoolAdded, SchoolJoined]
    assert "oak" not in book.register.directory.members(TODAY)

    stays = Membership(school="oak", since=date(2027, 1, 1), until=date(2028, 8, 31))
    (left,) = book.school(memberships=[stays])
    assert isinstance(left, SchoolLeft)
    assert book.register.memberships == (stays,)
    assert "oak" in book.register.directory.members(date(2028, 8, 31))
    assert "oak" not in book.register.directory.members(date(2028, 9, 1))


def test_a_school_that_was_always_here_leaves_and_with_it_what_its_people_may_do() -> None:
    book = Book()

    (left,) = book.school(memberships=[Membership(school="ash", until=TODAY)])

    assert isinstance(left, SchoolLeft)
    assert book.register.directory.holds(HEAD, "headteacher", TODAY, "ash")
    assert not book.register.directory.holds(HEAD, "headteacher", TODAY + timedelta(days=1), "ash")
    with pytest.raises(PastChangedError, match="Beech in the trust"):
        book.school(memberships=[Membership(school="beech", since=date(2027, 1, 1))])
    (corrected,) = book.school(
        memberships=[Membership(school="beech", since=date(2025, 1, 1))],
        correct=True,
        reason="It joined then",
    )
    assert isinstance(corrected, MembershipCorrected)


def test_a_school_converts_and_keeps_its_key() -> None:
    book = Book()
    ash = book.register.schools["ash"]
    converter = {"urn": "900777", "predecessor": ash.urn, "type": Coded(code="34", name="Academy converter")}

    (fact,) = book.school(schools=[ash.model_copy(update=converter)])

    assert isinstance(fact, SchoolChanged)
    assert {each.field for each in fact.changes} == {"urn", "predecessor", "type"}
    assert book.register.directory.school("ash") == ash.model_copy(update=converter)
    with pytest.raises(RefusedError, match="in the public list 28 is 'Academy sponsor led'"):
        book.school(schools=[ash.model_copy(update={"type": Coded(code="28", name="Academy converter")})])


def test_a_class_is_opened_with_a_teacher() -> None:
    book = Book()
    (opened,) = book.school(
        classes=[SchoolClass(school="ash", name="Wrens", year_groups=("Y1", "Y2"), since=date(2027, 1, 4))]
    )
    assert isinstance(opened, ClassOpened)
    teacher = book.person(TEACHER)
    post = Post.model_validate(
        {"role": "class-teacher", "school": "ash", "class": "Wrens", "from": "2027-01-04"}
    )

    book.change(with_posts(teacher, *teacher.posts, post))

    assert book.register.directory.holds(TEACHER, "class-teacher", date(2027, 1, 4), "ash", "Y2")
    with pytest.raises(InvalidInputError, match="there is no class 'Robins' at ash"):
        book.change(with_posts(teacher, *teacher.posts, post.model_copy(update={"class_": "Robins"})))
