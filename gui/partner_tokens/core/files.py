"""A file the user asked for: written whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from partner_tokens.core.errors.files import FileUnwritable


def is_taken(path: Path) -> bool:
    """Whether something is there already. FileUnwritable where that cannot be seen."""
    try:
        return path.expanduser().exists()
    except (OSError, RuntimeError) as error:
        raise _unwritable(path, error) from None


def write_whole(path: Path, content: bytes) -> None:
    """Puts the content where the path leads, for this user alone to read. FileUnwritable.

    What was there stays until the new content is on the disk; a link keeps leading there.
    """
    fresh: Path | None = None
    try:
        place = path.expanduser().resolve()
        if place.exists() and not place.is_file():  # a file would take the place of a pipe, too
            raise FileUnwritable(str(path), "not a file")
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.stem[:40]}-")
        fresh = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(place)
    except (OSError, RuntimeError) as error:
        if fresh is not None:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError | RuntimeError) -> FileUnwritable:
    """RuntimeError is raised for a home that nobody has."""
    return FileUnwritable(str(path), getattr(error, "strerror", None) or str(error))
