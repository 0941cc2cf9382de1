"""The server's clock is stepped, forwards and back, while all work. The clients' are wrong in every storm."""

import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest

from storage.migrations import migrate
from tests.faults.long.conftest import Table
from tests.faults.long.own_server import OwnServer
from tests.faults.long.plan import Plan
from tests.faults.long.storm import Storm
from workers.embedded import postgres

HOUR = 3600
STEPS = (-30 * 24 * HOUR, -HOUR, -2, 0, 2, HOUR, 400 * 24 * HOUR)

# The clock of one program alone is stepped by a library loaded before its own, compiled here for this machine. The
# other way is the machine's clock, which is everybody's. `make faults` names what it skipped, and docs/faults.md says
# when it does.
pytestmark = pytest.mark.skipif(
    shutil.which("cc") is None, reason="needs a C compiler for a clock of its own"
)


@pytest.fixture
def clock(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that says how many seconds the server's clock is wrong."""
    library, clock = place / "stepped_clock.so", place / "clock"
    source = Path(__file__).with_name("stepped_clock.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    library.chmod(0o755)
    _step(clock, 0)
    stepped = {"LD_PRELOAD": str(library), "STEPPED_CLOCK": str(clock)}
    monkeypatch.setattr(postgres, "_ENVIRONMENT", postgres._ENVIRONMENT | stepped)
    return clock


def _step(clock: Path, seconds: int) -> None:
    with clock.open("r+b" if clock.exists() else "w+b") as file:
        file.write(seconds.to_bytes(8, "little", signed=True))
    clock.chmod(0o644)


async def test_no_clock_moves_an_event(clock: Path, server: OwnServer, tmp_path: Path, table: Table) -> None:
    dsn = server.start()
    await migrate(dsn)
    storm = Storm(dsn, tmp_path, Plan(streams=40, commands=60))
    chance = Random(11)  # noqa: S311

    async def step() -> str:
        _step(clock, chance.choice(STEPS))
        return "steps"

    checked = await storm.run([step, step, server.kill_a_backend], 0.5, server.settle)

    told = f"{storm.done['steps']} steps of -30 to 400 days; recorded_at went back {checked.backwards} times"
    table.add("server's clock", f"{told}; {storm.acks}", checked)
    assert checked.problems == ()
    assert storm.done["steps"] > 5
