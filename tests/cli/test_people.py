"""`termwise people` and `schools`: on real servers, as an administrator, a head and a teacher type them."""

from pathlib import Path

from tests.cli.conftest import Shell

CLERK, HEAD, TEACHER = "Hannah Lister", "Claire Whitmore", "Emma Thornley"
GIAS = (
    "URN,LA (code),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (code),"
    "TypeOfEstablishment (name),EstablishmentStatus (code),EstablishmentStatus (name),OpenDate,CloseDate,"
    "PhaseOfEducation (code),PhaseOfEducation (name),StatutoryLowAge,StatutoryHighAge,NumberOfPupils\r\n"
    "900101,855,2001,Glenfield Primary School,{kind},1,Open,01-07-2014,,2,Primary,4,11,413\r\n"
)


def one_line(text: str) -> str:
    return " ".join(text.split())


async def test_a_post_is_given_shown_ended_and_told(termwise: Shell) -> None:
    words = [
        "people",
        "set",
        TEACHER,
        "--give",
        "maths-lead",
        "--school",
        "glenfield",
        "--from",
        "2027-01-04",
    ]

    dry = await termwise(*words, "--dry-run", by=CLERK)
    assert dry.code == 0, dry.err
    assert "Emma Thornley is maths-lead at Glenfield Primary School from 4 Jan 2027." in one_line(dry.out)
    assert "Nothing was changed." in dry.out

    done = await termwise(*words, "--reason", "Asked her in November", by=CLERK)
    assert done.code == 0, done.err
    assert "It is so from now on." in done.out
    asked = ["people", "who", "maths-lead", "--school", "glenfield", "--json", "--on"]
    assert TEACHER in [p["name"] for p in (await termwise(*asked, "2027-01-04")).json["holders"]]
    assert TEACHER not in [p["name"] for p in (await termwise(*asked, "2027-01-03")).json["holders"]]

    ended = await termwise("people", "set", TEACHER, "--end", "maths-lead", "--to", "2027-07-09", by=CLERK)
    assert ended.code == 0, ended.err
    assert TEACHER not in [p["name"] for p in (await termwise(*asked, "2027-07-10")).json["holders"]]
    told = one_line((await termwise("people", "history", TEACHER)).out)
    assert "Hannah Lister: Emma Thornley is maths-lead at Glenfield Primary School" in told
    assert "(Asked her in November)" in told
    assert "stops being maths-lead at Glenfield Primary School; the last day is 9 Jul 2027" in told
    shown = one_line((await termwise("people", "show", TEACHER, "--on", "2027-02-01")).out)
    assert "maths-lead at Glenfield Primary School, from Mon 4 Jan 2027 to Fri 9 Jul 2027" in shown


async def test_the_past_is_corrected_with_a_reason_and_what_was_known_stays(termwise: Shell) -> None:
    words = ["people", "set", TEACHER, "--leaves", "--to", "2025-12-31"]

    refused = await termwise(*words, by=CLERK)
    assert refused.code == 3
    assert "this changes what was said of days that have passed" in refused.err
    assert "--correct REASON" in refused.err

    done = await termwise(*words, "--correct", "She left; nobody told us", by=CLERK)
    assert done.code == 0, done.err
    asked = ["people", "show", TEACHER, "--json", "--on", "2026-01-15"]
    assert (await termwise(*asked)).json["posts_then"] == []
    told = one_line((await termwise("people", "history", TEACHER)).out)
    assert "corrected: class-teacher of Year 1 at Glenfield Primary School" in told
    assert "(She left; nobody told us)" in told


async def test_who_may_change_what_is_checked_where_it_is_written(termwise: Shell) -> None:
    give = ["people", "set", TEACHER, "--give", "maths-lead", "--school"]

    assert (await termwise(*give, "glenfield", by=HEAD)).code == 0
    other = await termwise(*give, "hollins", by=HEAD)
    assert other.code == 3
    assert "of their own school only" in other.err
    own = await termwise("people", "set", TEACHER, "--give", "ceo", by=TEACHER)
    assert own.code == 3
    assert "an administrator of the trust" in own.err
    nobody = await termwise(*give, "glenfield")
    assert nobody.code == 2
    assert "--as PERSON" in nobody.err


async def test_a_slip_in_a_role_or_a_number_is_told_in_words(termwise: Shell) -> None:
    slip = await termwise("people", "set", TEACHER, "--give", "math-lead", "--school", "glenfield", by=CLERK)
    assert slip.code == 2
    assert "maths-lead" in slip.err
    assert "say --new-role" in one_line(slip.err)
    number = await termwise("people", "set", TEACHER, "--trn", "12", by=CLERK)
    assert number.code == 2
    assert "trn: must be seven digits; found '12'" in one_line(number.err)
    new = ["people", "set", TEACHER, "--give", "forest-lead", "--new-role", "--school", "glenfield"]
    assert (await termwise(*new, "--dry-run", by=CLERK)).code == 0


async def test_a_file_of_one_school_is_imported_exported_and_imported_again(
    termwise: Shell, tmp_path: Path
) -> None:
    staff = tmp_path / "people.csv"
    staff.write_text("name,email,line manager\nNora New,nora.new@scholars.example,p-0097\n", "utf-8")

    dry = await termwise("people", "import", str(staff), "--school", "hollins", "--dry-run", by=CLERK)
    assert dry.code == 0, dry.err
    assert "Nora New (p-0122) is known, with no post." in one_line(dry.out)
    assert "Not in the file: Alison Duffield" in one_line(dry.out)
    done = await termwise("people", "import", str(staff), "--school", "hollins", "--json", by=CLERK)
    assert done.json["changed"] is True
    assert [each["kind"] for each in done.json["facts"]] == ["person-joined"]

    for format_ in ("yaml", "csv"):
        folder = tmp_path / format_
        assert (await termwise("people", "export", str(folder), "--format", format_)).code == 0
        again = await termwise("people", "import", str(folder), by=CLERK)
        assert again.code == 0, again.err
        assert "Nothing is different." in again.out

    staff.write_text("name,emial\nA,b\n", "utf-8")
    wrong = await termwise("people", "import", str(staff), by=CLERK)
    assert wrong.code == 2
    assert "people.csv:1:6: there is no column 'emial'; did you mean 'email'?" in wrong.err


async def test_schools_are_read_from_the_public_register_and_join_and_leave(
    termwise: Shell, tmp_path: Path
) -> None:
    daily = tmp_path / "edubasealldata20261124.csv"
    daily.write_text(GIAS.format(kind="28,Academy converter"), "iso-8859-1", newline="")
    refused = await termwise("schools", "import", str(daily), by=CLERK)
    assert refused.code == 2
    assert "in the public list 28 is 'Academy sponsor led'" in refused.err

    daily.write_text(GIAS.format(kind="34,Academy converter"), "iso-8859-1", newline="")
    done = await termwise("schools", "import", str(daily), by=CLERK)
    assert done.code == 0, done.err
    shown = one_line((await termwise("schools", "show", "glenfield")).out)
    assert "Academy converter (34)" in shown
    assert "855/2001" in shown
    assert "Nothing is different." in (await termwise("schools", "import", str(daily), by=CLERK)).out

    left = await termwise("schools", "set", "hollins", "--leaves", "2027-08-31", by=CLERK)
    assert left.code == 0, left.err
    listed = (await termwise("schools", "list", "--on", "2027-09-01", "--json")).json["schools"]
    assert {each["key"]: each["in_trust"] for each in listed} == {
        "brook-lane": True,
        "glenfield": True,
        "hollins": False,
    }
    assert (
        "Nobody"
        in (await termwise("people", "who", "headteacher", "--school", "hollins", "--on", "2027-09-01")).out
    )
    joined = await termwise(
        "schools",
        "set",
        "oak",
        "--name",
        "Oak Primary School",
        "--urn",
        "900104",
        "--joins",
        "2028-01-01",
        by=CLERK,
    )
    assert joined.code == 0, joined.err
    assert "Oak" in (await termwise("schools", "list", "--on", "2028-01-01")).out
    unknown = await termwise("schools", "set", "holins", "--leaves", "2027-08-31", by=CLERK)
    assert unknown.code == 4
    assert "did you mean 'hollins'?" in unknown.err
    nothing = await termwise("schools", "set", "hollins", by=CLERK)
    assert nothing.code == 2


async def test_lists_and_mistakes(termwise: Shell) -> None:
    listed = (await termwise("people", "list", "--school", "hollins", "--role", "headteacher", "--json")).json
    assert [each["name"] for each in listed["people"]] == ["Alison Duffield"]
    assert "Alison Duffield" in (await termwise("people", "list", "--school", "hollins")).out
    role = await termwise("people", "who", "headteecher")
    assert role.code == 4
    assert "did you mean 'headteacher'?" in role.err
    assert (await termwise("people", "show", "Nobody Here")).code == 4
    nothing = await termwise("people", "set", TEACHER, by=CLERK)
    assert nothing.code == 2
    ended = await termwise("people", "set", TEACHER, "--end", "ceo", by=CLERK)
    assert ended.code == 3
    assert "no post of Emma Thornley is that" in ended.err
    bad = await termwise("people", "set", TEACHER, "--trn", "12", by=CLERK)
    assert bad.code == 2
    assert "Traceback" not in bad.err


async def test_contracts_and_numbers_are_not_for_everybody(termwise: Shell, tmp_path: Path) -> None:
    given = await termwise(
        "people",
        "set",
        TEACHER,
        "--trn",
        "1234567",
        "--contract",
        "permanent",
        "--school",
        "glenfield",
        by=CLERK,
    )
    assert given.code == 0, given.err
    for words, visible in (
        ("show", "1234567"),
        ("history", "TRN is 1234567"),
        ("history", "permanent contract"),
    ):
        for reader in (CLERK, HEAD, TEACHER):
            assert visible in one_line((await termwise("people", words, TEACHER, by=reader)).out), reader
        for reader in ("Alison Duffield", "Sanjay Parmar"):
            other = await termwise("people", words, TEACHER, by=reader)
            assert other.code == 0, other.err
            assert visible not in one_line(other.out), reader
    seen = (await termwise("people", "show", TEACHER, "--json", by="Sanjay Parmar")).json
    assert (seen["contracts"], seen["trn"]) == ([], None)

    refused = await termwise("people", "export", str(tmp_path / "all"), by=HEAD)
    assert refused.code == 3
    assert not (tmp_path / "all").exists()
