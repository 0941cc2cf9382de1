"""What `docs/calendars.md` shows is typed, one command after the other, and says what is shown."""

import shlex

from definitions.loader import validate
from definitions.yaml_source import parse
from engine.calendar import Calendar
from tests.cli.conftest import Shell
from tests.docs.pages import examples
from tests.docs.test_readme import pattern, plain, typed

PAGE = "docs/calendars.md"


async def test_the_page_says_what_happens(termwise: Shell) -> None:
    for command, shown in typed(PAGE):
        _, *words = shlex.split(command)

        said = await termwise(*words)

        assert said.code == 0, f"{command}\n{said.err}"
        assert pattern(shown).fullmatch(plain(said.out)), f"{command}\nsays\n{said.out}\nnot\n{shown}"


def test_the_file_on_the_page_is_a_calendar() -> None:
    (example,) = (each for each in examples(PAGE) if each.kind == "yaml calendar")

    calendar = validate(parse(example.text, PAGE), Calendar)

    assert [each.name for each in calendar.half_terms("hollins")] == ["2026-27 autumn 1", "2026-27 autumn 2"]
    assert calendar.is_school_day("glenfield", calendar.known.first.replace(day=27))
