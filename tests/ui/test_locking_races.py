"""Locked in the middle of something: what was under way shows, copies and opens nothing more."""

import socket
import threading
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QDialog

from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.tokens import State
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Lane
from partner_tokens.ui.clipboard_board import Clearing, QtBoard
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.session import Access
from ui.world import CONTROL, Key, World


def settled(world: World) -> None:
    """Whatever was under way in the store, and then with the keyring, has been told."""
    world.settle(Lane.STORE, Lane.KEYRING)


def held_up(world: World) -> threading.Event:
    """Nothing more is done in the store until this is set."""
    free = threading.Event()
    world.application.background.run(
        world.window, lambda: free.wait(20), done=lambda _free: None, lane=Lane.STORE
    )
    return free


def unlocked(world: World) -> None:
    world.press(Key.Key_Return)
    world.until(lambda: world.window.page is Page.LIST)


def open_dialogs(world: World) -> list[QDialog]:
    return [d for d in world.window.findChildren(QDialog) if d.isVisible()]


def test_a_header_that_arrived_a_moment_before_locking_is_not_copied_after_it(
    world: World,
) -> None:
    world.store("c", "Contoso")
    world.start()
    world.select("c")
    token, pause = world.token("c"), threading.Event()
    world.press(Key.Key_Return)
    while world.application.session.at_hand(token) is None:  # the window hears of nothing yet
        pause.wait(0.01)
    pause.wait(0.2)
    world.deeds.locking.lock()
    world.until(lambda: not world.deeds.copying.is_busy)
    assert world.clipboard() == ""


def test_a_token_whose_service_was_still_being_looked_up_is_not_sent_after_locking(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.store("c", "Contoso")
    world.application.watch.hold(True)  # it would ask this service, too
    world.start()
    world.select("c")
    found, asked, free = socket.getaddrinfo, threading.Event(), threading.Event()

    def slow(*args: Any, **kwargs: Any) -> Any:
        asked.set()
        free.wait(20)
        return found(*args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    world.press(Key.Key_Return)
    world.until(asked.is_set)
    world.deeds.locking.lock()
    free.set()
    world.until(lambda: not world.deeds.copying.is_busy)
    world.until(lambda: not any(one.name == "within" for one in threading.enumerate()))
    assert world.sandbox.requests == ()


def test_a_locked_program_lists_no_token_in_the_palette(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    world.deeds.locking.lock()
    quick = world.deeds.quick
    quick.open()
    world.until(quick.palette.isVisible)
    assert quick.palette.model.rowCount() == 0
    assert Locked().title in quick.palette.notices.words()
    quick.open("cont")
    world.application.shelf.reload()
    settled(world)
    assert quick.palette.model.rowCount() == 0


def test_panic_while_the_palette_waits_for_a_header_brings_nothing_back(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    world.sandbox.switch(delay_seconds=0.3)
    world.deeds.quick.copy("contoso")
    world.until(lambda: len(world.sandbox.exchanges) == 1)
    world.deeds.locking.panic()
    world.until(lambda: not world.deeds.copying.is_busy)
    assert not world.deeds.quick.is_open
    assert world.clipboard() == ""


def test_what_is_dropped_on_a_locked_window_opens_nothing(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    world.deeds.locking.lock()
    offered = QMimeData()
    offered.setText("Contoso\tci\tpasted-token-0123456789-0123456789-0123456789")
    drop = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        offered,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    world.window.dropEvent(drop)
    assert not [d for d in world.window.findChildren(QDialog) if d.isVisible()]


def test_locking_while_the_program_looks_for_its_key_stays_locked(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    session = world.application.session
    world.deeds.locking.lock()
    session.open()
    assert session.access is Access.OPENING
    world.deeds.locking.lock()
    settled(world)
    assert session.access is Access.LOCKED
    assert not world.parts.vault.is_open
    assert world.window.page is Page.SHUT


@pytest.mark.parametrize("way", ["by hand", "with the screen"])
def test_locking_before_it_is_known_what_opens_the_store_leaves_a_way_in(
    world: World, way: str
) -> None:
    world.store("c", "Contoso")
    world.parts.vault.close()
    session = world.application.session
    locked: list[bool] = []

    def leave() -> None:
        if session.access is Access.OPENING and not session.slot_kinds and not locked:
            locked.append(True)
            locking = world.deeds.locking
            QTimer.singleShot(0, locking.lock if way == "by hand" else locking.screen_left)

    session.changed.connect(leave)
    world.application.start()
    world.until(lambda: bool(locked))
    if way == "by hand":
        world.until(lambda: world.window.page is Page.SHUT)
        settled(world)
        assert "passphrase" not in world.window.shut.words()
        world.window.shut.action.click()
    world.until(lambda: session.access is Access.OPEN)
    world.until(lambda: world.window.page is Page.LIST)


def removed_while_locking(world: World) -> None:
    world.store("c", "Contoso")
    world.store("f", "Fabrikam")
    world.start()
    world.select("c")
    free = held_up(world)
    world.press(Key.Key_Delete, CONTROL)
    world.deeds.locking.lock()
    free.set()
    world.until(lambda: world.application.model.token("c") is None)


def test_what_comes_home_after_locking_is_told_once_it_is_open_again(world: World) -> None:
    removed_while_locking(world)
    assert world.notice() == ""
    world.press(Key.Key_Escape)
    assert world.notice() == ""
    unlocked(world)
    assert "Contoso, build" in world.notice()
    world.window.notices.button(0).click()
    world.until(lambda: world.application.model.token("c") is not None)


def test_what_is_asked_for_while_it_is_locked_is_told_at_once(world: World) -> None:
    removed_while_locking(world)
    world.window.acts[Act.DIAGNOSTICS].trigger()
    world.until(lambda: "diagnostics are copied" in world.notice())
    world.window.acts[Act.PAUSE].trigger()
    assert "Paused" in world.notice()
    unlocked(world)
    assert "Contoso, build" in world.notice()


def test_a_passcode_that_is_wanted_after_locking_is_not_asked_for(world: World) -> None:
    world.store("c", "Contoso", behaviour=Behaviour.PASSCODE, state=State.PASSCODE)
    world.start()
    world.select("c")
    world.press(Key.Key_Return)
    world.deeds.locking.lock()
    world.until(lambda: not world.deeds.copying.is_busy)
    unlocked(world)
    assert "passcode" not in world.notice()
    field = world.qt.focusWidget()
    assert field is None or field.accessibleName() != "Passcode"


def test_a_notice_in_a_window_that_is_not_shown_is_taken_away_by_locking(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    world.select("c")
    world.press(Key.Key_Return)
    world.until(lambda: "Contoso" in world.notice())
    world.window.hide()
    world.deeds.locking.lock()
    world.window.show()
    assert world.notice() == ""


def test_a_clipboard_that_cannot_be_cleared_is_told_of_although_it_is_locked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.store("c", "Contoso")
    world.start()
    world.select("c")
    world.press(Key.Key_Return)
    world.until(lambda: "Contoso" in world.notice())
    monkeypatch.setattr(QtBoard, "clear", lambda _board: Clearing.REFUSED)
    world.deeds.locking.lock()
    assert "could not be cleared" in world.notice()


@pytest.mark.parametrize("act", [Act.REGENERATE, Act.RENEW, Act.KEYS], ids=lambda act: act.name)
def test_a_window_that_was_asked_for_before_locking_does_not_open_after_it(
    world: World, act: Act
) -> None:
    world.store("c", "Contoso", days=3)
    world.start()
    world.select("c")
    free = held_up(world)
    world.window.acts[act].trigger()
    world.deeds.locking.lock()
    free.set()
    settled(world)
    assert not open_dialogs(world)
    unlocked(world)
    assert not open_dialogs(world)
    world.window.acts[act].trigger()
    world.until(lambda: bool(open_dialogs(world)))
    for dialog in open_dialogs(world):
        dialog.done(0)
