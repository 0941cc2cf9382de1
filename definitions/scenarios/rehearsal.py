"""Plays a scenario: one entry after the other, each at its day, in memory and in virtual time."""

from collections.abc import Iterator
from contextlib import contextmanager

from definitions.scenarios.acting import act
from definitions.scenarios.doing import Doing
from definitions.scenarios.expectations import Expect
from definitions.scenarios.expecting import differences
from definitions.scenarios.grammar import Entry, Start
from definitions.scenarios.loading import Script
from definitions.scenarios.stage import Stage
from definitions.scenarios.stopping import Difference, StopError, at_place
from engine.errors import RefusedError


def play(script: Script, stage: Stage) -> None:
    """Play it to its end. Raises StopError, with the place in the file, where it is not as the script says."""
    with at_place("start"):
        _begin(script.start, stage)
    for position, entry in enumerate(script.scenario.script):
        with at_place("script", position):
            _enter(entry, stage, script)
    if script.scenario.expect:
        with at_place("expect"):
            _check(script.scenario.expect, stage)


def _begin(start: Start, stage: Stage) -> None:
    if start.on is None:
        raise StopError("say on which day the cycle starts, such as `on: 2027-05-03`")
    with at_place("on"):
        stage.now = stage.moment(start.on, start.at)
    with at_place("as"):
        by = stage.person(start.by) if start.by else stage.owner()
    with at_place("set"), _refusing(start.refused):
        stage.root = stage.cast.start(start.inputs, by, stage.now)


def _enter(entry: Entry, stage: Stage, script: Script) -> None:
    if entry.on or entry.at:
        with at_place("on"):
            stage.pass_time(stage.moment(entry.on, entry.at))
    if isinstance(entry, Doing):
        with _refusing(entry.refused):
            act(entry, stage, script)
    if entry.expect:
        with at_place("expect"):
            _check(entry.expect, stage)


def _check(expect: Expect, stage: Stage) -> None:
    found = differences(expect, stage)
    if found:
        (place, _), *_ = found
        several = f" {len(found)} things are" if len(found) > 1 else " this is"
        raise StopError(f"on {stage.today}{several} not as expected", place, tuple(each for _, each in found))


@contextmanager
def _refusing(said: str | None) -> Iterator[None]:
    """What is done in here must be refused with these words, if any are given."""
    if said is None:
        yield
        return
    answer = "it was allowed"
    try:
        yield
    except RefusedError as error:
        answer = str(error)
        if " ".join(said.casefold().split()) in " ".join(answer.casefold().split()):
            return
    difference = Difference("the answer", f"refused: {said}", answer)
    raise StopError("it was to be refused", ("refused",), (difference,))
