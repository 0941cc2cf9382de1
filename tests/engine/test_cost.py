"""The cost of a command does not grow with the size of the instance, and chance has no part in what is decided."""

import os
import subprocess
import sys
from pathlib import Path

from engine.commands import CompleteTask
from engine.decide import decide
from engine.evolve import evolve
from tests.work import lines_run
from tests.worlds import Play, program

MANY = """
    inputs: {packs: {type: list of text}}
    steps:
    - for_each: members
      over: {pack: packs}
      steps:
      - {task: look, title: "Look at {{ pack }}", who: ceo, due: 5 school days after opened}
      - {task: check, title: Check, who: ceo, due: 5 school days after opened}
"""


def work_to_complete(members: int) -> int:
    """What one answer takes among so many open tasks: decided, believed, and the next moment known."""
    play = Play(program(MANY), {"packs": [f"p{number}" for number in range(members)]})
    task = play.tasks("look")[members // 2]
    command = CompleteTask(id=play.id(), by=task.asked[0], task=task.id)

    def complete() -> None:
        state = play.state
        for event in decide(play.world, state, command, play.at):
            state = evolve(state, event)
        assert state.next_moment

    return lines_run(complete)


def test_an_answer_costs_the_same_among_ten_open_tasks_and_thousands() -> None:
    work_to_complete(10)  # What is computed once is not counted below.

    few, many = work_to_complete(50), work_to_complete(2_000)

    assert many < few * 1.2


SCRIPT = """
from tests.worlds import Play, moderation, program
from engine.commands import CancelProcess
from engine.events import EVENT
from tests.engine.test_cost import MANY
play = Play(program(MANY), {"packs": [f"p{n}" for n in range(30)]})
for task in play.tasks("look")[:9]:
    play.complete(task)
play.do(CancelProcess(id=play.id(), by="p-0002", reason="no"))
for _, event in play.log[play.root]:
    print(EVENT.dump_json(event).decode())
"""


def test_another_process_decides_the_same() -> None:
    def played(seed: str) -> str:
        root = Path(__file__).parents[2]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        command = [sys.executable, "-c", SCRIPT]
        return subprocess.run(
            command, env=environment, cwd=root, check=True, capture_output=True, text=True
        ).stdout

    assert played("1") == played("2")
