"""Instances that are moved to another version, in memory."""

from typing import Any

from engine import library
from engine.commands import MigrateInstance, command_id
from engine.definition.compiler import canonical_json
from engine.definition.program import Program
from engine.versions.moving import Move, plan
from engine.world import ENGINE_VERSION, World
from tests.documents import kept
from tests.worlds import Play, calendar, directory, named, program

OLD = """
values: {count: 0}
steps:
- {task: write, title: Write it, who: ceo, form: {pages: {type: integer}}}
- task: confirm
  title: Confirm it
  who: ceo
  outcomes: {complete: null, incomplete: null}
- {task: sign, title: Sign it, who: ceo}
"""
NO_INCOMPLETE = OLD.replace("{complete: null, incomplete: null}", "{complete: null}")
EACH_SCHOOL = """
steps:
- for_each: visits
  over: {school: '["ash", "beech"]'}
  run: as child instances
  steps:
  - {task: visit, title: Visit, who: headteacher at school}
- {task: report, title: Report, who: ceo}
"""


def loaded(made: Program) -> Program:
    """The program, its documents where instances look for them."""
    library.put("definition", made.digest, canonical_json(made.definition))
    kept(calendar())
    kept(directory())
    return made


def begun(text: str) -> Play:
    return Play(loaded(program(text)))


def move(play: Play, new: Program, instance: str | None = None, by: str = "Officer", **more: str) -> None:
    """Move one instance, the cycle itself unless said."""
    name = instance or play.root
    play.cast.do(
        name,
        MigrateInstance(
            id=command_id(name, "migrate", new.digest, more),
            by=named(directory(), by),
            definition=new.digest,
            reason="Agreed by the heads",
            engine=ENGINE_VERSION,
            **more,
        ),
        play.at,
    )


def planned(play: Play, new: Program, instance: str | None = None) -> Move:
    world = World(new, calendar(), directory())
    return plan(play.states[instance or play.root], play.world, world)


def versioned(text: str, old: str = "", new: str = "", **header: Any) -> Program:  # noqa: ANN401 - YAML
    assert old in text
    given = "".join(f"{key}: {value}\n" for key, value in {"version": 2, **header}.items())
    return loaded(program(given + text.replace(old, new)))
