"""Schools that join and leave, classes, phases, contracts and line management, each for its time."""

from datetime import date

import pytest
from pydantic import ValidationError

from engine.gias import PHASES, STATUSES, TYPES, Coded, contradiction
from engine.people import Directory
from tests.engine.test_people import PEOPLE, person, post

ON = date(2026, 11, 5)
BEFORE, JOINED, LEFT = date(2026, 12, 31), date(2027, 1, 1), date(2028, 9, 1)


def directory(**more: object) -> Directory:
    schools = [
        {"key": "glenfield", "name": "Glenfield Primary School", "urn": "900101"},
        {"key": "hollins", "name": "Hollins Primary School", "urn": "900103"},
    ]
    plain = {"trust": {"key": "scholars", "name": "Scholars Trust"}, "schools": schools, "people": PEOPLE}
    return Directory.model_validate(plain | more)


HOLLINS = {"school": "hollins", "from": "2027-01-01", "to": "2028-08-31"}


def test_a_post_counts_only_while_its_school_is_in_the_trust() -> None:
    joining = directory(memberships=[HOLLINS])

    assert joining.members(BEFORE) == ("glenfield",)
    assert joining.holders("headteacher", BEFORE) == ("p-0002",)
    assert not joining.at_work("p-0003", BEFORE)
    assert joining.members(JOINED) == ("glenfield", "hollins")
    assert joining.holders("headteacher", JOINED, "hollins") == ("p-0003",)
    assert joining.schools_of("p-0003", JOINED) == ("hollins",)
    assert joining.holders("headteacher", LEFT, "hollins") == ()
    assert joining.posts_on("p-0003", LEFT) == ()
    assert not joining.holds("p-0003", "headteacher", LEFT)


def test_a_school_that_comes_back_is_in_again() -> None:
    again = directory(memberships=[HOLLINS, {"school": "hollins", "from": "2029-01-01"}])

    assert again.holders("headteacher", date(2028, 12, 31), "hollins") == ()
    assert again.holders("headteacher", date(2029, 1, 1), "hollins") == ("p-0003",)


def test_a_teacher_of_a_mixed_class_teaches_each_of_its_year_groups_as_it_is_that_day() -> None:
    mixed = {"school": "glenfield", "name": "Kingfishers", "to": "2027-07-31", "year_groups": ["Y5", "Y6"]}
    later = {"school": "glenfield", "name": "Kingfishers", "from": "2027-08-01", "year_groups": ["Y4", "Y5"]}
    teacher = person(20, "Ada Finch", post("class-teacher", "glenfield", **{"class": "Kingfishers"}))
    classes = directory(people=[teacher], classes=[mixed, later])

    for year_group, on, found in (
        ("Y5", ON, True),
        ("Y6", ON, True),
        ("Y4", ON, False),
        ("Y4", date(2027, 9, 1), True),
        ("Y6", date(2027, 9, 1), False),
    ):
        assert classes.holds("p-0020", "class-teacher", on, "glenfield", year_group) is found
    assert classes.holders("class-teacher", ON, "glenfield", class_="Kingfishers") == ("p-0020",)
    assert classes.holders("class-teacher", ON, "glenfield", class_="Wrens") == ()
    room = classes.class_of("glenfield", "Kingfishers", date(2027, 9, 1))
    assert room is not None
    assert room.year_groups == ("Y4", "Y5")
    assert len(classes.posts_on("p-0020", ON)) == 1


def test_a_phase_stands_for_its_year_groups() -> None:
    leader = person(20, "Ada Finch", post("phase-leader", "glenfield", phase="key-stage-2"))
    phases = directory(people=[leader])

    assert phases.holds("p-0020", "phase-leader", ON, "glenfield", "Y6")
    assert not phases.holds("p-0020", "phase-leader", ON, "glenfield", "Y2")


def test_history_answers_who_managed_whom_on_that_day() -> None:
    managed = person(20, "Ada Finch", post("class-teacher", "glenfield"), line_manager="p-0002") | {
        "managed": [
            {"manager": "p-0003", "from": "2026-09-01", "to": "2026-12-31"},
            {"manager": None, "from": "2027-01-01", "to": "2027-01-31"},
        ]
    }
    known = directory(people=[*PEOPLE, managed])

    days = {
        date(2026, 8, 31): "p-0002",
        date(2026, 9, 1): "p-0003",
        date(2026, 12, 31): "p-0003",
        date(2027, 2, 1): "p-0002",
    }
    assert {day: known.line_manager("p-0020", day) for day in days} == days
    assert known.line_manager("p-0020", date(2027, 1, 15)) is None


def test_a_role_for_the_trust_is_not_the_same_role_at_a_school() -> None:
    both = directory(
        people=[
            person(20, "Ada Finch", post("administrator", "glenfield")),
            person(21, "Ben Wren", post("administrator")),
        ]
    )

    assert both.holds("p-0020", "administrator", ON)
    assert not both.holds_for_trust("p-0020", "administrator", ON)
    assert both.holds_for_trust("p-0021", "administrator", ON)


def test_contracts_have_their_time() -> None:
    part = {"school": "glenfield", "from": "2026-09-01", "to": "2027-08-31", "fte": 0.6, "type": "fixed-term"}
    known = directory(people=[person(20, "Ada Finch") | {"contracts": [part]}])

    (contract,) = known.contracts_on("p-0020", ON)
    assert (contract.fte, contract.type) == (0.6, "fixed-term")
    assert known.contracts_on("p-0020", date(2027, 9, 1)) == ()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"memberships": [{"school": "holins"}]}, "there is no school 'holins'"),
        ({"memberships": [HOLLINS | {"to": "2026-01-01"}]}, "2026-01-01 is before 2027-01-01"),
        (
            {"people": [person(20, "Ada", post("class-teacher", "glenfield", **{"class": "6A"}))]},
            "p-0020: there is no class '6A' at glenfield",
        ),
        (
            {"people": [person(20, "Ada") | {"contracts": [{"school": "oak", "from": "2026-09-01"}]}]},
            "p-0020: there is no school 'oak'",
        ),
        (
            {"people": [person(20, "Ada") | {"managed": [{"manager": "p-9999", "from": "2026-09-01"}]}]},
            "p-0020: line manager 'p-9999' is not here",
        ),
        (
            {
                "people": [
                    person(20, "Ada")
                    | {
                        "managed": [
                            {"manager": "p-0020", "from": "2026-09-01"},
                            {"manager": None, "from": "2026-10-01"},
                        ]
                    }
                ]
            },
            "two line managers are said for 2026-10-01",
        ),
        (
            {"people": [person(n, "Ada") | {"trn": "1234567"} for n in (20, 21)]},
            "TRN '1234567' is given 2 times",
        ),
    ],
)
def test_what_cannot_be_is_said(more: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        directory(**more)


@pytest.mark.parametrize("trn", ["123456", "12345678", "123456a", "12/3456"])
def test_a_trn_has_seven_digits(trn: str) -> None:
    with pytest.raises(ValidationError, match="trn"):
        directory(people=[person(20, "Ada") | {"trn": trn}])


def test_what_is_new_changes_no_text_of_a_directory_that_does_not_use_it() -> None:
    dumped = directory().model_dump(mode="json", exclude_defaults=True)

    assert dumped.keys() == {"trust", "schools", "people"}
    assert dumped["people"][0].keys() == {"id", "name", "email", "posts"}
    assert dumped["people"][1]["posts"][0].keys() == {"role", "school", "since"}
    assert dumped["schools"][0].keys() == {"key", "name", "urn"}


@pytest.mark.parametrize(
    ("codes", "code", "name", "said"),
    [
        (TYPES, "34", "Academy converter", None),
        (TYPES, "34", "ACADEMY CONVERTER ", None),
        (TYPES, "28", "Academy sponsor led", None),
        (
            TYPES,
            "28",
            "Academy converter",
            "28 is 'Academy sponsor led'; 'Academy converter' has the code 34",
        ),
        (TYPES, "22", "Academy sponsor led", "the public list has 28 for that"),
        (TYPES, "99", "Something new", None),
        (TYPES, "34", "Something new", "34 is 'Academy converter'"),
        (STATUSES, "3", "Closed", "3 is 'Open, but proposed to close'; 'Closed' has the code 2"),
        (STATUSES, "2", "Closed", None),
        (PHASES, "2", "Primary", None),
    ],
)
def test_a_code_whose_name_says_something_else_is_told(codes, code, name, said) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    found = contradiction(codes, Coded(code=code, name=name))

    assert found is None if said is None else said in str(found)
