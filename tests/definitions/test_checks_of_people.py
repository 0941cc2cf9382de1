"""What is found in definitions about people: names in the open, roles nobody holds, records about nobody."""

from pathlib import Path
from textwrap import dedent

import pytest

from definitions.examining import examine_file
from engine.definition.around import Around
from tests.definitions.checking import END, HEADER, found
from tests.worlds import directory

# ---- personal data


def test_personal_data_in_names_ids_and_subjects_is_an_error(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        """\
        values:
          who: null
          note: {type: text, default: "", personal: true}
        steps:
        - task: judge
          title: Judge
          who: ceo
          form: {rows: {table: {pupil: {type: text, personal: true}, mark: {type: integer}}}}
        - set:
            who: judge.rows[0].pupil
            first: judge.rows[0].mark
        - notify: news
          to: ceo
          subject: "About {{ who }}, {{ first }}, {{ note }} and {{ size(judge.rows.map(r, r.pupil)) }}"
          body: "{{ who }}"
        - for_each: each
          over: {row: judge.rows}
          key: row.pupil
          steps: [{task: look, title: "Look at {{ row.pupil }}", who: ceo}]
        """,
    )

    assert told == [
        "14:22 personal-data-shown: 'who' is personal and would be shown in the subject of a message",
        "14:46 personal-data-shown: 'note' is personal and would be shown in the subject of a message",
        "18:12 personal-data-shown: 'pupil' is personal and would be shown in an address",
        "19:47 personal-data-shown: 'pupil' is personal and would be shown in the title of a task",
    ]


def test_a_cycle_is_not_named_by_what_is_personal(tmp_path: Path) -> None:
    file = tmp_path / "process.yaml"
    file.write_text(
        HEADER.replace("key: always", 'key: "{{ pupil }}"')
        + "inputs: {pupil: {type: text, personal: true}}\n"
        + "steps: [{task: a, title: A, who: ceo}]\n"
        + END
    )

    told = [(each.mark.line, each.mark.column, each.rule) for each in examine_file(file)]

    assert told == [(8, 10, "personal-data-shown")]


def test_roles_that_nobody_holds_are_told_with_the_nearest(tmp_path: Path) -> None:
    body = """\
    inputs: {school: {type: school}}
    steps:
    - {task: a, title: A, who: headteecher at school, due: 1 day after opened, escalate: {1: line-manager, 2: cao}}
    - {task: b, title: B, who: ceo at school}
    - {task: c, title: C, who: headteacher at school or the person a.by}
    """

    told = found(tmp_path, body, Around(directory=directory()))

    assert [line.partition(": ")[0] for line in told] == [
        "3:28 role-without-holder",
        "3:107 role-without-holder",
        "4:28 role-without-holder",
    ]
    assert "there is no role 'headteecher'; did you mean 'headteacher'?" in told[0]
    assert told[2].endswith(
        "nobody holds the role 'ceo' at a school in Trees Trust, so the owner would get this"
    )


# ---- whose records


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("about: pupils", []),
        ("about: teacher", []),
        ("about: room", []),
        ("about: techer", ["error: there is no word or name of a person 'techer'; did you mean 'teacher'?"]),
        (
            "about: motto",
            ["error: there is no word or name of a person 'motto'; known: pupils, room, staff, teacher"],
        ),
        (
            "",
            [
                "warning: a personal process says whose records it makes: `about: pupils`, `about: staff` or the person"
            ],
        ),
    ],
)
def test_records_about_nobody_are_told(tmp_path: Path, header: str, told: list[str]) -> None:
    file = tmp_path / "process.yaml"
    personal = HEADER.replace("confidentiality: trust", f"confidentiality: personal\n{header}")
    body = """\
        inputs: {teacher: {type: person}, motto: {type: text}, rooms: {type: list of text}}
        steps:
        - for_each: visits
          over: {room: rooms}
          steps: [{task: look, title: "{{ motto }} {{ teacher }}", who: ceo}]
        """
    file.write_text(personal + dedent(body) + END)

    found = [each for each in examine_file(file, Around()) if each.rule == "records-about"]

    assert [f"{'warning' if each.warning else 'error'}: {each.message}" for each in found] == told
