"""What the log of a moderation cycle says, as the facts of its report."""

from collections import Counter
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from engine.events import TaskCompleted, TaskOpened, TaskReturned, WaitEnded
from reports.cycle import Cycle
from reports.moderation import ModeratedItem, ModerationInput, Return, SignOff

NOT_JUDGED = ("PK1", "PK2", "PK3", "PK4", "PK5", "PK6", "EM", "A", "L", "F", "P")
Row = Mapping[str, object]


def moderation_facts(cycle: Cycle) -> ModerationInput:
    """The facts as the log of the cycle has them. Judgements and sign-offs that do not exist yet are simply absent."""
    inputs = cycle.root.started.inputs
    judgements = _rows(cycle.value("judgements"))
    opened = {event.task: event for event in cycle.events(TaskOpened)}
    return ModerationInput(
        title=cycle.root.started.name,
        cycle=cycle.root.instance,
        half_term=str(inputs.get("half_term", "")),
        subject=str(inputs.get("subject", "")),
        as_known_on=cycle.known_on,
        schools={key: cycle.world.directory.school(key).name for key in cycle.root.started.schools},
        items=tuple(ModeratedItem.model_validate(_item(row)) for row in _rows(cycle.value("moderated"))),
        cohort_sizes=_sizes(judgements),
        not_judged=_not_judged(judgements),
        returned=tuple(_returned(event, opened[event.task]) for event in cycle.events(TaskReturned)),
        sign_offs=tuple(_sign_offs(cycle, opened)),
        late=sum(event.late for event in cycle.events(TaskCompleted)),
        appeals=sum(event.happened for event in cycle.events(WaitEnded)),
    )


def _rows(value: object) -> list[Row]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _item(row: Row) -> dict[str, object]:
    return {name: row.get(name) for name in ModeratedItem.model_fields}


def _sizes(judgements: list[Row]) -> dict[str, dict[str, int]]:
    sizes: dict[str, dict[str, int]] = {}
    for row in judgements:
        cohort = sizes.setdefault(str(row["school"]), {})
        cohort[str(row["year_group"])] = cohort.get(str(row["year_group"]), 0) + 1
    return sizes


def _not_judged(judgements: list[Row]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for row in judgements:
        if row["value"] in NOT_JUDGED:
            counts.setdefault(str(row["year_group"]), Counter())[str(row["value"])] += 1
    return {year: dict(codes) for year, codes in counts.items()}


def _returned(event: TaskReturned, task: TaskOpened) -> Return:
    return Return(
        school=task.school or "", year_group=task.year_group or "", round=task.round, reason=event.reason
    )


def _sign_offs(cycle: Cycle, opened: Mapping[str, TaskOpened]) -> list[SignOff]:
    completed = [(event, opened[event.task]) for event in cycle.events(TaskCompleted)]
    receipts = {
        task.school: str(event.values.get("receipt")) for event, task in completed if task.step == "submit"
    }
    zone = ZoneInfo(cycle.world.calendar.time_zone)
    return [
        SignOff(
            school=task.school or "",
            by_role=task.role,
            at=event.at.astimezone(zone),
            receipt=receipts.get(task.school),
        )
        for event, task in completed
        if task.step == "sign_off" and event.outcome == "signed"
    ]
