"""How each kind of step is drawn, in every format: a line each in `LOOKS`, its words in `reports/diagram/words.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from engine.definition.program import Node
from reports.diagram import words
from reports.diagram.words import Said


class Inside(Enum):
    """What a step is to the steps inside it, and to those after it."""

    NOTHING = auto()
    """No steps, but for those that happen when it went wrong."""
    FRAME = auto()
    """One block, with a frame around it."""
    ONE_WAY = auto()
    """Several blocks; one of them happens."""
    ALL_WAYS = auto()
    """Several blocks; all of them happen."""
    END = auto()
    """Nothing comes after it."""


@dataclass(frozen=True, slots=True)
class Look:
    """The shape of a kind of step in each format."""

    said: Callable[[Any], Said]
    mermaid: tuple[str, str]
    icon: str
    """A name in `reports/diagram/icons.py`."""
    bpmn: str
    """The element of BPMN 2.0."""
    inside: Inside = Inside.NOTHING


LOOKS: Mapping[str, Look] = {
    "task": Look(words.task, ("[", "]"), "person", "userTask"),
    "for_each": Look(words.for_each, ("[", "]"), "many", "subProcess", Inside.FRAME),
    "repeat": Look(words.repeat, ("[", "]"), "loop", "subProcess", Inside.FRAME),
    "choose": Look(words.choose, ("{", "}"), "choice", "exclusiveGateway", Inside.ONE_WAY),
    "parallel": Look(words.parallel, ("[/", "/]"), "bars", "parallelGateway", Inside.ALL_WAYS),
    "set": Look(words.assign, ("(", ")"), "value", "scriptTask"),
    "wait": Look(words.wait, ("{{", "}}"), "clock", "intermediateCatchEvent"),
    "notify": Look(words.notify, (">", "]"), "letter", "sendTask"),
    "decide": Look(words.decide, ("[[", "]]"), "table", "businessRuleTask"),
    "record": Look(words.record, ("[(", ")]"), "book", "serviceTask"),
    "call": Look(words.call, ("[/", "\\]"), "plug", "serviceTask"),
    "run": Look(words.run, ("[[", "]]"), "process", "callActivity"),
    "end": Look(words.end, ("([", "])"), "end", "endEvent", Inside.END),
}


def look(node: Node) -> Look:
    """How this step is drawn."""
    return LOOKS[node.kind]


def said(node: Node) -> Said:
    """The words in its shape."""
    return LOOKS[node.kind].said(node.spec)
