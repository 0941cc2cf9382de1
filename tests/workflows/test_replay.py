"""Stored histories of every released engine version replay: no change of code may change what was decided."""

import dataclasses
import json
from datetime import datetime
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import NondeterminismError

from engine.records import Append, Appended, Recorded
from engine.signing import SigningKey
from workers.payloads import CONVERTER
from workers.references import References
from workers.worker import RESTRICTIONS
from workflows.process import ProcessWorkflow

FOLDERS = sorted((Path(__file__).parent / "histories").glob("engine-*"))
FILES = [file for folder in FOLDERS for file in sorted(folder.glob("*.json")) if file.stem != "documents"]


class StoredDocuments:
    """The documents that were pinned when the histories were recorded."""

    def __init__(self, folder: Path) -> None:
        self._texts: dict[str, str] = json.loads((folder / "documents.json").read_text())

    async def get(self, digest: str) -> str:
        return self._texts[digest]


class NoLog:
    """These histories begin at version 0: nothing is read from a log."""

    async def append(self, append: Append) -> Appended:
        raise AssertionError(append)

    async def read(self, stream: str, after: int = 0, until: int | None = None) -> list[Recorded]:
        raise AssertionError(stream, after, until)


class NoKeys:
    """Nobody had enrolled a key when these histories were recorded: their signals are not sealed."""

    async def key(self, name: str) -> SigningKey | None:
        raise AssertionError(name)

    async def sealing_key(self, name: str) -> SigningKey | None:
        raise AssertionError(name)

    async def sealed_since(self) -> datetime | None:
        return None


def replayer(folder: Path) -> Replayer:
    codec = References(NoLog(), StoredDocuments(folder), NoKeys())
    return Replayer(
        workflows=[ProcessWorkflow],
        data_converter=dataclasses.replace(CONVERTER, payload_codec=codec),
        workflow_runner=SandboxedWorkflowRunner(restrictions=RESTRICTIONS),
    )


def test_there_is_a_history_of_this_engine() -> None:
    from engine.world import ENGINE_VERSION  # noqa: PLC0415

    assert f"engine-{ENGINE_VERSION}" in [folder.name for folder in FOLDERS]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
async def test_a_stored_history_replays(file: Path) -> None:
    history = WorkflowHistory.from_json(file.stem, file.read_text())
    result = await replayer(file.parent).replay_workflow(history, raise_on_replay_failure=False)
    assert result.replay_failure is None


async def test_a_changed_history_is_noticed() -> None:
    file = next(file for file in FILES if file.stem == "parent")
    history = json.loads(file.read_text())
    timer = next(event for event in history["events"] if "timerStartedEventAttributes" in event)
    timer["eventType"] = "EVENT_TYPE_MARKER_RECORDED"
    timer["markerRecordedEventAttributes"] = {"markerName": "something else"}
    del timer["timerStartedEventAttributes"]

    changed = WorkflowHistory.from_json("changed", json.dumps(history))
    result = await replayer(file.parent).replay_workflow(changed, raise_on_replay_failure=False)
    assert isinstance(result.replay_failure, NondeterminismError)
