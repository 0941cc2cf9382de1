"""The steps of invented definitions, made of what was drawn for each."""

from collections.abc import Callable
from itertools import count
from typing import Any

Plan = dict[str, Any]
CODES = {"unclear": "It is not clear", "away": "Nobody is there"}
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


def steps_of(plans: list[Plan], numbers: "count[int]") -> list[Plan]:
    """The steps of a block, in their order; those that others may name get numbers of their own."""
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
    steps = steps_of(plan["steps"], numbers)
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
        "steps": steps_of(plan["steps"], numbers),
    }


def _make_choose(plan: Plan, name: str, before: list[Plan], numbers: "count[int]") -> Plan:
    cases = [
        {"when": str(plan["which"] == number).lower(), "steps": steps_of(steps, numbers)}
        for number, steps in enumerate(plan["cases"])
    ]
    return {"choose": name, "cases": cases}


def _make_parallel(plan: Plan, name: str, before: list[Plan], numbers: "count[int]") -> Plan:
    branches = {f"branch_{next(numbers)}": steps_of(steps, numbers) for steps in plan["branches"]}
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
