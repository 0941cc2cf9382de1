"""The same processes played in memory by SpiffWorkflow, which serves well-known BPMN products. Only measured here.

Each task is completed as a program does it there: take the tasks that are ready, run the first, let the engine go on.
"""

from collections.abc import Callable

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def chain(tasks: int) -> Callable[[], None]:
    """So many manual tasks one after the other."""
    nodes = "".join(f'<manualTask id="t{number}"/>' for number in range(tasks))
    names = ["begin", *(f"t{number}" for number in range(tasks)), "end"]
    flows = "".join(
        f'<sequenceFlow id="f{number}" sourceRef="{names[number]}" targetRef="{names[number + 1]}"/>'
        for number in range(tasks + 1)
    )
    return _player(nodes + flows)


def at_once(tasks: int) -> Callable[[], None]:
    """One manual task for so many at the same time."""
    return _player(
        '<manualTask id="t"><multiInstanceLoopCharacteristics isSequential="false">'
        f"<loopCardinality>{tasks}</loopCardinality></multiInstanceLoopCharacteristics></manualTask>"
        '<sequenceFlow id="f0" sourceRef="begin" targetRef="t"/>'
        '<sequenceFlow id="f1" sourceRef="t" targetRef="end"/>'
    )


def _player(body: str) -> Callable[[], None]:
    parser = BpmnParser()
    parser.add_bpmn_xml(
        etree.fromstring(
            f'<definitions xmlns="{_MODEL}" targetNamespace="bench" id="d"><process id="p" isExecutable="true">'
            f'<startEvent id="begin"/>{body}<endEvent id="end"/></process></definitions>'
        )
    )
    spec = parser.get_spec("p")

    def play() -> None:
        instance = BpmnWorkflow(spec)
        instance.do_engine_steps()
        while ready := instance.get_tasks(state=TaskState.READY, manual=True):
            ready[0].run()
            instance.do_engine_steps()
        assert instance.is_completed()

    return play
