"""Deadlines that lie before the work begins."""

from collections.abc import Iterator

from engine.definition.checks.examined import Examined
from engine.definition.problems import Problem
from engine.definition.program import Block, Node
from engine.due_rules import DueRule

RULE = "deadline-before-start"
_KEYS = {"task": "due", "wait": "until", "for_each": "until"}


def check(seen: Examined) -> Iterator[Problem]:
    """Deadlines before the work opens, and before the deadline of the work that comes first."""
    for node in seen.steps.values():
        if node.due and node.kind in _KEYS and (why := _too_early(seen, node, node.due)):
            yield Problem((*node.path, _KEYS[node.kind]), why, rule=RULE)
    for block in seen.blocks():
        yield from _out_of_order(block)


def _too_early(seen: Examined, node: Node, rule: DueRule) -> str | None:
    """Why the deadline is always before the step begins; none when it need not be."""
    if rule.alternative and _too_early(seen, node, rule.alternative) is None:
        return None
    if rule.count >= 0 or rule.edge or rule.name is None:
        return None
    root, _, rest = rule.name.partition(".")
    if rule.name == "opened":
        return f"{rule.text!r} is before the step begins; count after `opened`"
    if rule.name == "start":
        return f"{rule.text!r} is before the cycle begins; count after `start`"
    if rest == "done" and root in seen.steps and root in node.names:
        return f"{rule.text!r} is before the step begins, for {root!r} is done by then; count after it"
    return None


def _out_of_order(block: Block) -> Iterator[Problem]:
    before: dict[tuple[object, ...], Node] = {}
    for node in block.steps:
        rule = node.due
        # What counts from its own opening is never before what opened earlier.
        if node.kind != "task" or rule is None or rule.alternative or rule.name == "opened":
            continue
        anchor = (rule.name, rule.edge, rule.unit if rule.count else None, rule.day)
        for known, earlier in before.items():
            if _same(known, anchor) and earlier.due and rule.count < earlier.due.count:
                message = (
                    f"{rule.text!r} is before {earlier.due.text!r}, "
                    f"when {earlier.id!r}, which comes first, is due"
                )
                yield Problem((*node.path, "due"), message, rule=RULE, warning=True)
                break
        before[anchor] = node


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether two rules count from the same day in the same unit; a count of nothing has every unit."""
    return one[:2] == other[:2] and one[3] == other[3] and (None in {one[2], other[2]} or one[2] == other[2])
