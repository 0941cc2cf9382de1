"""The golden files: each kind of event, in each version it was ever written in. `python -m tests.storage.golden`.

A file has the shape of that version and an event as it was stored. A version that is not the newest is never written
again. A field that was added with a default is noted in the file, whose event stays without it.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.events import EVENT, EVENT_KINDS
from storage.upcasting import NEWEST
from tests.storage.examples import fullest
from tests.storage.shapes import Comparison, shape

FOLDER = Path(__file__).with_name("golden")
COMMAND = "python -m tests.storage.golden"
Golden = dict[str, Any]


def path(kind: str, version: int) -> Path:
    """Where the file of a version is."""
    return FOLDER / f"{kind}.{version}.json"


def read(kind: str, version: int) -> Golden | None:
    """What is in it; none while there is no such file."""
    file = path(kind, version)
    found: Golden | None = json.loads(file.read_text("utf-8")) if file.exists() else None
    return found


def problems(newest: Mapping[str, int] = NEWEST) -> Iterator[str]:
    """What is wrong with the files of today's versions, in sentences with the remedy."""
    for kind, model in EVENT_KINDS.items():
        golden = read(kind, newest[kind])
        if golden is None:
            yield f"{kind}, version {newest[kind]}, has no golden file; write it with `{COMMAND}`"
            continue
        comparison = Comparison(golden["shape"], shape(model))
        if broken := comparison.broken():
            yield (
                f"{kind} has changed so that what was stored reads otherwise ({'; '.join(broken)}); "
                f"add a line for ({kind!r}, {newest[kind]}) to `UPCASTERS` in storage/upcasting.py, "
                f"then `{COMMAND}`"
            )
        elif new := comparison.added():
            yield f"{kind} has new fields with defaults ({', '.join(new)}), which is fine; `{COMMAND}` notes them"


def update() -> Iterator[str]:
    """Write the files that are missing, note what was added, and say so; what is broken is left alone."""
    for kind, model in EVENT_KINDS.items():
        golden = read(kind, NEWEST[kind])
        if golden is None:
            event = json.loads(EVENT.dump_json(EVENT.validate_python(fullest(model))))
            golden = {"kind": kind, "version": NEWEST[kind], "added_since": [], "event": event}
            said = "written"
        else:
            comparison = Comparison(golden["shape"], shape(model))
            if comparison.broken() or golden["shape"] == shape(model):
                continue
            said = f"notes {', '.join(comparison.added()) or 'more that may be said'}"
            golden["added_since"] = sorted({*golden["added_since"], *comparison.added()})
        _write(kind, golden | {"shape": shape(model)})
        yield f"{path(kind, NEWEST[kind]).name}: {said}"


def _write(kind: str, golden: Golden) -> None:
    text = json.dumps(golden, indent=1, ensure_ascii=False)
    path(kind, NEWEST[kind]).write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    sys.stdout.writelines(f"{each}\n" for each in update())
    wrong = [*problems()]
    sys.stdout.writelines(f"{each}\n" for each in wrong)
    sys.exit(bool(wrong))
