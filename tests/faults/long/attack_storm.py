"""Thirty-two writers in four processes; everything that can be killed is killed."""

from pathlib import Path

from storage.migrations import migrate
from tests.faults.long.conftest import Table
from tests.faults.long.own_server import OwnServer
from tests.faults.long.plan import Plan
from tests.faults.long.storm import Storm


async def test_nothing_promised_is_lost(server: OwnServer, tmp_path: Path, table: Table) -> None:
    dsn = server.start()
    await migrate(dsn)
    storm = Storm(dsn, tmp_path, Plan(streams=40, commands=70))
    harms = [
        server.terminate_backends,
        storm.kill_the_projector,
        server.terminate_backends,
        server.kill_a_backend,
        storm.kill_a_writer,
        server.terminate_backends,
        server.kill,
    ]

    checked = await storm.run(harms, 1.0, server.settle)

    told = ", ".join(f"{count} {what}" for what, count in sorted(storm.done.items()))
    table.add("storm", f"{told}; {storm.acks}", checked)
    assert checked.problems == ()
    assert len(storm.done) == 5, storm.done
    assert len(storm.acks.answers) > 3, "every answer, and some that were lost"
