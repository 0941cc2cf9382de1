"""Waits for the last owner of a home's servers to be gone, then stops them: `python -m ... HOME`."""

import sys
from pathlib import Path

from workers.embedded.servers import stop_when_unowned

if __name__ == "__main__":
    stop_when_unowned(Path(sys.argv[1]))
