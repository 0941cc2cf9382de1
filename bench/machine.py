"""What it was measured on: never which machine, or where on it."""

import os
import platform
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")


def describe(servers: Mapping[str, str]) -> dict[str, str]:
    """The machine and its programs, for the page."""
    return {
        "Date": f"{datetime.now(UTC):%d %B %Y}",
        "Processor": f"{_model()}, {os.cpu_count()} cores",
        "Python": platform.python_version(),
        **servers,
        "Temporal SDK": version("temporalio"),
        "Busy": f"{_load()}; other work may have shared the cores",
    }


def _model() -> str:
    text = _CPUINFO.read_text(encoding="utf-8") if _CPUINFO.exists() else ""
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def _load() -> str:
    return f"load average {os.getloadavg()[2]:.1f} over the last quarter of an hour"
