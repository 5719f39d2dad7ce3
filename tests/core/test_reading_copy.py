"""A store that cannot be written: read all the same, changed by nobody, and back when it can."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clock import MovableClock
from hindered import hindered
from partner_tokens.core.database import Database
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.service import Refused
from partner_tokens.core.errors.store import (
    Hindrance,
    StoreMisplaced,
    StoreNewer,
    StoreReadOnly,
    StoreUnopened,
    StoreUnreadable,
    StoreUnwritable,
)
from partner_tokens.core.errors.tokens import AnotherOrganization
from partner_tokens.core.events import Event
from partner_tokens.core.profile import Profile, profile_under
from partner_tokens.core.reading_copy import hindrance_of, is_hindered, read_copy, state_of
from partner_tokens.core.registry import Draft
from partner_tokens.core.schema import MIGRATIONS
from partner_tokens.core.secret import Secret
from partner_tokens.parts import Parts
from partner_tokens.sandbox.behaviours import KnownToken
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.sandbox.service import Sandbox

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
TITLE = "Your list can only be read now."
not_on_windows = pytest.mark.skipif(sys.platform == "win32", reason="an open file stays in place")


class Shop:
    """A profile with two tokens, and the programs started on it one after the other."""

    def __init__(self, folder: Path) -> None:
        self.profile: Profile = profile_under(folder)
        self.clock = MovableClock(NOW)
        self.backend = MemoryBackend()
        self.running: list[Parts] = []
        parts = self.start()
        parts.vault.begin_with_keyring()
        for name in ("one", "two"):
            self.add(parts, name)
        parts.close()

    @property
    def path(self) -> Path:
        return self.profile.store_path

    def start(self) -> Parts:
        parts = Parts(self.profile, clock=self.clock, open_backend=lambda: self.backend)
        self.running.append(parts)
        return parts

    def add(self, parts: Parts, name: str, endpoint: str = "https://console.test") -> None:
        secret = Secret(f"{name}-{'0' * 40}")
        parts.registry.add(Draft("Contoso", name, endpoint, secret), None)

    def leave_journal(self) -> None:
        """What a program that was killed leaves: a third token is in the journal only."""
        parts = self.start()
        parts.vault.unlock()
        self.add(parts, "three")
        kept = {Path(f"{self.path}{end}"): b"" for end in ("", "-wal")}
        for file in kept:
            kept[file] = file.read_bytes()
        parts.close()
        for file, content in kept.items():
            file.write_bytes(content)
        assert b"three" not in self.path.read_bytes()

    def content(self) -> dict[Path, bytes]:
        """Every file of the profile that holds anything."""
        found = {p: p.read_bytes() for p in self.profile.data.rglob("*") if p.is_file()}
        return {path: content for path, content in found.items() if content}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path / "profile")
    yield made
    for parts in made.running:
        parts.close()


def names(parts: Parts) -> list[str]:
    return [token.name for token in parts.store.tokens()]


def secrets(parts: Parts) -> list[str]:
    parts.vault.unlock()
    return [
        parts.vault.open(
            parts.store.sealed(token.id), token_id=token.id, endpoint=token.endpoint
        ).reveal()[:3]
        for token in parts.store.tokens()
    ]


# ---- reading ----------------------------------------------------------------------------------


def test_rows_and_secrets_are_read_and_no_file_is_touched(shop: Shop) -> None:
    before = shop.content()
    with hindered(shop.path):
        parts = shop.start()
        assert names(parts) == ["one", "two"]
        assert secrets(parts) == ["one", "two"]
        parts.database.check()
        assert parts.database.only_read is not None
        parts.close()
    assert shop.content() == before


def test_what_only_the_journal_of_a_killed_program_holds_is_read_too(shop: Shop) -> None:
    shop.leave_journal()
    before = shop.content()
    with hindered(shop.path):
        assert secrets(shop.start()) == ["one", "two", "thr"]
    assert shop.content() == before


def test_the_copy_leaves_nothing_where_temporary_files_go(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no such folder"))  # it may be full
    shop.leave_journal()
    with hindered(shop.path):
        parts = shop.start()
        assert len(names(parts)) == 3
        assert list(runtime.iterdir()) == []


def test_nothing_can_be_written_to_the_copy_by_a_query(shop: Shop) -> None:
    with hindered(shop.path):
        parts = shop.start()
        with pytest.raises(StoreReadOnly), parts.database.reading() as connection:
            connection.execute("DELETE FROM tokens")
        assert names(parts) == ["one", "two"]


def test_a_store_of_an_older_version_is_read_and_stays_as_it_is(shop: Shop) -> None:
    newer = (*MIGRATIONS, ("ALTER TABLE tokens ADD COLUMN shape TEXT NOT NULL DEFAULT 'x'",))
    before = shop.content()
    with hindered(shop.path):
        database = Database(shop.path, shop.profile.backups, shop.clock, migrations=newer)
        with database.reading() as connection:
            rows = connection.execute("SELECT name, shape FROM tokens ORDER BY name").fetchall()
        database.close()
    assert rows == [("one", "x"), ("two", "x")]
    assert shop.content() == before


def test_a_store_of_a_newer_version_is_refused(shop: Shop) -> None:
    with closing(sqlite3.connect(shop.path)) as connection:
        connection.execute("PRAGMA user_version = 999")
    with hindered(shop.path), pytest.raises(StoreNewer):
        names(shop.start())


def test_a_damaged_store_is_told_as_such(shop: Shop) -> None:
    with shop.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (shop.path.stat().st_size - 8192))
    with hindered(shop.path), pytest.raises(StoreUnreadable):
        names(shop.start())


def test_a_view_in_the_place_of_a_table_is_refused(shop: Shop) -> None:
    with closing(sqlite3.connect(shop.path)) as connection:
        connection.execute("DROP TABLE pending")
        connection.execute("CREATE VIEW pending AS SELECT 1")
    with hindered(shop.path), pytest.raises(StoreUnreadable):
        names(shop.start())


def test_what_a_killed_program_has_not_finished_is_taken_back(shop: Shop) -> None:
    """As on a network folder, where SQLite keeps a journal of the other kind."""
    journal = Path(f"{shop.path}-journal")
    with closing(sqlite3.connect(shop.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA cache_size = 1")
        rows = [(f"{number}{'x' * 1000}",) for number in range(100)]
        connection.executemany("INSERT INTO organizations (name, folded) VALUES ('a', ?)", rows)
        connection.execute("BEGIN")
        connection.execute("UPDATE organizations SET name = 'b'")  # more than it keeps in memory
        left = {file: file.read_bytes() for file in (shop.path, journal)}
    for file, content in left.items():
        file.write_bytes(content)
    memory, _state = read_copy(shop.path)
    found = memory.execute("SELECT count(*) FROM organizations WHERE name = 'b'").fetchone()
    memory.close()
    assert found == (0,)


def test_an_empty_journal_says_nothing(shop: Shop) -> None:
    before = state_of(shop.path)
    Path(f"{shop.path}-wal").touch()
    assert state_of(shop.path) == before


@not_on_windows
def test_a_link_or_a_pipe_is_not_read(shop: Shop, tmp_path: Path) -> None:
    aside = tmp_path / "aside"
    shop.path.rename(aside)
    shop.path.symlink_to(aside)
    with pytest.raises(StoreMisplaced):
        read_copy(shop.path)
    shop.path.unlink()
    os.mkfifo(shop.path)
    with pytest.raises(StoreMisplaced):
        read_copy(shop.path)


def test_a_copy_made_while_another_program_wrote_is_made_anew(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []

    def copy(source: str, target: Path) -> None:
        """As shutil's; another program writes right after the first."""
        Path(target).write_bytes(Path(source).read_bytes())
        copied.append(source)
        if len(copied) == 1 or writes_always:
            with shop.path.open("ab") as file:
                file.write(b"")
            shop.clock.forward(seconds=1)
            os.utime(shop.path, (0, len(copied)))

    writes_always = False
    monkeypatch.setattr(shutil, "copyfile", copy)
    memory, state = read_copy(shop.path)
    assert memory.execute("SELECT count(*) FROM tokens").fetchone() == (2,)
    memory.close()
    assert len(copied) == 2
    assert state == state_of(shop.path)
    writes_always = True
    with hindered(shop.path), pytest.raises(StoreUnopened):
        names(shop.start())


def test_only_the_disk_hinders_neither_damage_nor_another_program() -> None:
    def error(code: int) -> sqlite3.Error:
        made = sqlite3.OperationalError()
        made.sqlite_errorcode = code
        return made

    assert is_hindered(PermissionError())
    assert is_hindered(error(sqlite3.SQLITE_CANTOPEN))
    assert is_hindered(error(sqlite3.SQLITE_READONLY_DIRECTORY))
    assert is_hindered(error(sqlite3.SQLITE_FULL))
    assert not is_hindered(error(sqlite3.SQLITE_BUSY_RECOVERY))
    assert not is_hindered(error(sqlite3.SQLITE_NOTADB))
    assert not is_hindered(sqlite3.ProgrammingError())


# ---- writing ----------------------------------------------------------------------------------

DEEDS: dict[str, Callable[[Shop, Parts], object]] = {
    "add": lambda shop, parts: shop.add(parts, "three"),
    "pin": lambda _shop, parts: parts.store.pin(parts.store.tokens()[0].id, True),
    "remove": lambda _shop, parts: parts.trash.put([parts.store.tokens()[0].id]),
    "empty the trash": lambda _shop, parts: parts.trash.empty(),
    "renew the key": lambda _shop, parts: parts.locksmith.rotate(None),
    "keep house": lambda _shop, parts: parts.trash.keep_house(),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_that_writes_says_the_same_and_changes_nothing(shop: Shop, deed: str) -> None:
    before, entries = shop.content(), dict(shop.backend.entries)
    with hindered(shop.path):
        parts = shop.start()
        parts.vault.unlock()
        with pytest.raises(StoreReadOnly) as caught:
            DEEDS[deed](shop, parts)
        assert isinstance(caught.value, StoreUnwritable)
        assert caught.value.title == TITLE
        assert str(shop.profile.data) in caught.value.hint
        assert secrets(parts) == ["one", "two"]
        assert not parts.database.owes_fresh_backup
        parts.close()
    assert shop.content() == before
    assert shop.backend.entries == entries


def test_a_write_goes_through_as_soon_as_the_disk_allows_it(shop: Shop) -> None:
    with hindered(shop.path):
        parts = shop.start()
        parts.vault.unlock()
        with pytest.raises(StoreReadOnly):
            shop.add(parts, "three")
    shop.add(parts, "three")
    assert parts.database.only_read is None
    assert parts.store.changed_elsewhere()  # what shows the list is to look again
    assert not parts.store.changed_elsewhere()
    parts.close()
    assert names(shop.start()) == ["one", "two", "three"]


# ---- what changes meanwhile -------------------------------------------------------------------


def test_a_look_finds_the_disk_writable_again(shop: Shop) -> None:
    with hindered(shop.path):
        parts = shop.start()
        names(parts)
        assert not parts.store.changed_elsewhere()
        assert parts.database.only_read is not None
    assert parts.store.changed_elsewhere()
    assert parts.database.only_read is None
    assert parts.store.changed_elsewhere()  # asked for the first time of this connection
    assert not parts.store.changed_elsewhere()
    parts.vault.unlock()
    shop.add(parts, "three")
    assert names(parts) == ["one", "two", "three"]


def test_a_look_finds_what_somebody_else_has_written(shop: Shop, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    shutil.copy(shop.path, other)
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("UPDATE tokens SET name = 'uno' WHERE name = 'one'")
    with hindered(shop.path):
        parts = shop.start()
        assert names(parts) == ["one", "two"]
        other.replace(shop.path)  # as another computer may, whose disk it is
        assert parts.store.changed_elsewhere()
        assert names(parts) == ["uno", "two"]
        assert not parts.store.changed_elsewhere()


def test_a_disk_that_is_taken_out_leaves_what_was_read_and_begins_nothing(shop: Shop) -> None:
    away = shop.profile.data.with_name("away")
    with hindered(shop.path):
        parts = shop.start()
        names(parts)
        shop.profile.data.rename(away)
        shop.profile.data.mkdir()  # the place where it was mounted
        assert not parts.store.changed_elsewhere()
        assert names(parts) == ["one", "two"]
        with pytest.raises(StoreReadOnly):
            parts.store.pin(parts.store.tokens()[0].id, True)
        assert list(shop.profile.data.iterdir()) == []
        shop.profile.data.rmdir()
        away.rename(shop.profile.data)
        assert not parts.store.changed_elsewhere()
    assert parts.store.changed_elsewhere()


def test_what_could_not_be_read_at_all_is_looked_for_again(shop: Shop) -> None:
    away = shop.path.with_name("away")
    shop.path.rename(away)
    with hindered(shop.path):
        parts = shop.start()
        with pytest.raises(StoreUnopened):
            parts.store.tokens()
        with pytest.raises(StoreUnopened):
            parts.store.changed_elsewhere()
        away.replace(shop.path)
        assert parts.store.changed_elsewhere()
        assert names(parts) == ["one", "two"]


def test_what_was_read_is_not_forgotten_when_the_file_is_none_any_more(shop: Shop) -> None:
    with hindered(shop.path):
        parts = shop.start()
        names(parts)
        shop.path.unlink()
        os.mkfifo(shop.path)
        with pytest.raises(StoreMisplaced):
            parts.store.changed_elsewhere()
        assert names(parts) == ["one", "two"]


def test_a_closed_store_stays_closed(shop: Shop) -> None:
    with hindered(shop.path):
        parts = shop.start()
        names(parts)
        parts.database.close()
        for ask in (parts.store.changed_elsewhere, parts.store.tokens):
            with pytest.raises(StoreUnwritable) as caught:
                ask()
            assert not isinstance(caught.value, StoreReadOnly)


# ---- the words --------------------------------------------------------------------------------


SOMEBODY = """
import os, sys
from pathlib import Path
from partner_tokens.core import reading_copy
from partner_tokens.core.clock import utc_now
from partner_tokens.core.database import Database
from partner_tokens.core.errors.store import StoreReadOnly
from partner_tokens.core.store import Store

path = Path(sys.argv[1])
if os.getuid() == 0:
    os.setuid(65534)
store = Store(Database(path, path.parent / "backups", utc_now), utc_now)
print([token.name for token in store.tokens()])
try:
    store.pin(store.tokens()[0].id, True)
except StoreReadOnly as error:
    print(error.hindrance.name, error.path)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_a_folder_without_the_permission_to_write_is_told_as_such(shop: Shop) -> None:
    with tempfile.TemporaryDirectory() as outside:  # where somebody else may go, too
        folder = Path(outside) / "profile"
        shutil.copytree(shop.profile.data, folder)
        if os.getuid() == 0:
            for path in (Path(outside), folder, *folder.iterdir()):
                os.chown(path, 65534, 65534)
        folder.chmod(0o500)
        done = subprocess.run(
            [sys.executable, "-c", SOMEBODY, str(folder / shop.path.name)],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "gui")},
            capture_output=True,
            text=True,
        )
        folder.chmod(0o700)
    assert done.stdout.splitlines() == ["['one', 'two']", f"DENIED {folder}"], done.stderr


@pytest.mark.parametrize("hindrance", Hindrance)
def test_each_hindrance_names_the_folder_and_what_to_do(hindrance: Hindrance) -> None:
    error = StoreReadOnly("/srv/tokens", hindrance)
    assert error.title == TITLE
    assert "/srv/tokens" in error.hint
    assert "Copying works; to change anything, " in error.hint
    assert error.passes


def test_a_disk_without_room_is_told_from_one_where_something_else_is_wrong(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hindrance_of(shop.path) is Hindrance.UNKNOWN
    usage = shutil.disk_usage(shop.path.parent)._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    assert hindrance_of(shop.path) is Hindrance.FULL


# ---- what cannot be remembered ----------------------------------------------------------------


@pytest.mark.parametrize("outcome", [Refused, AnotherOrganization])
def test_what_cannot_be_noted_is_not_asked_for_again_in_the_background(
    shop: Shop, outcome: type[AppError]
) -> None:
    with Sandbox(shop.clock) as service:
        known = KnownToken(f"three-{'0' * 40}", "contoso-id", "Contoso")
        service.register(known)
        parts = shop.start()
        parts.vault.unlock()
        shop.add(parts, "three", service.url)
        parts.broker.fresh(parts.store.tokens()[-1])  # it is known from then on whose it is
        parts.close()
        with hindered(shop.path):
            parts = shop.start()
            parts.vault.unlock()
            token = parts.store.tokens()[-1]
            parts.broker.fresh(token)
            parts.broker.mark_used(token.id, Event.COPIED, "header")
            shop.clock.forward(minutes=29)
            assert parts.broker.refresh_ahead() == [token.id]
            service.revoke(known.api_token)
            if outcome is AnotherOrganization:
                service.register(KnownToken(known.api_token, "fabrikam-id", "Fabrikam"))
            with pytest.raises(outcome):
                parts.broker.refresh(token.id)
            shop.clock.forward(seconds=20)
            assert parts.broker.refresh_ahead() == []
