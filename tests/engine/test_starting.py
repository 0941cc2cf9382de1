"""Starting: inputs as given, their defaults, and every mistake in one go."""

import pytest
from pydantic import JsonValue

from engine.commands import StartProcess, command_id
from engine.decide import decide
from engine.errors import InvalidInputError, NotAllowedError, RefusedError
from engine.schools import Membership
from engine.starting import instance_id, instance_name, instance_term, resolve_inputs
from engine.templates import slug
from engine.world import World
from tests.worlds import NOW, Play, calendar, directory, named, program

INPUTS = """
    key: "{{ half_term }}:{{ word }}"
    name: "About {{ word }}"
    term: half_term
    inputs:
      half_term: {type: half-term, default: 2026-27 summer 1}
      word: {type: text, default: Writing}
      count: {type: integer, default: 3}
      share: {type: number, default: 0.5}
      sure: {type: yes-no, default: false}
      pick: {type: choice, of: [red, blue], default: red}
      school: {type: school, default: ash}
      year: {type: year-group, default: Y2}
      person: {type: person, default: p-0001}
      day: {type: date, default: 2 school days before the last day of half_term}
      next: {type: date, default: 1 day after day}
      schools: {type: list of school, default: all}
      years: {type: list of year-group, default: [Y2, Y6]}
      words: {type: list of text, default: [a]}
    steps: [{task: look, title: Look, who: ceo}]
"""


@pytest.fixture(scope="module")
def world() -> World:
    return World(program(INPUTS), calendar(), directory())


def test_what_is_not_given_has_its_default(world: World) -> None:
    values = resolve_inputs(world, {})

    assert values == {
        "half_term": "2026-27 summer 1",
        "word": "Writing",
        "count": 3,
        "share": 0.5,
        "sure": False,
        "pick": "red",
        "school": "ash",
        "year": "Y2",
        "person": "p-0001",
        "day": "2027-05-26",
        "next": "2027-05-27",
        "schools": ["ash", "beech", "cedar"],
        "years": ["Y2", "Y6"],
        "words": ["a"],
    }
    assert resolve_inputs(world, values) == values
    assert instance_id(world.program, values) == "example:2026-27:summer-1:writing"
    assert instance_name(world.program, values) == "About Writing"
    assert instance_term(world.program, values) == "2026-27 summer 1"


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("count", "12", 12),
        ("share", "0.25", 0.25),
        ("share", 1, 1.0),
        ("sure", "yes", True),
        ("day", "2027-05-01", "2027-05-01"),
        ("day", "on 2027-05-05", "2027-05-05"),
        ("day", "on 2027-05-01", "2027-04-30"),  # A Saturday: phrases keep to school days.
        ("schools", "ash, cedar", ["ash", "cedar"]),
        ("words", "x,y", ["x", "y"]),
    ],
)
def test_what_a_person_types_is_understood(
    world: World, name: str, given: JsonValue, kept: JsonValue
) -> None:
    found = resolve_inputs(world, {name: given})[name]

    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("word", " ", "word: is empty; it must be answered"),
        ("word", "x" * 5_001, "word: has 5,001 characters; at most 5,000 are allowed"),
        ("count", "1_000", "count: '1_000' is not a whole number; write one such as 12"),
        ("count", "9" * 19, f"count: '{'9' * 19}' is too large"),
        ("share", "nan", "share: 'nan' is not a number; write one such as 12.5"),
        ("share", "1e999", "share: '1e999' is not a number; write one such as 12.5"),
        ("sure", "perhaps", "sure: 'perhaps' is neither yes nor no; write yes or no"),
        ("pick", "rod", "pick: 'rod' is not a choice here; did you mean 'red'?"),
        ("school", "asch", "school: there is no school 'asch'; did you mean 'ash'?"),
        ("year", ["Y2"], "year: a list is not a year group"),
        ("person", "p-1", "person: there is no person 'p-1'"),
        ("half_term", "summer 9", "half_term: "),
        ("day", "soonish", "day: counts from 'soonish', which has no value yet"),
        ("day", "2 school days before count", "day: counts from 'count', which has no value yet"),
        ("day", "1 day after word", "day: word is 'Writing'; a day such as '2027-05-26' is needed"),
        ("schools", [], "schools: has no values; at least 1 must be given"),
        ("schools", "ash,ash", "schools: 'ash' stands twice"),
        ("wrod", "x", "there is no input 'wrod'; did you mean 'word'?"),
    ],
)
def test_a_mistake_gets_a_plain_sentence(world: World, name: str, given: JsonValue, sentence: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        resolve_inputs(world, {name: given})

    assert refused.value.problems[0].startswith(sentence)


def test_all_mistakes_are_listed_at_once(world: World) -> None:
    with pytest.raises(InvalidInputError) as refused:
        resolve_inputs(world, {"count": "x", "pick": "x", "unknown": 1})

    assert len(refused.value.problems) == 3


def test_only_the_owner_role_may_start_it() -> None:
    play = Play(program("steps: [{task: look, title: Look, who: ceo}]"))
    start = StartProcess(
        id=command_id("start"), by=named(play.world.directory, "Head ash"), instance=play.root, inputs={},
        definition="d", calendar="c", directory="p", root=play.root,
    )  # fmt: skip

    with pytest.raises(
        NotAllowedError, match="Head ash may not start example: that is for school-improvement-officer"
    ):
        decide(play.world, None, start, NOW)
    with pytest.raises(RefusedError, match="example:only is already running"):
        decide(play.world, play.state, start, NOW)
    other = start.model_copy(
        update={"instance": "example:other", "by": named(play.world.directory, "Officer")}
    )
    with pytest.raises(RefusedError, match="these inputs make the cycle example:only, not example:other"):
        decide(play.world, None, other, NOW)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("2026-27 summer 1:writing", "2026-27:summer-1:writing"),
        ("writing:2026-27 summer 1", "writing:2026-27:summer-1"),
        ("Ysgol Tŷ Gwyn", "ysgol-ty-gwyn"),
        ("a/b", "a-b"),
        ("!", ""),
    ],
)
def test_a_key_becomes_part_of_an_id(text: str, plain: str) -> None:
    assert slug(text) == plain


def test_a_key_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="these inputs give the cycle no key"):
        Play(
            program("key: '{{ word }}'\ninputs: {word: {type: text}}\nsteps: [{set: {a: '1'}}]"),
            {"word": "!"},
        )


def test_all_schools_are_those_in_the_trust_on_the_day_of_the_start(world: World) -> None:
    left = Membership.model_validate({"school": "cedar", "to": "2027-01-31"})
    later = World(world.program, world.calendar, directory().model_copy(update={"memberships": (left,)}))
    unsaid = "inputs: {}\nsteps: [{task: look, title: Look, who: ceo}]"

    assert resolve_inputs(later, {}, NOW)["schools"] == ["ash", "beech"]
    assert resolve_inputs(later, {"schools": ["cedar"]}, NOW)["schools"] == ["cedar"]
    assert Play(program(unsaid), people=later.directory).state.started.schools == ("ash", "beech")
