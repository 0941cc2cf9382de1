"""Steps and ends that no cycle ever comes to."""

from collections.abc import Iterator

from engine.definition.checks.examined import Examined
from engine.definition.model import ChooseStep, EndStep
from engine.definition.problems import Problem
from engine.definition.program import Block, Node
from engine.expressions import Expression

RULE = "unreachable"


def check(seen: Examined) -> Iterator[Problem]:
    """Steps behind an end, cases that never hold or are never asked, outcomes that are never the first to hold."""
    for block in seen.blocks():
        yield from _behind_an_end(block)
    for node in seen.steps.values():
        if isinstance(node.spec, ChooseStep):
            yield from _cases(node, node.spec)
    yield from _outcomes(seen)


def _behind_an_end(block: Block) -> Iterator[Problem]:
    for node in block.steps:
        if node.following and ends(node):
            message = f"this step is never reached: the step before it, {node.id!r}, always ends the cycle"
            yield Problem((*node.following.path, node.following.kind), message, rule=RULE, warning=True)


def ends(node: Node) -> bool:
    """Whether this step always ends the cycle."""
    if isinstance(node.spec, EndStep):
        return True
    exhaustive = not isinstance(node.spec, ChooseStep) or node.spec.cases[-1].when is None
    each = [any(map(ends, block.steps)) for block in node.blocks]
    match node.kind:
        case "choose":
            return exhaustive and bool(each) and all(each)
        case "repeat" | "parallel":
            return any(each)
        case _:
            return False


def _cases(node: Node, spec: ChooseStep) -> Iterator[Problem]:
    held = None
    for number, case in enumerate(spec.cases):
        place = (*node.path, "cases", number, "when") if case.when else (*node.path, "cases", number)
        if held is not None:
            message = f"this case is never reached: case {held + 1} before it always holds"
            yield Problem(place, message, rule=RULE, warning=True)
            continue
        always = constant(node.expressions.get(f"when.{number}"))
        if always is False:
            yield Problem(place, "this case never holds", rule=RULE, warning=True)
        if always is True:
            held = number


def _outcomes(seen: Examined) -> Iterator[Problem]:
    named = {node.spec.end for node in seen.steps.values() if isinstance(node.spec, EndStep)}
    certain = None
    for name, outcome in seen.definition.outcomes.items():
        never = outcome.when is not None and outcome.when.strip() == "false"
        if (certain or never) and name not in named:
            why = f"{certain!r} before it always holds" if certain else "its condition never holds"
            message = f"this outcome is never reached: {why}, and no `end` names it"
            yield Problem(("outcomes", name), message, at_key=True, rule=RULE, warning=True)
        if outcome.when is not None and outcome.when.strip() == "true":
            certain = certain or name


def constant(expression: Expression | None) -> bool | None:
    """What a condition that reads nothing always gives; none when it depends on something, or takes long."""
    if expression is None or expression.names or not expression.is_cheap:
        return None
    found = expression.evaluate({})
    return found if isinstance(found, bool) else None
