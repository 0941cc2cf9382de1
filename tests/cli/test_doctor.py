"""The doctor, with everything up, with nothing up, and with each server away by itself."""

import pytest

from bench.databases import own_database
from cli.exit_codes import ExitCode
from tests.cli.conftest import Shell

NOWHERE = "postgresql://somebody:secret@127.0.0.1:1/termwise"


def states(findings: list[dict[str, str]]) -> dict[str, str]:
    return {each["about"]: each["state"] for each in findings}


async def test_all_is_well(termwise: Shell) -> None:
    cycle = await termwise.started()

    result = await termwise("doctor", "--json")

    assert set(states(result.json["findings"]).values()) == {"ok"}, cycle
    assert result.code == ExitCode.OK
    assert (await termwise("doctor", "--quiet")).out == ""


async def test_nobody_at_work_is_a_problem_with_a_remedy(shell: Shell) -> None:
    result = await shell("doctor", "--quiet")

    assert result.code == ExitCode.FINDINGS
    assert "nothing moves" in result.out
    assert "termwise up" in result.out


async def test_postgresql_is_away(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMWISE_DATABASE", NOWHERE)

    seen = await shell("doctor", "--json")
    told = await shell("doctor", "--quiet")
    asked = await shell("cycles")

    assert states(seen.json["findings"])["PostgreSQL"] == "away"
    assert states(seen.json["findings"])["Temporal"] == "ok"
    assert seen.code == asked.code == ExitCode.SERVER_AWAY
    assert "TERMWISE_DATABASE" in told.out
    assert "termwise doctor" in asked.err
    assert "secret" not in seen.out + told.out + asked.err


async def test_temporal_is_away_and_what_only_reads_still_answers(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")

    seen = await shell("doctor", "--json")
    asked = await shell("start", "tidy", "--set", "tag=x", by="Daniel Okafor")

    assert states(seen.json["findings"])["PostgreSQL"] == "ok"
    assert states(seen.json["findings"])["Temporal"] == "away"
    assert seen.code == asked.code == ExitCode.SERVER_AWAY
    assert "Temporal at 127.0.0.1:1 does not answer" in asked.err
    assert (await shell("tasks", "--all")).code == ExitCode.OK


async def test_everything_is_down(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TERMWISE_DATABASE")
    monkeypatch.delenv("TEMPORAL_ADDRESS")
    monkeypatch.setenv("TERMWISE_TRUST", "nowhere")

    result = await shell("doctor", "--json")

    found = states(result.json["findings"])
    assert (found["PostgreSQL"], found["Temporal"], found["trust"]) == ("away", "away", "problem")
    assert result.code == ExitCode.SERVER_AWAY


async def test_an_empty_database_is_told_from_a_full_one(
    shell: Shell, postgres_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with own_database(postgres_dsn) as bare:
        monkeypatch.setenv("TERMWISE_DATABASE", bare)
        result = await shell("doctor", "--json")

    assert states(result.json["findings"])["database"] == "problem"
    assert "migrations are not applied" in result.out


async def test_a_cycle_that_temporal_has_lost_is_found(termwise: Shell, temporal_address: str) -> None:
    from workers import temporal  # noqa: PLC0415

    cycle = await termwise.started()
    await termwise.says("cycles", cycle)
    client = await temporal.connect({"target_host": temporal_address})
    await client.get_workflow_handle(cycle).terminate("a test")

    result = await termwise("doctor", "--json")

    lost = next(each for each in result.json["findings"] if each["about"] == "cycles")
    assert lost["state"] == "problem"
    assert cycle in lost["said"]
