"""Turns the steps of a definition into elements of BPMN 2.0."""

from collections.abc import Sequence

from engine.definition.model import ChooseStep, ParallelStep, TaskStep, WaitStep
from engine.definition.program import Block, Node, Program
from reports.diagram.flow import Exit, Flow, Piece, Shape, sequence, side_by_side, single
from reports.diagram.kinds import Inside, look, said
from reports.diagram.roles import role, roles
from reports.diagram.words import happened, may_pass_by, plain, returns, spoken, ways

BY_ITSELF = "termwise"
"""The lane of what nobody is asked for."""
_CATCH = "intermediateCatchEvent"
_EVENT = 36
_GATEWAY = 50
_TASK = (150, 90)


class Flowing:
    """Reads one program; `lanes` is complete, and in order, from the beginning."""

    def __init__(self, program: Program) -> None:
        self._program = program
        asked = roles(program)
        alone = any(_alone(node) for node in program.walk()) or program.handlers or not asked
        self.lanes = [*asked, BY_ITSELF] if alone else asked

    def process(self) -> Piece:
        """The whole definition, from its start to its named ends."""
        lane = self._first_lane(self._program.root, len(self.lanes) - 1)
        start = single(_event("start", "startEvent", "", lane))
        body = self._block(self._program.root, lane)
        whole = sequence([start, body, self._outcomes(_last_lane(body, lane))])
        for event, node in self._program.handlers.items():
            beside = self._handler(event, node)
            beside.moved(whole.columns, {})
            whole.shapes += beside.shapes
            whole.columns += beside.columns
        return whole

    def _handler(self, event: str, node: Node) -> Piece:
        """What is done when something happens outside: a sub-process that an event starts, beside all else."""
        alone = len(self.lanes) - 1
        lane = self._first_lane(node.blocks[0], alone) if node.blocks else alone
        begin = _event(f"begin_{node.id}", "startEvent", spoken(event), lane, node)
        begin.event = event
        finish = _event(f"finish_{node.id}", "endEvent", "", lane, node)
        work = [self._block(block, lane) for block in node.blocks]
        if not work:
            work = [single(Shape(f"step_{node.id}", "serviceTask", happened(node), alone, *_TASK))]
        inner = sequence([single(begin), *work, single(finish, ends=True)])
        title = f"When {spoken(event)}: {happened(node)}"
        return self._around(Shape(f"when_{node.id}", "subProcess", title, 0, 0, 0, node=node), inner)

    def _outcomes(self, lane: int) -> Piece:
        outcomes = self._program.definition.outcomes
        ends = {key: _event(f"end_{key}", "endEvent", each.title, lane) for key, each in outcomes.items()}
        if len(ends) == 1:
            return single(*ends.values(), ends=True)
        head = _gateway("outcome", "exclusiveGateway", "outcome", lane)
        way = [
            (Exit(head, "", outcomes[key].when, chosen=True), single(end, ends=True))
            for key, end in ends.items()
        ]
        return side_by_side(head, way, None)

    def _block(self, block: Block, lane: int) -> Piece:
        targets = {target for node in block.steps for target in returns(node)}
        again = {}
        pieces = []
        for node in block.steps:
            if node.id in targets:
                again[node.id] = _gateway(f"again_{node.id}", "exclusiveGateway", "", self._lane(node, lane))
                pieces.append(single(again[node.id]))
            pieces.append(self._step(node, lane))
            lane = _last_lane(pieces[-1], lane)
            if returns(node):
                pieces.append(self._sent_back(node, again, lane))
        return sequence(pieces)

    def _sent_back(self, node: Node, again: dict[str, Shape], lane: int) -> Piece:
        answer = _gateway(f"answer_{node.id}", "exclusiveGateway", "", lane)
        piece = single(answer)
        for target, label in returns(node).items():
            back = Exit(answer, label, _said_back(node, target), chosen=True)
            piece.flows.append(Flow(back, again[target], back=True))
        piece.exits = [Exit(answer, chosen=True)]
        return piece

    def _step(self, node: Node, lane: int) -> Piece:
        match look(node).inside:
            case Inside.FRAME:
                return self._frame(node, lane)
            case Inside.ONE_WAY | Inside.ALL_WAYS:
                return self._ways(node, lane)
            case Inside.END:
                return single(_event(f"step_{node.id}", look(node).bpmn, _name(node), lane, node), ends=True)
            case Inside.NOTHING:
                return _wait(node, node.spec, lane) if isinstance(node.spec, WaitStep) else self._task(node)

    def _task(self, node: Node) -> Piece:
        lane = self._lane(node, len(self.lanes) - 1)
        task = single(Shape(f"step_{node.id}", look(node).bpmn, _name(node), lane, *_TASK, node=node))
        if not node.blocks:
            return task
        return sequence(
            [task, self._forked(node, _gateway(f"after_{node.id}", "exclusiveGateway", "", lane))]
        )

    def _frame(self, node: Node, lane: int) -> Piece:
        block = node.blocks[0]
        lane = self._first_lane(block, lane)
        begin = single(_event(f"begin_{node.id}", "startEvent", "", lane))
        body = self._block(block, lane)
        finish = single(_event(f"finish_{node.id}", "endEvent", "", _last_lane(body, lane)), ends=True)
        inner = sequence([begin, body, finish])
        return self._around(Shape(f"step_{node.id}", "subProcess", _name(node), 0, 0, 0, node=node), inner)

    def _around(self, frame: Shape, inner: Piece) -> Piece:
        inner.moved(1, {})
        frame.lane, frame.inner = min(shape.lane for shape in inner.all()), inner
        return Piece([frame], [], inner.columns + 2, frame, [Exit(frame)])

    def _ways(self, node: Node, lane: int) -> Piece:
        return self._forked(node, _gateway(f"step_{node.id}", look(node).bpmn, _name(node), lane, node))

    def _forked(self, node: Node, head: Shape) -> Piece:
        one, lane = head.tag == "exclusiveGateway", head.lane
        conditions = _conditions(node)
        found = []
        for (label, block), when in zip(ways(node), conditions, strict=False):
            start = Exit(head, plain(label), when, chosen=one)
            piece = self._block(block, self._first_lane(block, lane)) if block.steps else _empty(start, lane)
            found.append((start, piece))
        if may_pass_by(node):
            start = Exit(head, "otherwise", None, chosen=True)
            found.append((start, _empty(start, lane)))
        foot = _gateway(f"joined_{node.id}", _joins(node, head.tag), "", lane) if len(found) > 1 else None
        return side_by_side(head, found, foot)

    def _lane(self, node: Node, otherwise: int) -> int:
        found = role(node)
        if found:
            return self.lanes.index(found)
        return self.lanes.index(BY_ITSELF) if _alone(node) else otherwise

    def _first_lane(self, block: Block, otherwise: int) -> int:
        """Where a block begins: with whoever is asked first in it."""
        for node in block.steps:
            inner = self._lane(node, -1)
            inner = inner if inner >= 0 or not node.blocks else self._first_lane(node.blocks[0], -1)
            if inner >= 0:
                return inner
        return otherwise


def _alone(node: Node) -> bool:
    return role(node) is None and look(node).inside is Inside.NOTHING and not isinstance(node.spec, WaitStep)


def _joins(node: Node, tag: str) -> str:
    # Where some of the branches are enough, no simple gateway says so.
    return "complexGateway" if isinstance(node.spec, ParallelStep) and node.spec.join != "all" else tag


def _conditions(node: Node) -> Sequence[str | None]:
    if isinstance(node.spec, ChooseStep):
        return [case.when for case in node.spec.cases]
    failed = f"{node.id}.failed" if look(node).inside is Inside.NOTHING else None
    return [failed for _ in node.blocks]


def _said_back(node: Node, target: str) -> str:
    spec = node.spec
    outcomes = spec.outcomes if isinstance(spec, TaskStep) else {}
    names = [name for name, each in outcomes.items() if each and each.return_to == target]
    return " || ".join(f"{node.id}.outcome == '{name}'" for name in names)


def _wait(node: Node, spec: WaitStep, lane: int) -> Piece:
    caught = [_event(f"step_{node.id}_{key}", _CATCH, spoken(key), lane, node) for key in spec.awaited]
    for shape, key in zip(caught, spec.awaited, strict=True):
        shape.event = key
    if spec.until:
        caught.append(_event(f"until_{node.id}", _CATCH, spec.until, lane, node))
    if len(caught) == 1:
        caught[0].id = f"step_{node.id}"
        return single(*caught)
    head = _gateway(f"step_{node.id}", "eventBasedGateway", spoken(spec.wait), lane)
    foot = _gateway(f"joined_{node.id}", "exclusiveGateway", "", lane)
    return side_by_side(head, [(Exit(head), single(each)) for each in caught], foot)


def _empty(start: Exit, lane: int) -> Piece:
    """A way with nothing on it keeps a row free for its line."""
    start.through = Shape("", "", "", lane, 0, 0)
    return Piece([start.through], [], 1, None, [start])


def _last_lane(piece: Piece, otherwise: int) -> int:
    if not piece.exits:
        return otherwise
    last = piece.exits[-1].shape
    return last.inner.shapes[-1].lane if last.inner else last.lane


def _name(node: Node) -> str:
    title = plain(said(node).title)
    return title[:1].upper() + title[1:]


def _event(name: str, tag: str, title: str, lane: int, node: Node | None = None) -> Shape:
    return Shape(name, tag, title, lane, _EVENT, _EVENT, node=node)


def _gateway(name: str, tag: str, title: str, lane: int, node: Node | None = None) -> Shape:
    return Shape(name, tag, title, lane, _GATEWAY, _GATEWAY, node=node)
