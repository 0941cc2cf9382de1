"""The public register of schools: what is read of it, and what is refused."""

from datetime import date
from pathlib import Path
from time import perf_counter
from tracemalloc import get_traced_memory, start, stop

import pytest

from definitions.imports.gias import is_gias, read_gias
from definitions.yaml_source import SourceError
from engine.errors import UnknownNameError
from engine.schools import School
from tests.definitions.merging import TREES

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
