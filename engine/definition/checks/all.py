"""Every check there is. A new one is a module here with a `check`, and a line below."""

from collections.abc import Callable, Iterator

from engine.definition.checks import about, deadlines, personal, reading, reasons, roles, unreachable
from engine.definition.checks.examined import Examined
from engine.definition.problems import Problem

CHECKS: tuple[Callable[[Examined], Iterator[Problem]], ...] = (
    unreachable.check,
    reading.check,
    deadlines.check,
    personal.check,
    reasons.check,
    roles.check,
    about.check,
)

#: What each rule is about, for whoever meets it in a report.
RULES = {
    "invalid": "The definition cannot be used as it stands.",
    unreachable.RULE: "A step, a case or an outcome that no cycle ever comes to.",
    reading.BEFORE: "A value is read where it is still null.",
    reading.UNUSED: "An input or a value that nothing reads.",
    deadlines.RULE: "A deadline before the work begins, or before the work that comes first is due.",
    personal.RULE: "Personal data in an id, a name or a subject.",
    reasons.RULE: "Work is sent back without coded reasons.",
    roles.RULE: "A role that nobody in this trust holds.",
    about.RULE: "Whose records a process makes is not said, or stands for nobody.",
}
