"""The command line in this process, on the run's real servers, with the services in the background."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any
from uuid import uuid4

import pytest

from cli import main
from cli.setup import settings
from workers.enrolling import ready_local_key
from workers.keys import key_ring, new_key, write_key
from workers.services import serve
from workers.wiring import open_all_records

ROOT = Path(__file__).parents[2]
TIDY = """
process: tidy
version: 1
title: Tidying up
purpose: To be tested.
owner: school-improvement-officer
confidentiality: trust
retention: plans
key: "{{ tag }}"
name: "Tidying {{ tag }}"
outcomes: {done: {title: All is tidy}}
inputs:
  tag: {type: text}
  schools: {type: list of school, default: all}
on:
  inspection-notified: {of: school, by: headteacher at school, do: stop the clock, until: inspection-ended}
  complaint-received: {of: school, do: ask, steps: [{task: answer, title: Answer the complaint, who: ceo}]}
scales:
  mark: [low, middling, high]
steps:
- for_each: rooms
  over: {school: schools}
  steps:
  - task: look
    title: "Look around"
    who: headteacher at school
    guidance: Look everywhere.
    due: 3 school days after start
    skip: {no-rooms: There are no rooms}
    defer: {ill: The headteacher is ill, decorators: The decorators are in}
    stage: Looking
    form:
      mark: {type: scale, of: mark, label: How tidy it is}
      rooms: {type: integer, at_least: 1}
      seen_on: {type: date, required: false}
      with_help: {type: yes-no, required: false}
      helper: {type: person, required: false}
      shelves:
        required: false
        table: {name: {type: text}, books: {type: integer}}
  - task: agree
    title: "Agree with what was seen"
    who: school-improvement-officer
    stage: Agreeing
    show: {Mark: look.mark, Rooms: look.rooms}
    outcomes:
      yes_it_is: {label: It is so}
      not_so: {label: Look again, return_to: look}
  - wait: visit
    event: visitor-came
    by: headteacher at school
"""


@dataclass
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401
        return json.loads(self.out)


class Shell:
    """Types commands."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    async def __call__(self, *words: str, by: str | None = None) -> Result:
        self._capsys.readouterr()
        code = await main.run([*words, *(["--as", by] if by else [])])
        out, err = self._capsys.readouterr()
        assert "Traceback" not in out + err
        return Result(code, out, err)

    async def says(self, command: str, text: str, *words: str) -> Result:
        """What the command says once it says this: some lists follow the log a moment later."""
        for _ in range(100):
            result = await self(command, *words)
            if text in result.out:
                return result
            await asyncio.sleep(0.05)
        pytest.fail(f"{text!r} is not in {result.out}")

    async def started(self, schools: str = "glenfield") -> str:
        """The id of a fresh cycle of the process `tidy`."""
        given = ["--set", f"tag={uuid4().hex}", "--set", f"schools={schools}"]
        result = await self("start", "tidy", *given, "--json", by="Daniel Okafor")
        assert result.code == 0, result.err
        return str(result.json["instance"])

    async def tasks(self, cycle: str, step: str = "look") -> list[str]:
        """The ids of its open tasks of one step."""
        found = (await self("tasks", "--all", "--cycle", cycle, "--json")).json["tasks"]
        return [task["task"] for task in found if task["step"] == step]


@pytest.fixture
def shell(  # noqa: PLR0913, PLR0917 - the servers, the keys, and pytest
    database: str,
    key_store: tuple[str, Path],
    temporal_address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    """The command line with a database and a task queue of its own; nobody works on the queue."""
    (tmp_path / "definitions/tidy").mkdir(parents=True)
    (tmp_path / "definitions/tidy/process.yaml").write_text(dedent(TIDY))
    environment = {
        "TERMWISE_HOME": str(tmp_path / "home"),
        "TERMWISE_DATABASE": database,
        "TERMWISE_KEYS": key_store[0],
        "TERMWISE_MASTER_KEY": str(key_store[1]),
        "TERMWISE_TASK_QUEUE": f"cli-{uuid4().hex}",
        "TERMWISE_TRUST": str(ROOT / "examples/scholars"),
        "TERMWISE_DEFINITIONS": str(tmp_path / "definitions"),
        "TEMPORAL_ADDRESS": temporal_address,
        "COLUMNS": "80",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for name in ("TERMWISE_AS", "TERMWISE_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    write_key(new_key(), tmp_path / "home/keys/local.key")
    return Shell(capsys)


async def enrolled() -> None:
    """The key of the home, which signs for everybody, is enrolled."""
    given = settings()
    async with open_all_records(given) as records:
        await ready_local_key(records.store, key_ring(given))


@asynccontextmanager
async def services() -> AsyncIterator[None]:
    """All services at work, in this process."""
    await enrolled()
    stop = asyncio.Event()
    at_work = asyncio.create_task(serve(settings(), stop))
    try:
        yield
    finally:
        stop.set()
        await at_work


@pytest.fixture
async def termwise(shell: Shell) -> AsyncIterator[Shell]:
    """The same, with all services at work."""
    async with services():
        yield shell
