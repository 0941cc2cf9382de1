"""Definitions as pictures: every kind of step in every format, nothing on top of anything else."""

import subprocess
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from bpmn_io import check
from hypothesis import given, settings

from definitions.loader import load_program
from engine.definition.compiler import compile_definition
from engine.definition.model import KINDS
from engine.definition.program import Program
from reports.diagram.bpmn import model
from reports.diagram.icons import ICONS
from reports.diagram.kinds import LOOKS
from reports.diagram.lettering import width, wrapped
from reports.diagram.mermaid import flowchart
from reports.diagram.svg import picture
from tests.docs.pages import ROOT, Example, examples
from tests.engine.generated import programs
from tests.worlds import program

STEPS = [
    each for each in examples("docs/language.md") if each.kind == "yaml" and "\nsteps:" in f"\n{each.text}"
]
MODDLE = ROOT / "tests" / "bpmn" / "node_modules" / "bpmn-moddle"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
Box = tuple[float, float, float, float]


def moderation() -> Program:
    return load_program(ROOT / "definitions" / "moderation" / "process.yaml")


def test_every_kind_of_step_has_a_shape() -> None:
    assert set(LOOKS) == set(KINDS), "add a line to LOOKS in reports/diagram/kinds.py"
    assert {look.icon for look in LOOKS.values()} <= set(ICONS)


@pytest.mark.parametrize("example", STEPS, ids=lambda each: f"line-{each.line}")
def test_whatever_the_language_can_say_is_drawn(example: Example) -> None:
    drawn = program(example.text)

    assert steps_of(picture(drawn)) == {node.id for node in drawn.walk()}
    root = sound(model(drawn))
    assert {f"step_{node.id}" for node in drawn.walk()} - {each.get("id") for each in root.iter()} == set()
    assert flowchart(drawn).startswith("flowchart TD\n")


def test_every_kind_is_among_what_the_language_page_draws() -> None:
    met = {node.kind for each in STEPS for node in compile_definition(program(each.text).definition).walk()}

    assert set(KINDS) - met == set()


@settings(max_examples=60, deadline=None)
@given(programs())
def test_no_shape_lies_on_another(drawn: Program) -> None:
    sound(model(drawn))
    picture(drawn)


def test_moderation_is_a_sound_model_with_a_lane_for_each_role() -> None:
    root = sound(model(moderation()))

    lanes = [lane.get("name") for lane in root.iter(f"{BPMN}lane")]
    assert lanes == [
        "class teacher", "headteacher", "assessment lead", "moderator", "people named by a value", "english lead",
        "data manager", "school improvement officer", "termwise",
    ]  # fmt: skip
    assert len(list(root.iter(f"{BPMN}multiInstanceLoopCharacteristics"))) == 4
    assert [loop.get("loopMaximum") for loop in root.iter(f"{BPMN}standardLoopCharacteristics")] == ["4", "2"]
    assert {end.get("name") for end in root.iter(f"{BPMN}endEvent") if end.get("name")} == {
        each.title for each in moderation().definition.outcomes.values()
    }


@pytest.mark.skipif(not MODDLE.exists(), reason="needs node, and `npm install` in tests/bpmn")
def test_the_parser_of_the_modellers_reads_it_without_a_warning(tmp_path: Path) -> None:
    for number, drawn in enumerate([moderation(), *(program(each.text) for each in STEPS)]):
        (tmp_path / f"{number}.bpmn").write_text(model(drawn), "utf-8")

    ran = subprocess.run(
        ["node", MODDLE.parents[1] / "check.mjs", *tmp_path.iterdir()],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stdout) == (0, "")


def test_work_sent_back_flows_back_through_a_gateway() -> None:
    root = sound(
        model(
            program("""
            steps:
            - {task: draft, title: Draft, who: ceo}
            - {task: check, title: Check, who: ceo, outcomes: {good: , poor: {label: Too thin, return_to: draft}}}
            """)
        )
    )

    flows = {
        (each.get("sourceRef"), each.get("targetRef")): each for each in root.iter(f"{BPMN}sequenceFlow")
    }
    back = flows["answer_check", "again_draft"]
    assert back.get("name") == "Too thin"
    assert back.findtext(f"{BPMN}conditionExpression") == "check.outcome == 'poor'"
    assert ("again_draft", "step_draft") in flows
    [answer] = [each for each in root.iter(f"{BPMN}exclusiveGateway") if each.get("id") == "answer_check"]
    assert answer.get("default") == flows["answer_check", "end_done"].get("id")


def test_what_is_done_when_something_happens_outside_is_a_sub_process_of_its_own() -> None:
    root = sound(
        model(
            program("""
            on:
              called-off: {do: cancel, by: ceo}
              complaint: {of: school, do: ask, steps: [{task: answer, title: Answer, who: ceo}]}
            steps:
            - {task: visit, title: Visit, who: ceo}
            """)
        )
    )

    beside = [each for each in root.iter(f"{BPMN}subProcess") if each.get("triggeredByEvent") == "true"]
    starts = [each.find(f"{BPMN}startEvent") for each in beside]
    assert [each.get("name") for each in beside] == [
        "When called off: the cycle is cancelled",
        "When complaint: more is asked for that school",
    ]
    assert [start.get("isInterrupting") for start in starts if start is not None] == ["true", "false"]
    assert beside[0].find(f"{BPMN}endEvent/{BPMN}terminateEventDefinition") is not None
    assert beside[1].find(f"{BPMN}userTask") is not None


def test_the_same_definition_gives_the_same_picture() -> None:
    assert picture(moderation()) == picture(moderation())
    assert model(moderation()) == model(moderation())


def test_what_a_definition_says_cannot_break_out_of_the_picture() -> None:
    drawn = program("""
        steps:
        - {task: odd, title: "<script>alert('1')</script> & \\"more\\"", who: ceo, guidance: "]]> <b>"}
    """)

    root = ET.fromstring(picture(drawn))
    assert "script" not in {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "<script>alert('1')</script>" in "".join(root.itertext())
    sound(model(drawn))


def test_a_picture_says_in_words_what_it_shows() -> None:
    root = ET.fromstring(picture(moderation()))

    svg = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{svg}title") == "Moderation between schools"
    assert "before results leave the trust" in str(root.findtext(f"{svg}desc"))


def test_lines_break_between_words_and_long_words_break_too() -> None:
    lines = wrapped("a long title with an unbelievablyunbelievablylong word", 12, 100)

    assert "".join(lines).replace(" ", "") == "alongtitlewithanunbelievablyunbelievablylongword"
    assert max(width(line, 12) for line in lines) <= 100


def steps_of(svg: str) -> set[str]:
    """The steps that are drawn."""
    return {name for each in ET.fromstring(svg).iter() if (name := each.get("data-step"))}


def sound(bpmn: str) -> ET.Element:
    """A document without a warning, in which everything is drawn, inside its parent, beside its neighbours."""
    report = check(bpmn)
    assert (report.errors, report.warnings) == ([], [])
    root = ET.fromstring(bpmn)
    boxes = {str(each.get("bpmnElement")): box(each) for each in root.iter(f"{DI}BPMNShape")}
    edges = {each.get("bpmnElement") for each in root.iter(f"{DI}BPMNEdge")}
    process = root.find(f"{BPMN}process")
    assert process is not None
    assert edges == {each.get("id") for each in process.iter(f"{BPMN}sequenceFlow")}
    nodes = {str(reference.text) for reference in process.iter(f"{BPMN}flowNodeRef")}
    assert nodes == boxes.keys() - {"pool"} - {str(lane.get("id")) for lane in process.iter(f"{BPMN}lane")}
    apart(process, boxes, boxes["pool"])
    in_lanes(process, boxes)
    return root


def box(shape: ET.Element) -> Box:
    bounds = shape.find(f"{DC}Bounds")
    assert bounds is not None
    x, y, wide, high = (float(str(bounds.get(name))) for name in ("x", "y", "width", "height"))
    return x, y, x + wide, y + high


def apart(scope: ET.Element, boxes: dict[str, Box], around: Box) -> None:
    """The shapes of a scope lie inside it, and none on another."""
    own = {str(each.get("id")): each for each in scope if each.get("id") in boxes}
    for name, each in own.items():
        assert within(boxes[name], around), name
        apart(each, boxes, boxes[name])
    for one, other in combinations(own, 2):
        (left, top, right, bottom), (x, y, to_x, to_y) = boxes[one], boxes[other]
        assert right <= x or to_x <= left or bottom <= y or to_y <= top, (one, other)


def in_lanes(process: ET.Element, boxes: dict[str, Box]) -> None:
    """Whatever is no frame lies in its lane."""
    frames = {str(each.get("id")) for each in process.iter(f"{BPMN}subProcess")}
    found = defaultdict(list)
    for lane in process.iter(f"{BPMN}lane"):
        for reference in lane.iter(f"{BPMN}flowNodeRef"):
            found[str(lane.get("id"))].append(str(reference.text))
    for lane_id, names in found.items():
        for name in names:
            assert name in frames or within(boxes[name], boxes[lane_id]), name


def within(inner: Box, outer: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
