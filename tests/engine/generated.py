"""Small definitions of every construct, nested at random; each can be played to its end."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from hypothesis import strategies as st
from pydantic import JsonValue

from engine.definition.compiler import compile_definition
from engine.definition.model import Definition
from engine.definition.program import Program
from engine.errors import TermwiseError
from engine.playing import Activity

Plan = dict[str, Any]
WHO = ("ceo", "headteacher at place", "class-teacher of year at place", "astronaut", "the person someone")
CODES = {"unclear": "It is not clear", "away": "Nobody is there"}
SEEN = {"table": {"place": {"type": "text"}}, "default": []}
QUORUM = ("any", "any", "all", "all responded", "2", "50%")
JOIN = ("all", "all", "any", "2", "50%")
DUE: tuple[str | None, ...] = (
    None,
    "3 school days after opened",
    "on 2027-04-21",
    "5 school days after start",
)
FORM = {
    "amount": {"type": "integer", "at_least": 0},
    "why": {"type": "text", "when": "amount > number + 10"},
    "rows": {
        "table": {"cost": {"type": "money"}, "twice": {"type": "money", "value": "cost * 2"}},
        "required": False,
        "rules": [{"check": "twice < 100", "message": "Too much"}],
    },
    "total": {"type": "money", "value": "sum(rows.map(r, r.twice)) + amount"},
}


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
    steps = _steps(blocks, count(1))
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


def _steps(plans: list[Plan], numbers: "count[int]") -> list[Plan]:
    steps: list[Plan] = []
    for plan in plans:
        name = f"{plan['kind']}_{next(numbers)}"
        step = _MAKE[plan["kind"]](plan, name, steps, numbers)
        steps.append(step)
        if "for_each" in step:
            steps.append({"set": {f"read_{name}": _what_members_left(step)}})
    return steps


def _what_members_left(loop: Plan) -> str:
    """Reads of each member what its tasks left, where it came to them."""
    parts = [f"m.{name} == null ? [] : [m.{name}.outcome, m.{name}.by]" for name in _tasks(loop["steps"])]
    parts += [
        f"m.{step['task']} == null ? [] : [m.{step['task']}.amount]"
        for step in loop["steps"]
        if "form" in step
    ]
    return f"{loop['for_each']}.map(m, [{', '.join(['m.member', *parts])}])"


def _tasks(steps: list[Plan]) -> list[str]:
    return [
        name
        for step in steps
        if "task" in step
        for name in (step["task"], *([f"{step['task']}_reply"] if "reply" in step else ()))
    ]


def _make_task(plan: Plan, name: str, before: list[Plan], numbers: "count[int]") -> Plan:
    named = [value for step in before for kind, value in step.items() if kind in _NAMED]
    tasks = [step["task"] for step in before if "task" in step]
    step: Plan = {"task": name, "title": f"Do {name} in {{{{ place }}}}", "who": plan["who"]}
    step["quorum"] = plan["quorum"]
    if plan["due"]:
        own = {"own": {2: "line-manager", 4: "headteacher at place"}, "none": "none"}
        step |= {"due": plan["due"]}
        step |= {"escalate": own[plan["ladder"]]} if plan["ladder"] in own else {}
    step |= dict.fromkeys(plan["aside"], CODES)
    if plan["reply"]:
        step["reply"] = {"who": plan["who"], "due": "2 school days after opened", "at_most": plan["reply"]}
    if plan["back"] and named:
        back = {"return_to": named[0], "at_most": 2, "at_limit": plan["at_limit"]}
        step["outcomes"] = {"on": None, "back": back | ({"reasons": CODES} if plan["coded"] else {})}
    if plan["due"] and plan["unanswered"]:
        step.pop("escalate", None)
        step.setdefault("outcomes", {"on": None})
        step["unanswered"] = "on"
    if plan["carries"] and plan["quorum"] != "any" and "outcomes" in step:
        step["carries"] = list(step["outcomes"])[-1]
    if plan["four_eyes"] and tasks:
        step["not_done_by"] = tasks[-1] if plan["coded"] else tasks[-2:]
    if plan["form"]:
        step["form"] = FORM
        step["rules"] = [{"check": "amount < 1000", "message": "Too much", "at": "amount"}]
    return step


def _make_wait(plan: Plan, name: str, before: list[Plan], numbers: "count[int]") -> Plan:
    step: Plan = {"wait": name}
    match = {"match": {"place": "place", "number": "number"}} if plan["match"] else {}
    if plan["by"] and plan["several"]:
        step["events"] = {"something": {"by": plan["by"], **match}, "something-else": {}}
    elif plan["by"]:
        step |= {"event": "something", "by": plan["by"], **match}
    if plan["until"] or not plan["by"]:
        step["until"] = plan["until"] or "1 school day after opened"
    return step


def _make_repeat(plan: Plan, name: str, before: list[Plan], numbers: "count[int]") -> Plan:
    steps = _steps(plan["steps"], numbers)
    return {
        "repeat": name,
        "at_most": plan["at_most"],
        "until": "number > 0" if plan["early"] else "false",
        "steps": steps,
    }


def _make_for_each(plan: Plan, name: str, before: list[Plan], numbers: "count[int]") -> Plan:
    members = [f"m{number}" for number in range(plan["members"])]
    run = "as child instances" if plan["child"] else "in this instance"
    until = {"until": plan["until"]} if plan["until"] else {}
    return {
        "for_each": name,
        "over": {"member": str(members)},
        "run": run,
        "join": plan["join"],
        **until,
        **({"school": "member == 'm1' ? 'beech' : 'ash'"} if plan["schools"] else {}),
        "steps": _steps(plan["steps"], numbers),
    }


def _make_choose(plan: Plan, name: str, before: list[Plan], numbers: "count[int]") -> Plan:
    cases = [
        {"when": str(plan["which"] == number).lower(), "steps": _steps(steps, numbers)}
        for number, steps in enumerate(plan["cases"])
    ]
    return {"choose": name, "cases": cases}


def _make_parallel(plan: Plan, name: str, before: list[Plan], numbers: "count[int]") -> Plan:
    branches = {f"branch_{next(numbers)}": _steps(steps, numbers) for steps in plan["branches"]}
    return {"parallel": name, "branches": branches, "join": plan["join"]}


def _make_set(plan: Plan, name: str, before: list[Plan], numbers: "count[int]") -> Plan:
    return {
        "set": {"number": "number + 1", "seen": "seen + [{'place': place}]", f"v_{name}": "[place, year]"}
    }


def _make_notify(plan: Plan, name: str, before: list[Plan], numbers: "count[int]") -> Plan:
    return {"notify": name, "to": "ceo", "subject": "Number {{ number }}", "body": "In {{ place }}"}


def _make_decide(plan: Plan, name: str, before: list[Plan], numbers: "count[int]") -> Plan:
    rows = [
        {"number": "< 1", "place": ["ash", "beech"], "gives": {"size": 0, "where": "='at ' + place"}},
        {"number": "1..2", "gives": {"size": "=number", "where": "there"}},
        {"gives": {"size": 3, "where": "= place"}},
    ]
    return {"decide": name, "given": {"number": "number", "place": "place"}, "table": rows}


def _make_record(plan: Plan, name: str, before: list[Plan], numbers: "count[int]") -> Plan:
    return {"record": name, "type": "something-seen", "values": {"number": "number", "place": "place"}}


_NAMED = frozenset(
    {"run", "call", "task", "wait", "repeat", "for_each", "choose", "parallel", "decide", "record"}
)


def _make_run(plan: Plan, name: str, before: list[Plan], numbers: "count[int]") -> Plan:
    step = {
        "run": name,
        "process": plan["process"],
        "set": {"tag": f"'{plan['key']}'"},
        "wait": plan["wait"],
        "on_failure": plan["on_failure"],
    }
    return {**step, **({"cancel": plan["cancel"]} if plan["cancel"] else {})}


def _make_call(plan: Plan, name: str, before: list[Plan], numbers: "count[int]") -> Plan:
    given = {"place": "place", "number": "number"}
    return {"call": name, "activity": plan["activity"], "on_failure": plan["on_failure"], "with": given}


def _make_end(plan: Plan, name: str, before: list[Plan], numbers: "count[int]") -> Plan:
    return {"choose": name, "cases": [{"when": "number > 1", "steps": [{"end": "high"}]}]}


_MAKE: dict[str, Callable[..., Plan]] = {
    "run": _make_run,
    "call": _make_call,
    "task": _make_task,
    "wait": _make_wait,
    "repeat": _make_repeat,
    "for_each": _make_for_each,
    "choose": _make_choose,
    "parallel": _make_parallel,
    "set": _make_set,
    "notify": _make_notify,
    "decide": _make_decide,
    "record": _make_record,
    "end": _make_end,
}
