"""A role that has ended yesterday is no role, although nobody has planned the work anew yet."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.commands import ClaimTask, Command, CompleteTask, DeferTask, RaiseEvent, ReassignTask
from engine.errors import NotAllowedError
from engine.people import Directory
from tests.people import changed, joining, until
from tests.worlds import NOW, Play, directory, named, program

TODAY, TOMORROW = NOW.date(), NOW + timedelta(days=1)
JUDGE = """
values: {school: ash, year_group: Y6}
steps:
- task: judge
  title: Judge it
  who: class-teacher of year_group at school
  defer: {ill: Somebody is ill}
"""
WAIT = """
values: {school: ash}
steps: [{wait: it, event: it-came, by: headteacher at school}]
"""
GONE = "Teacher Y6A ash is no longer class-teacher at Ash"


def teaching_until_today() -> Directory:
    """The teacher goes on as a moderator."""
    return changed(
        directory(),
        "Teacher Y6A ash",
        lambda person: {"posts": (person.posts[0].model_copy(update={"until": TODAY}), *person.posts[1:])},
    )


def sent(play: Play, model: type[Command], **says: object) -> None:
    teacher = named(play.world.directory, "Teacher Y6A ash")
    play.do(model(id=play.id(), by=teacher, task=play.task("judge").id, **says))


def raised(play: Play, by: str) -> None:
    person = named(play.world.directory, by)
    play.do(RaiseEvent(id=play.id(), by=person, event="it-came", reason="it came"))


@pytest.mark.parametrize("model", [ClaimTask, CompleteTask])
def test_who_was_asked_for_a_role_may_not_do_it_when_the_role_has_ended(model: type[Command]) -> None:
    play = Play(program(JUDGE), people=teaching_until_today())
    play.at = TOMORROW

    with pytest.raises(NotAllowedError, match=GONE):
        sent(play, model)


def test_nor_give_what_they_have_to_others_nor_put_it_off() -> None:
    play = Play(program(JUDGE), people=teaching_until_today())
    sent(play, ClaimTask)
    play.at = TOMORROW
    other = named(play.world.directory, "Teacher Y6B ash")

    with pytest.raises(NotAllowedError, match=GONE):
        sent(play, ReassignTask, to=other, reason="She knows it")
    with pytest.raises(NotAllowedError, match=GONE):
        sent(play, DeferTask, code="ill", until=TODAY + timedelta(days=7))


def test_who_has_left_the_trust_gives_it_to_nobody() -> None:
    play = Play(program(JUDGE), people=until(directory(), "Teacher Y6A ash", TODAY))
    sent(play, ClaimTask)
    play.at = TOMORROW

    with pytest.raises(NotAllowedError, match="holds no post here today"):
        sent(play, ReassignTask, to=named(play.world.directory, "Teacher Y6B ash"), reason="She knows it")


def test_what_began_under_the_first_engine_keeps_its_ways() -> None:
    play = Play(program(JUDGE), people=teaching_until_today())
    state = play.state
    old = state.started.model_copy(update={"engine": 1})
    play.cast.states[play.root] = replace(state, started=old)
    play.at = TOMORROW

    sent(play, CompleteTask)

    assert play.state.status == "ended"


def test_an_event_is_raised_by_who_holds_the_role_today() -> None:
    people = joining(
        until(directory(), "Head ash", TODAY), "Rosa Quist", "headteacher", "ash", since=TOMORROW.date()
    )
    play = Play(program(WAIT), people=people)
    play.at = TOMORROW

    with pytest.raises(NotAllowedError, match="Head ash may not raise 'it-came' here"):
        raised(play, "Head ash")
    raised(play, "Rosa Quist")

    assert play.state.status == "ended"


def test_where_nobody_holds_the_role_any_more_the_owner_raises_it() -> None:
    play = Play(program(WAIT), people=until(directory(), "Head ash", TODAY))
    play.at = TOMORROW

    raised(play, "Officer")

    assert play.state.status == "ended"
