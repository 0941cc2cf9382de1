"""The rooms are ours, and the Makefile explains itself."""

import importlib
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ["engine", "definitions", "activities", "storage", "workflows", "reports", "workers", "cli"]


@pytest.mark.parametrize("room", ROOMS)
def test_no_installed_package_hides_a_room(room: str) -> None:
    """Their names are common: `workflows`, `definitions` and `workers` are also distributions elsewhere."""
    assert set(importlib.import_module(room).__path__) == {str(ROOT / room)}


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)

    listed = subprocess.run(
        ["make", "-s", "-C", str(ROOT), "help"], capture_output=True, text=True, check=True
    ).stdout

    assert [line.split()[0] for line in listed.splitlines()] == targets
    assert sorted(targets) == sorted(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split())


def test_the_locks_name_no_host() -> None:
    """They must install from whatever index a machine is set up with."""
    for lock in ROOT.glob("*.lock"):
        assert not [line for line in lock.read_text().splitlines() if "://" in line]
