"""What an element of BPMN carries besides its name: who, how often, until when, which expression."""

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element, SubElement

from engine.default_ladder import REMIND
from engine.definition.model import EndStep, ForEachStep, Handler, RepeatStep, SetStep, TaskStep, WaitStep
from engine.definition.program import Node, Program
from reports.diagram.flow import Shape
from reports.diagram.kinds import said

CEL = "https://cel.dev"


def documentation(node: Node) -> str:
    """What BPMN has no word for, as lines of text."""
    if isinstance(node.spec, Handler):
        told = node.spec.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude={"steps"})
        return "\n".join(f"{key}: {value}" for key, value in told.items())
    words = said(node)
    lines = [f"Who: {words.who}" if words.who else "", *words.notes]
    if isinstance(node.spec, TaskStep):
        days = ", ".join(map(str, REMIND if node.spec.remind is None else node.spec.remind))
        lines += [f"reminders, in school days before: {days}" if node.spec.due and days else ""]
        lines += [
            f"{after} school days late: tells {who}" for after, who in (node.spec.escalate or {}).items()
        ]
        lines += [f"asks: {', '.join(node.spec.form)}" if node.spec.form else ""]
    if isinstance(node.spec, ForEachStep):
        lines += [f"over {name}: {text}" for name, text in node.spec.over.items()]
    return "\n".join([*filter(None, lines), *filter(None, [words.hint])])


def before_steps(element: Element, shape: Shape) -> None:
    """Add what stands in the element before any steps inside it."""
    if shape.node:
        for add in _ADDED.get(shape.tag, ()):
            add(element, shape, shape.node.spec)


def expression(parent: Element, name: str, text: str) -> None:
    """A formal expression in CEL."""
    said = {"xsi:type": "bpmn:tFormalExpression", "language": CEL}
    SubElement(parent, name, said).text = text


def _person(element: Element, _shape: Shape, spec: object) -> None:
    if isinstance(spec, TaskStep):
        owner = SubElement(element, "bpmn:potentialOwner")
        assigned = SubElement(owner, "bpmn:resourceAssignmentExpression")
        SubElement(assigned, "bpmn:formalExpression").text = spec.who


def _times(element: Element, _shape: Shape, spec: object) -> None:
    if isinstance(spec, Handler):
        element.set("triggeredByEvent", "true")
    elif isinstance(spec, RepeatStep):
        often = {"testBefore": "false", "loopMaximum": str(spec.at_most)}
        loop = SubElement(element, "bpmn:standardLoopCharacteristics", often)
        expression(loop, "bpmn:loopCondition", f"!({spec.until})")
    elif isinstance(spec, ForEachStep):
        _many(element, spec.join, "all")
    elif isinstance(spec, TaskStep) and spec.quorum != "any":
        _many(element, spec.quorum, "all responded")


def _many(element: Element, enough: str, everybody: str) -> None:
    many = SubElement(element, "bpmn:multiInstanceLoopCharacteristics", {"isSequential": "false"})
    if enough != everybody:
        plain = {"xsi:type": "bpmn:tFormalExpression"}
        SubElement(many, "bpmn:completionCondition", plain).text = enough


def _script(element: Element, _shape: Shape, spec: object) -> None:
    if isinstance(spec, SetStep):
        element.set("scriptFormat", CEL)
        lines = [f"{name}: {_computed(value)}" for name, value in spec.set.items()]
        SubElement(element, "bpmn:script").text = "\n".join(lines)


def _computed(value: object) -> str:
    if isinstance(value, str):
        return value
    function, args = getattr(value, "function", ""), getattr(value, "args", {})
    return f"{function}({', '.join(f'{name} = {text}' for name, text in args.items())})"


def _caught(element: Element, shape: Shape, spec: object) -> None:
    if shape.event:
        SubElement(element, "bpmn:messageEventDefinition", {"messageRef": message_id(shape.event)})
    if isinstance(spec, Handler):
        element.set("isInterrupting", "true" if spec.do == "cancel" else "false")
    elif isinstance(spec, WaitStep) and not shape.event:
        timer = SubElement(element, "bpmn:timerEventDefinition")
        plain = {"xsi:type": "bpmn:tFormalExpression"}
        SubElement(timer, "bpmn:timeDate", plain).text = spec.until


def _ended(element: Element, _shape: Shape, spec: object) -> None:
    if isinstance(spec, EndStep) or (isinstance(spec, Handler) and spec.do == "cancel"):
        SubElement(element, "bpmn:terminateEventDefinition")


def message_id(event: str) -> str:
    return f"message_{event}"


def messages(program: Program) -> list[str]:
    """The events from outside that are waited for, or that something is done about."""
    waits = (node.spec for node in program.walk() if isinstance(node.spec, WaitStep))
    return list(dict.fromkeys([*(event for spec in waits for event in spec.awaited), *program.handlers]))


_Add = Callable[[Element, Shape, object], None]
_ADDED: Mapping[str, tuple[_Add, ...]] = {
    "userTask": (_person, _times),
    "subProcess": (_times,),
    "scriptTask": (_script,),
    "startEvent": (_caught,),
    "intermediateCatchEvent": (_caught,),
    "endEvent": (_ended,),
}
