"""Who holds which role where, on a given day."""

from datetime import date

import pytest
from pydantic import ValidationError

from engine.errors import RefusedError, UnknownNameError
from engine.people import Directory
from engine.staff import Person, Post
from tests.work import lines_run

ON = date(2026, 11, 5)


def post(
    role: str, school: str | None = None, year_group: str | None = None, **more: str
) -> dict[str, str | None]:
    return {"role": role, "school": school, "year_group": year_group, "from": "2024-09-01", **more}


def person(
    number: int, name: str, *posts: dict[str, str | None], line_manager: str | None = None
) -> dict[str, object]:
    email = name.lower().replace(" ", ".") + f"{number}@scholars.example"
    return {
        "id": f"p-{number:04d}",
        "name": name,
        "email": email,
        "posts": posts,
        "line_manager": line_manager,
    }


PEOPLE = [
    person(1, "Marion Ashdown", post("ceo")),
    person(2, "Claire Whitmore", post("headteacher", "glenfield"), line_manager="p-0001"),
    person(3, "Ruth Cartledge", post("headteacher", "hollins"), line_manager="p-0001"),
    person(4, "Emma Thornley", post("class-teacher", "glenfield", "Y6"), line_manager="p-0002"),
    person(5, "Grace Adeyemi", post("class-teacher", "glenfield", "Y6"), post("english-lead", "glenfield")),
    person(6, "Ewan Macrae", post("class-teacher", "glenfield"), line_manager="p-0008"),
    person(
        7,
        "Lucy Fenwick",
        post("class-teacher", "glenfield", "Y3", to="2026-12-31", line_manager="p-0004"),
        post("class-teacher", "hollins", "Y3", **{"from": "2027-01-01"}),
        line_manager="p-0003",
    ),
    person(8, "Emma Thornley", post("phase-leader", "glenfield", to="2026-07-31")),
    person(9, "Dilip Tailor", post("moderator", "hollins", "Y6", subject="writing")),
]
DIRECTORY = Directory.model_validate(
    {
        "trust": {"key": "scholars", "name": "Scholars Trust"},
        "schools": [
            {"key": "glenfield", "name": "Glenfield Primary School", "urn": "900101"},
            {"key": "hollins", "name": "Hollins Primary School", "urn": "900103"},
        ],
        "people": PEOPLE,
    }
)


def test_a_question_finds_everyone_in_its_scope_in_a_fixed_order() -> None:
    assert DIRECTORY.holders("class-teacher", ON, "glenfield", "Y6") == ("p-0004", "p-0005")
    assert DIRECTORY.holders("headteacher", ON, school="hollins") == ("p-0003",)
    assert DIRECTORY.holders("headteacher", ON) == ("p-0002", "p-0003")


def test_a_teacher_without_a_year_group_is_nobodys_year_6_teacher() -> None:
    assert "p-0006" not in DIRECTORY.holders("class-teacher", ON, "glenfield", "Y6")
    assert "p-0006" in DIRECTORY.holders("class-teacher", ON, "glenfield")


def test_a_trust_role_is_asked_for_without_a_school() -> None:
    assert DIRECTORY.holders("ceo", ON) == ("p-0001",)
    assert DIRECTORY.holders("ceo", ON, "glenfield") == ()


def test_a_subject_is_exact_too() -> None:
    assert DIRECTORY.holders("moderator", ON, "hollins", "Y6", "writing") == ("p-0009",)
    assert DIRECTORY.holders("moderator", ON, "hollins", "Y6", "reading") == ()
    assert DIRECTORY.holders("moderator", ON, "hollins", "Y6") == ("p-0009",)


def test_both_the_first_and_the_last_day_of_a_post_count() -> None:
    assert DIRECTORY.holds("p-0007", "class-teacher", date(2026, 12, 31), "glenfield", "Y3")
    assert not DIRECTORY.holds("p-0007", "class-teacher", date(2027, 1, 1), "glenfield", "Y3")
    assert DIRECTORY.holds("p-0007", "class-teacher", date(2027, 1, 1), "hollins")
    assert not DIRECTORY.holds("p-0004", "class-teacher", date(2024, 8, 31))


def test_who_moves_changes_school_and_line_manager_that_day() -> None:
    assert DIRECTORY.schools_of("p-0007", ON) == ("glenfield",)
    assert DIRECTORY.line_manager("p-0007", ON) == "p-0004"

    assert DIRECTORY.schools_of("p-0007", date(2027, 1, 1)) == ("hollins",)
    assert DIRECTORY.line_manager("p-0007", date(2027, 1, 1)) == "p-0003"


def test_a_line_manager_who_has_left_is_not_written_to() -> None:
    assert DIRECTORY.line_manager("p-0006", date(2026, 7, 31)) == "p-0008"
    assert DIRECTORY.line_manager("p-0006", ON) is None
    assert DIRECTORY.line_manager("p-0001", ON) is None


def test_trust_staff_belong_to_no_school() -> None:
    assert DIRECTORY.schools_of("p-0001", ON) == ()


def test_a_list_of_what_is_known_says_when_there_is_more() -> None:
    few, many = (str(UnknownNameError("role", "x", [f"r{n:02}" for n in range(most)])) for most in (12, 15))

    assert few.endswith("r10, r11")
    assert many.endswith("r10, r11 and 3 more")


def test_unknown_names_are_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'hollins'"):
        DIRECTORY.school("holins")
    with pytest.raises(UnknownNameError, match="there is no person 'x'"):
        DIRECTORY.person("x")
    with pytest.raises(UnknownNameError, match="did you mean 'Grace Adeyemi'"):
        DIRECTORY.by_name_or_id("Grace Adeyemy")
    with pytest.raises(UnknownNameError):
        DIRECTORY.by_email("nobody@scholars.example")


@pytest.mark.parametrize(
    "text", ["p-0005", "Grace Adeyemi", " grace adeyemi", "GRACE.ADEYEMI5@scholars.example"]
)
def test_a_person_is_found_by_id_name_or_email(text: str) -> None:
    assert DIRECTORY.by_name_or_id(text).id == "p-0005"


def test_a_shared_name_is_refused_rather_than_guessed() -> None:
    with pytest.raises(RefusedError, match="p-0004, p-0008"):
        DIRECTORY.by_name_or_id("Emma Thornley")


def test_all_roles_are_listed() -> None:
    assert DIRECTORY.role_names() == (
        "ceo", "class-teacher", "english-lead", "headteacher", "moderator", "phase-leader"
    )  # fmt: skip


def test_every_post_is_an_assignment() -> None:
    assert [each.person for each in DIRECTORY.assignments].count("p-0007") == 2
    assert DIRECTORY.assignments[0].post == Post(role="ceo", since=date(2024, 9, 1))


def test_every_fault_of_a_directory_is_named_at_once() -> None:
    broken = [PEOPLE[0], PEOPLE[0], person(20, "Ifeoma Eze", post("sendco", "mars"), line_manager="p-0099")]

    with pytest.raises(ValidationError) as invalid:
        DIRECTORY.model_copy(update={"people": broken})

    for fault in ("id 'p-0001' is given 2 times", "no school 'mars'", "line manager 'p-0099'"):
        assert fault in str(invalid.value)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (post("ceo", to="2020-07-09"), "2020-07-09 is before 2024-09-01, on which that begins"),
        (post("ceo", to="2024-08-31"), None),  # So what was never held is ended.
    ],
)
def test_nothing_ends_before_it_begins(wrong: dict[str, str | None], said: str | None) -> None:
    people = [person(1, "Marion Ashdown", wrong)]

    if said is None:
        assert DIRECTORY.model_copy(update={"people": people}).holders("ceo", ON) == ()
        return
    with pytest.raises(ValidationError, match=said):
        DIRECTORY.model_copy(update={"people": people})


@pytest.mark.parametrize("email", ["nonsense", "a b@c.example", "a@b@c.example", "@school.example", "a@"])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(ValidationError, match="is no e-mail address; write one like"):
        DIRECTORY.model_copy(update={"people": [person(1, "Marion Ashdown") | {"email": email}]})


def test_a_changed_copy_does_not_remember_the_original() -> None:
    assert DIRECTORY.holders("ceo", ON) == ("p-0001",)

    assert DIRECTORY.model_copy(update={"people": DIRECTORY.people[4:5]}).holders("ceo", ON) == ()


def test_a_directory_survives_json() -> None:
    assert Directory.model_validate_json(DIRECTORY.model_dump_json()) == DIRECTORY


def test_six_thousand_people_are_asked_at_once() -> None:
    schools = [f"school-{n}" for n in range(90)]
    many = DIRECTORY.model_copy(
        update={
            "schools": [{"key": key, "name": key, "urn": f"9{n:05d}"} for n, key in enumerate(schools)],
            "people": [
                Person.model_validate(person(n, f"Person {n}", post("class-teacher", schools[n % 90], "Y6")))
                for n in range(1, 6001)
            ],
        }
    )
    many.holders("class-teacher", ON)

    work = lines_run(lambda: [many.holders("class-teacher", ON, key, "Y6") for key in schools])

    assert work < len(schools) * 1_000  # Nobody walks over all 6,000.
