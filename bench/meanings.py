"""What each figure means, in the order of the page, and the aim it is held to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aim:
    """A bound: at most, or at least."""

    bound: float
    at_most: bool

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.bound:g}"

    def met(self, value: float) -> bool:
        """Whether a figure keeps to it."""
        return value <= self.bound if self.at_most else value >= self.bound


@dataclass(frozen=True, slots=True)
class Meaning:
    """A figure in a sentence."""

    text: str
    aim: Aim | None = None


_EVENTS = Aim(6.5, at_most=True)
_TASKS = Aim(0.9, at_most=False)
_CHAIN = "a chain of 60 tasks in 5 stages, each with a form, a deadline, two reminders and an escalation"
_OURS = (
    "Sending a command with the client until it is durable in PostgreSQL, against the same update of a workflow \
written by hand (`bench/handwritten.py`: a lock, a check, the recording; no timer, no search attributes)"
)

MEANINGS: dict[str, Meaning] = {
    "events-per-task": Meaning(
        f"Temporal history events that one more task adds, recording included, in the middle of {_CHAIN}. "
        "People answer at once.",
        _EVENTS,
    ),
    "bytes-per-task": Meaning("The bytes of that history, as Temporal counts them."),
    "events-per-task-all-in": Meaning(
        "The whole history of that chain, start and end included, by its 60 tasks.", _EVENTS
    ),
    "bytes-per-task-all-in": Meaning("Its bytes, by its 60 tasks."),
    "events-per-task-for-each": Meaning(
        "The same for 63 tasks in a for-each: three in a row for 3 schools and 7 year groups each, 21 open.",
        _EVENTS,
    ),
    "bytes-per-task-for-each": Meaning("Its bytes, by its 63 tasks."),
    "events-per-task-over-weeks": Meaning(
        "The chain again over four months of virtual time: everybody takes two days, so timers fire, are armed "
        "again, and reminders are recorded, about one for every two tasks. What only the moving of virtual time leaves "
        "is not counted."
    ),
    "bytes-per-task-over-weeks": Meaning("Its bytes, by its 60 tasks."),
    "task-vs-handwritten": Meaning(
        f"{_OURS} that records with the same activity, our own `record`, the same two events, as a local activity as "
        "we do. One client.",
        _TASKS,
    ),
    "task-vs-handwritten-c8": Meaning(
        "The same with 8 clients at once, each on an instance of its own.", _TASKS
    ),
    "task-vs-plain-activity": Meaning(
        "The same against what one writes first: an ordinary activity that commits one row with asyncpg. One client."
    ),
    "task-rate": Meaning(
        "Tasks completed in a second by one client; client and worker share a process here."
    ),
    "task-rate-c8": Meaning("The same with 8 clients at once."),
    "engine-flatness": Meaning(
        "Whether a command costs more where more is open: the engine's rate at 10 open tasks in one instance over that "
        "at 10,000. The moderation that comes with termwise, its hall full of packs; second judgements that differ and "
        "dialogues that want more evidence, so that as many tasks stay open; decided, and the events folded in.",
        Aim(1.5, at_most=True),
    ),
    "engine-rate-10": Meaning(
        "Commands the engine decides and folds in a second, with 10 open tasks in the instance."
    ),
    "engine-rate-100": Meaning("With 100."),
    "engine-rate-1000": Meaning("With 1,000."),
    "engine-rate-10000": Meaning("With 10,000."),
    "simulate-vs-spiff-10": Meaning(
        "Whole instances played in memory in a second, against SpiffWorkflow (`bench/peers.py`): as many with 10 "
        "manual tasks in a row as with one task for 10 at once. Ours checks who may, keeps every event, and knows "
        "each command again.",
    ),
    "simulate-vs-spiff-200": Meaning("The same with 200 tasks.", Aim(20, at_most=False)),
    "simulate-rate-200": Meaning("Instances of 200 tasks each that we play in a second."),
    "check-time": Meaning(
        "Reading and checking the moderation that comes with termwise, with every check, when its expressions were "
        "compiled before."
    ),
    "load-time": Meaning("Making a worker's program of the pinned text of it, likewise."),
    "pairing-90": Meaning(
        "Pairing 90 schools, each to judge one other, with a distance for every two: no conflict, no pair of last "
        "time, none that judge each other, the fewest miles, each choice explained.",
        Aim(1_000, at_most=True),
    ),
    "pairing-vs-greedy-90": Meaning(
        "The miles of that against giving each school in turn the nearest that is free, in plain Python: below 1 is "
        "fewer. The greedy peer keeps conflicts and last time's pairs, but says nothing of pairs that judge each other."
    ),
    "authority-cost": Meaning(
        "What is added to every command by proving it: its key looked up in PostgreSQL, so that one that was revoked "
        "is refused at once, and its Ed25519 signature checked.",
        Aim(1, at_most=True),
    ),
    "authority-check": Meaning("Of that, the check of the signature and of whose key it is."),
    "inbox-p50-million": Meaning(
        "Asking for one person's open tasks, with those they may claim, where a million tasks are kept and one in ten "
        "is open: half of the times are shorter.",
        Aim(10, at_most=True),
    ),
    "inbox-p99-million": Meaning("One time in a hundred is longer."),
    "inbox-flatness": Meaning(
        "The median of that against the same where a thousand tasks are kept.", Aim(1.5, at_most=True)
    ),
    "append-c1": Meaning(
        "Appends to the log against raw single-row INSERTs, each committed by itself, by as many writers. One append "
        "is one event, in turn a `task-opened` (780 bytes) and its `task-completed` (220 bytes), checked for version "
        "and repeats, hashed, given a dense position, with its row of the inbox, what is personal closed. One INSERT "
        "is the text of that event as it is, in a table with two indexes; each of its writers has a connection of its "
        "own, no pool, and makes no event. What this page called so before was two events at once: that is "
        "`append-task` now. One writer.",
        Aim(0.75, at_most=False),
    ),
    "append-c8": Meaning("The same with 8 writers, whose appends share commits.", Aim(1.2, at_most=False)),
    "append-c32": Meaning("The same with 32 writers.", Aim(1.3, at_most=False)),
    "append-c128": Meaning("128 writers, against 32 of the INSERTs.", Aim(2, at_most=False)),
    **{
        f"append-p99-c{writers}": Meaning(
            f"The time within which 99 of 100 of those had their answer, ours over theirs, {writers} writers.",
            Aim(1, at_most=True),
        )
        for writers in (1, 8, 32, 128)
    },
    "append-rate-c1": Meaning("Appends in a second, one writer."),
    "append-rate-c8": Meaning("With 8 writers."),
    "append-rate-c32": Meaning("With 32 writers."),
    "append-rate-c128": Meaning("With 128 writers."),
    "append-task-c1": Meaning(
        "A completed task as one append: two events and two rows of the inbox, against a single INSERT of one of the "
        "two events. One writer."
    ),
    "append-task-c8": Meaning("The same with 8 writers."),
    "append-task-c32": Meaning("With 32."),
    "append-task-c128": Meaning("With 128, against 32."),
    "projection-vs-fetch": Meaning(
        "Events that the costliest read model takes in in a second, each exactly once with its checkpoint in the same "
        "transaction, against only fetching the same rows with asyncpg, decoding nothing and writing nothing.",
        Aim(0.4, at_most=False),
    ),
    "projections-vs-fetch": Meaning(
        "The same of all read models together, each event fetched and decoded once."
    ),
    "rebuild-vs-fetch": Meaning(
        "Making the costliest anew beside the old one, comparing the rows included, against the same fetch.",
        Aim(1, at_most=False),
    ),
    "projection-rate": Meaning("Events that the costliest takes in in a second."),
    "rebuild-rate": Meaning("Events of which it is made anew in a second."),
    "replay-vs-fetch": Meaning(
        "Reading the whole log of 100,000 events back as checked, typed values, as the projector does, against "
        "fetching every column of the same rows with asyncpg and looking at none; a thousand at a time in both. Ours "
        "has the next page sent while it reads one.",
        Aim(0.9, at_most=False),
    ),
    "replay-rate": Meaning("Typed events in a second."),
    "known-board": Meaning(
        "The board of one cycle as known at an earlier moment: 402 events of 100,000, folded for it and dropped."
    ),
    "known-tasks": Meaning(
        "All open tasks of the trust as known then, where 25 of 250 cycles are not over: each folded up to there."
    ),
    "courier-vs-raw": Meaning(
        "Letters that the courier workflow sends in a second against a loop that only sends with aiosmtplib, to one "
        "mail server in a process of its own: three letters under way at once, a connection for each, in both. Ours "
        "reads PostgreSQL, judges when it may go, writes the letter in two forms and marks it sent."
    ),
    "courier-rate": Meaning("Letters in a second, the start of the workflow included."),
    "courier-events-per-letter": Meaning("Temporal history events of the courier, by its letters."),
}
