"""Moving a running instance to another version: what stays and what is new."""

import pytest

from engine.errors import NotAllowedError, RefusedError
from engine.events import InstanceMigrated
from engine.people import Directory
from tests.documents import kept
from tests.engine.commanded import LATEST
from tests.engine.moved import EACH_SCHOOL, OLD, begun, loaded, move, planned, versioned
from tests.worlds import directory, named, program

# ---- what happens


def test_what_is_open_stays_and_what_follows_is_new() -> None:
    play = begun(OLD)
    new = versioned(OLD, "title: Sign it, who: ceo", "title: Seal it, who: school-improvement-officer")

    move(play, new)

    assert [task.title for task in play.tasks()] == ["Write it"]
    play.complete("write", pages=2)
    play.complete("confirm", "complete")
    assert [task.title for task in play.tasks()] == ["Seal it"]
    play.complete("sign", by="Officer")
    assert (play.state.status, play.state.started.definition) == ("ended", new.digest)


def test_the_event_says_from_which_version_to_which_by_whom_and_why() -> None:
    play = begun(OLD)
    old, new = play.world.program, versioned(OLD, "Sign it", "Seal it")

    move(play, new)

    event = play.log[play.root][-1][1]
    assert isinstance(event, InstanceMigrated)
    assert (event.was, event.definition) == (old.digest, new.digest)
    assert (event.version_was, event.version, event.reason) == (1, 2, "Agreed by the heads")
    assert event.by == named(directory(), "Officer")


def test_moving_to_where_it_stands_does_nothing() -> None:
    play = begun(OLD)
    new = versioned(OLD, "Sign it", "Seal it")
    move(play, new)
    before = play.state

    move(play, new, by="Chief")

    assert play.state == before


def test_only_the_owner_and_those_who_may_start_it_move_it() -> None:
    play = begun(OLD)

    with pytest.raises(
        NotAllowedError, match="Chief may not move it: that is for school-improvement-officer"
    ):
        move(play, versioned(OLD, "Sign it", "Seal it"), by="Chief")


def test_a_new_value_and_a_new_input_begin_with_their_defaults() -> None:
    play = begun(OLD)
    header = "version: 2\ninputs: {limit: {type: integer, default: 3}}\n"
    body = OLD.replace("{count: 0}", "{count: 0, fresh: 7}")
    new = loaded(program(header + body.replace("title: Sign it", 'title: "Sign {{ fresh }} of {{ limit }}"')))

    move(play, new)
    play.complete("write", pages=1)
    play.complete("confirm", "complete")

    assert play.task("sign").title == "Sign 7 of 3"
    assert play.state.started.inputs == {"limit": 3}


def test_stages_follow_and_those_with_tasks_stay() -> None:
    play = begun(
        "steps:\n- {task: a, title: A, who: ceo, stage: First}\n- {task: b, title: B, who: ceo, stage: Last}\n"
    )
    new = versioned(
        "steps:\n- {task: a, title: A, who: ceo, stage: Start}\n- {task: b, title: B, who: ceo, stage: Close}\n"
    )

    move(play, new)

    assert play.state.started.stages == ("Start", "Close", "First")


def test_an_escalation_that_is_gone_goes_to_the_owner() -> None:
    text = "steps:\n- {task: a, title: A, who: ceo, due: 2 school days after opened, escalate: {1: ceo}}\n"
    play = begun(text)
    move(play, versioned(text, ", escalate: {1: ceo}"))

    play.pass_time(LATEST)

    [told] = [event for _, event in play.log[play.root] if event.kind == "task-escalated"]
    assert told.to == (named(directory(), "Officer"),)


# ---- parts


def test_a_part_that_stayed_reports_to_a_cycle_that_moved() -> None:
    play = begun(EACH_SCHOOL)
    new = versioned(EACH_SCHOOL, "title: Report", "title: Sum up")
    move(play, new)

    for task in play.tasks("visit"):
        play.complete(task)

    assert [task.title for task in play.tasks()] == ["Sum up"]


def test_a_part_moves_by_itself_and_goes_on_in_the_new_way() -> None:
    play = begun(EACH_SCHOOL)
    new = versioned(
        EACH_SCHOOL,
        "who: headteacher at school}\n",
        "who: headteacher at school}\n  - {task: check, title: Check, who: headteacher at school}\n",
    )
    ash = f"{play.root}/visits/ash"

    move(play, new, instance=ash)
    for task in play.tasks("visit"):
        play.complete(task)

    assert [(task.step, task.school) for task in play.tasks()] == [("check", "ash")]
    play.complete("check")
    assert [task.step for task in play.tasks()] == ["report"]


def test_a_part_cannot_read_what_it_was_not_given() -> None:
    text = "steps:\n- {task: first, title: First, who: ceo}\n" + EACH_SCHOOL.replace("steps:\n", "", 1)
    play = begun(text)
    play.complete("first")
    new = versioned(text, "title: Visit", 'title: "Visit after {{ first.by }}"')

    assert planned(play, new, f"{play.root}/visits/ash").reasons == (
        "its steps now read first of the cycle it is part of, which it was not given",
    )


# ---- people and dates


def test_an_instance_moves_to_the_people_of_today() -> None:
    play = begun(OLD)
    people = directory().model_dump(mode="json", by_alias=True, exclude_unset=True)
    people["people"].append(
        {
            "id": "p-9999",
            "name": "Newcomer",
            "email": "new@trust.example",
            "posts": [{"role": "ceo", "from": "2020-09-01"}],
        }
    )
    new = Directory.model_validate(people)

    move(play, play.world.program, directory=kept(new))
    play.complete("write", pages=1)

    assert "p-9999" in play.task("confirm").candidates
    assert play.state.started.directory != play.state.started.calendar


def test_nobody_who_is_asked_may_be_missing_from_the_new_directory() -> None:
    play = begun(OLD)
    people = directory().model_dump(mode="json", by_alias=True, exclude_unset=True)
    chief = named(directory(), "Chief")
    people["people"] = [each for each in people["people"] if each["id"] != chief]
    for each in people["people"]:
        each["line_manager"] = None

    with pytest.raises(RefusedError, match=f"{chief} is asked at write, and is not in the new directory"):
        move(play, play.world.program, directory=kept(Directory.model_validate(people)))
