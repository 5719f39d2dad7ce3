"""What the window says and offers when the key or the file is not as it should be."""

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from partner_tokens.core.errors.keys import KeyringMissing
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import State
from partner_tokens.parts import Parts
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.ui import session
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Lane
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.session import Access
from ui.world import CONTROL, Key, World


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    built = World.build(qtbot, qapp, tmp_path / "profile")
    yield built
    built.backend.resume()
    built.end()


def lose_keyring(world: World) -> None:
    def missing() -> MemoryBackend:
        raise KeyringMissing

    world.restart_parts(missing)


def test_a_first_start_without_a_keyring_explains_and_offers_a_passphrase(world: World) -> None:
    lose_keyring(world)
    world.start(page=Page.SHUT)
    assert "No usable keyring" in world.window.shut.words()
    world.window.shut.action.click()
    dialog = world.dialog()
    first, second = dialog.findChildren(QLineEdit)[:2]
    first.setText("correct horse battery")
    second.setText("correct horse battery")
    first.setFocus()
    world.press(Key.Key_Return)
    world.until(lambda: world.window.page is Page.EMPTY)
    assert world.application.session.access is Access.OPEN


def test_a_passphrase_that_is_half_chosen_is_forgotten_by_locking(world: World) -> None:
    lose_keyring(world)
    world.start(page=Page.SHUT)
    for typed in ("correct ho", "correct horse battery"):
        world.window.shut.action.click()
        first, second = world.dialog().findChildren(QLineEdit)[:2]
        first.setText(typed)
        second.setText(typed)
        first.setFocus()
        if typed == "correct ho":
            world.deeds.locking.panic()
            world.window.come_forward()
    world.press(Key.Key_Return)
    world.until(lambda: world.window.page is Page.EMPTY)
    assert not [d for d in world.window.findChildren(QDialog) if d.isVisible()]


def test_a_passphrase_store_opens_locked_and_says_when_the_passphrase_is_wrong(
    world: World,
) -> None:
    world.parts.vault.begin_with_passphrase(Secret("correct horse battery"))
    world.store("contoso", "Contoso")
    world.restart_parts(lambda: world.backend)
    world.start(page=Page.SHUT)
    assert "locked" in world.window.shut.words()
    world.window.shut.action.click()
    dialog = world.dialog()
    line = dialog.findChildren(QLineEdit)[0]
    line.setText("wrong horse battery")
    world.press(Key.Key_Return)
    world.until(lambda: world.application.session.error is not None)
    assert dialog.isVisible()
    world.until(line.isEnabled)
    line.setText("correct horse battery")
    line.setFocus()
    world.press(Key.Key_Return)
    world.until(lambda: world.window.page is Page.LIST)
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))


def test_rows_stay_while_the_keyring_is_locked_and_the_copy_goes_on_when_it_opens(
    world: World,
) -> None:
    world.store("contoso", "Contoso")
    world.restart_parts(lambda: world.backend)
    world.backend.locked = True
    world.start()
    assert "keyring is locked" in world.banner()
    assert world.shown() == ["contoso"]
    world.backend.locked = False
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    assert world.banner() == ""


def test_a_silent_keyring_is_named_and_can_be_given_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "OFFER_TO_STOP_AFTER", timedelta(seconds=1))
    world.store("contoso", "Contoso")
    world.restart_parts(lambda: world.backend)
    world.backend.hang()
    world.application.start()
    world.until(lambda: "Waiting for your keyring" in world.banner())
    assert world.shown() == ["contoso"]
    world.until(lambda: world.window.banner.button(0).isVisible())
    world.window.banner.button(0).click()
    world.until(lambda: "does not answer" in world.banner())
    world.backend.resume()
    world.window.banner.button(0).click()
    world.until(lambda: world.application.session.access is Access.OPEN)


def test_a_lost_entry_is_no_first_start_and_a_new_key_needs_a_confirmation(
    world: World,
) -> None:
    world.store("contoso", "Contoso")
    world.restart_parts(lambda: world.backend)
    world.backend.entries.clear()
    world.start()
    assert "not in the keyring" in world.banner()
    assert world.shown() == ["contoso"]
    world.window.banner.button(1).click()
    box = world.dialog()
    world.confirm(box, "Begin with a new key")
    world.until(lambda: world.application.session.access is Access.OPEN)
    world.until(lambda: world.token("contoso").result.state is State.UNREADABLE)
    world.press(Key.Key_Return)
    world.until(lambda: "can no longer be read" in world.notice())


def test_a_damaged_store_is_mended_and_what_may_be_missing_is_said(world: World) -> None:
    world.store("contoso", "Contoso")
    world.parts.database.back_up("daily")
    world.restart_parts(lambda: world.backend)
    store = world.parts.profile.store_path
    for suffix in ("-wal", "-shm"):
        store.with_name(store.name + suffix).unlink(missing_ok=True)
    store.write_bytes(b"garbage" * 1000)
    world.start()
    world.until(lambda: "was damaged" in world.banner())
    assert "restored" in world.banner()
    assert world.shown() == ["contoso"]
    assert any("garbage" in kept.read_bytes()[:7].decode("latin-1") for kept in kept_files(world))


def kept_files(world: World) -> list[Path]:
    return [path for path in world.parts.profile.data.rglob("*") if path.is_file()]


def test_a_store_of_a_newer_version_is_left_alone_and_named(world: World) -> None:
    world.store("contoso", "Contoso")
    world.restart_parts(lambda: world.backend)
    with sqlite3.connect(world.parts.profile.store_path) as newer:
        newer.execute("PRAGMA user_version = 999")
    newer.close()
    world.application.start()
    world.until(lambda: world.window.page is Page.SHUT)
    assert "newer version" in world.window.shut.words()
    world.until(lambda: world.application.session.access is Access.FAILED)
    assert world.banner() == ""


def test_a_newer_version_that_comes_while_we_run_stops_our_writing(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    newer = sqlite3.connect(world.parts.profile.store_path)
    newer.execute("PRAGMA user_version = 999")
    newer.commit()
    newer.close()
    world.until(lambda: "newer version" in world.banner())
    assert world.shown() == ["contoso"]


def test_a_list_that_cannot_be_read_is_told_of_once_with_all_its_words(world: World) -> None:
    store = world.parts.profile.store_path
    world.application.stop()
    for file in store.parent.glob("tokens.sqlite3*"):
        file.unlink()
    store.mkdir()
    world.restart_parts(lambda: world.backend)
    world.application.start()
    world.until(lambda: world.application.session.access is Access.FAILED)
    page = world.window.shut
    assert world.window.page is Page.SHUT
    assert "is no file of its own" in page.words()
    assert world.banner() == ""
    assert page.title.height() >= page.title.heightForWidth(page.title.width())
    store.rmdir()
    page.action.click()
    world.until(lambda: world.window.page is Page.EMPTY)
    world.skip_guide()


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open cannot be replaced there")
def test_a_list_put_in_the_place_of_ours_is_shown_in_a_moment(world: World) -> None:
    world.store("contoso", "Contoso")
    copy = world.parts.database.back_up("daily")
    assert copy is not None
    world.store("fabrikam", "Fabrikam")
    world.restart_parts(lambda: world.backend)
    world.start()
    assert world.shown() == ["contoso", "fabrikam"]
    arriving = world.parts.profile.data / "arriving"
    shutil.copy(copy, arriving)
    arriving.replace(world.parts.profile.store_path)
    world.until(lambda: world.shown() == ["contoso"])
    assert world.banner() == ""
    world.window.wanted.emit(Act.PIN)
    world.until(lambda: world.token("contoso").pinned)


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open cannot be deleted there")
def test_a_change_to_a_list_whose_file_was_deleted_says_so(world: World) -> None:
    world.store("contoso", "Contoso")
    world.restart_parts(lambda: world.backend)
    world.start()
    world.parts.profile.store_path.unlink()
    world.window.wanted.emit(Act.PIN)
    world.until(lambda: "was removed or replaced" in world.notice())
    assert world.shown() == ["contoso"]


def test_a_damaged_store_that_another_program_has_open_is_mended_once_that_has_closed_it(
    world: World,
) -> None:
    world.store("contoso", "Contoso")
    world.parts.database.back_up("daily")
    world.restart_parts(lambda: world.backend)
    world.start()
    other = Parts(world.parts.profile, clock=world.clock)
    assert other.store.tokens()
    with sqlite3.connect(world.parts.profile.store_path) as harmful:
        harmful.execute("UPDATE tokens SET kind = 'of another kind'")
    harmful.close()
    world.until(lambda: "cannot be read" in world.banner())
    assert world.shown() == ["contoso"]
    other.close()
    world.until(lambda: "was damaged" in world.banner())
    assert world.shown() == ["contoso"]
    world.until(lambda: "cannot be read" not in world.banner())


def harmed_and_mended(world: World) -> None:
    """A file that is harmed while the program runs, up to its mending and all that follows it."""
    mended: list[object] = []
    world.application.shelf.mended.connect(mended.append)
    with sqlite3.connect(world.parts.profile.store_path) as harmful:
        harmful.execute("UPDATE tokens SET kind = 'of another kind'")
    harmful.close()
    world.application.shelf.keep_house()
    world.until(lambda: bool(mended))
    for lane in (Lane.STORE, Lane.KEYRING, Lane.STORE):
        told: list[None] = []
        world.application.background.run(world.window, lambda: None, done=told.append, lane=lane)
        world.until(lambda told=told: bool(told))  # type: ignore[misc]


def test_a_store_that_is_mended_behind_a_locked_window_stays_locked(world: World) -> None:
    world.store("contoso", "Contoso")
    world.parts.database.back_up("daily")
    world.start()
    world.press(Key.Key_L, CONTROL)
    assert world.application.session.access is Access.LOCKED
    harmed_and_mended(world)
    assert world.application.session.access is Access.LOCKED
    assert not world.parts.vault.is_open
    assert world.window.page is Page.SHUT
    world.window.shut.action.click()
    world.until(lambda: world.application.session.access is Access.OPEN)
    world.until(lambda: world.shown() == ["contoso"])


def test_a_new_list_that_begins_behind_a_locked_window_asks_for_no_old_passphrase(
    world: World,
) -> None:
    world.parts.vault.begin_with_passphrase(Secret("correct horse battery"))
    world.store("contoso", "Contoso")
    world.start()
    for path in world.parts.profile.backups.glob("*"):
        path.unlink()
    world.press(Key.Key_L, CONTROL)
    assert "passphrase" in world.window.shut.words()
    harmed_and_mended(world)
    assert world.application.session.access is Access.LOCKED
    world.until(lambda: "passphrase" not in world.window.shut.words())
    world.window.shut.action.click()
    world.until(lambda: world.window.page is Page.EMPTY)
