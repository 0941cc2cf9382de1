"""What holds of every definition under every sequence of commands, found out with thousands of invented ones."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import accumulate, groupby
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pydantic import JsonValue

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
    PassTime,
    RaiseEvent,
    ReassignTask,
    RefuseTime,
    ReleaseTask,
    ResumeTask,
    SkipTask,
)
from engine.decide import decide
from engine.definition.program import Program
from engine.errors import RefusedError
from engine.events import EVENT, TERMWISE, Event
from engine.evolve import answered, evolve
from engine.scope import Scope
from engine.state import OpenCall, State, Tally, Task
from engine.value_types import Type, maybe
from tests.engine.generated import ACTIVITIES, processes, programs
from tests.worlds import NOW, Play, named

STEPS = 25
PEOPLE = ("Chief", "Officer", "Head ash", "Teacher Y2A ash", "Teacher Y2B ash", "Head beech")

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


def some_task(machine: "Instances") -> bool:
    """Whether there ever was a task to do something with."""
    return any(state.tasks for state in machine.play.states.values())


def for_eaches(machine: "Instances") -> list[tuple[str, str]]:
    """Every for-each that ever ran: its instance, and its address."""
    return sorted(
        (name, address)
        for name, state in machine.play.states.items()
        for address, composite in state.composites.items()
        if composite.step.startswith("for_each")
    )


def running_members(machine: "Instances") -> list[tuple[str, str, str]]:
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


class Instances(RuleBasedStateMachine):
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

    # ---- what must hold after each

    @invariant()
    def the_log_leads_to_the_same_state(self) -> None:
        for name, state in self.play.states.items():
            assert folded(self.play, name) == state

    @invariant()
    def no_command_has_two_answers(self) -> None:
        for name, state in self.play.states.items():
            # The events of one command stand together, once, and where they end is kept.
            ends = [
                (command, len(list(some)))
                for command, some in groupby(command for command, _ in self.play.log[name])
            ]
            versions = accumulate(count for _, count in ends)
            assert dict(state.commands) == dict(zip([command for command, _ in ends], versions, strict=True))
            assert len(state.commands) == len(ends)

    @invariant()
    def counts_are_what_counting_gives(self) -> None:
        for state in self.play.states.values():
            assert {cell: tally for cell, tally in state.tallies.items() if tally != Tally()} == recount(
                state
            )
            assert agenda(state) == due(state)
            by_status = {
                status: {task.id for task in state.tasks.values() if task.status == status}
                for status in ("open", "deferred")
            }
            assert (set(state.open_tasks), set(state.deferred_tasks)) == tuple(by_status.values())

    @invariant()
    def nothing_that_runs_is_stuck(self) -> None:
        for state in self.play.states.values():
            if state.status == "running":
                assert all(waited_for(state))
                assert waited_for(state)
                assert all(wait.until or wait.awaited for wait in state.waits.values())
            else:
                assert not state.unfinished
                assert not state.waits
                assert not state.calls
                assert not state.agenda
            for stop in state.stops.values():
                assert stop.until or stop.ends_on
            held = [*(state.tasks[each] for each in state.open_tasks), *state.waits.values()]
            assert all(stop in state.stops for each in held for stop in each.stopped)

    @invariant()
    def every_name_reads_as_its_type_says(self) -> None:
        for task in self.play.tasks():
            world, state = self.play.world_of(task), self.play.states[self.play.where(task)]
            scope = Scope(state, task.address, world.calendar)
            for name, kind in world.program.steps[task.step].names.items():
                # A part is given only what its steps read.
                kept = maybe(kind) if state.started.part else kind
                assert is_of(scope.value(name), kept), (task.address, name)

    @invariant()
    def nobody_has_two_seats(self) -> None:
        seats = Counter(
            (self.play.where(task), addresses.asking(task.address), person)
            for task in self.play.tasks()
            if addresses.is_seat(task.address)
            for person in task.asked
        )
        assert not seats or max(seats.values()) == 1

    @invariant()
    def nobody_decides_about_their_own_wish(self) -> None:
        for log in self.play.log.values():
            for _, event in log:
                if event.kind in {"time-granted", "time-refused"}:
                    assert event.by != event.asked_by

    @invariant()
    def what_is_delegated_has_an_owner_and_somebody_else_who_does_it(self) -> None:
        for task in self.play.tasks():
            assert task.delegated_by is None or task.assignee not in {None, task.delegated_by}

    @invariant()
    def every_open_task_can_be_done_by_somebody(self) -> None:
        for task in self.play.tasks():
            assert task.asked or able(self.play, task), task

    def teardown(self) -> None:
        if not hasattr(self, "play"):
            return
        finish(self.play)
        for name, state in self.play.states.items():
            opened = {e.task for _, e in self.play.log[name] if e.kind == "task-opened"}
            assert opened == set(state.tasks)
            closed = Counter(e.task for _, e in self.play.log[name] if e.kind in CLOSING)
            assert closed == Counter(t.id for t in state.tasks.values() if t.status != "open")

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


CLOSING = {"task-completed", "task-returned", "task-skipped", "task-lapsed", "task-withdrawn"}


def waited_for(state: State) -> list[str]:
    """What an instance waits for, in words: each says whose turn it is, or which day."""
    tasks = [state.tasks[each] for each in state.unfinished]
    return [
        *(f"{task.title}: {who}" if (who := task.assignee or task.role) else "" for task in tasks),
        *(f"{wait.address} until {wait.until}" for wait in state.waits.values() if wait.until),
        *(f"{wait.address}: {each.event}" for wait in state.waits.values() for each in wait.awaited),
        *(f"{address}: {child}" for child, address in state.children.items()),
        *(f"{call.address}: {call.activity}" for call in state.calls.values()),
        *state.runs,
    ]


def folded(play: Play, name: str) -> State:
    """The state that the instance's log leads to, after a journey through JSON."""
    state: State | None = None
    for number, (command, event) in enumerate(play.log[name]):
        state = evolve(state, EVENT.validate_json(EVENT.dump_json(event)))
        following = play.log[name][number + 1 : number + 2]
        if not following or following[0][0] != command:
            state = answered(state, command)
    assert state is not None
    return state


def is_of(value: JsonValue, kind: Type) -> bool:
    """Whether the value is what its type says; a field that may be null may also be missing."""
    if value is None or kind.kind == "any":
        return kind.may_be_null or kind.kind == "any"
    if isinstance(value, list):
        return kind.kind == "list" and all(is_of(each, kind.member) for each in value)
    if isinstance(value, dict):
        fields = dict(kind.fields)
        # Of a question to the owner, which stands in no file, nothing can be read.
        # For whom a deputy did it, neither: the word means something else in expressions.
        given = {name for name in value if not name.endswith("_failed") and name != "for"}
        return (
            kind.kind == "record"
            and given <= fields.keys()
            and all(is_of(value.get(name), field) for name, field in fields.items())
        )
    plain: dict[str, tuple[type, ...]] = {
        "text": (str,), "yes-no": (bool,), "integer": (int,), "number": (int, float),
    }  # fmt: skip
    return type(value) in plain.get(kind.kind, ())


def recount(state: State) -> dict[tuple[str, str], Tally]:
    """The tallies, counted from the tasks."""
    cells: dict[tuple[str, str], list[int]] = {}
    for task in state.tasks.values():
        cell = cells.setdefault((task.stage, task.school or ""), [0] * 6)
        cell[0] += task.status == "open"
        cell[1] += task.status == "completed"
        cell[2] += task.status == "open" and task.overdue
        cell[3] += task.status == "deferred"
        cell[4] += task.status == "skipped"
        cell[5] += task.status == "lapsed"
    return {cell: Tally(*counts) for cell, counts in cells.items() if any(counts)}


def agenda(state: State) -> set[tuple[datetime, str, str, int]]:
    """What the agenda holds: when, whose, and which rung."""
    found = set()
    for at, entries in state.agenda.items():
        assert entries
        for key, place in entries:
            moment = state.tasks[key].moments[place] if key in state.tasks else None
            assert moment is None or moment.at == at
            found.add((at, key, moment.kind if moment else "wait", moment.days if moment else 0))
    return found


def due(state: State) -> set[tuple[datetime, str, str, int]]:
    """What the agenda should hold: the waits, the rungs of open tasks not yet reached, the days of deferred ones."""
    waits = {(w.until.at, w.address, "wait", 0) for w in state.waits.values() if w.until and not w.stopped}
    running = state.composites.items() if state.status == "running" else ()
    waits |= {(c.until.at, address, "wait", 0) for address, c in running if c.until and c.open}
    if state.status == "running":
        waits |= {(s.until.at, s.key, "wait", 0) for s in state.stops.values() if s.until}
    opened = [state.tasks[task] for task in state.open_tasks if not state.tasks[task].stopped]
    rungs = {(m.at, task.id, m.kind, m.days) for task in opened for m in task.moments}
    reached = {rung for rung in rungs if rung[0] <= state.now and rung not in agenda(state)}
    put_off = [state.tasks[task] for task in state.deferred_tasks]
    back = {(task.until, task.id, "resume", 0) for task in put_off if task.until}
    assert len(back) == len(put_off)
    return waits | back | (rungs - reached)


def open_calls(play: Play) -> list[tuple[str, OpenCall]]:
    """Every call that waits for its activity, with its instance."""
    found = [(name, call) for name, state in play.states.items() for call in state.calls.values()]
    return sorted(found, key=lambda each: (each[0], each[1].address))


def able(play: Play, task: Task) -> str | None:
    """Somebody to whom the owner may give the task."""
    for name in PEOPLE:
        command = ReassignTask(
            id=play.id(),
            by=named(play.world.directory, "Officer"),
            task=task.id,
            to=named(play.world.directory, name),
            reason="somebody must",
        )
        try:
            decide(play.world_of(task), play.states[play.where(task)], command, play.at)
        except RefusedError:
            continue
        return name
    return None


def answer_as_asked(play: Play, task: Task, *, back: bool) -> None:
    where = play.where(task)
    if not task.asked:
        to = able(play, task)
        assert to
        order = {"id": play.id(), "by": named(play.world.directory, "Officer")}
        target = named(play.world.directory, to)
        play.do(ReassignTask(**order, task=task.id, to=target, reason="somebody must"), instance=where)
        task = play.states[where].tasks[task.id]
    spec: Any = play.world_of(task).program.steps[task.step].spec
    outcomes = list(spec.outcomes) or [None]
    asks = "go_on" in outcomes
    returns = [name for name in spec.outcomes if spec.outcomes[name] and spec.outcomes[name].return_to]
    last = spec.outcomes[returns[0]] if back and returns else None
    if last and (task.round <= 2 or last.at_limit == "go on"):
        play.complete(task, returns[0], reason="again", code="away" if last.reasons else None)
    else:
        play.complete(task, "go_on" if asks else outcomes[0], **({"amount": 1} if spec.form else {}))


def finish(play: Play) -> None:
    """Play to the end: it must come, after finitely many answers and days."""
    for _ in range(2_000):
        if play.state.status != "running":
            break
        advance(play)
    assert play.state.status != "running"


def advance(play: Play) -> None:
    """The next thing happens, always the same one."""
    moment = min((s.next_moment for s in play.states.values() if s.next_moment), default=None)
    if tasks := play.tasks():
        answer_as_asked(play, tasks[0], back=False)
    elif calls := open_calls(play):
        name, call = calls[0]
        play.do(finished(name, call, 1), instance=name)
    elif moment is not None:
        play.pass_time(max(moment, play.at))
    else:
        raise_what_is_awaited(play)


def raise_what_is_awaited(play: Play) -> None:
    """With no task and no date left, somebody can raise what is awaited, or what lets a clock go on."""
    if any(wait.stopped for state in play.states.values() for wait in state.waits.values()):
        head = named(play.world.directory, "Head ash")
        values = {"school": "ash"}
        back = RaiseEvent(id=play.id(), by=head, event="school-back", reason="it is over", values=values)
        play.do(back)
        return
    name, state = next((name, s) for name, s in play.states.items() if s.waits and s.status == "running")
    wait = min(state.waits.values(), key=lambda each: each.address)
    awaited = wait.awaited[-1]
    by = awaited.raised_by[0] if awaited.raised_by else named(play.world.directory, "Officer")
    command = RaiseEvent(id=play.id(), by=by, event=awaited.event, reason="it came", values=awaited.match)
    play.do(command, instance=name)


Instances.TestCase.settings = settings(
    max_examples=80,
    stateful_step_count=STEPS,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
TestInstances = Instances.TestCase


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(program=programs())
def test_the_same_commands_lead_to_the_same_events(program: Program) -> None:
    def played() -> dict[str, list[bytes]]:
        play = Play(program, activities=ACTIVITIES, processes=processes())
        finish(play)
        return {name: [EVENT.dump_json(event) for _, event in log] for name, log in play.log.items()}

    assert played() == played()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(program=programs())
def test_time_that_brings_nothing_changes_nothing(program: Program) -> None:
    play = Play(program, activities=ACTIVITIES, processes=processes())
    play.pass_time(play.at)

    events: tuple[Event, ...] = play.do(PassTime(id=play.id(), by=TERMWISE))

    assert events == ()
