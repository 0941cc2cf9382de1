"""What holds of every definition under every sequence of commands, found out with thousands of invented ones."""

from collections import Counter
from itertools import accumulate, groupby

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.stateful import invariant

from engine import addresses
from engine.commands import PassTime
from engine.definition.program import Program
from engine.events import EVENT, TERMWISE, Event
from engine.scope import Scope
from engine.state import Tally
from engine.value_types import maybe
from tests.engine.commanded import Commanded
from tests.engine.generated import ACTIVITIES, processes, programs
from tests.engine.played_out import able, finish
from tests.engine.recounted import agenda, due, folded, is_of, recount, waited_for
from tests.worlds import Play

STEPS = 25


CLOSING = {"task-completed", "task-returned", "task-skipped", "task-lapsed", "task-withdrawn"}


class Instances(Commanded):
    """What holds after each command, and at the end of every play."""

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
