"""The store for all threads: one connection, opened when first used, one thread at a time."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from partner_tokens.core.backups import Backups, is_damage, is_sound
from partner_tokens.core.clock import Clock
from partner_tokens.core.errors.store import (
    Hindrance,
    StoreError,
    StoreNewer,
    StoreReadOnly,
    StoreReplaced,
    StoreUnopened,
    StoreUnreadable,
    StoreUnwritable,
)
from partner_tokens.core.places import claim_file
from partner_tokens.core.presence import Presence
from partner_tokens.core.rows import RowDamaged
from partner_tokens.core.schema import MIGRATIONS, Migration
from partner_tokens.core.store_file import StoreFile

if TYPE_CHECKING:
    from partner_tokens.core.mending import Mended
    from partner_tokens.core.reading_copy import State

PATIENCE = 5.0
"""Seconds to wait for another program that is writing."""


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
        self._backups = Backups(backups, clock)
        self._file = StoreFile(path, self._backups, migrations, patience)
        self._lock_path = path.with_suffix(".lock")
        self._presence = Presence(self._lock_path, patience)
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._hindrance: Hindrance | None = None
        self._copied: State | None = None
        self._seen_version: int | None = None
        self._seen_journal: tuple[int, int] | None = None
        self._is_settled = True
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
            if self._file.identity() != self._identity:  # what is written to a deleted file is lost
                raise StoreReplaced(str(self.path))
            connection.execute("BEGIN IMMEDIATE")
            try:
                self._file.refuse_newer(connection)
                yield connection
                connection.execute("COMMIT")
                self._is_settled = False
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def changed_elsewhere(self) -> bool:
        """Whether another program has written since this was last asked; cheap.

        True as well after the file was mended, after it could not be opened, when it can be written
        again, and when another whole file was put in its place, which is read from now on. A newer
        version's file raises StoreNewer.
        """
        with self._lock, self._translated():
            if self._hindrance is not None:
                return self._came_back()
            connection = self._opened()
            if self._is_replaced() and self._follow(connection):
                return True
            version: int = connection.execute("PRAGMA data_version").fetchone()[0]
            changed = version != self._seen_version
            self._seen_version = version
            if changed:
                self._file.refuse_newer(connection)
            return changed

    @property
    def only_read(self) -> StoreReadOnly | None:
        """Why nothing can be written now; None where it can. Waits for nothing."""
        hindrance = self._hindrance
        return None if hindrance is None else StoreReadOnly(str(self.path.parent), hindrance)

    def close(self) -> None:
        """Closes for good: later use raises StoreUnwritable.

        What was written then stands in the file, though another program may have it open.
        """
        with self._lock:
            self._closed = True
            if self._connection is not None and self._unsettled() is not None:
                self._empty_at_once(self._connection)
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

    @property
    def is_settled(self) -> bool:
        """Whether nothing was written here since `settle` was last true. Waits for nothing."""
        return self._is_settled

    def settle(self) -> bool:
        """Moves what was written into the file once it rests; False where it is to be asked again.

        It rests when nobody has written since this was last asked. Whoever backs a folder up, or
        synchronizes it, takes its files one by one: then this one alone is whole, and the journal
        holds nothing that SQLite would play into another file in its place. Waits for nobody; what
        the disk does not let be moved stays in the journal until something is written again.
        """
        with self._lock:
            seen, self._seen_journal = self._seen_journal, self._unsettled()
            self._is_settled = (
                self._seen_journal is None
                or self._connection is None
                or (seen == self._seen_journal and self._empty_at_once(self._connection))
            )
            return self._is_settled

    def _unsettled(self) -> tuple[int, int] | None:
        """What tells the journal from what it was before; None where it is not for us to empty.

        Beside another file in the place of ours it may hold what was written to that one.
        """
        if self._connection is None or self._hindrance is not None:
            return None
        with suppress(OSError):
            return self._file.journal() if self._file.identity() == self._identity else None
        return None

    @staticmethod
    def _empty_at_once(connection: sqlite3.Connection) -> bool:
        """False while another program reads or writes."""
        (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error as error:
            return error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
        finally:
            connection.execute(f"PRAGMA busy_timeout = {patience}")
        return not busy

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

    def mend(self) -> "Mended | None":
        """Moves a damaged file aside, restores the newest good copy, or else begins anew.

        None when the file is sound (another window has mended it). Only a program that is alone on
        the file may: else StoreUnreadable.
        """
        from partner_tokens.core.mending import mend  # rarely needed

        with self._lock, self._translated():
            self._disconnect()
            with self._presence.alone() as alone:
                if not alone:
                    raise StoreUnreadable(str(self.path), "another program has the file open")
                mended = mend(self._file, self._backups, self._clock)
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
            if self._file.is_lost():
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
            self._file.prepare_copy(connection)
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

    def _is_replaced(self) -> bool:
        is_copy = self._hindrance is not None
        return not is_copy and self._file.identity() not in {None, self._identity}

    def _follow(self, left: sqlite3.Connection) -> bool:
        """Goes over to the file in the place of ours, as a program that syncs folders puts it.

        Not to a damaged one, nor while another program reads: then ours is still read. What is in
        our journal goes to our file first, or SQLite would play it into the other one.
        """
        from partner_tokens.core import reading_copy  # rarely needed

        is_busy: int = left.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if is_busy:
            return False
        try:
            copy, _state = reading_copy.read_copy(self.path)
        except (OSError, sqlite3.Error):
            return False
        with closing(copy):
            try:
                self._file.prepare_copy(copy)
            except (StoreUnreadable, sqlite3.Error):
                return False
            if not is_sound(copy):
                return False
        self._disconnect()
        self._open()
        return True

    def _connect(self) -> None:
        claim_file(self.path)
        connection = self._file.connect()
        try:
            self._file.prepare(connection)
            self._seen_version = connection.execute("PRAGMA data_version").fetchone()[0]
        except BaseException:
            connection.close()
            raise
        self._connection, self._hindrance = connection, None
        self._identity = self._file.identity()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = self._hindrance = None
        self._presence.leave()

    # ---- its errors as ours -------------------------------------------------------------------

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
                if self._file.is_newer(self._connection):
                    return StoreNewer(str(self.path))
        return StoreUnreadable(str(self.path), kind)
