"""The demo is the first thing anybody sees: the whole cycle, with the figures of the worked example."""

import asyncio
import json
import os
import sys
from pathlib import Path

from workers.embedded import servers

ROOT = Path(__file__).parents[2]


async def test_the_demo_plays_the_worked_example_and_leaves_nothing_running(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    command = [sys.executable, "-m", "cli.main", "demo", "--json"]
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env={**os.environ, "TERMWISE_HOME": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await asyncio.wait_for(process.communicate(), 110)

    assert process.returncode == 0, errors.decode()
    report = json.loads(out)
    years = {year["year_group"]: year for year in report["years"]}
    assert (tmp_path / "demo" / "moderation-agreement.html").exists()
    assert _figures(years["Y6"]) == (19, 23, 0.718, 0.762, 0.818, 3, 1)
    assert _figures(years["Y2"]) == (20, 23, 0.783, 0.815, 0.857, 3, 0)
    async with asyncio.timeout(20):
        while _running(tmp_path):
            await asyncio.sleep(0.1)


def _running(home: Path) -> tuple[int | None, ...]:
    status = servers.status(home / "demo")
    return tuple(pid for pid in (status.postgres, status.temporal) if pid)


def _figures(year: dict[str, dict[str, float]]) -> tuple[float, ...]:
    agreement, kappas, direction = year["agreement"], year["kappa"], year["direction"]
    rounded = tuple(round(kappas[name], 3) for name in ("none", "linear", "quadratic"))
    return (agreement["agreed"], agreement["n"], *rounded, direction["over"], direction["under"])
