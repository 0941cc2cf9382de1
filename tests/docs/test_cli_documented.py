"""`docs/cli.md` is what the program says."""

from cli.exit_codes import ExitCode
from tests.docs import cli_page
from tests.docs.pages import page


def test_the_page_is_what_the_program_says() -> None:
    assert page("docs/cli.md") == cli_page.text(), "run: python -m tests.docs.cli_page"


def test_every_command_and_option_is_on_the_page() -> None:
    text = page("docs/cli.md")

    for typed, app, _ in cli_page.commands():
        assert f" termwise {typed}\n" in text
        assert [usage for usage, _ in cli_page.options(app) if usage not in text] == []


def test_every_exit_code_is_explained() -> None:
    assert set(cli_page.CODES) == set(ExitCode)
