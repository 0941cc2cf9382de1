"""Waiting for one of several events, and for the one among many that is meant."""

from datetime import timedelta

import pytest

from definitions.yaml_source import SourceError
from engine.commands import RaiseEvent
from engine.errors import InvalidInputError, NotAllowedError, RefusedError, UnknownNameError
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
    assert "Chief may raise reply-received with pupil=Y6-07, round=2; the owner may raise pupil-moved" in said


def test_an_old_log_reads_the_same() -> None:
    play = Play(program("steps: [{wait: it, event: it-came, by: ceo}]"))
    (_, opened) = play.log[play.root][-1]
    assert isinstance(opened, WaitOpened)
    assert (opened.event, opened.raised_by, opened.awaited) == ("it-came", ("p-0001",), ())

    old = WaitEnded(at=NOW, by="p-0001", address="it", happened=True, reason="x")
    assert evolve(play.state, old).value("", "it") == {
        "happened": True, "event": None, "values": {}, "reason": "x", "by": "p-0001", "done": NOW.isoformat(),
    }  # fmt: skip


DECLARED = """
    events:
      appeal-raised:
        values:
          pupil: {type: text}
          marks: {type: integer, at_least: 0}
          by_post: {type: yes-no, required: false}
    on: {call-came: {of: school, do: ask, steps: [{task: answer, title: "{{ values.topic }}", who: ceo}]}}
    steps:
    - {wait: appeal, event: appeal-raised, by: ceo, match: {pupil: "'Y6-07'"}, until: 2 school days after start}
    - {task: hear, title: "{{ appeal.values.marks }} {{ appeal.values.by_post }}.", who: ceo}
"""


def test_what_is_said_with_an_event_is_read_as_it_was_declared() -> None:
    play = Play(program(DECLARED))

    with pytest.raises(InvalidInputError) as wrong:
        raised(play, "appeal-raised", pupil="Y6-07", marsk="3")
    assert wrong.value.problems == (
        "there is no value of appeal-raised 'marsk'; did you mean 'marks'?",
        "marks: is missing; say it with --set marks=...",
    )
    with pytest.raises(InvalidInputError, match="marks: -3 is out of range; it must be at least 0"):
        raised(play, "appeal-raised", pupil="Y6-07", marks="-3")
    raised(play, "appeal-raised", pupil="Y6-07", marks="3", by_post="yes")

    assert titles(play) == ["3 yes."]


def test_what_was_not_said_reads_as_nothing() -> None:
    play = Play(program(DECLARED))

    play.pass_time(NOW + timedelta(days=5))

    assert titles(play) == [" ."]


def test_a_value_that_no_event_has_is_told_when_the_file_is_loaded() -> None:
    for mistake, meant in (("appeal.values.markz", "marks"), ("match: {pupl: key}", "pupil")):
        text = DECLARED.replace("appeal.values.marks", mistake) if "." in mistake else DECLARED
        text = text if "." in mistake else text.replace("match: {pupil: \"'Y6-07'\"}", mistake)
        with pytest.raises(SourceError, match=f"did you mean '{meant}'"):
            program(text)
    with pytest.raises(SourceError, match="a choice needs its choices"):
        program(DECLARED.replace("pupil: {type: text}", "pupil: {type: choice}"))


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
