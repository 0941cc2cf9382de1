"""What became of records, one sentence for each fact."""

from engine.people import Directory
from engine.register.record_facts import HoldLifted, HoldPlaced, PersonErased, RecordsDisposed, RetentionSet
from reports.names import name
from reports.register_sentences import say
from reports.wording import day


@say.register
def _placed(fact: HoldPlaced, directory: Directory) -> str:
    hold = fact.hold
    what = f"what is kept of {name(directory, hold.person)}" if hold.person else f"the cycle {hold.cycle}"
    return f"{what} is held ({hold.id}): nothing of it may be erased or disposed of"


@say.register
def _lifted(fact: HoldLifted, directory: Directory) -> str:
    del directory
    return f"the hold {fact.hold} is lifted"


@say.register
def _erased(fact: PersonErased, directory: Directory) -> str:
    del directory
    return f"what was personal of {fact.person} is erased"


@say.register
def _retention(fact: RetentionSet, directory: Directory) -> str:
    del directory
    return f"records of the class {fact.retention} are kept {fact.period.in_words()}"


@say.register
def _disposed(fact: RecordsDisposed, directory: Directory) -> str:
    del directory
    gone = fact.disposed
    return (
        f"the content of {gone.cycle} is disposed of: {gone.retention}, closed on {day(gone.closed)}, "
        f"kept until {day(fact.kept_until)}"
    )
