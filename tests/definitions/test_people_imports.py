"""People and schools from files: what is read, what is wrong and where, and that an export is read back to the same."""

from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from tracemalloc import get_traced_memory, start, stop

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions import exporting
from definitions.imports import people_csv, trust_yaml
from definitions.imports.gias import is_gias, read_gias
from definitions.trust import load_trust
from definitions.yaml_source import SourceError
from engine.commands import command_id
from engine.errors import RefusedError, UnknownNameError
from engine.people import Directory
from engine.register.deciding import decide, replay
from engine.register.merging import Incoming, Merged, Merging
from engine.register.people import ChangePeople
from engine.schools import School
from engine.staff import Contract, Managed, Person, Post
from tests import worlds
from tests.engine.test_register_people import Book

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
TREES = worlds.directory()
TEACHER = TREES.by_name_or_id("Teacher Y6A ash").id


def merged(incoming: Incoming, known: Directory = TREES, **more: object) -> Merged:
    return Merging(known, TODAY, **more).merge(incoming)  # type: ignore[arg-type]


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


# ---- what was exported is read back to the same

_days = st.dates(date(2019, 1, 1), date(2029, 1, 1))
_names = st.text("abcé'=+-@,\"; Zö", min_size=1, max_size=12).map(str.strip).filter(lambda t: t)


@st.composite
def _person(draw: st.DrawFn, number: int) -> Person:
    def spell() -> dict[str, date | None]:
        since = draw(_days)
        until = draw(st.none() | st.dates(since, date(2030, 1, 1)))
        return {"since": since, "until": until}

    posts = [
        Post(
            role=draw(st.sampled_from(["class-teacher", "maths-lead", "headteacher"])),
            school=draw(st.sampled_from([None, "ash", "beech"])),
            year_group=draw(st.sampled_from([None, "R", "Y6"])),
            phase=draw(st.sampled_from([None, "key-stage-2"])),
            subject=draw(st.sampled_from([None, "english"])),
            acting=draw(st.booleans()),
            **spell(),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    since = draw(_days)
    return Person(
        id=f"p-{number:04d}",
        name=draw(_names),
        email=f"{number}@trust.example",
        trn=draw(st.none() | st.just(f"{number:07d}")),
        employer_reference=draw(st.none() | st.just(f"E{number}")),
        line_manager=draw(st.none() | st.just("p-0001")),
        posts=tuple(dict.fromkeys(posts)),
        contracts=tuple(
            Contract(
                school=draw(st.sampled_from([None, "ash"])), fte=draw(st.sampled_from([1, 0.6])), **spell()
            )
            for _ in range(draw(st.integers(0, 1)))
        ),
        managed=tuple(
            Managed(manager=draw(st.sampled_from([None, "p-0001"])), since=since)
            for _ in range(draw(st.integers(0, 1)))
        ),
    )


@st.composite
def _directory(draw: st.DrawFn) -> Directory:
    people = [draw(_person(number)) for number in range(1, draw(st.integers(2, 4)))]
    return TREES.model_copy(update={"people": tuple(people)})


@settings(max_examples=60, deadline=None)
@given(_directory())
def test_importing_what_was_exported_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, known: Directory
) -> None:
    folder = tmp_path_factory.mktemp("trust")
    for name, text in (exporting.to_yaml(known) | exporting.to_csv(known)).items():
        (folder / name).write_text(text, "utf-8", newline="")

    by_yaml = merged(trust_yaml.read_people(folder, known), known)
    by_csv = merged(people_csv.read_people(sorted(folder.glob("*.csv")), known), known)

    assert by_yaml.directory == known
    assert by_csv.directory == known
    assert by_yaml.missing == by_csv.missing == ()


@settings(max_examples=40, deadline=None)
@given(st.lists(_directory(), min_size=1, max_size=4))
def test_any_imports_one_after_the_other_replayed_give_the_same_directory(several: list[Directory]) -> None:
    book = Book(several[0].model_copy(update={"people": (*TREES.people[:1], *several[0].people[1:])}))
    for number, each in enumerate(several):
        people = tuple(person for person in each.people if person.id != "p-0001")
        order = ChangePeople(
            id=command_id("n", number), by="p-0001", people=people, correct=True, reason="As the file says"
        )
        book.take(decide(book.register, order, AT))
        assert {p.id: _as_set(book.register.people[p.id]) for p in people} == {
            p.id: _as_set(p) for p in people
        }

    assert replay(book.log) == book.register
    again = ChangePeople(id=command_id("again"), by="p-0001", people=people)
    assert decide(book.register, again, AT) == ()


def _as_set(person: Person) -> tuple[object, ...]:
    """However its posts are ordered."""
    return (
        person.model_copy(update={"posts": (), "contracts": (), "managed": ()}),
        frozenset(person.posts),
        frozenset(person.contracts),
        frozenset(person.managed),
    )


# ---- the public register of schools

HEADER = (
    "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (code),"
    "TypeOfEstablishment (name),EstablishmentStatus (code),EstablishmentStatus (name),OpenDate,CloseDate,"
    "PhaseOfEducation (code),PhaseOfEducation (name),StatutoryLowAge,StatutoryHighAge,NumberOfPupils,"
    '"Trusts (code)",UKPRN'
)


def line(
    urn: str = "900000",
    name: str = "Ash Primary",
    kind: str = "34,Academy converter",
    trust: str = "",
    **more: str,
) -> str:
    said = {"status": "1,Open", "opened": "01-09-2014", "closed": ""} | more
    return (
        f'{urn},855,Leicestershire,2001,"{name}",{kind},{said["status"]},{said["opened"]},{said["closed"]},'
        f"2,Primary,4,11,210,{trust},10001234"
    )


def gias(folder: Path, *lines: str, encoding: str = "iso-8859-1") -> Path:
    path = folder / "edubasealldata20261124.csv"
    path.write_bytes("\r\n".join([HEADER, *lines, ""]).encode(encoding))
    return path


def test_schools_of_the_trust_are_read_with_codes_and_names(tmp_path: Path) -> None:
    path = gias(tmp_path, line("123456", "Else"), line(name="Ysgol Tŷ Ash".replace("ŷ", "ý")))

    (school,) = read_gias(path, TREES).schools

    assert is_gias(path)
    assert (school.key, school.name, school.laestab, school.pupils) == (
        "ash",
        "Ysgol Tý Ash",
        "855/2001",
        210,
    )
    assert school.type is not None
    assert (school.type.code, school.type.name) == ("34", "Academy converter")
    assert school.status is not None
    assert school.status.name == "Open"
    assert school.opened == date(2014, 9, 1)


def test_a_register_saved_anew_by_an_office_program_is_read_too(tmp_path: Path) -> None:
    (school,) = read_gias(gias(tmp_path, line(name="St Zoë\u2019s"), encoding="utf-8-sig"), TREES).schools
    assert school.name == "St Zoë\u2019s"

    raw = gias(tmp_path, line(name="St X")).read_bytes().replace(b"St X", b"St John\x92s")
    (tmp_path / "old.csv").write_bytes(raw)
    (school,) = read_gias(tmp_path / "old.csv", TREES).schools
    assert school.name == "St John\u2019s"


def test_schools_with_the_trusts_group_or_named_by_urn_are_read_as_well(tmp_path: Path) -> None:
    ours = TREES.model_copy(update={"trust": TREES.trust.model_copy(update={"group_uid": "2345"})})
    path = gias(
        tmp_path,
        line("900111", "Oak Primary", trust="2345"),
        line("900112", "Elm Primary"),
        line("900113", "Yew"),
    )

    found = read_gias(path, ours, urns=["900112"]).schools

    assert [(school.key, school.urn) for school in found] == [
        ("oak-primary", "900111"),
        ("elm-primary", "900112"),
    ]
    with pytest.raises(UnknownNameError, match="999999"):
        read_gias(path, ours, urns=["999999"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (line(kind="28,Academy converter"), ":2:6: Ash Primary: the type of school has the code 28"),
        (line(kind="22,Academy sponsor led"), "the public list has 28 for that"),
        (line(status="3,Closed"), "the status has the code 3 and the name 'Closed'"),
        (line(opened="2014-09-01"), "'2014-09-01' is not a date of the form dd-mm-yyyy"),
    ],
)
def test_what_numbers_its_codes_otherwise_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_gias(gias(tmp_path, text), TREES)

    assert said in str(caught.value)


def test_another_urn_with_a_known_name_asks_whether_the_school_converted(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="termwise schools set ash --urn 900777"):
        read_gias(gias(tmp_path, line("900777", "Ash")), TREES, urns=["900777"])

    converted = TREES.model_copy(
        update={
            "schools": (
                School(key="ash", name="Ash", urn="900777", predecessor="900000"),
                *TREES.schools[1:],
            )
        }
    )
    path = gias(tmp_path, line("900000", status="2,Closed", closed="31-08-2026"), line("900777", "Ash"))
    (school,) = read_gias(path, converted).schools
    assert (school.key, school.urn) == ("ash", "900777")


def test_a_file_without_its_columns_says_which(tmp_path: Path) -> None:
    path = tmp_path / "schools.csv"
    path.write_text("URN,EstablishmentName\n1,A\n")

    with pytest.raises(SourceError, match=r"there is no column 'TypeOfEstablishment \(code\)'"):
        read_gias(path, TREES)


def test_fifty_thousand_schools_are_read_in_seconds_with_flat_memory(tmp_path: Path) -> None:
    filler = ",".join("x" * 12 for _ in range(60))
    few, many = tmp_path / "few.csv", tmp_path / "many.csv"
    header = f"{HEADER},{','.join(f'Extra{n}' for n in range(60))}"
    for path, count in ((few, 500), (many, 50_000)):
        with path.open("w", encoding="iso-8859-1") as out:
            out.write(header + "\n")
            out.writelines(f"{line(str(100_000 + n), f'School {n}')},{filler}\n" for n in range(count))
            out.write(f"{line()},{filler}\n")

    def peak(path: Path) -> int:
        start()
        assert len(read_gias(path, TREES).schools) == 1
        found = get_traced_memory()[1]
        stop()
        return found

    began = perf_counter()
    assert len(read_gias(many, TREES).schools) == 1
    assert perf_counter() - began < 10
    assert peak(many) < peak(few) + 200_000
