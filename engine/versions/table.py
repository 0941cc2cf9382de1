"""What each part of a definition is called, and what a change of it means for what runs. A line for each.

A part that stands in no line is called by its key, and blocks instances in which its step is open: of what is not
known here, only that is sure to be right.
"""

from typing import Literal, NamedTuple

Effect = Literal["text", "new", "later", "now", "open", "all"]

#: What an effect means, in words.
EFFECTS: dict[Effect, str] = {
    "text": "only words",
    "new": "new cycles only",
    "later": "steps that begin afterwards",
    "now": "at once, also where the step is open",
    "open": "instances in which the step is open cannot move",
    "all": "no running instance can move",
}


class Row(NamedTuple):
    """`{0}` is what stands for the first `*` of the pattern."""

    pattern: str
    noun: str
    changed: Effect
    added: Effect | None = None
    removed: Effect | None = None


_STAGE = Row("stage", "the stage", "later")
_QUESTION = (
    Row("*", "the question {0}", "now"),
    Row("*.label", "the label of the question {0}", "text"),
    Row("*.type", "the type of the question {0}", "now"),
    Row("*.of", "the choices of the question {0}", "now"),
    Row("*.also", "the codes beside the scale of the question {0}", "now"),
    Row("*.required", "whether the question {0} must be answered", "now"),
    Row("*.personal", "whether the answer to {0} is personal", "now"),
    Row("*.at_least", "the least of the question {0}", "now"),
    Row("*.at_most", "the most of the question {0}", "now"),
    Row("*.when", "when the question {0} is asked", "now"),
    Row("*.value", "how {0} is computed", "now"),
    Row("*.unique", "what may stand once in the rows of {0}", "now"),
    Row("*.table.*", "the column {1} of {0}", "now"),
    Row("*.table.*.label", "the label of the column {1} of {0}", "text"),
    Row("*.table.*.*", "{2} of the column {1} of {0}", "now"),
    Row("*.*", "{1} of the question {0}", "now"),
)

ROWS: dict[str, tuple[Row, ...]] = {
    "definition": (
        Row("process", "the key of the process", "all"),
        Row("version", "the version", "text"),
        Row("title", "the title", "text"),
        Row("purpose", "the purpose", "text"),
        Row("owner", "who answers for the process", "now"),
        Row("start_by", "who else may start it", "now"),
        Row("confidentiality", "the confidentiality", "now"),
        Row("about", "whose records it makes", "new"),
        Row("retention", "how long it is kept", "now"),
        Row("key", "what makes a cycle the same", "new"),
        Row("name", "what a cycle is called", "new"),
        Row("term", "the half term it belongs to", "new"),
        Row("report", "its report", "now"),
        Row("inputs.*", "the input {0}", "new"),
        Row("inputs.*.type", "the type of the input {0}", "all"),
        Row("inputs.*.label", "the label of the input {0}", "text"),
        Row("inputs.*.**", "{1} of the input {0}", "new"),
        Row("scales.*", "the scale {0}", "now"),
        Row("values.*", "the value {0}", "new", added="later"),
        Row("values.*.default", "what the value {0} begins with", "new"),
        Row("values.*.label", "the label of the value {0}", "text"),
        Row("values.*.**", "{1} of the value {0}", "now"),
        Row("events.**", "what may be said with the event {0}", "now"),
        Row("on.*", "what is done when {0} happens", "now"),
        Row("on.**", "what is done when {0} happens", "now"),
        Row("outcomes.*", "the end {0}", "now"),
        Row("outcomes.*.title", "the title of the end {0}", "text"),
        Row("outcomes.*.when", "when it ends as {0}", "now"),
        Row("outcomes.*.**", "{1} of the end {0}", "now"),
        Row("ladder", "the ladder of reminders and late tasks", "later"),
        Row("ladder.**", "the ladder of reminders and late tasks", "later"),
        Row("schedule", "when it starts by itself", "new"),
        Row("schedule.**", "when it starts by itself", "new"),
    ),
    "task": (
        Row("title", "the title", "text"),
        Row("who", "who is asked", "later"),
        Row("guidance", "the guidance", "text"),
        *(row._replace(pattern=f"form.{row.pattern}") for row in _QUESTION),
        Row("outcomes.*", "the outcome {0}", "now", removed="open"),
        Row("outcomes.*.label", "the label of the outcome {0}", "text"),
        Row("outcomes.*.return_to", "where the outcome {0} sends the work back to", "now"),
        Row("outcomes.*.at_most", "how often the outcome {0} may be chosen", "now"),
        Row("outcomes.*.reasons.*", "the reason {1} of the outcome {0}", "now"),
        Row("outcomes.*.**", "{1} of the outcome {0}", "now"),
        Row("due", "the deadline", "later"),
        Row("status", "the kind of deadline", "later"),
        Row("remind", "the days of the reminders", "later"),
        Row("escalate", "whom it goes to when it is late", "later"),
        Row("escalate.*", "the escalation {0} school days late", "later"),
        Row("minutes", "the expected work", "later"),
        Row("quorum", "how many must agree", "open"),
        Row("carries", "the outcome that so many must choose", "now"),
        Row("not_done_by", "who may not do it because of earlier work", "now"),
        Row("skip.*", "the reason {0} to skip it", "now"),
        Row("defer.*", "the reason {0} to put it off", "now"),
        Row("unanswered", "the outcome it gets when nobody answers", "now"),
        Row("reply", "the right of reply", "open"),
        Row("reply.**", "the right of reply", "later"),
        Row("rules", "the rules of the form", "now"),
        Row("rules.**", "rule {0} of the form", "now"),
        Row("not_at", "the school whose people may not do it", "now"),
        Row("about", "what it judges", "now"),
        Row("about.*", "the {0} that it judges", "now"),
        Row("conflicts", "which conflicts of interest are ruled out", "now"),
        Row("show.*", "what is shown as {0}", "later"),
        _STAGE,
    ),
    "for_each": (
        Row("over.*", "the list {0}", "later", added="open", removed="open"),
        Row("key", "what tells the members apart", "later"),
        Row("school", "the school of a member", "later"),
        Row("run", "where its members run", "open"),
        Row("join", "how many members must be finished", "open"),
        Row("until", "until when it waits for its members", "open"),
        _STAGE,
    ),
    "repeat": (
        Row("until", "when it is enough", "now"),
        Row("at_most", "the most rounds", "now"),
        _STAGE,
    ),
    "choose": (
        Row("cases.*", "the case {0}", "later"),
        Row("cases.*.when", "when the case {0} holds", "later"),
        Row("cases.*.label", "the label of the case {0}", "text"),
        _STAGE,
    ),
    "parallel": (
        Row("branches.*", "the branch {0}", "later"),
        Row("join", "how many branches must be finished", "open"),
        _STAGE,
    ),
    "end": (_STAGE,),
    "decide": (
        Row("given.*", "what {0} is decided by", "later"),
        Row("hit", "how many lines may hold", "later"),
        Row("table", "the table", "later"),
        Row("table.**", "line {0} of the table", "later"),
        _STAGE,
    ),
    "set": (
        Row("set.*", "how {0} is computed", "later"),
        Row("set.**", "how {0} is computed", "later"),
        _STAGE,
    ),
    "wait": (
        Row("until", "until when it waits", "later"),
        Row("event", "what it waits for", "later"),
        Row("by", "who may raise it", "later"),
        Row("match.*", "what {0} the event must come with", "later"),
        Row("events.**", "the event {0} that ends it", "later"),
        _STAGE,
    ),
    "record": (
        Row("type", "the kind of fact", "later"),
        Row("values.*", "what the fact says of {0}", "later"),
        _STAGE,
    ),
    "call": (
        Row("activity", "what is called", "later"),
        Row("with.*", "what it is given as {0}", "later"),
        Row("retry.*", "{0} of the retries", "later"),
        Row("timeout_seconds", "how long one try may take", "later"),
        Row("on_failure", "what follows when it fails", "now"),
        _STAGE,
    ),
    "notify": (
        Row("to", "who is told", "later"),
        Row("subject", "the subject", "text"),
        Row("body", "the message", "text"),
        _STAGE,
    ),
}


def row_for(kind: str, path: tuple[str, ...]) -> Row:
    """The line for a part; for one that stands in none, a line that promises nothing."""
    found = next((row for row in ROWS.get(kind, ()) if _fits(row.pattern.split("."), path)), None)
    return found or Row(
        "", " of ".join(f"`{part}`" for part in reversed(path)).replace("{", "{{").replace("}", "}}"), "open"
    )


def stars(row: Row, path: tuple[str | int, ...]) -> list[str | int]:
    """What stands at the stars of the row's pattern."""
    return [part for star, part in zip(row.pattern.split("."), path, strict=False) if star.startswith("*")]


def _fits(pattern: list[str], path: tuple[str, ...]) -> bool:
    if pattern[-1] == "**":
        return len(path) >= len(pattern) and _fits(pattern[:-1], path[: len(pattern) - 1])
    return len(pattern) == len(path) and all(p in {"*", part} for p, part in zip(pattern, path, strict=True))
