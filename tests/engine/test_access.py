"""Who sees how much: the matrix of the trust, row by row."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.trust import load_trust
from engine.access.reader import OPERATOR, Reader, reader
from engine.access.sight import PUPILS, STAFF, Matter, Sight, sight
from engine.covering import Cover
from engine.people import Directory
from engine.staff import Person, Post

ON = date(2026, 11, 2)
SCHOLARS = load_trust(Path("examples/scholars")).directory
NOTHING, COUNTED, OUTLINE, ANSWERS, ALL = Sight
CEO, SIO, CLERK = "p-0001", "p-0002", "p-0004"
HEAD, DEPUTY, SENDCO, PHASE, TEACHER, ASSISTANT = "p-0005", "p-0006", "p-0007", "p-0009", "p-0021", "p-0042"
OTHER_HEAD, OTHER_TEACHER = "p-0051", "p-0059"
TRUSTEE = "p-0900"


def with_people(*people: Person) -> Directory:
    return SCHOLARS.model_copy(update={"people": (*SCHOLARS.people, *people)})


DIRECTORY = with_people(
    Person(
        id=TRUSTEE,
        name="Rosalind Achebe",
        email="rosalind.achebe@scholars.example",
        posts=(Post(role="trustee", since=date(2024, 9, 1)),),
    )
)
PLAN = Matter("trust", owner_role="school-improvement-officer", school="glenfield")
PUPILS_WORK = Matter(
    "personal", PUPILS, owner_role="school-improvement-officer", school="glenfield", year_group="Y6"
)
APPRAISAL = Matter(
    "personal", STAFF, person=TEACHER, owner_role="school-improvement-officer", school="glenfield"
)
HEADS_APPRAISAL = Matter("personal", STAFF, person=HEAD, owner_role="ceo", school="glenfield")
UNSAID = Matter("personal", owner_role="school-improvement-officer", school="glenfield", year_group="Y6")
FILE = Matter("sensitive", PUPILS, owner_role="sendco", school="glenfield")
COACHING = Matter("sensitive", STAFF, person=TEACHER, owner_role="ceo", school="glenfield")
WIDE = Matter("personal", PUPILS, owner_role="school-improvement-officer")

MATRIX = {
    "a plan": (PLAN, {HEAD: ALL, DEPUTY: ALL, SIO: ALL, CEO: ANSWERS, TEACHER: ANSWERS, OTHER_HEAD: ANSWERS,
        TRUSTEE: ANSWERS}),
    "pupils' work": (PUPILS_WORK, {HEAD: ALL, DEPUTY: ALL, TEACHER: ALL, ASSISTANT: ALL, CEO: ANSWERS, SIO: ANSWERS,
        PHASE: ANSWERS, SENDCO: NOTHING, CLERK: OUTLINE, OTHER_HEAD: NOTHING, OTHER_TEACHER: NOTHING,
        TRUSTEE: COUNTED}),
    "the work of the whole trust's pupils": (WIDE, {HEAD: NOTHING, CEO: ANSWERS, TEACHER: NOTHING, TRUSTEE: COUNTED}),
    "an appraisal": (APPRAISAL, {TEACHER: ALL, HEAD: ALL, DEPUTY: ALL, CEO: OUTLINE, SIO: OUTLINE, OTHER_HEAD: NOTHING,
        ASSISTANT: NOTHING, SENDCO: NOTHING, TRUSTEE: COUNTED}),
    "a head's appraisal": (HEADS_APPRAISAL, {HEAD: ALL, CEO: ALL, SIO: ALL, DEPUTY: NOTHING, OTHER_HEAD: NOTHING,
        TEACHER: NOTHING, TRUSTEE: COUNTED}),
    "records nobody said whose": (UNSAID, {HEAD: ALL, TEACHER: NOTHING, CEO: OUTLINE, OTHER_HEAD: NOTHING,
        PHASE: NOTHING}),
    "a file of special needs": (FILE, {HEAD: ALL, SENDCO: ALL, CEO: COUNTED, TEACHER: NOTHING, OTHER_HEAD: NOTHING,
        TRUSTEE: NOTHING, CLERK: NOTHING}),
    "coaching": (COACHING, {TEACHER: ALL, HEAD: ALL, CEO: OUTLINE, SIO: COUNTED, DEPUTY: ALL, OTHER_HEAD: NOTHING,
        TRUSTEE: NOTHING}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "who"), [(what, who) for what, (_, row) in MATRIX.items() for who in row], ids=str
)
def test_the_matrix(what: str, who: str) -> None:
    matter, row = MATRIX[what]

    assert sight(reader(DIRECTORY, who, ON), matter) is row[who]


def test_whoever_is_asked_sees_all_of_what_they_are_asked() -> None:
    asked = Matter("sensitive", STAFF, person=TEACHER, school="glenfield", parties=frozenset({OTHER_HEAD}))

    assert sight(reader(DIRECTORY, OTHER_HEAD, ON), asked) is ALL


def test_whoever_covers_sees_what_they_may_do_and_no_more() -> None:
    cover = Cover(
        id="c-1",
        person=TEACHER,
        deputies=(OTHER_TEACHER,),
        since=ON,
        until=ON,
        processes=("moderation",),
        reason="A course",
    )
    covering = reader(DIRECTORY.model_copy(update={"covers": (cover,)}), OTHER_TEACHER, ON)
    asked = Matter("personal", PUPILS, school="glenfield", parties=frozenset({TEACHER}), process="moderation")

    assert sight(covering, asked) is ALL
    assert sight(covering, replace(asked, process="appraisal")) is NOTHING
    assert sight(covering, APPRAISAL) is NOTHING


def test_a_line_manager_sees_the_records_of_those_they_manage() -> None:
    managed = Matter("personal", STAFF, person="p-0015", school="glenfield")  # managed by a phase leader

    assert sight(reader(DIRECTORY, "p-0010", ON), managed) is ALL
    assert sight(reader(DIRECTORY, PHASE, ON), managed) is NOTHING


def test_a_role_that_ended_yesterday_opens_nothing() -> None:
    left = Person(
        id="p-0901",
        name="Gareth Pruett",
        email="gareth.pruett@scholars.example",
        posts=(
            Post(role="headteacher", school="glenfield", since=date(2020, 9, 1), until=date(2026, 11, 1)),
        ),
    )
    directory = with_people(left)

    assert sight(reader(directory, left.id, date(2026, 11, 1)), APPRAISAL) is ALL
    assert sight(reader(directory, left.id, ON), APPRAISAL) is NOTHING
    assert sight(reader(directory, left.id, ON), PLAN) is NOTHING


def test_a_stranger_sees_what_is_public() -> None:
    stranger = reader(DIRECTORY, "p-9999", ON)

    assert sight(stranger, Matter("public")) is ALL
    assert {sight(stranger, matter) for matter, _ in MATRIX.values()} == {NOTHING}


def test_a_class_that_is_not_known_is_as_the_strictest() -> None:
    assert sight(reader(DIRECTORY, CEO, ON), Matter("secret")) is COUNTED
    assert sight(reader(DIRECTORY, OTHER_HEAD, ON), Matter("secret", school="glenfield")) is NOTHING


@given(
    who=st.sampled_from([person.id for person in DIRECTORY.people]),
    confidentiality=st.sampled_from(["personal", "sensitive"]),
    about=st.sampled_from([None, PUPILS, STAFF]),
    person=st.none() | st.sampled_from([person.id for person in SCHOLARS.people]),
    year_group=st.sampled_from([None, "Y2", "Y6"]),
)
def test_nobody_of_another_school_ever_sees_an_answer(
    who: str, confidentiality: str, about: str | None, person: str | None, year_group: str | None
) -> None:
    matter = Matter(
        confidentiality,
        about,
        person,
        owner_role="school-improvement-officer",
        school="glenfield",
        year_group=year_group,
    )
    looking = reader(DIRECTORY, who, ON)
    bound = looking.leads_trust or "glenfield" in looking.works_at or person in looking.people
    manages = person in looking.manages or person in looking.staff

    assert bound or manages or sight(looking, matter) <= OUTLINE


def test_the_operator_sees_all_and_is_nobody() -> None:
    assert OPERATOR.people == frozenset()
    assert {sight(OPERATOR, matter) for matter, _ in MATRIX.values()} == {ALL}
    assert Reader("p-1") != OPERATOR
