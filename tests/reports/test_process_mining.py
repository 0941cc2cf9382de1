"""A process miner opens what we export: see `mined.py`, whose tests run in a process of their own.

The library takes half a gigabyte, and whatever is measured in the same process afterwards would pay for it.
"""

import subprocess
import sys
from pathlib import Path

MINED = Path(__file__).with_name("mined.py")


def test_the_miner_finds_the_process_in_what_we_export() -> None:
    """Fails with what the tests there said."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(MINED)],
        cwd=MINED.parents[2],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
