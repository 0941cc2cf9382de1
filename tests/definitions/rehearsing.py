"""Scenarios written in a test, and what comes of them."""

from pathlib import Path
from textwrap import dedent

from definitions.scenarios.running import Failure, Rehearsed, run_scenarios
from definitions.trust import TrustFolder, load_trust
from tests.definitions.visits import PROCESS
from tests.worlds import calendar, directory

HEADER = """
process: example
version: 1
title: An example
purpose: To be tested.
owner: school-improvement-officer
confidentiality: trust
retention: plans
key: only
name: The example
outcomes: {done: {title: Done}}
"""
START = "start: {on: 2027-04-20, as: Officer}\n"
USUAL = "usually:\n  look: {form: {rooms: 3}}\n  agree: {outcome: well}\n  thank: {}\n"


def trust(folder: Path | None) -> TrustFolder:
    return load_trust(folder) if folder else TrustFolder(directory(), calendar())


def played(folder: Path, *scripts: str) -> Rehearsed:
    """What comes of scenarios of the process above, each given after its start."""
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "process.yaml").write_text(PROCESS)
    for number, script in enumerate(scripts):
        text = "scenario: A play\n" + START + USUAL + dedent(script)
        (folder / "scenarios" / f"{number}.yaml").write_text(text)
    return run_scenarios(folder / "process.yaml", trust)


def failure(folder: Path, script: str) -> Failure:
    (verdict,) = played(folder, script).verdicts
    assert verdict.failure
    return verdict.failure


def passes(folder: Path, script: str) -> None:
    (verdict,) = played(folder, script).verdicts
    assert verdict.failure is None, verdict.failure
