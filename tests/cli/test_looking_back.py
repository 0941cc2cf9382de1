"""Boards, lists, stories and reports as known on an earlier day, and the difference between two."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from cli.setup import settings
from engine.timezone import local_date
from tests.cli.conftest import Shell
from tests.storage.past import recorded_from
from workers.wiring import open_records

OFFICER, HEAD = "Daniel Okafor", "claire.whitmore@scholars.example"
TODAY = local_date(datetime.now(UTC))
FRIDAY, TUESDAY = date(2026, 11, 13), date(2026, 11, 17)


@dataclass(frozen=True)
class Past:
    """A cycle that was begun on a Friday, answered on the Tuesday and agreed with today."""

    cycle: str
    look: str


@pytest.fixture
async def past(termwise: Shell) -> Past:
    cycle = await termwise.started()
    await termwise.says("cycles", cycle)
    (look,) = await termwise.tasks(cycle)
    begun = await _position()
    await termwise("tasks", "complete", look, "--set", "mark=low", "--set", "rooms=3", by=HEAD)
    (agree,) = await termwise.tasks(cycle, "agree")
    answered = await _position()
    await termwise("tasks", "return", agree, "--reason", "the cellar", by=OFFICER)
    (again,) = await termwise.tasks(cycle)
    await termwise("tasks", "complete", again, "--set", "mark=high", "--set", "rooms=4", by=HEAD)
    for position, day in ((0, FRIDAY), (begun, TUESDAY), (answered, TODAY - timedelta(days=1))):
        await _recorded_from(position, day)
    return Past(cycle, look)


async def _position() -> int:
    async with open_records(settings().dsn or "", size=1) as records:
        return await records.reads.position_at(datetime.now(UTC))


async def _recorded_from(position: int, day: date) -> None:
    async with open_records(settings().dsn or "", size=1) as records:
        await recorded_from(records.pool, position, datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


async def test_a_board_and_a_list_are_what_was_seen_on_the_day(termwise: Shell, past: Past) -> None:
    friday = ("--known-on", str(FRIDAY))

    board = await termwise("board", past.cycle, *friday)
    tasks = await termwise("tasks", "--cycle", past.cycle, "--all", *friday, "--json")
    cycles = await termwise("cycles", *friday)
    shown = await termwise("tasks", "show", past.look, *friday)
    later = await termwise("board", past.cycle, "--known-on", str(TUESDAY), "--json")

    assert board.out.startswith("As known on Fri 13 Nov 2026, at the end of the day\n")
    assert "0 of 1 done" in board.out
    assert [each["task"] for each in tasks.json["tasks"]] == [past.look]
    assert tasks.json["known_on"] == str(FRIDAY)
    assert past.cycle in cycles.out
    assert "termwise tasks complete" in shown.out
    assert {cell["stage"]: (cell["done"], cell["open"]) for cell in later.json["cells"]} == {
        "Looking": (1, 0),
        "Agreeing": (0, 1),
    }


async def test_a_story_and_a_cycle_end_where_that_day_ended(termwise: Shell, past: Past) -> None:
    friday = await termwise("history", past.cycle, "--known-on", str(FRIDAY))
    tuesday = await termwise("history", past.cycle, "--known-on", str(TUESDAY))
    shown = await termwise("show", past.cycle, "--known-on", str(TUESDAY), "--json")
    all_of_it = await termwise("history", past.cycle)

    assert "completed" not in friday.out
    assert "completed 'Look around'" in tuesday.out
    assert "the cellar" not in tuesday.out
    assert (shown.json["known_on"], shown.json["open"]) == (str(TUESDAY), 1)
    assert "the cellar" in all_of_it.out


async def test_what_had_happened_by_a_day_is_asked_for_apart(termwise: Shell, past: Past) -> None:
    before = await termwise("history", past.cycle, "--as-of", str(TUESDAY))
    today = await termwise("history", past.cycle, "--as-of", str(TODAY), "--known-on", str(FRIDAY))

    assert before.code != 0
    assert "had not begun yet" in before.err
    assert "completed" not in today.out


async def test_a_day_that_nothing_is_known_of_says_so(termwise: Shell, past: Past) -> None:
    to_come = await termwise("board", past.cycle, "--known-on", str(TODAY + timedelta(days=1)))
    long_ago = await termwise("cycles", "--known-on", "2019-01-07")
    watched = await termwise("board", past.cycle, "--known-on", str(FRIDAY), "--watch")

    assert "is still to come" in to_come.err
    assert "nothing was recorded by Mon 7 Jan 2019; the records begin on" in long_ago.err
    assert "leave out --watch" in watched.err
    assert 0 not in {to_come.code, long_ago.code, watched.code}


async def test_who_may_not_see_it_today_does_not_see_it_of_an_earlier_day(
    termwise: Shell, past: Past
) -> None:
    as_known = await termwise("history", past.cycle, "--known-on", str(TUESDAY), "--json", by=HEAD)
    now = await termwise("history", past.cycle, "--json", by=HEAD)

    assert {each["text"] for each in as_known.json["history"]} <= {
        each["text"] for each in now.json["history"]
    }


async def test_the_register_is_told_as_known_on_a_day(termwise: Shell, past: Past) -> None:
    await termwise("people", "set", "Tariq Mahmood", "--email", "t.mahmood@scholars.example", by=OFFICER)

    then = await termwise("people", "show", "Tariq Mahmood", "--known-on", str(TODAY - timedelta(days=1)))
    who = await termwise(
        "people", "who", "headteacher", "--school", "glenfield", "--as-known-on", str(FRIDAY)
    )
    schools = await termwise("schools", "list", "--known-on", str(FRIDAY), "--json")
    history = await termwise("history", "register", "--known-on", str(FRIDAY), "--json")

    assert "as known on" in then.out
    assert "Claire Whitmore" in who.out
    assert schools.json["known_on"] == str(FRIDAY)
    assert history.json["history"]


async def test_the_difference_between_two_days_says_what_was_decided_and_corrected(
    termwise: Shell, past: Past
) -> None:
    days = ("--from", str(TUESDAY), "--to", str(TODAY))

    told = await termwise("records", "difference", past.cycle, *days)
    first = await termwise("records", "difference", past.cycle, "--from", str(FRIDAY), "--to", str(TUESDAY))
    everything = await termwise("records", "difference", *days, "--json")

    assert "Sent back" in told.out
    assert "the cellar" in told.out
    assert "'Look around' at Glenfield Primary School, How tidy it is" in told.out
    assert "before: low (Claire Whitmore," in told.out
    assert "after: high (Claire Whitmore," in told.out
    assert "Decided" in first.out
    assert "Corrected" not in first.out
    (cycle,) = everything.json["cycles"]
    assert [(each["name"], each["before"], each["after"]) for each in cycle["corrected"]] == [
        ("mark", "low", "high"),
        ("rooms", 3, 4),
    ]


async def test_a_difference_is_told_as_far_as_its_reader_sees(termwise: Shell, past: Past) -> None:
    await termwise("people", "set", "Tariq Mahmood", "--email", "t.mahmood@scholars.example", by=OFFICER)
    days = ("--from", str(FRIDAY), "--json")

    operator = await termwise("records", "difference", *days)
    head = await termwise("records", "difference", *days, by=HEAD)
    wrong = await termwise("records", "difference", "--from", str(TODAY))

    assert [each["instance"] for each in operator.json["cycles"]] == [past.cycle]
    assert [each["instance"] for each in head.json["cycles"]] == [past.cycle]
    assert head.json["register"] == []
    assert wrong.code != 0
    assert "name an earlier day" in wrong.err
