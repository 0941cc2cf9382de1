"""Waiting for one of several events, and for the one among many that is meant."""

from datetime import timedelta

import pytest

from definitions.yaml_source import SourceError
from engine.commands import RaiseEvent
from engine.errors import NotAllowedError, RefusedError, UnknownNameError
from engine.events import Event, WaitEnded, WaitOpened
from engine.evolve import evolve
from reports.sentences import Sentences
from tests.worlds import NOW, Play, named, program

REPLIES = """
    steps:
    - for_each: replies
      over: {pupil: "['Y6-07', 'Y6-08']"}
      steps:
      - wait: reply
        events:
          reply-received: {by: headteacher or ceo, match: {pupil: pupil, round: 2}}
          pupil-moved: {match: {pupil: pupil}}
        until: 5 school days after start
      - {task: read, title: "{{ pupil }} {{ reply.event }} {{ reply.happened }} {{ reply.values }}", who: ceo}
"""


def raised(play: Play, event: str, by: str = "Chief", **values: str) -> tuple[Event, ...]:
    person = named(play.world.directory, by)
    return play.do(RaiseEvent(id=play.id(), by=person, event=event, reason="it came", values={**values}))


def titles(play: Play) -> list[str]:
    return [task.title for task in play.tasks()]


def test_an_event_ends_only_the_wait_that_its_values_are_about() -> None:
    play = Play(program(REPLIES))

    raised(play, "reply-received", pupil="Y6-08", round="2", mark="B")

    assert list(play.state.waits) == ["replies[Y6-07]/reply"]
    assert [title.split()[:3] for title in titles(play)] == [["Y6-08", "reply-received", "yes"]]
    ended = [event for _, event in play.log[play.root] if isinstance(event, WaitEnded)]
    assert ended[0].values == {"pupil": "Y6-08", "round": "2", "mark": "B"}
    said = Sentences(play.world.directory).say(ended[0])
    assert said == (
        "Chief raised reply-received, which was waited for (pupil Y6-08, round 2, mark B): it came"
    )


def test_whichever_comes_first_ends_it() -> None:
    play = Play(program(REPLIES))
    raised(play, "pupil-moved", by="Officer", pupil="Y6-07")

    play.pass_time(NOW + timedelta(days=10))

    assert sorted(title.split()[:3] for title in titles(play)) == [
        ["Y6-07", "pupil-moved", "yes"],
        ["Y6-08", "no", "{}"],
    ]


def test_an_event_about_nobody_who_is_waited_for_is_refused_naming_what_is() -> None:
    play = Play(program(REPLIES))

    with pytest.raises(RefusedError) as refused:
        raised(play, "reply-received", pupil="Y6-09", round="2")

    assert str(refused.value) == (
        "nothing waits for reply-received with pupil=Y6-09, round=2; awaited: reply-received with pupil=Y6-07, "
        "round=2; reply-received with pupil=Y6-08, round=2 (--set)"
    )
    with pytest.raises(RefusedError, match="with no values; awaited"):
        raised(play, "reply-received")
    with pytest.raises(UnknownNameError, match="did you mean 'reply-received'"):
        raised(play, "reply-recieved", pupil="Y6-07", round="2")


def test_each_event_has_people_of_its_own() -> None:
    play = Play(program(REPLIES))

    with pytest.raises(NotAllowedError, match="Lead ash may not raise 'reply-received' here"):
        raised(play, "reply-received", by="Lead ash", pupil="Y6-07", round="2")
    with pytest.raises(NotAllowedError, match="Chief may not raise 'pupil-moved' here"):
        raised(play, "pupil-moved", pupil="Y6-07")


def test_the_log_and_the_history_say_what_is_waited_for() -> None:
    play = Play(program(REPLIES))

    (first, _) = [event for _, event in play.log[play.root] if isinstance(event, WaitOpened)]
    assert [(each.event, each.match) for each in first.awaited] == [
        ("reply-received", {"pupil": "Y6-07", "round": 2}),
        ("pupil-moved", {"pupil": "Y6-07"}),
    ]
    said = Sentences(play.world.directory).say(first) or ""
    assert "Chief may raise reply-received with pupil=Y6-07, round=2; nobody may raise pupil-moved" in said


def test_an_old_log_reads_the_same() -> None:
    play = Play(program("steps: [{wait: it, event: it-came, by: ceo}]"))
    (_, opened) = play.log[play.root][-1]
    assert isinstance(opened, WaitOpened)
    assert (opened.event, opened.raised_by, opened.awaited) == ("it-came", ("p-0001",), ())

    old = WaitEnded(at=NOW, by="p-0001", address="it", happened=True, reason="x")
    assert evolve(play.state, old).value("", "it") == {
        "happened": True, "event": None, "values": {}, "reason": "x", "by": "p-0001", "done": NOW.isoformat(),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wait", "message"),
    [
        ("{wait: w, event: a, by: ceo, events: {b: {}}}", "several stand at `events`"),
        ("{wait: w, until: 1 day after start, match: {a: key}}", "there is no event to compare: add `event`"),
        ("{wait: w, event: a, by: ceo, match: {a: kye}}", "there is no name 'kye'; did you mean 'key'"),
        ("{wait: w, events: {a: {by: headteacher at scool}}}", "there is no name 'scool'"),
        ("{wait: w, events: {a: {match: {b: nothing}}}}", "there is no name 'nothing'"),
    ],
)
def test_a_wait_that_could_never_end_is_told_at_its_place(wait: str, message: str) -> None:
    with pytest.raises(SourceError, match=r"example\.yaml:") as wrong:
        program(f"steps: [{wait}]")

    assert message in str(wrong.value)
