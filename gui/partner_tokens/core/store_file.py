"""The store's file: connected to, brought up to date, and told from any other."""

import sqlite3
import threading
from pathlib import Path

from partner_tokens.core.backups import Backups, is_blank, is_shaped, version_of
from partner_tokens.core.errors.store import StoreNewer, StoreUnreadable
from partner_tokens.core.schema import Migration


class StoreFile:
    """The file at one path, and the tables that it is to have.

    It holds no connection, and knows nothing of who else has the file open. Errors of SQLite and
    of the disk come out as they are.
    """

    def __init__(
        self, path: Path, backups: Backups, migrations: tuple[Migration, ...], patience: float
    ) -> None:
        self.path = path
        self._backups = backups
        self._migrations = migrations
        self._patience = patience
        self._kept_version: int | None = None
        """The older version of which this program has made a copy."""

    def identity(self) -> tuple[int, int] | None:
        """What tells the file at our path from any other; None where there is none."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def journal(self) -> tuple[int, int] | None:
        """What tells whether anybody has written since; None where all is in the file itself."""
        try:
            found = self.path.with_name(f"{self.path.name}-wal").stat()
        except FileNotFoundError:
            return None
        return (found.st_size, found.st_mtime_ns) if found.st_size else None

    def is_lost(self) -> bool:
        """Whether there was a store once: no file, or an empty one, beside copies of it."""
        size = self.path.stat().st_size if self.path.exists() else 0
        return size == 0 and bool(self._backups.paths())

    def is_newer(self, connection: sqlite3.Connection) -> bool:
        """Whether a newer version of this program has shaped what is read here."""
        return version_of(connection) > len(self._migrations)

    def refuse_newer(self, connection: sqlite3.Connection) -> None:
        """Raises StoreNewer for what a newer version of this program has shaped."""
        if self.is_newer(connection):
            raise StoreNewer(str(self.path))

    def connect(self) -> sqlite3.Connection:
        """A connection as SQLite makes it, for any thread, without transactions of its own."""
        return sqlite3.connect(
            self.path, timeout=self._patience, isolation_level=None, check_same_thread=False
        )

    def prepare(self, connection: sqlite3.Connection) -> None:
        """Makes a new connection fit to be used, and brings the file up to date.

        Raises StoreNewer, and StoreUnreadable for what is no store.
        """
        # Without WAL (network folders) SQLite answers with the mode it can do; that is fine.
        self._with_patience(connection, "PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # Else a Mac's drive may not have written the file yet when the journal is cut.
        connection.execute("PRAGMA checkpoint_fullfsync = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        self._migrate(connection)
        self._refuse_misshapen(connection)

    def prepare_copy(self, connection: sqlite3.Connection) -> None:
        """Brings a copy in memory up to date, which is then only read. Raises as `prepare` does."""
        connection.execute("PRAGMA trusted_schema = OFF")
        self._migrate(connection, in_memory=True)
        self._refuse_misshapen(connection)
        connection.execute("PRAGMA query_only = ON")

    def _refuse_misshapen(self, connection: sqlite3.Connection) -> None:
        if not is_shaped(connection):
            raise StoreUnreadable(str(self.path), "not the tables of a store")

    def _with_patience(self, connection: sqlite3.Connection, statement: str) -> None:
        """Runs a statement that SQLite may refuse at once while others open the file."""
        pause = threading.Event()
        waited = 0.0
        while True:
            try:
                connection.execute(statement)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or waited > self._patience:
                    raise
            else:
                return
            pause.wait(0.02)
            waited += 0.02

    def _migrate(self, connection: sqlite3.Connection, *, in_memory: bool = False) -> None:
        while (version := version_of(connection)) != len(self._migrations):
            self.refuse_newer(connection)
            if version < 0:
                raise StoreUnreadable(str(self.path), f"user_version {version}")
            if version and not in_memory and version != self._kept_version:
                self._backups.make(connection, f"before-version-{version + 1}")
                self._kept_version = version  # tried again on a full disk, it would fill it more
            connection.execute("BEGIN IMMEDIATE")
            try:
                if version_of(connection) == version:  # else another program was faster
                    if version == 0 and not is_blank(connection):
                        raise StoreUnreadable(str(self.path), "tables, but no version")
                    for statement in self._migrations[version]:
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {version + 1}")
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
