"""Everything that people and time may do to an instance, at any moment, as often as they like."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from engine import addresses
from engine.calls import failed, finished
from engine.commands import (
    AskForTime,
    AttachToTask,
    CancelProcess,
    ClaimTask,
    Command,
    CommentOnTask,
    CompleteTask,
    DeferTask,
    DelegateTask,
    GrantTime,
    HandBackTask,
    JoinMember,
    LeaveMember,
    NudgeTask,
    RaiseEvent,
    ReassignTask,
    RefuseTime,
    ReleaseTask,
    ResumeTask,
    SkipTask,
)
from engine.definition.program import Program
from engine.errors import RefusedError
from engine.state import Task
from tests.engine.generated import ACTIVITIES, processes, programs
from tests.engine.played_out import PEOPLE, answer_as_asked, open_calls
from tests.engine.recounted import folded
from tests.worlds import NOW, Play, named

LATEST = NOW + timedelta(days=35)

people = st.sampled_from(PEOPLE)
OUTSIDE = (
    "school-joined",
    "school-left",
    "school-away",
    "school-back",
    "hall-closed",
    "review-opened",
    "review-closed",
    "person-moved",
    "question-came",
)
codes = st.sampled_from([None, "unclear", "nonsense"])


def some_task(machine: "Commanded") -> bool:
    """Whether there ever was a task to do something with."""
    return any(state.tasks for state in machine.play.states.values())


def for_eaches(machine: "Commanded") -> list[tuple[str, str]]:
    """Every for-each that ever ran: its instance, and its address."""
    return sorted(
        (name, address)
        for name, state in machine.play.states.items()
        for address, composite in state.composites.items()
        if composite.step.startswith("for_each")
    )


def running_members(machine: "Commanded") -> list[tuple[str, str, str]]:
    """Every member that may leave: its instance, the for-each, and its key."""
    states = machine.play.states
    return [
        (name, address, key)
        for name, address in for_eaches(machine)
        if states[name].status == "running" and states[name].composites[address].open
        for key in states[name].composites[address].items
        if addresses.item(address, key) not in states[name].composites[address].closed
    ]


def may_be_set_aside(play: Play) -> list[Task]:
    """The open tasks that may be skipped or put off."""
    found: list[tuple[Task, Any]] = [
        (task, play.world_of(task).program.steps[task.step].spec) for task in play.tasks()
    ]
    return [task for task, spec in found if spec.skip or spec.defer]


def put_off(play: Play) -> list[Task]:
    """The deferred tasks of everything that runs."""
    return [state.tasks[task] for state in play.states.values() for task in sorted(state.deferred_tasks)]


class Commanded(RuleBasedStateMachine):
    """People and time do what they like to one instance and its children."""

    play: Play

    @initialize(program=programs())
    def start(self, program: Program) -> None:
        self.play = Play(program, activities=ACTIVITIES, processes=processes())
        self.answered: list[tuple[str, Command]] = []

    # ---- commands, right and wrong

    @precondition(some_task)
    @rule(
        data=st.data(),
        by=people,
        outcome=st.sampled_from([None, "on", "back", "done", "nonsense"]),
        code=codes,
    )
    def somebody_answers(self, data: st.DataObject, by: str, outcome: str | None, code: str | None) -> None:
        task = self._any_task(data)
        values: dict[str, Any] = {"amount": 3} if data.draw(st.booleans()) else {}
        given: dict[str, Any] = {"outcome": outcome, "values": values, "reason": "so", "code": code}
        self._try(task, CompleteTask(**self._order(by), task=task.id, **given))

    @precondition(lambda self: self.play.tasks())
    @rule(data=st.data(), forward=st.booleans())
    def the_right_person_answers(self, data: st.DataObject, forward: bool) -> None:  # noqa: FBT001
        answer_as_asked(self.play, data.draw(st.sampled_from(self.play.tasks())), back=not forward)

    @precondition(some_task)
    @rule(data=st.data(), by=people)
    def somebody_claims(self, data: st.DataObject, by: str) -> None:
        task = self._any_task(data)
        self._try(task, ClaimTask(**self._order(by), task=task.id))

    @precondition(some_task)
    @rule(data=st.data(), by=people)
    def somebody_releases(self, data: st.DataObject, by: str) -> None:
        task = self._any_task(data)
        self._try(task, ReleaseTask(**self._order(by), task=task.id))

    @precondition(some_task)
    @rule(data=st.data(), by=people, to=people, reason=st.sampled_from(["away", ""]))
    def somebody_reassigns(self, data: st.DataObject, by: str, to: str, reason: str) -> None:
        task = self._any_task(data)
        target = named(self.play.world.directory, to)
        self._try(task, ReassignTask(**self._order(by), task=task.id, to=target, reason=reason))

    @precondition(some_task)
    @rule(data=st.data(), by=people, code=st.sampled_from(["unclear", "nonsense"]))
    def somebody_skips(self, data: st.DataObject, by: str, code: str) -> None:
        task = self._any_task(data)
        self._try(task, SkipTask(**self._order(by), task=task.id, code=code, comment="so"))

    @precondition(some_task)
    @rule(data=st.data(), by=people, code=st.sampled_from(["unclear", "nonsense"]), days=st.integers(-2, 20))
    def somebody_puts_it_off(self, data: st.DataObject, by: str, code: str, days: int) -> None:
        task = self._any_task(data)
        until = self.play.at.date() + timedelta(days=days)
        self._try(task, DeferTask(**self._order(by), task=task.id, code=code, until=until))

    @precondition(some_task)
    @rule(data=st.data(), by=people)
    def somebody_brings_it_back(self, data: st.DataObject, by: str) -> None:
        task = self._any_task(data)
        self._try(task, ResumeTask(**self._order(by), task=task.id))

    @precondition(some_task)
    @rule(data=st.data(), by=people, to=people, back=st.booleans())
    def somebody_delegates(self, data: st.DataObject, by: str, to: str, back: bool) -> None:  # noqa: FBT001
        task = self._any_task(data)
        if back:
            self._try(task, HandBackTask(**self._order(by), task=task.id))
        else:
            target = named(self.play.world.directory, to)
            self._try(task, DelegateTask(**self._order(by), task=task.id, to=target, reason="away"))

    @precondition(lambda self: self.play.tasks())
    @rule(data=st.data(), to=people)
    def whoever_has_it_delegates(self, data: st.DataObject, to: str) -> None:
        task = data.draw(st.sampled_from(self.play.tasks()))
        if task.assignee:
            order = {"id": self.play.id(), "by": task.assignee, "task": task.id, "reason": "away"}
            self._try(task, DelegateTask(**order, to=named(self.play.world.directory, to)))

    @precondition(lambda self: self.play.tasks())
    @rule(data=st.data(), days=st.integers(-2, 20))
    def whoever_is_asked_asks_for_time(self, data: st.DataObject, days: int) -> None:
        task = data.draw(st.sampled_from(self.play.tasks()))
        until = self.play.at.date() + timedelta(days=days)
        if task.asked:
            order = {"id": self.play.id(), "by": task.asked[0], "task": task.id, "reason": "so"}
            self._try(task, AskForTime(**order, until=until))

    @precondition(some_task)
    @rule(data=st.data(), by=people, give=st.booleans())
    def somebody_decides_about_time(self, data: st.DataObject, by: str, give: bool) -> None:  # noqa: FBT001
        task = self._any_task(data)
        given = {**self._order(by), "task": task.id}
        self._try(task, GrantTime(**given) if give else RefuseTime(**given, reason="no"))

    @precondition(some_task)
    @rule(data=st.data(), by=people, what=st.sampled_from(["comment", "attach", "nudge"]))
    def somebody_talks(self, data: st.DataObject, by: str, what: str) -> None:
        task = self._any_task(data)
        given = {**self._order(by), "task": task.id}
        commands: dict[str, Command] = {
            "comment": CommentOnTask(**given, text="so"),
            "attach": AttachToTask(**given, label="It", link="DOC-1"),
            "nudge": NudgeTask(**given),
        }
        self._try(task, commands[what])

    @precondition(lambda self: may_be_set_aside(self.play))
    @rule(data=st.data(), days=st.integers(1, 20))
    def the_owner_sets_it_aside(self, data: st.DataObject, days: int) -> None:
        task = data.draw(st.sampled_from(may_be_set_aside(self.play)))
        spec: Any = self.play.world_of(task).program.steps[task.step].spec
        given = {**self._order("Officer"), "task": task.id, "code": "away"}
        if spec.defer:
            until = self.play.at.date() + timedelta(days=days)
            self._try(task, DeferTask(**given, until=until))
        else:
            self.play.do(SkipTask(**given), instance=self.play.where(task))

    @precondition(lambda self: put_off(self.play))
    @rule(data=st.data(), skip=st.booleans())
    def the_owner_decides_about_what_was_put_off(self, data: st.DataObject, skip: bool) -> None:  # noqa: FBT001
        task = data.draw(st.sampled_from(put_off(self.play)))
        given = {**self._order("Officer"), "task": task.id}
        if skip:
            self._try(task, SkipTask(**given, code="away"))
        else:
            self.play.do(ResumeTask(**given), instance=self.play.where(task))

    @rule(
        by=people,
        event=st.sampled_from(["something", "something-else", "nothing"]),
        values=st.sampled_from(({}, {"place": "ash"}, {"place": "ash", "number": "1"})),
    )
    def somebody_raises_an_event(self, by: str, event: str, values: dict[str, Any]) -> None:
        for name in list(self.play.states):
            self._try(name, RaiseEvent(**self._order(by), event=event, reason="it came", values=values))

    @precondition(lambda self: any(state.calls for state in self.play.states.values()))
    @rule(data=st.data(), why=st.sampled_from([None, "no line"]))
    def an_activity_ends(self, data: st.DataObject, why: str | None) -> None:
        name, call = data.draw(st.sampled_from(open_calls(self.play)))
        end = failed(name, call, why) if why else finished(name, call, {"late": True})
        self.play.do(end, instance=name)
        if self.play.states[name].status == "running":
            assert self.play.do(end.model_copy(update={"id": self.play.id()}), instance=name) == ()

    @precondition(for_eaches)
    @rule(
        data=st.data(),
        by=people,
        member=st.sampled_from(["m0", "m2", "new"]),
        reason=st.sampled_from(["so", ""]),
    )
    def somebody_joins(self, data: st.DataObject, by: str, member: str, reason: str) -> None:
        name, address = data.draw(st.sampled_from(for_eaches(self)))
        values = {"member": member}
        self._try(name, JoinMember(**self._order(by), address=address, values=values, reason=reason))

    @precondition(for_eaches)
    @rule(data=st.data(), by=people, member=st.sampled_from(["m0", "m2", "new"]))
    def somebody_leaves(self, data: st.DataObject, by: str, member: str) -> None:
        name, address = data.draw(st.sampled_from(for_eaches(self)))
        self._try(name, LeaveMember(**self._order(by), address=address, key=member, reason="gone"))

    @precondition(running_members)
    @rule(data=st.data(), back=st.booleans())
    def a_member_leaves_and_may_come_back(self, data: st.DataObject, back: bool) -> None:  # noqa: FBT001
        name, address, key = data.draw(st.sampled_from(running_members(self)))
        values = self.play.states[name].composites[address].items[key].values
        change: dict[str, Any] = {"address": address, "reason": "so"}
        self.play.do(LeaveMember(**self._order("Officer"), **change, key=key), instance=name)
        if back and (name, address) in {each[:2] for each in running_members(self)}:
            self.play.do(JoinMember(**self._order("Officer"), **change, values=values), instance=name)

    @rule(
        by=st.sampled_from(("Officer", "Head ash")),
        event=st.sampled_from(OUTSIDE),
        person=people,
    )
    def something_happens_outside(self, by: str, event: str, person: str) -> None:
        values = {"school": "ash", "person": named(self.play.world.directory, person)}
        self._try(self.play.root, RaiseEvent(**self._order(by), event=event, reason="so", values=values))

    @precondition(lambda self: self.answered)
    @rule(data=st.data())
    def somebody_sends_it_again(self, data: st.DataObject) -> None:
        name, command = data.draw(st.sampled_from(self.answered))
        before, written = self.play.states[name], len(self.play.log[name])

        assert self.play.do(command, instance=name) == ()
        assert self.play.states[name] is before
        assert len(self.play.log[name]) == written

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours: int) -> None:
        # The calendar ends in July: a deadline beyond it cannot be set.
        self.play.pass_time(min(self.play.at + timedelta(hours=hours), LATEST))

    @rule(by=st.sampled_from(("Officer", "Head ash")), sure=st.integers(0, 9))
    def somebody_cancels(self, by: str, sure: int) -> None:
        if sure == 0:
            self._try(self.play.root, CancelProcess(**self._order(by), reason="no longer needed"))
        if sure == 1:
            self._try(self.play.root, RaiseEvent(**self._order(by), event="trust-closed", reason="so"))

    # ---- help

    def _order(self, by: str) -> dict[str, Any]:
        return {"id": self.play.id(), "by": named(self.play.world.directory, by)}

    def _any_task(self, data: st.DataObject) -> Task:
        tasks = sorted((t for s in self.play.states.values() for t in s.tasks.values()), key=lambda t: t.id)
        return data.draw(st.sampled_from(tasks))

    def _try(self, where: Task | str, command: Command) -> None:
        name = where if isinstance(where, str) else self.play.where(where)
        before, written = self.play.states[name], len(self.play.log[name])
        try:
            self.play.do(command, instance=name)
        except RefusedError:
            assert self.play.states[name] is before
            assert len(self.play.log[name]) == written
            assert folded(self.play, name) == before
        else:
            if command.id in self.play.states[name].commands:
                self.answered.append((name, command))
