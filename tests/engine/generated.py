"""Small definitions of every construct, nested at random; each can be played to its end."""

from collections.abc import Mapping
from itertools import count

from hypothesis import strategies as st
from pydantic import JsonValue

from engine.definition.compiler import compile_definition
from engine.definition.model import Definition
from engine.definition.program import Program
from engine.errors import TermwiseError
from engine.playing import Activity
from tests.engine.generated_steps import Plan, steps_of

WHO = ("ceo", "headteacher at place", "class-teacher of year at place", "astronaut", "the person someone")
SEEN = {"table": {"place": {"type": "text"}}, "default": []}
QUORUM = ("any", "any", "all", "all responded", "2", "50%")
JOIN = ("all", "all", "any", "2", "50%")
DUE: tuple[str | None, ...] = (
    None,
    "3 school days after opened",
    "on 2027-04-21",
    "5 school days after start",
)


def _fails(given: object) -> JsonValue:
    raise TermwiseError(f"{given} is not what it wants")


#: What answers at once; what is called besides stays open until somebody answers it.
ACTIVITIES: Mapping[str, Activity] = {"echo": dict, "fails": _fails}

_task = st.fixed_dictionaries(
    {
        "kind": st.just("task"),
        "who": st.sampled_from(WHO),
        "due": st.sampled_from(DUE),
        "ladder": st.sampled_from(("own", "usual", "none")),
        "back": st.booleans(),
        "four_eyes": st.booleans(),
        "coded": st.booleans(),
        "aside": st.sampled_from(((), ("skip",), ("defer",), ("skip", "defer"))),
        "unanswered": st.booleans(),
        "reply": st.sampled_from((0, 0, 1, 2)),
        "at_limit": st.sampled_from(("refuse", "go on")),
        "form": st.booleans(),
        "quorum": st.sampled_from(QUORUM),
        "carries": st.booleans(),
    }
)
_wait = st.fixed_dictionaries(
    {
        "kind": st.just("wait"),
        "by": st.sampled_from((None, "ceo", "astronaut")),
        "until": st.sampled_from(("2 school days after opened", "on 2027-04-01", None)),
        "match": st.booleans(),
        "several": st.booleans(),
    }
)
_call = st.fixed_dictionaries(
    {
        "kind": st.just("call"),
        "activity": st.sampled_from([*sorted(ACTIVITIES), "slow", "unknown"]),
        "on_failure": st.sampled_from(("ask", "go on")),
    }
)
_run = st.fixed_dictionaries(
    {
        "kind": st.just("run"),
        "process": st.sampled_from(("sign", "broken")),
        "key": st.sampled_from(("one", "two")),
        "wait": st.booleans(),
        "cancel": st.sampled_from((None, "with parent", "never")),
        "on_failure": st.sampled_from(("ask", "go on")),
    }
)
#: Kinds with nothing to draw.
_PLAIN = (
    {"kind": "set"},
    {"kind": "notify"},
    {"kind": "decide"},
    {"kind": "record"},
    {"kind": "end"},
)
_leaf = _task | _task | _wait | _call | st.sampled_from(_PLAIN)


def _composite(inner: st.SearchStrategy[Plan]) -> st.SearchStrategy[Plan]:
    block = st.lists(inner, min_size=1, max_size=3)
    for_each = {
        "kind": st.just("for_each"),
        "members": st.integers(0, 3),
        "child": st.booleans(),
        "join": st.sampled_from(JOIN),
        "until": st.sampled_from((None, "3 school days after opened")),
        "schools": st.booleans(),
        "steps": block,
    }
    repeat = {"kind": st.just("repeat"), "at_most": st.integers(1, 3), "early": st.booleans(), "steps": block}
    choose = {
        "kind": st.just("choose"),
        "which": st.integers(0, 2),
        "cases": st.lists(block, min_size=2, max_size=2),
    }
    parallel = {
        "kind": st.just("parallel"),
        "branches": st.lists(block, min_size=1, max_size=3),
        "join": st.sampled_from(JOIN),
    }
    return st.one_of(*(st.fixed_dictionaries(each) for each in (for_each, repeat, choose, parallel)))


def programs() -> st.SearchStrategy[Program]:
    """Compiled definitions; some run the others of `processes`."""
    blocks = st.lists(st.recursive(_leaf | _run, _composite, max_leaves=6), min_size=1, max_size=3)
    return blocks.map(_program)


def _program(blocks: list[Plan]) -> Program:
    steps = steps_of(blocks, count(1))
    return compile_definition(
        Definition.model_validate(
            {
                "process": "generated",
                "version": 1,
                "title": "Generated",
                "purpose": "To be tested.",
                "owner": "school-improvement-officer",
                "confidentiality": "trust",
                "retention": "plans",
                "key": "only",
                "name": "The generated one",
                "on": {
                    **_coming_and_going(steps),
                    "trust-closed": {"do": "cancel"},
                    "school-away": {
                        "of": "school",
                        "by": "headteacher at school",
                        "do": "stop the clock",
                        "until": "school-back",
                    },
                    "review-opened": {
                        "of": "school",
                        "do": "defer",
                        "at_most": "4 school days",
                        "until": "review-closed",
                    },
                    "hall-closed": {"of": "school", "do": "stop the clock", "at_most": "3 school days"},
                    "person-moved": {"of": "person", "do": "reassign", "to": "headteacher at school or ceo"},
                    "question-came": {
                        "do": "ask",
                        "steps": [
                            {
                                "task": "beside",
                                "title": "Answer {{ reason }}",
                                "who": "ceo",
                                "due": "1 day after opened",
                            }
                        ],
                    },
                },
                "values": {
                    "school": "ash",
                    "place": "ash",
                    "year": "Y2",
                    "someone": "p-0003",
                    "number": 0,
                    "seen": SEEN,
                },
                "steps": steps,
                "outcomes": {
                    "high": {"when": "number > 2", "title": "High", "reports": {"number": "number"}},
                    "done": {"title": "Done"},
                },
            }
        )
    )


def _coming_and_going(steps: list[Plan]) -> Plan:
    """Schools join and leave the first for-each, where there is one."""
    loop = next((step["for_each"] for step in steps if "for_each" in step), None)
    does = {"school-joined": "join", "school-left": "leave"}
    return {event: {"of": "school", "do": do, "for_each": loop} for event, do in does.items() if loop}


def processes() -> dict[str, Program]:
    """What the definitions run: one that a person signs, and one that cannot begin."""
    return {key: _run_by_others(key, who) for key, who in (("sign", "ceo"), ("broken", "the person nobody"))}


def _run_by_others(key: str, who: str) -> Program:
    header = {
        "process": key,
        "version": 1,
        "title": key,
        "purpose": "To be run by others.",
        "owner": "school-improvement-officer",
        "confidentiality": "trust",
        "retention": "plans",
        "key": "{{ tag }}",
        "name": "{{ tag }}",
        "inputs": {"tag": {"type": "text"}},
        "values": {"nobody": None},
        "outcomes": {"done": {"title": "Done"}},
    }
    steps = [{"task": "sign_it", "title": "Sign", "who": who}]
    return compile_definition(Definition.model_validate({**header, "steps": steps}))
