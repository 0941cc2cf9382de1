"""What loads, what it becomes, and that nothing but SourceError ever comes out of a file."""

import json
from collections.abc import Iterator
from time import process_time
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from definitions.loader import program_from
from definitions.yaml_source import SourceError, parse
from engine.definition.compiler import canonical_json, compile_definition
from engine.definition.model import KINDS, Definition
from tests.worlds import DEFINITIONS, moderation

FILES = sorted(DEFINITIONS.glob("*/process.yaml"))
MODERATION = (DEFINITIONS / "moderation" / "process.yaml").read_text(encoding="utf-8")
MODERATION_DATA = json.dumps(parse(MODERATION, "moderation").data)
_FUZZ = settings(
    max_examples=100,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def test_every_definition_that_comes_with_termwise_loads() -> None:
    assert FILES
    for file in FILES:
        program = program_from(parse(file.read_text(encoding="utf-8"), str(file)))
        assert program.definition.process == file.parent.name


def test_a_definition_read_back_from_its_content_is_the_same() -> None:
    program = moderation()

    again = compile_definition(Definition.model_validate_json(canonical_json(program.definition)))

    assert again.digest == program.digest
    assert again.definition == program.definition
    assert list(again.steps) == list(program.steps)


def test_the_order_of_the_file_has_a_meaning_and_is_kept() -> None:
    first, second = (
        "{b: {title: B, when: 1 == 2}, a: {title: A}}",
        "{a: {title: A, when: 1 == 2}, b: {title: B}}",
    )
    header = "process: x\nversion: 1\ntitle: T\npurpose: P\nowner: o\nconfidentiality: trust\nretention: r\nkey: k\n"
    text = header + "name: N\nsteps: [{set: {v: '1'}}]\noutcomes: "

    programs = [program_from(parse(text + outcomes, "x")) for outcomes in (first, second)]

    assert programs[0].digest != programs[1].digest
    assert list(programs[0].definition.outcomes) == ["b", "a"]


def test_words_and_times_stay_texts() -> None:
    text = "a: no\nb: 12:30\nc: 2027-01-01\nd: 007\ne: on\nf: 1_000\ng: 0x10\nh: .5\ni: ~\nj: true\nk: <<\n"

    assert parse(text, "x").data == {
        "a": "no", "b": "12:30", "c": "2027-01-01", "d": "007", "e": "on", "f": "1_000", "g": "0x10", "h": 0.5,
        "i": None, "j": True, "k": "<<",
    }  # fmt: skip


@_FUZZ
@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cs"]) | st.sampled_from(list(":-#&*!|>'\"%@`{}[], \n\t?"))
    )
)
@example("\ufeffa: 1\n")
@example("a: \x00")
@example('a: "\\ud800"')
@example("%YAML 9.9\n--- a\n")
@example("? ")
@example("a: !<!> b")
@example("\u2028\t")
def test_no_text_brings_the_reader_down(text: str) -> None:
    try:
        parse(text, "x")
    except SourceError as refused:
        assert refused.problems and str(refused).startswith("x:")  # noqa: PT017, PT018 - either may happen


_plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["a", "true", "{{ x", "x.y", "5 days after opened"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["task", "steps", "a"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def _places(part: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    """Every part of a document: what it is in, and under which key."""
    keys = list(part) if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
    for key in keys:
        yield part, key
        yield from _places(part[key])


@_FUZZ
@given(st.data())
def test_no_change_to_a_definition_brings_the_loader_down(data: st.DataObject) -> None:
    document = json.loads(MODERATION_DATA)
    parent, key = data.draw(st.sampled_from(list(_places(document))))
    match data.draw(st.sampled_from(["replace", "remove", "rename"])):
        case "replace":
            parent[key] = data.draw(_plain)
        case "remove":
            del parent[key]
        case _ if isinstance(parent, dict):
            parent[data.draw(st.sampled_from(["task", "steps", "nonsense", "Bad Name", "key"]))] = parent.pop(
                key
            )
    text = json.dumps(document)  # JSON is YAML, and quicker to write.

    started = process_time()
    try:
        program_from(parse(text, "x"))
    except SourceError as refused:
        assert refused.problems  # noqa: PT017 - either may happen

    assert process_time() - started < 60  # A hang is caught; what other programs take is not counted.


def test_the_schema_for_editors_knows_every_step_and_refuses_unknown_keys() -> None:
    schema = Definition.model_json_schema()

    models = schema["$defs"]
    by_kind = {each["required"][0]: each for each in models.values() if each.get("required")}
    assert set(KINDS) <= by_kind.keys()
    assert all(each["additionalProperties"] is False for each in models.values() if "properties" in each)
    # A number is as good as an expression: editors must not underline `at_least: 2`.
    assert '"type": "number"' in json.dumps(models["ForEachStep"]["properties"]["key"])
