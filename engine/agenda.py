"""When time matters to an instance: what falls due, by instant. Values: nothing is changed in place."""

from datetime import datetime

from immutables import Map

#: What falls due: the key is a task id or an address, with the place in the task's ladder.
Agenda = Map[datetime, Map[tuple[str, int], None]]


def enter(agenda: Agenda, at: datetime, key: tuple[str, int]) -> Agenda:
    """The agenda with this entry."""
    return agenda.set(at, agenda.get(at, Map()).set(key, None))


def leave(agenda: Agenda, at: datetime, key: tuple[str, int]) -> Agenda:
    """The agenda without this entry, which need not be there."""
    due = agenda.get(at)
    if due is None or key not in due:
        return agenda
    rest = due.delete(key)
    return agenda.set(at, rest) if rest else agenda.delete(at)
