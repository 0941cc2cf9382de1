"""A file that is there whole or not at all, and that only its owner may read: what leaves is often about people."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.options import UsageError


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Where to write what becomes `path` when the block ends well. Raises UsageError when it cannot be written."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        yield draft
        draft.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}; name another file") from error
    finally:
        draft.unlink(missing_ok=True)
