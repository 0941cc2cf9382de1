"""A bulletin in words, for the chats: what has come up, where to look, and nothing about anybody."""

from activities.channels import Letter

#: Where the kind in plain words would not do.
_HEADINGS = {
    "address-failed": "Mail to somebody comes back",
    "notification-requested": "There is news of a cycle",
    "task-opened": "A task is waiting",
    "task-again": "Work has come back",
    "task-reassigned": "A task was passed on",
    "task-resumed": "A task has come back",
    "task-reminded": "A task is due soon",
    "task-overdue": "A task is overdue",
    "task-escalated": "An overdue task needs attention",
}


def heading(letter: Letter) -> str:
    """One line that says what has come up."""
    return _HEADINGS.get(letter.kind) or letter.kind.replace("-", " ").capitalize()


def facts(letter: Letter) -> list[tuple[str, str]]:
    """What is known, each with its label."""
    known = letter.bulletin
    if known is None:
        return []
    said = {
        "Cycle": known.instance,
        "Stage": known.stage,
        "Asked of": _counted(known.people, "person", "people"),
        "School days late" if known.late else "School days left": _number(known.days),
    }
    return [(label, value) for label, value in said.items() if value]


def command(letter: Letter) -> str:
    """What to type to read more."""
    known = letter.bulletin
    if known is None:
        return "termwise tasks"
    if letter.kind == "address-failed":
        return "termwise bounces"
    return f"termwise tasks show {known.task}" if known.task else f"termwise show {known.instance}"


def _counted(number: int | None, one: str, several: str) -> str | None:
    return None if number is None else f"{number} {one if number == 1 else several}"


def _number(number: int | None) -> str | None:
    return None if number is None else str(number)
