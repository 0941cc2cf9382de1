"""The processes that are measured: sixty tasks one after the other, and sixty over schools and year groups."""

from uuid import uuid4

from pydantic import JsonValue

from bench import trust
from bench.ground import Ground
from engine import addresses
from engine.commands import CompleteTask, command_id
from engine.opening import task_id
from engine.world import World

STAGES = ("Plan", "Gather", "Judge", "Check", "Report")
IN_A_STAGE = 12
CHAIN_LENGTH = len(STAGES) * IN_A_STAGE
#: What people write in the form; every task of both processes has the same.
ANSWER: dict[str, JsonValue] = {"judgement": "EXS", "note": "Seen in three independent pieces of work."}


def chain() -> World:
    """Sixty tasks in five stages, one open at a time, each with a deadline, two reminders and an escalation."""
    steps = [_task(step, STAGES[number // IN_A_STAGE]) for number, step in enumerate(chain_steps())]
    return trust.world(_definition("bench-chain", steps))


def chain_steps() -> list[str]:
    """The tasks of the chain, in order."""
    return [f"task_{number:02}" for number in range(1, CHAIN_LENGTH + 1)]


def each() -> World:
    """Three tasks in a row for each of three schools and seven year groups: twenty-one open at a time."""
    steps = [_task(step, stage) for step, stage in zip(each_steps(), STAGES, strict=False)]
    over = {"school": "schools", "year_group": "year_groups"}
    return trust.world(_definition("bench-each", [{"for_each": "cohorts", "over": over, "steps": steps}]))


def each_steps() -> list[str]:
    """The tasks of one member, in order."""
    return ["plan", "gather", "judge"]


def each_addresses(world: World) -> list[str]:
    """The tasks of all members, stage by stage."""
    members = [
        addresses.item("cohorts", f"{school.key},{year}")
        for school in world.directory.schools
        for year in YEAR_GROUPS
    ]
    return [addresses.step(member, step) for step in each_steps() for member in members]


YEAR_GROUPS = ("R", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6")


async def start(ground: Ground, world: World, *, in_time: bool = False) -> str:
    """A new instance that waits for its first answer; `in_time`, in the time that the clock moves."""
    client = ground.in_time if in_time else ground.termwise
    return await client.start(world, {"run": uuid4().hex}, trust.officer(world))


def answer(instance: str, address: str, by: str) -> CompleteTask:
    """The command that completes the task at an address."""
    identity = command_id(instance, address, "complete")
    return CompleteTask(id=identity, by=by, task=task_id(instance, address), values=ANSWER)


def _task(name: str, stage: str) -> dict[str, object]:
    return {
        "task": name,
        "title": f"{stage}: {name.replace('_', ' ')}",
        "who": "school-improvement-officer",
        "stage": stage,
        "due": "5 school days after opened",
        "remind": [3, 0],
        "escalate": {2: "ceo"},
        "form": {
            "judgement": {"type": "choice", "of": ["WTS", "EXS", "GDS"]},
            "note": {"type": "text", "required": False},
        },
    }


def _definition(process: str, steps: list[dict[str, object]]) -> dict[str, object]:
    return {
        "process": process,
        "version": 1,
        "title": "A process to be measured",
        "purpose": "To know what a task costs.",
        "owner": "school-improvement-officer",
        "confidentiality": "trust",
        "retention": "plans",
        "key": "{{ run }}",
        "name": "Measured, {{ run }}",
        "inputs": {
            "run": {"type": "text"},
            "schools": {"type": "list of school", "default": "all"},
            "year_groups": {"type": "list of year-group", "default": list(YEAR_GROUPS)},
        },
        "steps": steps,
        "outcomes": {"done": {"title": "Done"}},
    }
