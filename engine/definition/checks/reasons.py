"""Ways back that nobody could count by their reason."""

from collections.abc import Iterator

from engine.definition.checks.examined import Examined
from engine.definition.model import TaskStep
from engine.definition.problems import Problem
from engine.definition.replies import replied_to

RULE = "reasons-without-codes"


def check(seen: Examined) -> Iterator[Problem]:
    """Outcomes that send work back without coded reasons: reports could only say that it happened, not why."""
    for node in seen.steps.values():
        # The outcomes of a right of reply stand in no file.
        outcomes = node.spec.outcomes if isinstance(node.spec, TaskStep) and not replied_to(node) else {}
        for name, outcome in outcomes.items():
            if outcome and outcome.return_to and not outcome.reasons:
                message = (
                    f"{name!r} sends work back without coded reasons; list them under `reasons`, "
                    "so that reports can say why and how often"
                )
                place = (*node.path, "outcomes", name)
                yield Problem(place, message, at_key=True, rule=RULE, warning=True)
