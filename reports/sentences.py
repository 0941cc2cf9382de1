"""Each kind of event as a sentence with names, reasons and days."""

from engine.events import BranchChosen, ChildStarted, Event, ForEachOpened, InstanceRenewed, ValuesSet
from engine.people import Directory
from reports.instance_sentences import InstanceSentences
from reports.task_sentences import TaskSentences

#: What follows by itself from something that is told anyway.
OF_COURSE = (ForEachOpened, BranchChosen, ValuesSet, ChildStarted, InstanceRenewed)


class Sentences:
    """Says events. Must have heard of a task's opening to call it by its title."""

    def __init__(self, directory: Directory) -> None:
        self._of_tasks = TaskSentences(directory)
        self._of_instances = InstanceSentences(directory)

    def hear(self, event: Event) -> None:
        """Remember what later sentences speak of."""
        self._of_tasks.hear(event)

    def step(self, task: str) -> str:
        """The step of a task that was heard of."""
        return self._of_tasks.step(task)

    def title(self, task: str) -> str:
        """A task by its title and school."""
        return self._of_tasks.task(task)

    def say(self, event: Event) -> str | None:
        """The sentence, without its full stop; none for what means nothing to people."""
        said = self._of_tasks.say(event)
        return self._of_instances.say(event) if said is None else said
