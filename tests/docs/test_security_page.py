"""The page about security says of every command who may send it."""

import re

import pytest

from engine.commands import PERSON_COMMANDS
from engine.register.orders import REGISTER_COMMANDS
from tests.docs.pages import page


def kinds(head: str) -> list[str]:
    """The commands in the first column of the table with this heading."""
    table = page("docs/security.md").partition(f"| {head} | who may |\n")[2].partition("\n\n")[0]
    return [kind for row in table.splitlines() for kind in re.findall(r"`([\w-]+)`", row.split("|")[1])]


@pytest.mark.parametrize(
    ("head", "known"), [("command", ["start", *PERSON_COMMANDS]), ("order", [*REGISTER_COMMANDS])]
)
def test_every_command_is_told_once_with_who_may_send_it(head: str, known: list[str]) -> None:
    assert sorted(kinds(head)) == sorted(known)
