"""A definition as BPMN 2.0 with its diagram, for process modellers.

Lanes are roles. What BPMN has no word for (reminders, escalations, forms) stands in the documentation of a task.
"""

from collections import defaultdict
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from engine.definition.program import Program
from reports.diagram.bpmn_elements import before_steps, documentation, expression, message_id, messages
from reports.diagram.bpmn_flow import Flowing
from reports.diagram.flow import Flow, Piece, Shape
from reports.diagram.places import Bounds, Places, Point

_NAMES = {
    "xmlns:bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "xmlns:bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "xmlns:dc": "http://www.omg.org/spec/DD/20100524/DC",
    "xmlns:di": "http://www.omg.org/spec/DD/20100524/DI",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
}


def model(program: Program) -> str:
    """The whole definition as one BPMN document. The same definition gives the same text to the byte."""
    return _Model(program).document()


class _Model:
    def __init__(self, program: Program) -> None:
        self._program = program
        flowing = Flowing(program)
        self._lanes = flowing.lanes
        self._process = flowing.process()
        self._places = Places(self._process, len(self._lanes))
        self._flows: dict[int, str] = {}
        self._scopes: list[Piece] = []
        self._collect(self._process)

    def _collect(self, scope: Piece) -> None:
        self._scopes.append(scope)
        for flow in scope.flows:
            self._flows[id(flow)] = f"flow_{len(self._flows) + 1}"
        for shape in scope.shapes:
            if shape.inner:
                self._collect(shape.inner)

    def document(self) -> str:
        definition = self._program.definition
        key = definition.process
        target = {"id": "definitions", "targetNamespace": f"urn:termwise:{key}", "exporter": "termwise"}
        root = Element("bpmn:definitions", {**_NAMES, **target})
        for event in messages(self._program):
            SubElement(root, "bpmn:message", {"id": message_id(event), "name": event})
        pool = SubElement(root, "bpmn:collaboration", {"id": "collaboration"})
        SubElement(pool, "bpmn:participant", {"id": "pool", "name": definition.title, "processRef": key})
        process = {"id": key, "name": definition.title, "isExecutable": "false"}
        element = SubElement(root, "bpmn:process", process)
        SubElement(element, "bpmn:documentation").text = definition.purpose
        self._lane_set(element)
        self._scope(element, self._process)
        self._diagram(root)
        indent(root)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'

    # ---- what happens

    def _lane_set(self, process: Element) -> None:
        lanes = SubElement(process, "bpmn:laneSet", {"id": "lanes"})
        for index, name in enumerate(self._lanes):
            lane = SubElement(lanes, "bpmn:lane", {"id": f"lane_{index + 1}", "name": name})
            for shape in self._process.all():
                if shape.tag and shape.lane == index:
                    SubElement(lane, "bpmn:flowNodeRef").text = shape.id

    def _scope(self, parent: Element, scope: Piece) -> None:
        incoming, outgoing = defaultdict(list), defaultdict(list)
        for flow in scope.flows:
            outgoing[id(flow.source)].append(flow)
            incoming[id(flow.target)].append(flow)
        for shape in scope.shapes:
            if shape.tag:
                self._shape(parent, shape, incoming[id(shape)], outgoing[id(shape)])
        for flow in scope.flows:
            self._flow(parent, flow)

    def _shape(self, parent: Element, shape: Shape, incoming: list[Flow], outgoing: list[Flow]) -> None:
        element = SubElement(parent, f"bpmn:{shape.tag}", {"id": shape.id})
        if shape.name:
            element.set("name", shape.name)
        default = [flow for flow in outgoing if flow.start.chosen and not flow.start.condition]
        if default:
            element.set("default", self._flows[id(default[0])])
        more = documentation(shape.node) if shape.node else ""
        if more:
            SubElement(element, "bpmn:documentation").text = more
        for flow in incoming:
            SubElement(element, "bpmn:incoming").text = self._flows[id(flow)]
        for flow in outgoing:
            SubElement(element, "bpmn:outgoing").text = self._flows[id(flow)]
        before_steps(element, shape)
        if shape.inner:
            self._scope(element, shape.inner)

    def _flow(self, parent: Element, flow: Flow) -> None:
        ends = {"sourceRef": flow.source.id, "targetRef": flow.target.id}
        element = SubElement(parent, "bpmn:sequenceFlow", {"id": self._flows[id(flow)], **ends})
        if flow.start.name:
            element.set("name", flow.start.name)
        if flow.start.condition:
            expression(element, "bpmn:conditionExpression", flow.start.condition)

    # ---- how it looks

    def _diagram(self, root: Element) -> None:
        diagram = SubElement(root, "bpmndi:BPMNDiagram", {"id": "diagram"})
        plane = SubElement(diagram, "bpmndi:BPMNPlane", {"id": "plane", "bpmnElement": "collaboration"})
        _drawn(plane, "pool", self._places.pool, isHorizontal="true")
        for index in range(len(self._lanes)):
            _drawn(plane, f"lane_{index + 1}", self._places.lane(index), isHorizontal="true")
        for scope in self._scopes:
            for shape in scope.shapes:
                if shape.tag:
                    self._drawn_shape(plane, shape)
            for flow in scope.flows:
                self._drawn_flow(plane, flow, self._places.line(flow, scope))

    def _drawn_shape(self, plane: Element, shape: Shape) -> None:
        bounds = self._places.of(shape)
        opened = {"isExpanded": "true"} if shape.inner else {}
        opened |= {"isMarkerVisible": "true"} if shape.tag == "exclusiveGateway" else {}
        element = _drawn(plane, shape.id, bounds, **opened)
        if shape.name and shape.tag.endswith(("Event", "Gateway")):
            above = shape.tag.endswith("Gateway")
            top = bounds.y - 32 if above else bounds.bottom + 4
            _label(element, Bounds(bounds.middle[0] - 60, top, 120, 28))

    def _drawn_flow(self, plane: Element, flow: Flow, corners: list[Point]) -> None:
        name = self._flows[id(flow)]
        edge = SubElement(plane, "bpmndi:BPMNEdge", {"id": f"{name}_di", "bpmnElement": name})
        for x, y in corners:
            SubElement(edge, "di:waypoint", {"x": f"{x:g}", "y": f"{y:g}"})
        if flow.start.name:
            x, y = self._places.of(flow.source).right, corners[-1][1]
            if flow.back:
                x, y = corners[1][0] - 140, corners[1][1] + 32
            elif flow.start.around or flow.start.through:
                y = corners[-2][1] if len(corners) > 2 else y  # noqa: PLR2004 - a line has two ends
            _label(edge, Bounds(x + 4, y - 30, 132, 28))


def _drawn(plane: Element, name: str, bounds: Bounds, **more: str) -> Element:
    shape = SubElement(plane, "bpmndi:BPMNShape", {"id": f"{name}_di", "bpmnElement": name, **more})
    _sized(shape, bounds)
    return shape


def _label(parent: Element, bounds: Bounds) -> None:
    _sized(SubElement(parent, "bpmndi:BPMNLabel"), bounds)


def _sized(parent: Element, bounds: Bounds) -> None:
    size = {"x": bounds.x, "y": bounds.y, "width": bounds.width, "height": bounds.height}
    SubElement(parent, "dc:Bounds", {name: f"{value:g}" for name, value in size.items()})
