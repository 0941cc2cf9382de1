"""Each kind of event about an instance or its steps as a sentence."""

from functools import singledispatchmethod

from pydantic import JsonValue

from engine import addresses
from engine.dates import say_day
from engine.events import (
    Awaited,
    BranchChosen,
    CallFailed,
    CallFinished,
    CallRequested,
    ChildEnded,
    ChildStarted,
    ChildWithdrawn,
    DecisionMade,
    Event,
    EventRaised,
    FactRecorded,
    ForEachOpened,
    InstanceCancelled,
    InstanceEnded,
    InstanceMigrated,
    InstanceRenewed,
    InstanceStarted,
    Joined,
    MatterOpened,
    MemberJoined,
    MemberLeft,
    NotificationRequested,
    QuorumReached,
    RoundStarted,
    RunFailed,
    RunFinished,
    RunRequested,
    RunWithdrawn,
    StepsFinished,
    ValuesSet,
    WaitEnded,
    WaitOpened,
)
from engine.raising import said
from reports.names import Names, plain


class InstanceSentences(Names):
    """Says events of instances and steps."""

    @singledispatchmethod
    def say(self, event: Event) -> str | None:
        """The sentence, without its full stop; none for what means nothing to people."""
        del event
        return None

    @say.register
    def _(self, event: InstanceStarted) -> str:
        return f"{event.name} began" if event.parent else f"{self.person(event.by)} started {event.name}"

    @say.register
    def _(self, event: InstanceEnded) -> str:
        reported = "; ".join(f"{plain(name)}: {_value(value)}" for name, value in event.reported.items())
        return f"it ended: {event.title}" + (f" ({reported})" if reported else "")

    @say.register
    def _(self, event: InstanceCancelled) -> str:
        return f"{self.person(event.by)} cancelled it: {event.reason}"

    @say.register
    def _(self, event: InstanceMigrated) -> str:
        what = (
            f"to version {event.version} of {event.title}"
            if event.was != event.definition
            else "to the people and dates of today"
        )
        return f"{self.person(event.by)} moved it {what}: {event.reason}"

    @say.register
    def _(self, event: InstanceRenewed) -> str:
        del event
        return "it goes on with the people and dates of today"

    @say.register
    def _(self, event: RoundStarted) -> str | None:
        return f"round {event.round} of {plain(event.step)} began" if event.round > 1 else None

    @say.register
    def _(self, event: WaitOpened) -> str | None:
        until = f", until {say_day(event.until.on)}" if event.until else ""
        plain_one = (Awaited(event=event.event, raised_by=event.raised_by),) if event.event else ()
        told = [
            # Where nobody is named, the owner may.
            f"{self.people(each.raised_by) if each.raised_by else 'the owner'} may raise {said(each)}"
            for each in event.awaited or plain_one
        ]
        return f"{'; '.join(told)}{until}" if told else None

    @say.register
    def _(self, event: WaitEnded) -> str | None:
        if not event.happened:
            return None
        what = f"{event.event}, which was waited for" if event.event else "what was waited for"
        values = f" ({_values(event.values)})" if event.values else ""
        return f"{self.person(event.by)} raised {what}{values}: {event.reason}"

    @say.register
    def _(self, event: EventRaised) -> str:
        whom = self.at(event.subject) if event.of == "school" else ""
        whom = f" of {self.person(event.subject)}" if event.of == "person" else whom
        return f"{self.person(event.by)} raised {event.event}{whom} ({event.do}): {event.reason}"

    @say.register
    def _(self, event: MatterOpened) -> str:
        return f"steps for {event.event} began beside the others"

    @say.register
    def _(self, event: StepsFinished) -> str:
        del event
        return "all steps are finished but those that began beside them"

    @say.register
    def _(self, event: ChildStarted) -> str:
        return f"the part {_part(event.child)} began, an instance of its own"

    @say.register
    def _(self, event: ChildEnded) -> str:
        return f"the part {_part(event.child)} is finished"

    @say.register
    def _(self, event: CallRequested) -> str:
        again = f", attempt {event.attempt}" if event.attempt > 1 else ""
        return f"{event.activity} was called{again}: {plain(event.step)}"

    @say.register
    def _(self, event: CallFinished) -> str:
        return f"{_step(event.address)} was answered"

    @say.register
    def _(self, event: CallFailed) -> str:
        return f"{_step(event.address)} did not succeed: {event.why}"

    @say.register
    def _(self, event: RunRequested) -> str:
        return f"{event.child} was to be started: {plain(event.step)}"

    @say.register
    def _(self, event: RunFinished) -> str:
        return f"{event.child}: {plain(event.outcome)}"

    @say.register
    def _(self, event: RunFailed) -> str:
        return f"{event.child} could not be started: {event.why}"

    @say.register
    def _(self, event: RunWithdrawn) -> str:
        return f"{event.child} is not waited for any more: {event.reason}"

    @say.register
    def _(self, event: NotificationRequested) -> str:
        return f"a message to {self.people(event.to)}: {event.subject}"

    @say.register
    def _(self, event: ForEachOpened) -> str:
        return f"{plain(event.step)}: {len(event.items)} at once"

    @say.register
    def _(self, event: MemberJoined) -> str:
        return f"{self.person(event.by)} added {event.item.key} to {plain(event.step)}: {event.reason}"

    @say.register
    def _(self, event: MemberLeft) -> str:
        return f"{self.person(event.by)} took {event.key} out of {plain(event.step)}: {event.reason}"

    @say.register
    def _(self, event: Joined) -> str:
        without = f", without {', '.join(map(plain, event.missing))}" if event.missing else ""
        return f"{plain(event.step)} went on{without}: {event.because}"

    @say.register
    def _(self, event: QuorumReached) -> str:
        back = "; the work goes back" if event.returned_to else ""
        return f"{plain(event.step)} was decided, {plain(event.outcome)}: {event.because}{back}"

    @say.register
    def _(self, event: ChildWithdrawn) -> str:
        return f"the part {_part(event.child)} was withdrawn: {event.reason}"

    @say.register
    def _(self, event: BranchChosen) -> str:
        return f"{plain(event.step)}: {event.because}"

    @say.register
    def _(self, event: ValuesSet) -> str:
        return "; ".join(f"{plain(name)} is {_value(value)}" for name, value in event.values.items())

    @say.register
    def _(self, event: DecisionMade) -> str:
        return f"decided: {plain(event.step)} is {_values(event.gives)} ({event.because})"

    @say.register
    def _(self, event: FactRecorded) -> str:
        told = f": {_values(event.values)}" if event.values else ""
        return f"recorded: {event.type}{self.at(event.school)}{told}"


def _step(address: str) -> str:
    return plain(addresses.name_of(address))


def _part(child: str) -> str:
    return child.rpartition("/")[2]


def _value(value: JsonValue) -> str:
    return f"a list of {len(value)}" if isinstance(value, list) else str(value)


def _values(given: JsonValue) -> str:
    if not isinstance(given, dict):
        return _value(given)
    return ", ".join(f"{plain(name)} {_value(value)}" for name, value in given.items())
