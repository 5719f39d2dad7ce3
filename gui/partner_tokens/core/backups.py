"""Whole copies of the store: made, thinned out, and the newest good one found."""

import os
import re
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from partner_tokens.core.clock import Clock
from partner_tokens.core.rows import RowDamaged, check_rows
from partner_tokens.core.schema import MIGRATIONS, tables_in

KEPT = 7
A_DAY = timedelta(days=1)

DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
"""What SQLite says of a file that is no sound store: bad page, no database, missing table."""

OWED = "replace-all"
"""A file of this name in the folder says that the copies hold what must not stay."""

_NAME = re.compile(r"(\d{6,})-(\d{8}T\d{6})Z-[a-z0-9-]+\.sqlite3")
_STAMP = "%Y%m%dT%H%M%S"


def is_damage(error: sqlite3.Error) -> bool:
    """Whether this error speaks of the file's contents, not of the disk or of another program.

    A text that is not UTF-8 has no code of its own.
    """
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & 0xFF in DAMAGE


def version_of(connection: sqlite3.Connection) -> int:
    """By how many migrations the file was shaped, as it says itself."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def is_blank(connection: sqlite3.Connection) -> bool:
    """Whether nothing was ever stored in the file."""
    has_any = connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    return has_any is None and version_of(connection) == 0


def is_shaped(connection: sqlite3.Connection) -> bool:
    """Whether the store's tables are real ones that hold to their columns' types, without triggers.

    A view in the place of a table may reckon for ever.
    """
    found = connection.execute("PRAGMA main.table_list").fetchall()
    strict = {
        name
        for _schema, name, kind, _columns, _rowid, strict in found
        if kind == "table" and strict
    }
    has_more = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type IN ('view', 'trigger')"
    ).fetchone()
    return strict >= tables_in(version_of(connection)) and has_more is None


def is_sound(connection: sqlite3.Connection) -> bool:
    """Whether SQLite finds no fault in the file and every row can be read and means something.

    Raises sqlite3.Error when the disk or another program keeps us from looking.
    """
    try:
        if version_of(connection) <= 0 or not is_shaped(connection):
            return False
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            return False
        for table in tables_in(version_of(connection)):
            for _row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608  # our own names
                pass
        if version_of(connection) == len(MIGRATIONS):  # else columns are yet to come
            check_rows(connection.execute)
    except RowDamaged:
        return False
    except sqlite3.Error as error:
        if is_damage(error):
            return False
        raise
    return True


def stamp(at: datetime) -> str:
    """An instant as part of a file's name."""
    return f"{at.astimezone(UTC).strftime(_STAMP)}Z"


class Backups:
    """The copies in one folder (0700, files 0600), numbered: a wrong clock cannot mix them up."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def paths(self) -> list[Path]:
        """All copies, the newest first."""
        found = [p for p in self._folder.glob("*.sqlite3") if _NAME.fullmatch(p.name)]
        return sorted(found, key=_number, reverse=True)

    def is_due(self) -> bool:
        """Whether no copy was made within the last day."""
        now = self._clock()
        return not any(timedelta(0) <= now - made_at(path) < A_DAY for path in self.paths())

    def make(
        self, source: sqlite3.Connection, reason: str, *, even_empty: bool = False
    ) -> Path | None:
        """Copies the store, and keeps the newest seven.

        A damaged store is not copied (None), nor, unless `even_empty`, one without tokens: neither
        is to push out a good copy. Raises sqlite3.Error or OSError.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._folder / f"{os.getpid()}.part"
        part.unlink(missing_ok=True)
        try:
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            with closing(sqlite3.connect(part, isolation_level=None)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
                if not is_sound(copy):
                    return None
                if not (even_empty or copy.execute("SELECT 1 FROM tokens").fetchone()):
                    return None
            made = self._folder / self._next_name(reason)
            part.replace(made)
        except FileNotFoundError:  # another program is replacing all copies
            return self.make(source, reason, even_empty=even_empty)
        finally:
            part.unlink(missing_ok=True)
        self._drop(self.paths()[KEPT:])
        return made

    def owe(self) -> None:
        """Notes that all copies are to be replaced, in case that cannot be done now. OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._folder / OWED).touch(0o600)

    @property
    def is_owed(self) -> bool:
        """Whether copies are still to be replaced."""
        return (self._folder / OWED).exists()

    def replace_all(self, source: sqlite3.Connection, reason: str) -> Path | None:
        """Copies the store, even one without tokens, then drops every older copy.

        Older ones hold key slots or tokens that are to be gone; it stays owed until none is left.
        So do unfinished ones, of a program that was killed, or that begins anew when it finds
        that its own is gone.
        """
        self.owe()
        made = self.make(source, reason, even_empty=True)
        if made is not None:
            self._drop(list(self._folder.glob("*.part")))
            self._drop([path for path in self.paths() if path != made])
            if self.paths() == [made]:
                (self._folder / OWED).unlink(missing_ok=True)
        return made

    def newest_good(self) -> Path | None:
        """The newest copy in which SQLite finds no fault."""
        return next((path for path in self.paths() if _is_good(path)), None)

    def restore(self, backup: Path, path: Path) -> None:
        """Puts a copy in the place of the store, in one step. Nobody may have the store open."""
        import shutil  # rarely needed, and every start would pay for it

        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as target, backup.open("rb") as source:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        part.replace(path)

    def _next_name(self, reason: str) -> str:
        number = max((_number(path) for path in self.paths()), default=0) + 1
        return f"{number:06}-{stamp(self._clock())}-{reason}.sqlite3"

    def _drop(self, paths: list[Path]) -> None:
        for path in paths:
            with suppress(OSError):  # the next thinning out takes it
                path.unlink()


def made_at(backup: Path) -> datetime:
    """When a copy was made, by its name."""
    match = _NAME.fullmatch(backup.name)
    assert match is not None, backup  # noqa: S101  # paths() gives no other names
    return datetime.strptime(match[2], _STAMP).replace(tzinfo=UTC)


def _number(backup: Path) -> int:
    return int(backup.name.partition("-")[0])


def _is_good(backup: Path) -> bool:
    address = f"{backup.resolve().as_uri()}?mode=ro&immutable=1"
    with suppress(sqlite3.Error), closing(sqlite3.connect(address, uri=True)) as connection:
        return is_sound(connection)
    return False
