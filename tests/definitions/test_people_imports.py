"""People from files: what is read, and what is wrong and where."""

from datetime import date
from pathlib import Path

import pytest

from definitions import exporting
from definitions.imports import people_csv, trust_yaml
from definitions.trust import load_trust
from definitions.yaml_source import SourceError
from engine.errors import RefusedError
from engine.people import Directory
from engine.staff import Managed, Post
from tests.definitions.merging import TODAY, TREES, merged

ROOT = Path(__file__).parents[2]
TEACHER = TREES.by_name_or_id("Teacher Y6A ash").id


def table(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def wrong(folder: Path, name: str, text: str, known: Directory = TREES) -> list[str]:
    with pytest.raises(SourceError) as caught:
        people_csv.read_people([table(folder, name, text)], known)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def test_columns_may_stand_in_any_order_and_case_under_other_names(tmp_path: Path) -> None:
    people = table(
        tmp_path,
        "people.csv",
        "Work E-mail,FULL NAME,Employee Number,Teacher_Number\r\nnora@trust.example,Nora New,77,1234567\r\n",
    )
    posts = table(
        tmp_path,
        "posts.csv",
        "Role;School;Year;E-Mail;Start Date;End Date\n"
        "Class Teacher;ash;Year 6;nora@trust.example;01/09/2026;31/08/2027\n",
    )

    directory = merged(people_csv.read_people([people, posts], TREES)).directory

    nora = directory.by_email("nora@trust.example")
    assert (nora.id, nora.trn, nora.employer_reference) == ("p-0024", "1234567", "77")
    assert nora.posts == (
        Post(
            role="class-teacher",
            school="ash",
            year_group="Y6",
            since=date(2026, 9, 1),
            until=date(2027, 8, 31),
        ),
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
def test_names_with_accents_are_read_and_a_guess_is_told(tmp_path: Path, encoding: str) -> None:
    text = "name,email\nZoë O\u2019Brien,zoe@trust.example\n"

    incoming = people_csv.read_people([table(tmp_path, "people.csv", text, encoding)], TREES)

    assert incoming.people[0].name == "Zoë O\u2019Brien"
    assert ("Windows-1252" in " ".join(incoming.notes)) is (encoding == "cp1252")


def test_a_formula_is_a_text_and_is_exported_harmless(tmp_path: Path) -> None:
    text = "name,email\n=HYPERLINK(1),a@trust.example\n'+44,b@trust.example\n"
    incoming = people_csv.read_people([table(tmp_path, "people.csv", text)], TREES)
    assert [person.name for person in incoming.people] == ["=HYPERLINK(1)", "+44"]

    exported = exporting.to_csv(merged(incoming).directory)["people.csv"]

    assert "'=HYPERLINK(1)" in exported
    assert not any(cell.startswith(("=", "+")) for line in exported.splitlines() for cell in line.split(","))


def test_every_mistake_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    lines = wrong(
        tmp_path,
        "posts.csv",
        "person,role,school,from,to,year group,acting\n"
        "p-0003,headteacher,ashh,2026-09-01,,,\n"
        '"p-0003","head,teacher",ash,31/31/2026,,,\n'
        "p-9999,class-teacher,ash,,,Y7,maybe\n",
    )

    assert lines[0].startswith("posts.csv:2:20: there is no school 'ashh'; did you mean 'ash'?")
    assert "posts.csv:3:10: role 'head,teacher' is not written as it must be" in lines
    assert any(line.startswith("posts.csv:3:29: '31/31/2026' is not a date") for line in lines)
    assert any(line.startswith("posts.csv:4:1: there is no person 'p-9999'") for line in lines)
    assert any(line.startswith("posts.csv:4:26:") or "from is missing" in line for line in lines)
    assert any("'maybe' is neither yes nor no" in line for line in lines)
    assert any("year group" in line and "'Y7'" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "people.csv:1:1: the file is empty"),
        ("nmae,email\nA,a@b\n", "people.csv:1:1: there is no column 'nmae'; did you mean 'name'?"),
        ("name,name,email\n", "people.csv:1:6: the column 'name' stands twice"),
        ("name\nA\n", "people.csv:1:1: the column 'email' is missing"),
        ("name,email\nA,a@b,c\n", "people.csv:2:7: there are only 2 columns"),
        ("name,email\nA,\n", "people.csv:2:3: email is missing"),
        ("name,email,trn\nA,a@b,12\n", "people.csv:2:7: trn '12' is not written as it must be"),
        ("name,email\nA,a@b\nB,a@b\n", "people.csv:3:3: p-0024 stands twice"),
        ('name,email\n"A,a@b\n', "people.csv:1:1: is not CSV"),
        ("name,email\nA\0,a@b\n", "people.csv:1:1: is no text"),
    ],
)
def test_a_table_that_cannot_be_read_says_how_it_should_be(tmp_path: Path, text: str, said: str) -> None:
    assert any(line.startswith(said) for line in wrong(tmp_path, "people.csv", text)), said


def test_who_is_not_known_learns_nobodys_numbers(tmp_path: Path) -> None:
    numbered = TREES.people[0].model_copy(update={"trn": "1234567", "employer_reference": "77"})
    known = TREES.model_copy(update={"people": (numbered, *TREES.people[1:])})

    (line,) = wrong(tmp_path, "posts.csv", "person,role,from\nx@y.example,sendco,2026-09-01\n", known)

    assert "there is no person 'x@y.example'; known: " in line
    assert "1234567" not in line
    assert "'77'" not in line


def test_what_is_missing_in_a_row_and_a_file_that_is_not_there_are_told_as_such(tmp_path: Path) -> None:
    (line,) = wrong(tmp_path, "posts.csv", f"person,role,from\n{TEACHER},,2026-09-01\n")
    assert line.endswith("role is missing")

    with pytest.raises(SourceError, match="there is no such file"):
        people_csv.read_people([tmp_path / "leavers.csv"], TREES)


def test_a_file_of_another_name_is_not_guessed(tmp_path: Path) -> None:
    assert "is none of people.csv, posts.csv" in wrong(tmp_path, "staff.csv", "name\n")[0]


def test_a_file_of_one_school_leaves_the_others_alone_and_who_is_missing_stays(tmp_path: Path) -> None:
    ash = [p for p in TREES.people if "ash" in TREES.schools_of(p.id, TODAY)]
    gone, *others = reversed(ash)
    rows = "".join(f"{p.id},class-teacher,ash,2020-09-01\n" for p in others if p.id == TEACHER)
    people = "".join(f"{p.id},{p.name},{p.email}\n" for p in others)
    files = [
        table(tmp_path, "people.csv", "id,name,email\n" + people),
        table(tmp_path, "posts.csv", "person,role,school,from\n" + rows),
    ]
    incoming = people_csv.read_people(files, TREES)

    stays = merged(incoming, school="ash")
    assert stays.missing == (gone.id,)
    assert stays.directory.person(gone.id) == gone
    assert {post.role for who, post in stays.missing_posts if who == TEACHER} == {
        "class-teacher",
        "moderator",
    }

    left = merged(incoming, school="ash", leavers_on=date(2026, 12, 31)).directory
    assert {post.until for post in left.person(gone.id).posts} == {date(2026, 12, 31)}
    assert [p for p in left.people if p.id not in {x.id for x in ash}] == [
        p for p in TREES.people if p.id not in {x.id for x in ash}
    ]
    with pytest.raises(RefusedError, match="nobody of Beech is in the file"):
        merged(incoming, leavers_on=date(2026, 12, 31))


def test_another_line_manager_in_a_file_counts_from_today(tmp_path: Path) -> None:
    chief = "p-0001"
    text = f"id,name,email,line manager\n{TEACHER},Teacher Y6A ash,{TEACHER}@trust.example,{chief}\n"
    path = table(tmp_path, "people.csv", text)

    once = merged(people_csv.read_people([path], TREES)).directory
    person = once.person(TEACHER)

    assert person.line_manager == TREES.person(TEACHER).line_manager
    assert person.managed == (Managed(manager=chief, since=TODAY),)
    assert merged(people_csv.read_people([path], once), once).directory == once


def test_the_folder_of_the_trust_is_read_as_it_is_loaded() -> None:
    folder = ROOT / "examples/scholars"
    directory = load_trust(folder).directory
    incoming = trust_yaml.read_people(folder, directory)

    assert incoming.people == directory.people
    assert merged(incoming, directory).directory == directory


def test_mistakes_in_people_yaml_have_their_place(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "people.yaml",
        "people:\n"
        "- {id: p-0500, name: A, email: a@b, posts: [\n"
        "    {role: ceo, school: ashh, from: 2026-09-01}], line_manager: p-9}\n",
    )

    with pytest.raises(SourceError) as caught:
        trust_yaml.read_people(path, TREES)

    told = str(caught.value).splitlines()
    assert told[0].endswith(":3:25: there is no school 'ashh'; did you mean 'ash'?")
    assert ":3:65: there is no person 'p-9'" in told[1]


def test_a_code_whose_name_says_something_else_is_refused_at_its_place(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "trust.yaml",
        'schools:\n- {key: oak, name: Oak, urn: "900009", type: {code: "28", name: Academy converter}}\n',
    )

    with pytest.raises(SourceError, match=r"trust.yaml:2:40: the type of school has the code 28"):
        trust_yaml.read_schools(path)
