"""What leaves for process miners and spreadsheets: what the standards want, and nothing that anybody wrote."""

import csv
import json
import re
from datetime import date, datetime
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from engine.events import TaskCompleted, TaskOpened
from engine.formulas import harmless, plain
from reports.cycle import Cycle
from reports.exchange.csv_table import csv_lines
from reports.exchange.life import life
from reports.exchange.people import Called
from reports.exchange.tables import TABLES, Days, rows
from tests.exchanged import SUBJECTS, as_ocel, as_xes, moderated

NS = "{http://www.xes-standard.org/}"
TYPES = {"string", "date", "int", "float", "boolean", "id", "list", "container"}
#: What IEEE 1849-2016 knows of the life of an activity.
TRANSITIONS = {
    "assign", "ate_abort", "autoskip", "complete", "manualskip", "pi_abort", "reassign", "resume", "schedule",
    "start", "suspend", "unknown", "withdraw",
}  # fmt: skip
#: What OCEL 2.0 says of its JSON, in our words.
_NAMED = {"type": "object", "required": ["name", "attributes"]}
_RELATIONS = {
    "type": "array",
    "items": {"type": "object", "required": ["objectId", "qualifier"], "additionalProperties": False,
              "properties": {"objectId": {"type": "string"}, "qualifier": {"type": "string"}}},
}  # fmt: skip
OCEL = {
    "type": "object",
    "required": ["eventTypes", "objectTypes", "events", "objects"],
    "properties": {
        "eventTypes": {"type": "array", "items": _NAMED},
        "objectTypes": {"type": "array", "items": _NAMED},
        "events": {"type": "array", "items": {
            "type": "object", "required": ["id", "type", "time"],
            "properties": {
                "time": {"type": "string", "format": "date-time"}, "relationships": _RELATIONS,
                "attributes": {"type": "array", "items": {"type": "object", "required": ["name", "value"]}},
            },
        }},
        "objects": {"type": "array", "items": {
            "type": "object", "required": ["id", "type"],
            "properties": {
                "relationships": _RELATIONS,
                "attributes": {"type": "array", "items": {"type": "object", "required": ["name", "time", "value"]}},
            },
        }},
    },
}  # fmt: skip


@pytest.fixture
def cycle() -> Cycle:
    return moderated("sent-back")[0]


def test_the_document_is_built_as_xes_wants_it() -> None:
    log = ET.fromstring(as_xes(("agreed",)))

    assert log.tag == f"{NS}log"
    assert float(log.attrib["xes.version"]) == 1849.2016
    assert "xes.features" in log.attrib
    order = [each.tag.removeprefix(NS) for each in log]
    wanted = ["extension", "global", "classifier", "string", "trace"]
    assert order == sorted(order, key=wanted.index)
    assert set(order) == set(wanted)


def test_every_attribute_is_of_its_type_and_of_an_extension_that_is_declared() -> None:
    log = ET.fromstring(as_xes(tuple(SUBJECTS)))
    prefixes = {each.attrib["prefix"] for each in log.iter(f"{NS}extension")} | {"termwise"}
    read = {"date": datetime.fromisoformat, "int": int, "boolean": {"true": True, "false": False}.__getitem__}

    attributes = [each for each in log.iter() if "key" in each.attrib]

    assert {each.tag.removeprefix(NS) for each in attributes} <= TYPES
    assert {each.attrib["key"].split(":")[0] for each in attributes} == prefixes
    for each in attributes:
        read.get(each.tag.removeprefix(NS), str)(each.attrib["value"])


def test_what_is_global_is_in_every_trace_and_event() -> None:
    log = ET.fromstring(as_xes(("worked-example",), "school"))
    wanted = {each.attrib["scope"]: {key.attrib["key"] for key in each} for each in log.iter(f"{NS}global")}

    assert len(log.findall(f"{NS}trace")) > 3
    for scope in ("trace", "event"):
        assert all(
            wanted[scope] <= {key.attrib.get("key") for key in each} for each in log.iter(f"{NS}{scope}")
        )


def test_a_step_is_scheduled_first_and_ended_once(cycle: Cycle) -> None:
    by_step: dict[object, list[str]] = {}
    for passage in life(cycle):
        by_step.setdefault(passage.step, []).append(passage.transition)

    assert {name for each in by_step.values() for name in each} <= TRANSITIONS
    assert {each[0] for each in by_step.values()} == {"schedule"}
    assert {sum(name in {"complete", "withdraw"} for name in each) for each in by_step.values()} == {1}


def test_minutes_that_somebody_said_tell_when_they_began() -> None:
    cycle, _ = moderated("agreed")
    first = next(each.event for each in cycle.log if isinstance(each.event, TaskCompleted))
    log = tuple(
        each.model_copy(update={"event": first.model_copy(update={"minutes": 30})})
        if each.event is first
        else each
        for each in cycle.log
    )

    began, ended = [
        each for each in life(Cycle(cycle.root, cycle.parts, log, cycle.world))
        if each.step.id == first.task and each.transition in {"start", "complete"}
    ]  # fmt: skip

    assert ((ended.at - began.at).total_seconds(), began.said, began.person) == (1800, True, first.by)


def test_nothing_that_anybody_wrote_and_no_name_leaves_for_a_miner(cycle: Cycle) -> None:
    _, people = moderated("sent-back")
    words = {
        getattr(each.event, name, None) for each in cycle.log for name in ("reason", "title", "text")
    } | {str(value) for each in cycle.log for value in getattr(each.event, "shown", {}).values()}
    # Neither a number of rows nor an id is a word of anybody's.
    words = {word for word in words if word and re.search("[a-z]{3}", word)}

    for text in (as_xes(("sent-back",)), as_ocel(("sent-back",))):
        assert not [
            word for word in words if json.dumps(word, ensure_ascii=False) in text or f'"{word}"' in text
        ]
        assert not [each.name for each in people.people if each.name in text]


def test_names_leave_where_they_are_wanted() -> None:
    _, people = moderated("agreed")
    name = people.person(next(each.person for each in life(moderated("agreed")[0]) if each.person)).name

    assert f'key="org:resource" value="{name}"' in as_xes(("agreed",), by_name=True)
    assert f'"value":"{name}"' in as_ocel(("agreed",), by_name=True)


def test_the_document_is_built_as_ocel_wants_it() -> None:
    log = json.loads(as_ocel(tuple(SUBJECTS)))

    jsonschema.Draft202012Validator(OCEL, format_checker=jsonschema.FormatChecker()).validate(log)


def test_every_event_and_object_has_a_declared_type_and_every_relation_leads_to_an_object() -> None:
    log = json.loads(as_ocel(tuple(SUBJECTS)))
    objects = {each["id"]: each for each in log["objects"]}

    for kind, things in (("eventTypes", log["events"]), ("objectTypes", log["objects"])):
        declared = {each["name"]: {one["name"] for one in each["attributes"]} for each in log[kind]}
        assert {each["type"] for each in things} == set(declared)
        for each in things:
            assert {one["name"] for one in each["attributes"]} <= declared[each["type"]]
            assert {one["objectId"] for one in each["relationships"]} <= set(objects)
    assert len(objects) == len(log["objects"])
    assert len({each["id"] for each in log["events"]}) == len(log["events"])
    assert {each["type"] for each in log["objects"]} == {"cycle", "task", "school", "person"}


def test_a_task_is_a_row_with_all_that_a_leader_asks_for(cycle: Cycle) -> None:
    _, people = moderated("sent-back")

    found = [
        dict(zip(TABLES["tasks"], row, strict=True)) for row in rows("tasks", cycle, Called(people), Days())
    ]

    assert len(found) == len([each for each in cycle.log if isinstance(each.event, TaskOpened)])
    returned = [each for each in found if each["status"] == "returned"]
    assert returned
    assert {each["step"] for each in returned} == {"confirm", "sign_off"}
    assert all(isinstance(each["closed"], datetime) and each["person"] for each in returned)


def test_only_what_happened_in_the_days_that_are_chosen_is_in_a_table(cycle: Cycle) -> None:
    _, people = moderated("sent-back")
    days = Days(date(2027, 6, 18), date(2027, 6, 18))

    chosen = list(rows("events", cycle, Called(people), days))
    everything = list(rows("events", cycle, Called(people), Days()))

    assert 0 < len(chosen) < len(everything)
    assert {row[2].date() for row in chosen if isinstance(row[2], datetime)} == {date(2027, 6, 18)}
    assert not list(rows("cycles", cycle, Called(people), days))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1+1",
        "'=1",
        "\uff1d1+1",
        '=HYPERLINK("x")',
        "=1\r\n=2",
    ],
)
def test_no_cell_begins_as_a_formula(text: str) -> None:
    [line] = csv_lines([[text, 5, -5, None]])

    [row] = csv.reader([line]) if "\n" not in text else csv.reader(line.splitlines(keepends=True))
    assert row == [f"'{text}", "5", "-5", ""]


@pytest.mark.parametrize("text", ["=1+1", "'=1", "''=1", "-", "O'Brien", "'quoted'", "a=b", "", "\uff20x"])
def test_what_was_made_harmless_is_read_back(text: str) -> None:
    assert plain(harmless(text)) == text
