"""A damaged store: its file moved aside, and the newest good copy put in its place."""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from partner_tokens.core.backups import Backups, is_blank, is_damage, is_sound, made_at, stamp
from partner_tokens.core.clock import Clock
from partner_tokens.core.store_file import StoreFile


@dataclass(frozen=True, slots=True)
class Mended:
    """What mending did: where the damaged file lies now, and how old the restored copy is.

    `moved_aside` is None when there was no file left; `restored_at` is None when no good copy
    was found and a new, empty store has begun.
    """

    moved_aside: Path | None
    restored_at: datetime | None


def mend(file: StoreFile, backups: Backups, clock: Clock) -> Mended | None:
    """Moves a damaged file aside and restores the newest good copy, if there is one.

    None when the file is sound. Nobody may have it open. Raises sqlite3.Error and OSError.
    """
    if _is_sound(file):
        return None
    moved = _move_aside(file.path, clock)
    backup = backups.newest_good()
    if backup is None:
        return Mended(moved, None)
    backups.restore(backup, file.path)
    return Mended(moved, made_at(backup))


def _is_sound(file: StoreFile) -> bool:
    if file.is_lost():
        return False
    connection = file.connect()
    try:
        return is_blank(connection) or is_sound(connection)
    except sqlite3.Error as error:
        if is_damage(error):
            return False
        raise
    finally:
        connection.close()


def _move_aside(path: Path, clock: Clock) -> Path | None:
    existed = path.exists()
    base, suffix = f"{path.stem}-damaged-{stamp(clock())}", path.suffix
    target, count = path.with_name(base + suffix), 1
    while target.exists():
        count += 1
        target = path.with_name(f"{base}-{count}{suffix}")
    # The file itself goes last: a journal left alone would be played into the restored copy.
    for ending in ("-wal", "-shm", "-journal", ""):
        with suppress(FileNotFoundError):
            Path(f"{path}{ending}").rename(f"{target}{ending}")
    return target if existed else None
