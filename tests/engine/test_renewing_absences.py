"""Work of those who are away, when the register has changed."""

from datetime import date, timedelta

from engine.commands import ClaimTask, ReassignTask
from engine.covering import Absence, Cover
from engine.events import TaskEscalated, TaskReplanned
from engine.people import Directory
from engine.register.touched import beginning_or_ending, touched
from engine.schools import Membership
from tests.engine.renewed import LOOK, YEAR_SIX, YESTERDAY, renewed, replanned
from tests.people import until
from tests.worlds import NOW, Play, directory, named, program


def away(
    people: Directory, name: str, first: date, last: date | None = None, *, back: bool = True
) -> Directory:
    """The same trust, in which somebody is away from the first day to the last."""
    absence = Absence(id="a-1", person=named(people, name), since=first, until=last, hand_back=back)
    return people.model_copy(update={"absences": (absence,)})


def covered(people: Directory, name: str, deputy: str) -> Directory:
    """Somebody stands in for this person."""
    cover = Cover(id="c-1", person=named(people, name), deputies=(named(people, deputy),), since=NOW.date())
    return people.model_copy(update={"covers": (cover,)})


def test_who_is_away_without_cover_is_not_asked_and_gets_it_again_when_they_are_back() -> None:
    play = Play(program(LOOK))
    head = play.task("look").assignee
    people = away(directory(), "Head ash", NOW.date(), NOW.date() + timedelta(days=2))

    change, told = renewed(play, people)[1:]
    assert isinstance(change, TaskReplanned)
    assert (change.candidates, change.reason, change.instead_of) == ((), "Head ash is away", (head,))
    assert isinstance(told, TaskEscalated)
    assert renewed(play, people) == ()

    play.at += timedelta(days=3)
    (change,) = renewed(play, people)
    assert isinstance(change, TaskReplanned)
    assert (change.assignee, change.to, change.reason) == (head, (head,), "Head ash is back")
    assert renewed(play, people) == ()


def test_who_is_away_with_cover_keeps_it_and_the_deputy_does_it() -> None:
    play = Play(program(LOOK))

    events = renewed(play, covered(away(directory(), "Head ash", NOW.date()), "Head ash", "Lead ash"))

    assert replanned(events) == []


def test_one_of_several_who_is_away_leaves_it_to_the_others() -> None:
    play = Play(program(YEAR_SIX))

    assert replanned(renewed(play, away(directory(), "Teacher Y6A ash", NOW.date()))) == []


def test_what_others_have_taken_on_meanwhile_stays_with_them() -> None:
    play = Play(program(YEAR_SIX))
    first, second = (named(play.world.directory, f"Teacher Y6{each} ash") for each in "AB")
    play.do(ClaimTask(id=play.id(), by=first, task=play.task("judge").id))
    people = away(directory(), "Teacher Y6A ash", NOW.date(), NOW.date())
    (change,) = replanned(renewed(play, people))
    assert change.assignee == second
    owner = named(people, "Officer")
    lead = named(people, "Lead ash")
    play.do(ReassignTask(id=play.id(), by=owner, task=play.task("judge").id, to=lead, reason="She has time"))

    play.at += timedelta(days=1)
    assert replanned(renewed(play, people)) == []


def test_those_whom_a_change_touches_are_named_also_where_it_is_about_cover_and_absence() -> None:
    people, today = directory(), NOW.date()
    head, lead = named(people, "Head ash"), named(people, "Lead ash")

    assert touched(people, people, today) == ()
    assert touched(people, until(people, "Head ash", today), today) == (head,)
    assert touched(people, away(people, "Head ash", today), today) == (head,)
    assert touched(covered(people, "Head ash", "Lead ash"), people, today) == tuple(sorted((head, lead)))
    assert beginning_or_ending(until(people, "Head ash", YESTERDAY), today) == (head,)
    assert beginning_or_ending(until(people, "Head ash", today), today) == ()
    assert beginning_or_ending(away(people, "Head ash", today), today) == (head,)


def test_the_staff_of_a_school_that_leaves_or_of_a_class_that_is_another_are_touched() -> None:
    people, today = directory(), NOW.date()
    staff = tuple(sorted(p.id for p in people.people if p.posts[0].school == "ash"))
    leaving = people.model_copy(update={"memberships": (Membership(school="ash", until=today),)})

    assert touched(people, leaving, today) == staff
    assert touched(leaving, people, today) == staff
    assert beginning_or_ending(leaving, today) == ()
    assert beginning_or_ending(leaving, today + timedelta(days=1)) == staff

    play = Play(program(LOOK))
    play.at += timedelta(days=1)
    (change,) = replanned(renewed(play, leaving))
    assert change.reason == "Head ash has left Ash"
