"""The first text of a new definition, with comments that teach, and of a first scenario that passes."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Literal
from unicodedata import normalize

from engine.definition.names import RESERVED
from engine.model import Model

_KEY = re.compile(r"[a-z][a-z0-9-]{0,62}")
_LONGEST = 40
_USED = RESERVED | {"key", "half_term", "schools", "school", "work", "start", "opened"}


class Skeleton(Model):
    """What is known of a process before it is written."""

    key: str
    title: str
    purpose: str
    owner: str
    """A role."""
    scope: Literal["school", "trust"]
    """Whether every school does it, or the trust once."""
    who: str
    """Whom the tasks ask."""
    steps: tuple[str, ...]
    """The titles of the tasks."""


class Trial(Model):
    """When and where the first scenario plays."""

    on: date
    starter: str
    half_term: str
    school: str


def is_key(text: str) -> bool:
    """Whether a process may be called so."""
    return _KEY.fullmatch(text) is not None


def process_text(new: Skeleton) -> str:
    """`process.yaml`."""
    return "\n".join([*_header(new), *_inputs(new), *_steps(new), *_outcomes()]) + "\n"


def scenario_text(new: Skeleton, trial: Trial) -> str:
    """`scenarios/first.yaml`."""
    given = f"half_term: {trial.half_term}"
    given += f", schools: [{trial.school}]" if new.scope == "school" else ""
    names = step_names(new.steps)
    usual = [f"  {name}: {{outcome: done}}" for name in names]
    return f"""\
# yaml-language-server: $schema=../../scenario.schema.json
#
# A scenario is a small play: who does what on which day, and what must be so afterwards.
# It is played in memory, in milliseconds: termwise define test {new.key}

scenario: Everything is done in time
start:
  on: {trial.on}
  as: {_quoted(trial.starter)}
  set: {{{given}}}

# What everybody answers, unless an entry of the script says otherwise.
usually:
{chr(10).join(usual)}

script:
- expect: # Whom it asks first, on the day it starts.
    open: {{{names[0]}: 1}}
- on: 2 school days after today
  complete: everything

expect:
  state: ended
  outcome: done
"""


def step_names(titles: tuple[str, ...]) -> list[str]:
    """A name for each task, made of its title: `read_the_plans`."""
    found: list[str] = []
    for number, title in enumerate(titles, 1):
        plain = normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        name = "_".join(re.findall(r"[a-z0-9]+", plain))[:_LONGEST].rstrip("_")
        fits = name[:1].isalpha() and name not in _USED and name not in found
        found.append(name if fits else f"step_{number}")
    return found


def _header(new: Skeleton) -> Iterator[str]:
    yield "# yaml-language-server: $schema=../process.schema.json"
    yield "#"
    yield f"# {new.title}. Read it from top to bottom: it happens in this order."
    yield f"# After every change: termwise define check {new.key}; termwise define test {new.key}"
    yield ""
    yield f"process: {new.key}"
    yield "version: 1 # Count it up when you change something, for people; running cycles keep what they began with."
    yield f"title: {_quoted(new.title)}"
    yield f"purpose: {_quoted(new.purpose)}"
    yield f"owner: {new.owner} # The role that answers for it, and may start, reassign and cancel."
    yield "confidentiality: trust # public, trust, personal or sensitive."
    yield "retention: plans # The class of record that it makes."
    yield 'key: "{{ half_term }}" # The same cycle cannot be started twice.'
    yield f"name: {_quoted(f'{new.title}, {{{{ half_term }}}}')} # Shown everywhere: nobody's name in it."
    yield "term: half_term"
    yield ""


def _inputs(new: Skeleton) -> Iterator[str]:
    yield f"# What must be said when a cycle is started: termwise start {new.key} --set half_term=..."
    yield "inputs:"
    yield "  half_term: {type: half-term, label: The half term it is for}"
    if new.scope == "school":
        yield "  schools: {type: list of school, default: all}"
    yield ""


def _steps(new: Skeleton) -> Iterator[str]:
    yield "steps:"
    indent = ""
    if new.scope == "school":
        yield "# The same for every school, all at once. Inside, `school` is the one whose turn it is."
        yield "- for_each: work"
        yield "  over: {school: schools}"
        yield "  steps:"
        indent = "  "
    names = step_names(new.steps)
    for number, (name, title) in enumerate(zip(names, new.steps, strict=True)):
        before = names[number - 1] if number else None
        yield from (f"{indent}{line}" if line else "" for line in _task(new, name, title, before))


def _task(new: Skeleton, name: str, title: str, before: str | None) -> Iterator[str]:
    teaches = before is None
    yield f"- task: {name}"
    yield f"  title: {_quoted(title)}"
    yield f"  who: {new.who}" + (" # A role, of which school; or `the person NAME`." if teaches else "")
    yield "  due: 5 school days after opened" + (
        " # Holidays and INSET days do not count." if teaches else ""
    )
    if teaches:
        yield "  remind: [3, 0] # School days before the deadline."
    yield f"  escalate: {{2: {new.owner}}}" + (" # Who is told, so many school days late." if teaches else "")
    yield "  minutes: 30" + (" # How much work it is; simulations add it up." if teaches else "")
    if teaches:
        yield "  form: # The questions; see docs/language.md for their types."
        yield "    note: {type: text, label: What should others know?, required: false}"
    yield "  outcomes:"
    yield "    done: {label: It is done}"
    if before:
        yield f"    again: {{label: It must be done again, return_to: {before}, at_most: 2,"
        yield "      reasons: {missing: Something is missing, wrong: Something is wrong}}"
    yield ""


def _outcomes() -> Iterator[str]:
    yield "# The named ends. The first whose `when` holds counts; the last has none."
    yield "outcomes:"
    yield "  done: {title: Closed}"


def _quoted(text: str) -> str:
    """The text as YAML reads it, whatever stands in it."""
    return json.dumps(text, ensure_ascii=False)
