"""The store's file: versions, several programs at once, copies, damage and mending."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clock import MovableClock
from partner_tokens.core.database import Database
from partner_tokens.core.errors.store import (
    StoreError,
    StoreMisplaced,
    StoreNewer,
    StoreReplaced,
    StoreUnreadable,
    StoreUnwritable,
)
from partner_tokens.core.schema import MIGRATIONS
from partner_tokens.core.sealing import Sealed
from partner_tokens.core.store import Store
from partner_tokens.core.tokens import LONGEST_NOTE, ApiToken, Organization

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
NEXT = (*MIGRATIONS, ("ALTER TABLE tokens ADD COLUMN colour TEXT NOT NULL DEFAULT 'none'",))


class Folder:
    """A data folder, and the programs that have its store open."""

    def __init__(self, path: Path, clock: MovableClock) -> None:
        self.data = path / "data"
        self.path = self.data / "tokens.sqlite3"
        self.backups = self.data / "backups"
        self.clock = clock
        self.opened: list[Database] = []

    def open(
        self, migrations: tuple[tuple[str, ...], ...] = MIGRATIONS, patience: float = 0.2
    ) -> Database:
        database = Database(
            self.path, self.backups, self.clock, migrations=migrations, patience=patience
        )
        self.opened.append(database)
        return database

    def store(self, database: Database) -> Store:
        return Store(database, self.clock)

    def add(self, database: Database, id: str) -> None:
        token = ApiToken(id, Organization("Contoso"), id, "https://example.test", NOW)
        self.store(database).add(token, Sealed("k", b"n", b"c"), id.encode())

    def ids(self, database: Database) -> list[str]:
        return [token.id for token in self.store(database).tokens()]

    def copies(self) -> list[str]:
        return sorted(path.name for path in self.backups.glob("*"))

    def damage(self) -> None:
        """Writes over the pages that hold the rows; SQLite still opens the file."""
        with closing(sqlite3.connect(self.path)) as connection:
            (size,) = connection.execute("PRAGMA page_size").fetchone()
            rows = "SELECT rootpage FROM sqlite_master WHERE rootpage > 0"
            pages = [page for (page,) in connection.execute(rows)]
        with self.path.open("r+b") as file:
            for page in pages:
                file.seek(size * (page - 1))
                file.write(b"\xff" * size)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    folder = Folder(tmp_path, MovableClock(NOW))
    yield folder
    for database in folder.opened:
        database.close()


# ---- opening ----------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_folder_and_files_are_for_their_owner_alone(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    database.back_up("test")
    for path in (folder.data, folder.backups):
        assert path.stat().st_mode & 0o777 == 0o700
    files = [*folder.data.glob("tokens.*"), *folder.backups.iterdir()]
    assert len(files) >= 4
    for path in files:
        assert path.stat().st_mode & 0o777 == 0o600, path


def test_each_write_reaches_the_disk_before_it_is_reported(folder: Folder) -> None:
    with folder.open().reading() as connection:
        modes = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        ]
    assert modes == ["wal", 2, 1, 1]


def test_a_failed_transaction_leaves_nothing_behind(folder: Folder) -> None:
    database = folder.open()

    def fail() -> None:
        with database.writing() as connection:
            connection.execute("INSERT INTO organizations (name, folded) VALUES ('a', 'a')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM organizations").fetchone() == (0,)


def test_a_fault_of_ours_is_not_reported_as_a_fault_of_the_file(folder: Folder) -> None:
    with pytest.raises(sqlite3.IntegrityError), folder.open().writing() as connection:
        connection.execute("INSERT INTO organizations (name) VALUES (NULL)")


def test_a_closed_database_stays_closed(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    database.close()
    with pytest.raises(StoreUnwritable):
        folder.ids(database)


def test_a_folder_that_cannot_be_made_is_named(folder: Folder) -> None:
    folder.data.write_text("a file where the folder should be")
    with pytest.raises(StoreUnwritable) as caught:
        folder.ids(folder.open())
    assert str(folder.path) in caught.value.hint


def test_a_program_that_writes_for_long_makes_others_give_up_in_words(folder: Folder) -> None:
    slow, other = folder.open(), folder.open()
    folder.add(slow, "t1")
    with slow.writing(), pytest.raises(StoreUnwritable):
        folder.add(other, "t2")
    folder.add(other, "t3")
    assert folder.ids(slow) == ["t1", "t3"]


def test_a_full_disk_is_told_and_loses_nothing(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    with database.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    added = 1
    with suppress(StoreUnwritable):
        while added < 1000:
            folder.add(database, f"t{added + 1}")
            added += 1
    assert added < 1000
    database.check()
    assert len(folder.ids(database)) == added


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open cannot be deleted there")
def test_nothing_is_stored_in_a_file_that_was_deleted(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    shutil.rmtree(database.path.parent)
    with pytest.raises(StoreReplaced):
        folder.add(database, "t2")
    assert folder.ids(database) == ["t1"]  # still there to be read, and copied out


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open cannot be replaced there")
def test_nothing_is_stored_where_another_file_was_put_in_the_place_of_ours(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    copy = database.back_up("daily")
    assert copy is not None
    database.path.rename(database.path.with_name("ours"))
    shutil.copy(copy, database.path)
    with pytest.raises(StoreReplaced):
        folder.add(database, "t2")
    database.path.with_name("ours").replace(database.path)
    folder.add(database, "t2")
    assert folder.ids(folder.open()) == ["t1", "t2"]


def far_from_a_copy(folder: Folder) -> tuple[Database, Path]:
    """A program, and a copy with one token: its journal would be played into that, in its place."""
    database = folder.open()
    folder.add(database, "t1")
    copy = database.back_up("daily")
    assert copy is not None
    for number in range(2, 30):
        folder.add(database, f"t{number}")
    return database, copy


def put_in_place(folder: Folder, file: Path) -> None:
    """As a program does that syncs folders, or a user with a copy."""
    waiting = folder.path.with_name("arriving")
    shutil.copy(file, waiting)
    waiting.replace(folder.path)


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open cannot be replaced there")
def test_a_whole_file_put_in_the_place_of_ours_is_read_and_written_from_then_on(
    folder: Folder,
) -> None:
    database, copy = far_from_a_copy(folder)
    assert not database.changed_elsewhere()
    put_in_place(folder, copy)
    assert database.changed_elsewhere()
    assert folder.ids(database) == ["t1"]
    assert not database.changed_elsewhere()
    folder.add(database, "new")
    database.check()
    database.close()
    assert folder.ids(folder.open()) == ["t1", "new"]


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open cannot be replaced there")
@pytest.mark.parametrize("file", [b"", b"garbage" * 1000, b"SQLite format 3\0" + b"\1" * 9000])
def test_from_what_is_no_store_in_the_place_of_ours_nothing_is_taken(
    folder: Folder, tmp_path: Path, file: bytes
) -> None:
    database = folder.open()
    folder.add(database, "t1")
    (tmp_path / "other").write_bytes(file)
    put_in_place(folder, tmp_path / "other")
    assert not database.changed_elsewhere()
    assert folder.ids(database) == ["t1"]
    with pytest.raises(StoreReplaced):
        folder.add(database, "t2")
    assert folder.path.read_bytes() == file


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open cannot be replaced there")
def test_a_file_of_a_newer_version_in_the_place_of_ours_is_named(
    folder: Folder, tmp_path: Path
) -> None:
    database = folder.open()
    folder.add(database, "t1")
    copy = database.back_up("daily")
    assert copy is not None
    newer = tmp_path / "newer"
    shutil.copy(copy, newer)
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 999")
    put_in_place(folder, newer)
    with pytest.raises(StoreNewer):
        database.changed_elsewhere()
    assert folder.ids(database) == ["t1"]


# ---- versions ---------------------------------------------------------------------------------


def test_an_older_file_is_copied_and_brought_up_to_date(folder: Folder) -> None:
    old = folder.open()
    folder.add(old, "t1")
    old.close()
    new = folder.open(NEXT)
    assert folder.ids(new) == ["t1"]
    with new.reading() as connection:
        assert connection.execute("SELECT colour FROM tokens").fetchone() == ("none",)
    (copy,) = folder.copies()
    assert f"before-version-{len(NEXT)}" in copy
    with closing(sqlite3.connect(folder.backups / copy)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_a_step_that_fails_leaves_the_file_in_its_version(folder: Folder) -> None:
    old = folder.open()
    folder.add(old, "t1")
    old.close()
    broken = folder.open((*MIGRATIONS, ("ALTER TABLE tokens ADD COLUMN colour TEXT", "nonsense")))
    for _attempt in range(3):
        with pytest.raises(StoreError):
            folder.ids(broken)
    assert len(folder.copies()) == 1  # not one more with each attempt
    assert folder.ids(folder.open()) == ["t1"]


def test_two_programs_that_bring_a_file_up_to_date_at_once_do_it_once(folder: Folder) -> None:
    old = folder.open()
    folder.add(old, "t1")
    old.close()
    faster = folder.open(NEXT)

    class Overtaken(MovableClock):
        """Looked at for the name of the copy: then the other program is let by."""

        def __call__(self) -> datetime:
            assert folder.ids(faster) == ["t1"]
            return super().__call__()

    slower = Database(folder.path, folder.backups, Overtaken(NOW), migrations=NEXT, patience=0.2)
    folder.opened.append(slower)
    assert folder.ids(slower) == ["t1"]


def test_a_file_that_another_program_holds_whole_is_given_up_in_words(folder: Folder) -> None:
    folder.data.mkdir(mode=0o700)
    with closing(sqlite3.connect(folder.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnwritable):
            folder.ids(folder.open())
        other.execute("COMMIT")
        assert folder.ids(folder.opened[0]) == []


def test_a_newer_file_is_refused_when_it_is_opened(folder: Folder) -> None:
    folder.ids(folder.open(NEXT))
    with pytest.raises(StoreNewer):
        folder.ids(folder.open())


def test_a_file_that_becomes_newer_meanwhile_is_no_longer_written(folder: Folder) -> None:
    running = folder.open()
    folder.add(running, "t1")
    updated = folder.open(NEXT)
    folder.add(updated, "t2")
    with pytest.raises(StoreNewer):
        running.changed_elsewhere()
    with pytest.raises(StoreNewer):
        folder.add(running, "t3")
    assert folder.ids(running) == ["t1", "t2"]


def test_a_newer_file_that_can_no_longer_be_read_is_told_as_such(folder: Folder) -> None:
    running = folder.open()
    folder.add(running, "t1")
    folder.open((*MIGRATIONS, ("ALTER TABLE tokens RENAME COLUMN name TO label",))).check()
    with pytest.raises(StoreNewer):
        folder.ids(running)


# ---- copies -----------------------------------------------------------------------------------


def test_a_copy_is_made_once_a_day(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    assert database.back_up_daily() is not None
    folder.clock.forward(hours=23)
    assert database.back_up_daily() is None
    folder.clock.forward(hours=1)
    assert database.back_up_daily() is not None
    assert len(folder.copies()) == 2


def test_a_clock_that_was_once_far_ahead_does_not_end_the_daily_copies(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    folder.clock.forward(days=10_000)
    database.back_up_daily()
    folder.clock.now = NOW
    folder.add(database, "t2")
    assert database.back_up_daily() is not None
    database.close()
    folder.damage()
    mended = folder.open().mend()
    assert mended is not None
    assert mended.restored_at == NOW


def test_the_newest_seven_copies_are_kept(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    for _ in range(9):
        folder.clock.forward(days=1)
        database.back_up_daily()
    assert [name[:6] for name in folder.copies()] == [f"{n:06}" for n in range(3, 10)]


def test_an_empty_store_never_pushes_out_a_good_copy(folder: Folder) -> None:
    database = folder.open()
    assert database.back_up("test") is None
    folder.add(database, "t1")
    database.back_up("test")
    with database.writing() as connection:
        connection.execute("DELETE FROM tokens")
    assert database.back_up("again") is None
    assert len(folder.copies()) == 1


def test_all_copies_are_replaced_even_by_one_of_an_empty_store(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    database.back_up("test")
    with database.writing() as connection:
        connection.execute("DELETE FROM tokens")
    made = database.replace_backups("test")
    assert made is not None
    assert folder.copies() == [made.name]
    database.close()
    for path in folder.data.glob("tokens.sqlite3*"):
        path.unlink()
    again = folder.open()
    with pytest.raises(StoreUnreadable):
        again.check()
    mended = again.mend()
    assert mended is not None
    assert mended.restored_at == NOW
    assert folder.ids(again) == []


def test_copies_that_could_not_be_replaced_stay_owed(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    database.owe_fresh_backup()
    database.close()
    again = folder.open()
    assert again.owes_fresh_backup
    again.back_up_daily()
    assert again.owes_fresh_backup
    again.replace_backups("test")
    assert not again.owes_fresh_backup


def test_a_damaged_store_leaves_its_copies_to_be_replaced_later(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    database.back_up("test")
    database.close()
    folder.damage()
    before = folder.copies()
    damaged = folder.open()
    with pytest.raises(StoreUnreadable):
        damaged.check()
    assert damaged.replace_backups("test") is None
    assert damaged.owes_fresh_backup
    assert set(before) < set(folder.copies())


def test_a_copy_that_cannot_be_deleted_stays_owed_until_it_can(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    made = database.back_up("test")
    assert made is not None
    made.unlink()
    (made / "held").mkdir(parents=True)  # no file: as one that another program holds on Windows
    database.replace_backups("test")
    assert database.owes_fresh_backup
    (made / "held").rmdir()
    made.rmdir()
    database.replace_backups("test")
    assert not database.owes_fresh_backup


def test_the_journal_is_emptied_unless_another_program_is_reading(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    journal = Path(f"{folder.path}-wal")
    assert journal.stat().st_size
    with closing(sqlite3.connect(folder.path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM tokens").fetchall()
        folder.add(database, "t2")
        assert not database.empty_journal()
        assert journal.stat().st_size
        other.execute("COMMIT")
        assert database.empty_journal()
        assert not journal.stat().st_size


def held_by_a_copy_of_the_file(folder: Folder, tmp_path: Path) -> list[str]:
    """As a program finds it that backs up or synchronizes one file after the other."""
    copy = tmp_path / "copied"
    shutil.copy(folder.path, copy)
    with closing(sqlite3.connect(copy)) as connection:
        return [id for (id,) in connection.execute("SELECT id FROM tokens ORDER BY id")]


def test_what_was_written_stands_in_the_one_file_once_it_rests(
    folder: Folder, tmp_path: Path
) -> None:
    database = folder.open()
    folder.add(database, "t1")
    assert not database.settle()  # it may be one of many
    folder.add(database, "t2")
    assert not database.settle()
    assert database.settle()
    assert held_by_a_copy_of_the_file(folder, tmp_path) == ["t1", "t2"]
    assert database.settle()


def test_while_another_program_reads_settling_is_put_off_and_waits_for_nobody(
    folder: Folder, tmp_path: Path
) -> None:
    database = folder.open(patience=60)
    folder.add(database, "t1")
    with closing(sqlite3.connect(folder.path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM tokens").fetchall()
        folder.add(database, "t2")
        began = time.monotonic()
        assert [database.settle(), database.settle(), database.settle()] == [False] * 3
        assert time.monotonic() - began < 30
    assert database.settle()
    assert held_by_a_copy_of_the_file(folder, tmp_path) == ["t1", "t2"]
    with database.reading() as connection:  # and waits for others as before
        assert connection.execute("PRAGMA busy_timeout").fetchone() == (60_000,)


def test_during_a_transaction_of_our_own_settling_is_put_off(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    assert not database.settle()
    with database.writing():
        assert not database.settle()
    assert database.settle()


@posix
def test_what_a_full_disk_does_not_let_be_moved_stays_until_the_next_write(
    folder: Folder, tmp_path: Path
) -> None:
    import resource

    database = folder.open()
    for number in range(100):
        folder.add(database, f"t{number}")
    assert not database.settle()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (folder.path.stat().st_size, before[1]))
    try:
        assert database.settle()  # nothing can be done now
        assert database.is_settled
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    folder.add(database, "t100")
    assert not database.is_settled
    assert [database.settle(), database.settle()] == [False, True]
    assert len(held_by_a_copy_of_the_file(folder, tmp_path)) == 101


def test_who_closes_settles_though_another_program_has_the_file_open(
    folder: Folder, tmp_path: Path
) -> None:
    window, terminal = folder.open(), folder.open()
    assert folder.ids(window) == []
    folder.add(terminal, "t1")
    terminal.close()
    assert held_by_a_copy_of_the_file(folder, tmp_path) == ["t1"]
    assert folder.ids(window) == ["t1"]


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open cannot be replaced there")
def test_a_file_put_in_the_place_of_a_settled_one_is_not_damaged_by_who_opens_it_next(
    folder: Folder, tmp_path: Path
) -> None:
    window, copy = far_from_a_copy(folder)
    assert [window.settle(), window.settle()] == [False, True]
    put_in_place(folder, copy)
    terminal = folder.open()
    assert folder.ids(terminal) == ["t1"]
    folder.add(terminal, "new")
    window.settle()
    window.settle()  # what the other has written is not for this one to move
    terminal.close()
    window.close()
    last = folder.open()
    last.check()
    assert folder.ids(last) == ["t1", "new"]


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open cannot be replaced there")
def test_a_larger_file_put_in_the_place_of_a_settled_one_is_whole_after_the_next_open(
    folder: Folder, tmp_path: Path
) -> None:
    other = Folder(tmp_path / "other", folder.clock)
    writer = other.open()
    for number in range(300):
        other.add(writer, f"t{number:03}")
    writer.close()
    window = folder.open()
    folder.add(window, "t1")
    assert [window.settle(), window.settle()] == [False, True]
    put_in_place(folder, other.path)
    terminal = folder.open()
    with suppress(StoreUnreadable):  # SQLite still goes by the size of the file before
        folder.ids(terminal)
    terminal.close()
    window.close()
    last = folder.open()
    last.check()
    assert len(folder.ids(last)) == 300


def test_a_damaged_store_is_not_copied(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    database.back_up("test")
    database.close()
    folder.damage()
    damaged = folder.open()
    with pytest.raises(StoreUnreadable):
        damaged.check()
    assert damaged.back_up("test") is None
    assert len(folder.copies()) == 1


# ---- damage -----------------------------------------------------------------------------------


def test_damage_is_found_and_the_newest_good_copy_comes_back(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    database.back_up("test")
    folder.clock.forward(hours=1)
    folder.add(database, "t2")
    newest = database.back_up("test")
    database.close()
    assert newest is not None
    newest.write_bytes(b"no database")
    folder.damage()
    before = folder.path.read_bytes()

    damaged = folder.open()
    with pytest.raises(StoreUnreadable):
        folder.ids(damaged)
    mended = damaged.mend()
    assert mended is not None
    assert mended.restored_at == NOW
    assert mended.moved_aside is not None
    assert mended.moved_aside.read_bytes() == before
    assert damaged.changed_elsewhere()
    assert folder.ids(damaged) == ["t1"]


@pytest.mark.parametrize("content", [b"garbage " * 1000, b"SQLite format 3\x00" + b"\x00" * 5000])
def test_without_a_good_copy_a_new_store_begins_and_the_damaged_one_is_kept(
    folder: Folder, content: bytes
) -> None:
    folder.data.mkdir()
    folder.path.write_bytes(content)
    database = folder.open()
    with pytest.raises(StoreUnreadable):
        folder.ids(database)
    mended = database.mend()
    assert mended is not None
    assert mended.restored_at is None
    assert mended.moved_aside is not None
    assert mended.moved_aside.read_bytes() == content
    assert folder.ids(database) == []
    folder.add(database, "t1")


@pytest.mark.parametrize("emptied", [True, False])
def test_a_file_that_is_gone_or_empty_is_not_taken_for_a_first_start(
    folder: Folder, emptied: bool
) -> None:
    database = folder.open()
    folder.add(database, "t1")
    database.back_up("test")
    database.close()
    folder.path.unlink()
    if emptied:
        folder.path.touch()
    again = folder.open()
    with pytest.raises(StoreUnreadable):
        folder.ids(again)
    mended = again.mend()
    assert mended is not None
    assert (mended.moved_aside is not None) is emptied
    assert folder.ids(again) == ["t1"]


def test_a_journal_left_alone_is_not_played_into_the_restored_copy(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    database.back_up("test")
    folder.add(database, "t2")
    journal = Path(f"{folder.path}-wal")
    left = journal.read_bytes()
    database.close()
    folder.path.unlink()
    journal.write_bytes(left)
    again = folder.open()
    mended = again.mend()
    assert mended is not None
    assert mended.moved_aside is None
    assert folder.ids(again) == ["t1"]
    (kept,) = folder.data.glob("tokens-damaged-*-wal")
    assert kept.read_bytes() == left


def test_a_text_that_is_no_text_counts_as_damage(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    database.back_up("test")
    with database.writing() as connection:
        connection.execute("UPDATE tokens SET name = CAST(x'ff' AS TEXT)")
    with pytest.raises(StoreUnreadable):
        folder.ids(database)
    assert database.mend() is not None
    assert folder.ids(database) == ["t1"]


def test_two_damaged_files_of_one_second_are_both_kept(folder: Folder) -> None:
    folder.data.mkdir()
    for _ in range(2):
        folder.path.write_bytes(b"garbage " * 1000)
        database = folder.open()
        assert database.mend() is not None
        database.close()
    assert len(list(folder.data.glob("tokens-damaged-*.sqlite3"))) == 2


def test_a_sound_file_is_not_mended(folder: Folder) -> None:
    database = folder.open()
    folder.add(database, "t1")
    assert database.mend() is None
    assert folder.ids(database) == ["t1"]
    assert not list(folder.data.glob("*damaged*"))


def test_only_a_program_alone_on_the_file_mends_it(folder: Folder) -> None:
    terminal = folder.open()
    folder.add(terminal, "t1")
    terminal.back_up("test")
    window = folder.open()
    folder.ids(window)
    with terminal.writing() as connection:
        connection.execute("UPDATE tokens SET name = CAST(x'ff' AS TEXT)")
    with pytest.raises(StoreUnreadable) as caught:
        window.mend()
    assert "another program" in caught.value.details
    terminal.close()
    assert window.mend() is not None


def test_who_comes_while_the_file_is_mended_waits_for_it(folder: Folder) -> None:
    folder.ids(folder.open())
    folder.opened.pop().close()
    patient = Database(folder.path, folder.backups, folder.clock)
    folder.opened.append(patient)
    mender = folder.open()
    read: list[list[str]] = []
    with mender._presence.alone() as alone:
        assert alone
        with pytest.raises(StoreUnwritable):
            folder.ids(folder.open())
        reader = threading.Thread(target=lambda: read.append(folder.ids(patient)))
        reader.start()
    reader.join(10)
    assert read == [[]]


def test_a_lock_file_that_cannot_be_used_is_told(folder: Folder) -> None:
    folder.data.mkdir()
    folder.path.with_suffix(".lock").mkdir()
    database = folder.open()
    with pytest.raises(StoreMisplaced):
        folder.ids(database)
    with pytest.raises(StoreUnwritable):
        database.mend()


@posix
def test_a_folder_that_was_there_keeps_its_mode_and_our_files_are_private(folder: Folder) -> None:
    folder.data.mkdir(mode=0o755)
    folder.data.chmod(0o755)
    lock = folder.path.with_suffix(".lock")
    lock.touch(0o644)
    folder.add(folder.open(), "t1")
    assert folder.data.stat().st_mode & 0o777 == 0o755
    for path in folder.data.glob("tokens.*"):
        assert path.stat().st_mode & 0o777 == 0o600, path
    assert lock.stat().st_mode & 0o777 == 0o600


@posix
@pytest.mark.parametrize("name", ["tokens.sqlite3", "tokens.lock"])
@pytest.mark.parametrize("exists", [True, False])
def test_a_link_in_the_place_of_the_file_is_refused_in_words(
    folder: Folder, tmp_path: Path, name: str, exists: bool
) -> None:
    target = tmp_path / "somebody-elses"
    if exists:
        target.touch(0o644)
    folder.data.mkdir(mode=0o700)
    (folder.data / name).symlink_to(target)
    with pytest.raises(StoreMisplaced) as caught:
        folder.ids(folder.open())
    assert str(folder.data / name) in str(caught.value)
    assert target.exists() == exists
    if exists:
        assert (target.stat().st_size, target.stat().st_mode & 0o777) == (0, 0o644)


# ---- a file that somebody has tampered with ----------------------------------------------------


def rewritten(folder: Folder, *statements: str) -> None:
    """Changes the file of a store with two tokens, as another program might."""
    database = folder.open()
    folder.add(database, "t1")
    folder.add(database, "t2")
    database.close()
    with closing(sqlite3.connect(folder.path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tokens SET endpoint = 'https://['",
        "UPDATE tokens SET endpoint = 'https://a:99999999'",
        "UPDATE tokens SET endpoint = 'http://evil.example'",
        "UPDATE tokens SET endpoint = ''",
        "UPDATE tokens SET name = cast(x'ff1b5b33316d' AS TEXT)",
        "UPDATE tokens SET id = printf('%.*c', 5000, 'x') || id",
        "PRAGMA user_version = 0",
        "PRAGMA user_version = -1",
        "ALTER TABLE tokens DROP COLUMN note",
        "DROP TABLE slots",
        "CREATE TRIGGER t AFTER UPDATE ON tokens BEGIN DELETE FROM slots; END",
        "CREATE VIEW v AS SELECT 1",
    ],
)
def test_what_we_never_write_is_damage_and_can_be_mended(folder: Folder, change: str) -> None:
    rewritten(folder, change)
    database = folder.open()
    with pytest.raises(StoreUnreadable) as caught:
        folder.ids(database)
    assert "\x1b" not in caught.value.details
    assert database.mend() is not None
    assert folder.ids(database) == []


VALUES = {
    "name": ("NULL", "5", "x'00'"),
    "expires_at": ("'x'",),
    "pinned": ("'zz'", "NULL"),
    "added_at": ("NULL", "1.5"),
    "key_id": ("NULL",),
    "nonce": ("NULL", "'text'"),
}


@pytest.mark.parametrize(
    ("column", "value"), [(column, value) for column, cells in VALUES.items() for value in cells]
)
def test_a_table_whose_columns_take_anything_is_damage(
    folder: Folder, column: str, value: str
) -> None:
    rewritten(
        folder,
        "CREATE TABLE loose AS SELECT * FROM tokens",
        "DROP TABLE tokens",
        "ALTER TABLE loose RENAME TO tokens",
        f"UPDATE tokens SET {column} = {value}",  # noqa: S608  # the test's own
    )
    with pytest.raises(StoreUnreadable):
        folder.ids(folder.open())


def test_a_view_that_reckons_for_ever_is_never_asked(folder: Folder) -> None:
    rewritten(
        folder,
        "ALTER TABLE tokens RENAME TO others",
        "CREATE VIEW tokens AS WITH RECURSIVE r (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) "
        "SELECT others.* FROM others, r",
    )
    database = folder.open()
    with pytest.raises(StoreUnreadable):
        folder.ids(database)
    assert database.mend() is not None


def test_a_text_beyond_all_bounds_is_not_read_whole(folder: Folder) -> None:
    rewritten(folder, "UPDATE tokens SET note = printf('%.*c', 20000000, 'x')")
    (first, _second) = folder.store(folder.open()).tokens()
    assert len(first.note) == LONGEST_NOTE


# ---- several programs -------------------------------------------------------------------------

WRITER = """
import sys, threading
from datetime import UTC, datetime
from pathlib import Path
from partner_tokens.core.clock import utc_now
from partner_tokens.core.database import Database
from partner_tokens.core.sealing import Sealed
from partner_tokens.core.store import Store
from partner_tokens.core.tokens import ApiToken, Organization

path, name = Path(sys.argv[1]), sys.argv[2]
breath = threading.Event()
store = Store(Database(path, path.parent / "backups", utc_now), utc_now)
for number in range(100_000):
    id = f"{name}-{number}"
    token = ApiToken(id, Organization(f"Org {number % 7}"), id, "https://example.test", utc_now())
    store.add(token, Sealed("k", b"n", b"c" * 300), id.encode())
    store.edit(store.pin(id, True))
    print(id, flush=True)
    breath.wait(0.005)  # SQLite is not fair: without a pause the other one would starve
"""


def start(program: str, *arguments: object) -> "subprocess.Popen[str]":
    source = Path(__file__).parents[2] / "gui"
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(source)},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_two_writers_killed_at_any_moment_lose_nothing_they_reported(folder: Folder) -> None:
    chance = random.Random(4)  # noqa: S311  # nothing is kept secret by it
    reported: set[str] = set()
    for turn in range(13):
        writers = [start(WRITER, folder.path, f"{turn}{side}") for side in "ab"]
        for writer in writers:
            assert writer.stdout is not None
            for _ in range(chance.randrange(1, 12)):
                reported.add(writer.stdout.readline().rstrip("\n"))
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
        for writer in writers:
            with writer:
                assert writer.stdout is not None
                reported.update(line.rstrip("\n") for line in writer.stdout)
    database = folder.open()
    with database.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert reported <= set(folder.ids(database))
    assert len(reported) > 50


def test_many_threads_write_at_once(folder: Folder) -> None:
    database = folder.open()

    everyone = threading.Barrier(8)

    def add_some(name: str, is_running: threading.Event) -> None:
        is_running.set()
        everyone.wait(30)
        for number in range(20):
            folder.add(database, f"{name}-{number}")

    threads = []
    for name in "abcdefgh":
        is_running = threading.Event()
        threads.append(threading.Thread(target=add_some, args=(name, is_running)))
        threads[-1].start()
        # Under coverage, Python 3.11 ends a thread that begins while another one begins.
        assert is_running.wait(30)
    for thread in threads:
        thread.join(30)
    assert len(folder.ids(database)) == 160


OPENER = """
import sys
from pathlib import Path
from partner_tokens.core.clock import utc_now
from partner_tokens.core.database import Database
from partner_tokens.core.store import Store

path = Path(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
store = Store(Database(path, path.parent / "backups", utc_now), utc_now)
print(len(store.tokens()), flush=True)
"""


def test_programs_that_open_a_new_store_at_once_all_can(folder: Folder) -> None:
    source = Path(__file__).parents[2] / "gui"
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, str(folder.path)],
            env={**os.environ, "PYTHONPATH": str(source)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    answers = []
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    for program in programs:
        answers.append(program.communicate(timeout=20)[0])
    assert answers == ["0\n"] * 4
