"""Nothing that stands in a scenario file brings its player down: it plays, stops with a reason, or is refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from definitions.scenarios.running import Failure, run_scenarios
from definitions.trust import TrustFolder
from tests.definitions.visits import PROCESS
from tests.worlds import calendar, directory

PLAY: dict[str, Any] = {
    "scenario": "A play",
    "start": {"on": "2027-04-20", "at": "09:00", "as": "Officer", "set": {"schools": ["ash", "beech"]}},
    "usually": {"look": {"form": {"rooms": 3}}, "agree": {"outcome": "well"}, "thank": {}},
    "script": [
        {
            "on": "2 school days after today",
            "at": "10:00",
            "expect": {"open": {"look": 2}, "waiting": "nothing"},
        },
        {"complete": "look at ash", "as": "Head ash", "form": {"rooms": "= 6 + 6"}, "reason": "So it is"},
        {"do": "reassign", "task": "agree", "as": "Officer", "with": {"to": "Chief", "reason": "Busy"}},
        {"return": "agree at ash", "reason": "The cellar", "outcome": "again"},
        {"complete": "everything", "but": ["thank"]},
        {"raise": "appeal-raised", "reason": "Not all", "values": {}},
        {"cancel": "Enough", "as": "Chief", "refused": "has ended"},
    ],
    "expect": {
        "state": "running",
        "tasks": [{"task": "every look", "asked": ["Head ash"], "due": "2027-04-23", "times": 2}],
        "values": {"seen": 12, "visits.map(v, v.look.rooms)": []},
        "events": [{"event": "task-opened", "where": "ash", "with": {"round": 1}, "times": 2}],
        "told": [{"who": "Chief", "of": "seen", "how": "message"}],
    },
}
ODD = [
    "a", "every ", "every look at", "everything", "= [", "= 1 / 0", "= schools", "0001-01-01", "9999-12-31",
    "2027-13-45", "999 days after today", "the last day of today", "\0", "id", "look", "agree at nowhere", -1, 10**18,
    1.5, True, None, [], {}, [[]], {"csv": "."}, {"csv": "\0"}, {"csv": "x", "where": {"a": "b"}},
    {"id": "x", "by": "y"},
]  # fmt: skip


def places(part: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    keys = list(part) if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
    for key in keys:
        yield part, key
        yield from places(part[key])


PLACES = len(list(places(PLAY)))


def play(folder: Path, document: object) -> Failure | None:
    (folder / "scenarios").mkdir(parents=True, exist_ok=True)
    (folder / "process.yaml").write_text(PROCESS)
    (folder / "scenarios" / "odd.yaml").write_text(json.dumps(document))
    tested = run_scenarios(folder / "process.yaml", lambda _: TrustFolder(directory(), calendar()))
    (verdict,) = tested.verdicts
    assert verdict.unreadable is None or "odd.yaml:" in verdict.unreadable
    return verdict.failure


@settings(
    max_examples=250,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
@given(st.integers(0, PLACES - 1), st.sampled_from(ODD), st.sampled_from(["replace", "remove", "rename"]))
@example(2, "2027-13-45", "replace")
@example(18, "9999-12-31", "replace")
@example(58, None, "replace")
@example(34, {"id": "x", "by": "y"}, "replace")
def test_no_change_to_a_scenario_brings_the_player_down(
    tmp_path_factory: pytest.TempPathFactory,
    number: int,
    odd: object,
    how: str,
) -> None:
    document = json.loads(json.dumps(PLAY))
    parent, key = list(places(document))[number]
    if how == "remove":
        del parent[key]
    elif how == "rename" and isinstance(parent, dict):
        parent[str(odd)] = parent.pop(key)
    else:
        parent[key] = odd

    play(tmp_path_factory.mktemp("odd"), document)


def test_the_play_that_is_changed_is_played(tmp_path: Path) -> None:
    played = play(tmp_path, PLAY)

    assert played
    assert played.message.endswith("things are not as expected")
