"""Right of reply: whoever the work is about says whether it is accurate, before it goes on."""

from datetime import UTC, datetime

import pytest

from definitions.yaml_source import SourceError
from engine.commands import SkipTask
from engine.definition.compiler import canonical_json, compile_definition
from engine.definition.model import Definition
from engine.errors import RefusedError
from reports.diagram.mermaid import flowchart
from tests.worlds import Play, named, program

VISIT = """
    values: {school: ash}
    steps:
    - task: visit
      title: Visit the school
      who: school-improvement-officer
      due: 5 school days after opened
      skip: {closed: The school is closed}
      form:
        seen: {type: text, label: What you saw}
        child: {type: text, personal: true}
        rooms: {table: {room: {type: text}}}
        groups: {table: {name: {type: text, personal: true}}}
      outcomes: {good: , poor: }
      reply: {who: headteacher at school, due: 5 school days after opened, at_most: 1}
    - task: publish
      title: "Publish, {{ visit_reply.outcome }}, {{ visit_reply.reason }}, {{ size(visit.earlier) }}"
      who: ceo
"""


@pytest.fixture
def play() -> Play:
    return Play(program(VISIT))


def visit(play: Play, seen: str = "books") -> None:
    play.complete("visit", "good", seen=seen, child="Sam", rooms=[{"room": "1"}], groups=[])


def test_the_head_is_shown_every_answer_that_is_not_personal_and_may_find_it_accurate(play: Play) -> None:
    visit(play)

    reply = play.task("visit_reply")
    opened = [event for _, event in play.log[play.root] if event.kind == "task-opened"][-1]
    assert reply.title == "Is this accurate? Visit the school"
    assert [play.world.directory.person(each).name for each in reply.asked] == ["Head ash"]
    assert opened.shown == {"Outcome": "good", "What you saw": "books", "rooms": [{"room": "1"}]}
    play.complete(reply, "accurate")

    assert play.task("publish").title == "Publish, accurate, , 0"


def test_what_is_not_accurate_goes_back_to_be_done_again_and_then_on_with_what_was_said(play: Play) -> None:
    visit(play)
    with pytest.raises(RefusedError, match="to send work back, give the reason"):
        play.complete("visit_reply", "inaccurate")

    play.complete("visit_reply", "inaccurate", reason="It was Tuesday")
    again = [event for _, event in play.log[play.root] if event.kind == "task-opened"][-1]
    assert (again.address, again.shown["Sent back"]) == ("visit~2", "It was Tuesday")
    visit(play, "games")
    play.complete("visit_reply", "inaccurate", reason="It still was")

    assert play.task("publish").title == "Publish, inaccurate, It still was, 1"


def test_no_reply_lets_it_go_on_after_the_deadline(play: Play) -> None:
    visit(play)

    play.pass_time(datetime(2027, 4, 28, 9, tzinfo=UTC))

    assert play.task("publish").title == "Publish, no_reply, , 0"


def test_there_is_nothing_to_reply_to_what_nobody_did(play: Play) -> None:
    officer = named(play.world.directory, "Officer")
    play.do(SkipTask(id=play.id(), by=officer, task=play.task("visit").id, code="closed"))

    assert play.task("publish").title == "Publish, no_reply, , 0"


def test_returns_of_others_take_nothing_from_the_right_of_reply() -> None:
    text = VISIT + "      outcomes: {yes: , again: {return_to: visit, at_most: 5}}\n"
    play = Play(program(text))
    visit(play)
    play.complete("visit_reply", "accurate")
    play.complete("publish", "again", reason="More")
    visit(play)

    play.complete("visit_reply", "inaccurate", reason="No")

    assert play.task("visit").round == 3


def test_the_reply_is_no_part_of_what_the_file_says(play: Play) -> None:
    definition = play.world.program.definition
    text = canonical_json(definition)

    assert "visit_reply" not in text.replace("{{ visit_reply", "")
    assert compile_definition(Definition.model_validate_json(text)).steps.keys() == {
        "visit",
        "visit_reply",
        "publish",
    }
    assert "Is this accurate? Visit the school" in flowchart(play.world.program)


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("{task: a_reply, title: A, who: ceo}, {TASK}", "two steps are called 'a_reply'"),
        ("{TASK}, {task: a_reply, title: A, who: ceo}", "two steps are called 'a_reply'"),
        ("{TASK}, {set: {a_reply: '1'}}", "'a_reply' is already the name of a step"),
        ("{TASK}", "there is no date or step 'oened'"),
    ],
)
def test_a_reply_that_cannot_be_is_refused(steps: str, message: str) -> None:
    due = "1 day after oened" if "oened" in message else "1 day after opened"
    task = f"task: a, title: A, who: ceo, reply: {{who: ceo, due: {due}}}"

    with pytest.raises(SourceError, match=message):
        program(f"steps: [{steps.replace('TASK', task)}]")


def test_a_name_that_leaves_no_room_for_the_reply_is_refused() -> None:
    name = "a" * 60

    with pytest.raises(SourceError, match="the name is too long for a task with a reply; shorten it"):
        program(
            f"steps: [{{task: {name}, title: A, who: ceo, reply: {{who: ceo, due: 1 day after opened}}}}]"
        )
