"""Who has the store open: shared by every program that has, exclusive for the one that mends it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Presence:
    """A lock beside the store, held by SQLite on an empty file of its own.

    SQLite's locks work alike on Linux, macOS and Windows, know shared and exclusive, and end with
    the process, however it ends. Nothing is ever written into the file.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path
        self._patience = patience
        self._connection: sqlite3.Connection | None = None

    def enter(self) -> None:
        """Says that this program has the store open. Waits for one that mends; sqlite3.Error."""
        self._connection = self._hold("BEGIN", self._patience)

    def leave(self) -> None:
        """Says that this program no longer has the store open."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Keeps every other program out, and tells whether that was possible.

        Whoever holds it may not be present: `leave` first, `enter` again afterwards.
        """
        try:
            connection = self._hold("BEGIN EXCLUSIVE", 0)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            yield False
            return
        try:
            yield True
        finally:
            connection.close()

    def _hold(self, begin: str, patience: float) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=patience, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute(begin)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error:
            connection.close()
            raise
        return connection
