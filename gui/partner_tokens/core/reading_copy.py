"""The store as a copy in memory, for reading where its own folder cannot be written.

SQLite must write beside a file to read it safely, and what is read only for us may still be
written by another user, or on another computer. So the file and its journal are copied, sealed as
they are, and only the copy is opened.
"""

import os
import shutil
import sqlite3
import stat
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from partner_tokens.core.backups import is_blank, is_damage
from partner_tokens.core.errors.store import Hindrance, StoreMisplaced

ENDINGS = ("", "-wal", "-journal")
"""What a store consists of; SQLite makes all else anew.

The file is copied first: what is moved to it from the journal just then is still in the journal.
"""

ATTEMPTS = 5
"""So many times it is copied anew where another program has written meanwhile."""

PASSING = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
"""What SQLite says where another program has the file: a matter of waiting."""

State = tuple[tuple[int, int, int, int] | None, ...]


def is_hindered(error: OSError | sqlite3.Error) -> bool:
    """Whether it was the disk that kept us from opening: neither damage nor another program."""
    if isinstance(error, OSError):
        return True
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return not is_damage(error) and code & 0xFF not in PASSING


def state_of(path: Path) -> State:
    """What tells the store from what it was: of each of its files, or None where nothing is there.

    Raises StoreMisplaced for what is no file, and OSError.
    """
    return tuple(_state(Path(f"{path}{ending}")) for ending in ENDINGS)


def read_copy(path: Path) -> tuple[sqlite3.Connection, State]:
    """The store as it lies there now, in memory, and what `state_of` says of it.

    Raises FileNotFoundError where nothing was ever stored, StoreMisplaced for what is no file,
    OSError and sqlite3.Error.
    """
    with tempfile.TemporaryDirectory(prefix="partner-tokens-", dir=_place()) as folder:
        copy = Path(folder) / path.name
        state = _copy(path, copy)
        memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        try:
            with closing(sqlite3.connect(copy, isolation_level=None)) as source:
                source.backup(memory)
            if is_blank(memory):
                raise FileNotFoundError(path)
        except BaseException:
            memory.close()
            raise
    return memory, state


def hindrance_of(path: Path) -> Hindrance:
    """Why nothing can be written where the store lies, as far as the system tells."""
    folder = path.parent
    if sys.platform != "win32" and os.statvfs(folder).f_flag & os.ST_RDONLY:
        return Hindrance.READ_ONLY
    if not (os.access(folder, os.W_OK) and os.access(path, os.W_OK)):
        return Hindrance.DENIED
    if shutil.disk_usage(folder).free < path.stat().st_size:
        return Hindrance.FULL
    return Hindrance.UNKNOWN


def _place() -> str | None:
    """Memory, where the session has a folder for that; else where temporary files go."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return runtime if os.access(runtime, os.W_OK) else None


def _copy(path: Path, copy: Path) -> State:
    """Copies all files as they were at one moment, as far as their times can tell."""
    before = state_of(path)
    for _attempt in range(ATTEMPTS):
        if before[0] is None:
            raise FileNotFoundError(path)
        for ending, found in zip(ENDINGS, before, strict=True):
            part = Path(f"{copy}{ending}")
            part.unlink(missing_ok=True)
            if found is not None:
                shutil.copyfile(f"{path}{ending}", part)
        now = state_of(path)
        if now == before:
            return now
        before = now
    raise BlockingIOError("another program writes all the time")


def _state(path: Path) -> tuple[int, int, int, int] | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise StoreMisplaced(str(path))
    if not found.st_size:  # SQLite may have tried to begin a journal there
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
