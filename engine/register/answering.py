"""Who answers for a person in the register: themselves, their line manager, the head of a school of theirs."""

from datetime import date, datetime

from engine.errors import NotAllowedError, RefusedError
from engine.people import Directory
from engine.register.authority import ADMINISTRATORS, is_administrator, name_of
from engine.register.register import Register
from engine.timezone import local_date

HEAD = "headteacher"


def answers_for(directory: Directory, by: str, person: str, on: date) -> bool:
    """Whether `by` is the person, their line manager on that day, or the head of a school where they hold a post."""
    return (
        by == person
        or directory.line_manager(person, on) == by
        or any(directory.holds(by, HEAD, on, school) for school in directory.schools_of(person, on))
    )


def may_read(directory: Directory, reader: str, person: str, on: date) -> bool:
    """Whether the reader answers for the person or administers the trust, so may know what is personal."""
    administers = any(directory.holds_for_trust(reader, role, on) for role in ADMINISTRATORS)
    here = directory.at_work(reader, on)
    return here and (administers or answers_for(directory, reader, person, on))


def require_answering(register: Register, by: str, person: str, at: datetime, what: str) -> None:
    """Refuse unless `by` answers for the person, or administers the trust. Raises UnknownNameError for a stranger."""
    directory, today = register.directory, local_date(at)
    directory.person(person)
    if is_administrator(register, by, at) or (
        by in register.people and directory.at_work(by, today) and answers_for(directory, by, person, today)
    ):
        return
    raise NotAllowedError(
        f"{name_of(register, by)} may not {what}: that is for {name_of(register, person)}, their line manager, "
        "the headteacher of their school or an administrator of the trust"
    )


def refuse_backwards(since: date, last: date | None, what: str) -> None:
    """Refuse what would end before it begins."""
    if last is not None and last < since:
        raise RefusedError(
            f"{what} would end on {last:%d %b %Y}, before it begins on {since:%d %b %Y}; give a later last day"
        )


def last_day(since: date, until: date | None, given: date | None, at: datetime, what: str) -> date:
    """The day after which something is over: the given one, else the day before today.

    Refused for what is over already, and for a day in the past: what was done meanwhile was allowed.
    """
    today = local_date(at)
    if until is not None and until < today:
        raise RefusedError(f"{what} is over since {until:%d %b %Y}")
    last = given or date.fromordinal(today.toordinal() - 1)
    yesterday = today.toordinal() - 1
    if last.toordinal() < yesterday:
        raise RefusedError(f"{what} was in force until today; give today or a later last day, or none")
    # What has not begun never comes into force.
    return max(last, date.fromordinal(since.toordinal() - 1))
