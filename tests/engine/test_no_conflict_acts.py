"""Whatever covers and interests there are: on no way does anybody judge what they may not."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.commands import ClaimTask, Command, CompleteTask, ReassignTask, RecuseFromTask, ReleaseTask
from engine.covering import Cover
from engine.errors import RefusedError
from engine.interests import Interest
from engine.people import Directory
from engine.talk_commands import DelegateTask, HandBackTask
from tests.worlds import NOW, Play, directory, named, program

PEOPLE = directory()
ON = NOW.date()
SINCE = date(2027, 4, 1)
CAST = [
    named(PEOPLE, name)
    for name in ("Officer", "Head ash", "Head beech", "Head cedar", "Lead ash", "Lead beech", "Data cedar")
]
JUDGE = program(
    """
    values: {place: ash}
    steps:
    - {task: write, title: Write, who: headteacher at place or assessment-lead at place}
    - task: judge
      title: Judge
      who: headteacher or assessment-lead
      about: {school: place}
      not_done_by: write
      outcomes: {fine: null, poor: {return_to: write}}
    - {task: vote, title: Vote, who: headteacher or assessment-lead, not_at: place, quorum: all responded}
    """
)
_people = st.sampled_from(CAST)
_covers = st.lists(
    st.tuples(_people, st.lists(_people, min_size=1, max_size=3, unique=True), st.booleans()), max_size=6
)
_interests = st.lists(st.tuples(_people, st.sampled_from(["own-child", "relative", "business"])), max_size=3)
_steps = st.lists(st.tuples(st.integers(0, 6), _people, _people), min_size=1, max_size=25)


@settings(max_examples=150, deadline=None)
@given(_covers, _interests, st.sampled_from(CAST[1::3]), _steps)
def test_no_way_lets_a_conflicted_person_act(
    covers: list[tuple[str, list[str], bool]],
    interests: list[tuple[str, str]],
    writer: str,
    steps: list[tuple[int, str, str]],
) -> None:
    play = Play(JUDGE, people=_known(covers, interests))
    play.complete("write", by=writer)

    for what, by, to in steps:
        for task in play.tasks():
            before = len(play.log[play.root])
            try:
                play.do(_command(play, task.id, what, by, to))
            except RefusedError:
                continue
            _nobody_did_what_they_may_not(play, before)
    _nobody_answered_twice(play)


def _known(covers: list[tuple[str, list[str], bool]], interests: list[tuple[str, str]]) -> Directory:
    made = [
        Cover(
            id=f"c-{n}",
            person=person,
            deputies=tuple(d for d in deputies if d != person),
            since=SINCE,
            together=all_,
        )
        for n, (person, deputies, all_) in enumerate(covers)
        if set(deputies) - {person}
    ]
    declared = [
        Interest.model_validate(
            {"id": f"i-{n}", "person": person, "type": kind, "school": "ash", "from": SINCE}
        )
        for n, (person, kind) in enumerate(interests)
    ]
    return PEOPLE.model_copy(update={"covers": tuple(made), "interests": tuple(declared)})


def _command(play: Play, task: str, what: int, by: str, to: str) -> Command:
    said = {"id": play.id(), "by": by, "task": task}
    fine = play.state.tasks[task].step == "judge"
    makers = (
        lambda: ClaimTask.model_validate(said),
        lambda: CompleteTask.model_validate({**said, "outcome": "fine" if fine else None}),
        lambda: CompleteTask.model_validate({**said, "outcome": "poor" if fine else None, "reason": "x"}),
        lambda: ReassignTask.model_validate({**said, "to": to, "reason": "x"}),
        lambda: DelegateTask.model_validate({**said, "to": to, "reason": "x"}),
        lambda: HandBackTask.model_validate(said) if to == by else ReleaseTask.model_validate(said),
        lambda: RecuseFromTask.model_validate(said),
    )
    return makers[what]()


def _nobody_did_what_they_may_not(play: Play, before: int) -> None:
    """Judged by the rules, and by hand: none of ash, none who has declared an interest, at `judge` and `vote`."""
    world = play.world
    for _, event in play.log[play.root][before:]:
        if event.kind not in {
            "task-claimed",
            "task-completed",
            "task-returned",
            "task-delegated",
            "task-reassigned",
        }:
            continue
        task = play.state.tasks[event.task]  # type: ignore[union-attr]
        took = getattr(event, "person", None)
        acted = event.by if event.kind in {"task-claimed", "task-completed", "task-returned"} else None
        for person in filter(None, (took, acted, getattr(event, "for_", None))):
            if task.step == "write":
                continue
            assert "ash" not in world.directory.schools_of(person, ON)
            assert not world.directory.interests_of(person, ON)
        if acted and event.kind != "task-claimed":
            allowed = {*task.candidates, task.assignee, task.done_for}
            covered = {c.person for c in world.directory.covers if acted in c.deputies}
            assert acted in allowed or covered & allowed


def _nobody_answered_twice(play: Play) -> None:
    hands = [
        person
        for task in play.state.tasks.values()
        if task.step == "vote" and task.status == "completed"
        for person in {task.done_by, task.done_for} - {None}
    ]
    assert len(hands) == len(set(hands))
