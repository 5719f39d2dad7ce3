"""The store's file: opened, brought up to date, locked, checked, backed up and mended."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from partner_tokens.core.backups import (
    Backups,
    is_blank,
    is_damage,
    is_shaped,
    is_sound,
    made_at,
    stamp,
    version_of,
)
from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import (
    Hindrance,
    StoreError,
    StoreNewer,
    StoreReadOnly,
    StoreUnopened,
    StoreUnreadable,
    StoreUnwritable,
)
from partner_tokens.core.places import claim_file
from partner_tokens.core.presence import Presence
from partner_tokens.core.rows import RowDamaged
from partner_tokens.core.schema import MIGRATIONS, Migration

if TYPE_CHECKING:
    from partner_tokens.core.reading_copy import State

PATIENCE = 5.0
"""Seconds to wait for another program that is writing."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What mending did: where the damaged file lies now, and how old the restored copy is.

    `moved_aside` is None when there was no file left; `restored_at` is None when no good copy
    was found and a new, empty store has begun.
    """

    moved_aside: Path | None
    restored_at: datetime | None


class Database:
    """One connection to one file, for all threads of this program, one at a time.

    It opens when it is first used, in a few milliseconds, never on the GUI thread. Errors of SQLite
    and of the disk come out as StoreUnreadable (the file is damaged: see `mend`), StoreUnwritable
    (disk, permissions, another program; StoreUnopened before anything was done) or StoreNewer.

    Where the disk lets nothing be written, a copy in memory is read (see reading_copy), and
    whatever writes gets StoreReadOnly; each write, and `changed_elsewhere`, tries the file again.
    """

    def __init__(
        self,
        path: Path,
        backups: Path,
        clock: Clock,
        *,
        migrations: tuple[Migration, ...] = MIGRATIONS,
        patience: float = PATIENCE,
    ) -> None:
        self.path = path
        self._clock = clock
        self._migrations = migrations
        self._patience = patience
        self._backups = Backups(backups, clock)
        self._lock_path = path.with_suffix(".lock")
        self._presence = Presence(self._lock_path, patience)
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._hindrance: Hindrance | None = None
        self._copied: State | None = None
        self._kept_version: int | None = None
        """The older version of which this program has made a copy."""
        self._seen_version: int | None = None
        self._has_failed = False
        """Nobody could open it when that was last tried."""
        self._closed = False

    # ---- using it -----------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one query."""
        with self._lock, self._translated():
            yield self._opened()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection inside a transaction: all of it is kept, or none.

        Raises StoreNewer when a newer version has changed the file's shape meanwhile.
        """
        with self._lock, self._translated():
            connection = self._writable()
            if self._file_now() != self._file:  # what is written to a deleted file is lost
                raise StoreUnwritable(str(self.path), "the file is gone, or is another one")
            connection.execute("BEGIN IMMEDIATE")
            try:
                self._refuse_newer(connection)
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def changed_elsewhere(self) -> bool:
        """Whether another program has written since this was last asked; cheap.

        True as well after the file was mended, after it could not be opened, and when it can be
        written again. A newer version's file raises StoreNewer.
        """
        with self._lock, self._translated():
            if self._hindrance is not None:
                return self._came_back()
            connection = self._opened()
            version: int = connection.execute("PRAGMA data_version").fetchone()[0]
            changed = version != self._seen_version
            self._seen_version = version
            if changed:
                self._refuse_newer(connection)
            return changed

    @property
    def only_read(self) -> StoreReadOnly | None:
        """Why nothing can be written now; None where it can. Waits for nothing."""
        hindrance = self._hindrance
        return None if hindrance is None else StoreReadOnly(str(self.path.parent), hindrance)

    def close(self) -> None:
        """Closes for good: later use raises StoreUnwritable."""
        with self._lock:
            self._closed = True
            self._disconnect()

    # ---- checking, backing up, mending --------------------------------------------------------

    def check(self) -> None:
        """Looks for damage in the whole file. Raises StoreUnreadable."""
        with self.reading() as connection:
            if not is_sound(connection):
                raise StoreUnreadable(str(self.path), "quick_check found damage")

    def back_up(self, reason: str) -> Path | None:
        """Copies the store; None when it has no tokens yet. `reason`: lower case, for the name."""
        with self.reading() as connection:
            return self._backups.make(connection, reason)

    def back_up_daily(self) -> Path | None:
        """Copies the store, unless that was done within the last day."""
        with self.reading() as connection:
            return self._backups.make(connection, "daily") if self._backups.is_due() else None

    def replace_backups(self, reason: str) -> Path | None:
        """Copies the store and drops all older copies, whose slots or tokens are to be gone."""
        with self.reading() as connection:
            return self._backups.replace_all(connection, reason)

    def owe_fresh_backup(self) -> None:
        """Notes on disk that all copies are to be replaced.

        Told before the erasure of what they hold, so that no crash and no full disk lets it stay.
        """
        with self._lock, self._translated():
            self._writable()
            self._backups.owe()

    @property
    def owes_fresh_backup(self) -> bool:
        """Whether `replace_backups` is still to be done, or to be done again."""
        return self._backups.is_owed

    def empty_journal(self) -> bool:
        """Moves all changes into the file and cuts the journal to nothing.

        Until then deleted text stays in both. False while another program is reading: try again.
        """
        with self.reading() as connection:
            is_busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return not is_busy

    def leave_no_trace(self, reason: str) -> bool:
        """Whether nothing of what was deleted is left in file, journal and copies.

        `owe_fresh_backup` comes before the deletion. What another program or the disk keeps us
        from doing now is done by house-keeping.
        """
        try:
            is_cut = self.empty_journal()
            self.replace_backups(reason)
        except StoreError:
            return False
        return is_cut and not self.owes_fresh_backup

    def mend(self) -> Mended | None:
        """Moves a damaged file aside, restores the newest good copy, or else begins anew.

        None when the file is sound (another window has mended it). Only a program that is alone on
        the file may: else StoreUnreadable.
        """
        with self._lock, self._translated():
            self._disconnect()
            with self._presence.alone() as alone:
                if not alone:
                    raise StoreUnreadable(str(self.path), "another program has the file open")
                mended = None if self._is_sound() else self._replace()
                self._connect()
            self._seen_version = None
            self._presence.enter()
        return mended

    # ---- opening ------------------------------------------------------------------------------

    def _opened(self) -> sqlite3.Connection:
        if self._closed:
            raise StoreUnwritable(str(self.path), "the store was closed")
        if self._connection is None:
            has_failed, self._has_failed = self._has_failed, True
            try:
                self._open()
            except (OSError, sqlite3.Error) as error:
                self._read_copy(error)
            self._has_failed = False
            if has_failed:
                self._seen_version = None
        assert self._connection is not None  # noqa: S101  # both set it or raise
        return self._connection

    def _open(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        claim_file(self._lock_path)
        self._presence.enter()
        try:
            if self._is_lost():
                raise StoreUnreadable(str(self.path), "the file is gone or empty")
            self._connect()
        except BaseException:
            self._presence.leave()
            raise

    def _writable(self) -> sqlite3.Connection:
        connection = self._opened()
        if self.only_read is not None and self._came_back():
            connection = self._opened()
        if self.only_read is not None:
            raise self.only_read
        return connection

    def _read_copy(self, error: OSError | sqlite3.Error) -> None:
        """Reads a copy in memory where the disk kept us from opening; else raises the error."""
        from partner_tokens.core import reading_copy  # rarely needed

        if not reading_copy.is_hindered(error):
            raise error
        try:
            hindrance = reading_copy.hindrance_of(self.path)
            connection, copied = reading_copy.read_copy(self.path)
        except OSError:
            raise error from None
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            self._migrate(connection, in_memory=True)
            if not is_shaped(connection):
                raise StoreUnreadable(str(self.path), "not the tables of a store")
            connection.execute("PRAGMA query_only = ON")
            self._seen_version = connection.execute("PRAGMA data_version").fetchone()[0]
        except BaseException:
            connection.close()
            raise
        self._connection, self._copied, self._hindrance = connection, copied, hindrance

    def _came_back(self) -> bool:
        """Whether what is only read can be written again, or has changed."""
        from partner_tokens.core.reading_copy import state_of

        copy, state = self._opened(), state_of(self.path)
        if state[0] is None:  # its disk was taken out: nothing new begins in that place
            return False
        try:
            self._open()
        except (OSError, sqlite3.Error) as error:
            if state == self._copied:
                return False
            self._read_copy(error)
        copy.close()
        self._seen_version = None
        return True

    def _file_now(self) -> tuple[int, int] | None:
        """What tells the file at our path from any other; None where there is none."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def _is_lost(self) -> bool:
        """Whether there was a store once: no file, or an empty one, beside copies of it."""
        size = self.path.stat().st_size if self.path.exists() else 0
        return size == 0 and bool(self._backups.paths())

    def _connect(self) -> None:
        claim_file(self.path)
        connection = self._bare_connection()
        try:
            # Without WAL (network folders) SQLite answers with the mode it can do; that is fine.
            self._with_patience(connection, "PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            self._migrate(connection)
            if not is_shaped(connection):
                raise StoreUnreadable(str(self.path), "not the tables of a store")
            self._seen_version = connection.execute("PRAGMA data_version").fetchone()[0]
        except BaseException:
            connection.close()
            raise
        self._connection, self._hindrance = connection, None
        self._file = self._file_now()

    def _bare_connection(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self.path, timeout=self._patience, isolation_level=None, check_same_thread=False
        )

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
            self._refuse_newer(connection)
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

    def _refuse_newer(self, connection: sqlite3.Connection) -> None:
        if version_of(connection) > len(self._migrations):
            raise StoreNewer(str(self.path))

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = self._hindrance = None
        self._presence.leave()

    # ---- mending ------------------------------------------------------------------------------

    def _is_sound(self) -> bool:
        if self._is_lost():
            return False
        connection = self._bare_connection()
        try:
            return is_blank(connection) or is_sound(connection)
        except sqlite3.Error as error:
            if is_damage(error):
                return False
            raise
        finally:
            connection.close()

    def _replace(self) -> Mended:
        moved = self._move_aside()
        backup = self._backups.newest_good()
        if backup is None:
            return Mended(moved, None)
        self._backups.restore(backup, self.path)
        return Mended(moved, made_at(backup))

    def _move_aside(self) -> Path | None:
        existed = self.path.exists()
        base, suffix = f"{self.path.stem}-damaged-{stamp(self._clock())}", self.path.suffix
        target, count = self.path.with_name(base + suffix), 1
        while target.exists():
            count += 1
            target = self.path.with_name(f"{base}-{count}{suffix}")
        # The file itself goes last: a journal left alone would be played into the restored copy.
        for ending in ("-wal", "-shm", "-journal", ""):
            with suppress(FileNotFoundError):
                Path(f"{self.path}{ending}").rename(f"{target}{ending}")
        return target if existed else None

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a fault of ours, not of the file
        except sqlite3.Error as error:
            raise self._store_error(error) from error
        except RowDamaged as error:
            raise StoreUnreadable(str(self.path), str(error)) from None
        except OSError as error:
            raise self._unwritable(str(error)) from error

    def _unwritable(self, details: str) -> StoreUnwritable:
        if self.only_read is not None:
            return self.only_read
        kind = StoreUnopened if self._connection is None else StoreUnwritable
        return kind(str(self.path), details)

    def _store_error(self, error: sqlite3.Error) -> StoreError:
        # SQLite's own message may repeat what a cell holds.
        kind = getattr(error, "sqlite_errorname", type(error).__name__)
        if not is_damage(error):
            return self._unwritable(kind)
        if self._connection is not None:
            with suppress(sqlite3.Error):
                if version_of(self._connection) > len(self._migrations):
                    return StoreNewer(str(self.path))
        return StoreUnreadable(str(self.path), kind)
