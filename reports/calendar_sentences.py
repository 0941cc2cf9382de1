"""What changed about the calendar, in a sentence."""

from engine.people import Directory
from engine.register.calendar_facts import CalendarChanged
from reports.register_sentences import say

#: How many days one sentence tells.
_SHOWN = 5


@say.register
def _(fact: CalendarChanged, directory: Directory) -> str:
    del directory
    if not fact.name:
        return "the calendar is another"
    told = "; ".join(fact.changes[:_SHOWN])
    more = f"; and {len(fact.changes) - _SHOWN} more" if len(fact.changes) > _SHOWN else ""
    which = f"version {fact.number} of the calendar {fact.name} is in force"
    return f"{which}: {told}{more}" if told else which
