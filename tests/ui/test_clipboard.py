"""How long a copy stays, and what is said meanwhile; and what the other platforms are given."""

import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QClipboard, QWindow
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clock import MovableClock
from partner_tokens.ui.clipboard import Clipboard
from partner_tokens.ui.clipboard_board import Clearing, QtBoard
from partner_tokens.ui.clipboard_macos import MARKS, Pasteboard, UnmarkedBoard, macos_board
from partner_tokens.ui.clipboard_wayland import WaylandBoard

HEADER = "csp-auth-token: eyJ-a-secret"
A_WHILE = timedelta(seconds=45)


class Heard:
    """What a Clipboard told, in order."""

    def __init__(self, clipboard: Clipboard) -> None:
        self.words: list[str] = []
        for name in ("cleared", "replaced", "could_not_clear"):
            getattr(clipboard, name).connect(lambda name=name: self.words.append(name))
        self.seconds: list[int] = []
        clipboard.seconds_left.connect(self.seconds.append)


@pytest.fixture
def system(qapp: QApplication) -> Iterator[QClipboard]:
    made = qapp.clipboard()
    made.clear()
    yield made
    made.clear()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def clipboard(qapp: QApplication, system: QClipboard, clock: MovableClock) -> Clipboard:
    return Clipboard(qapp, clock)


@pytest.fixture
def heard(clipboard: Clipboard) -> Heard:
    return Heard(clipboard)


# ---- how long ----


def test_the_seconds_are_told_as_they_pass(
    clipboard: Clipboard, clock: MovableClock, heard: Heard
) -> None:
    assert clipboard.copy(HEADER, A_WHILE)
    assert clipboard.left() == 45
    clock.forward(seconds=0.5)
    clipboard.tick()
    assert (clipboard.left(), heard.seconds) == (45, [])
    clock.forward(seconds=1)
    clipboard.tick()
    clipboard.tick()
    assert (clipboard.left(), heard.seconds) == (44, [44])


def test_unseen_the_clock_is_looked_at_four_times_a_minute_and_at_the_deadline(
    clipboard: Clipboard, system: QClipboard, clock: MovableClock
) -> None:
    again = clipboard.findChild(QTimer)
    assert again is not None
    clipboard.copy(HEADER, timedelta(seconds=40))
    clipboard.count(False)
    pauses = []
    while clipboard.is_filled:
        pauses.append(again.interval() / 1000)
        clock.forward(seconds=pauses[-1])
        again.timeout.emit()
    assert pauses == [10, 15, 15]
    assert system.text() == ""
    clipboard.count(True)
    assert not again.isActive()
    clipboard.copy(HEADER, A_WHILE)
    clipboard.count(False)
    clipboard.count(True)
    assert again.interval() == 1000


def test_a_copy_is_cleared_at_its_time_and_not_before(
    clipboard: Clipboard, system: QClipboard, clock: MovableClock, heard: Heard
) -> None:
    clipboard.copy(HEADER, A_WHILE)
    clock.forward(seconds=44.9)
    clipboard.tick()
    assert system.text() == HEADER
    clock.forward(seconds=0.1)
    clipboard.tick()
    assert (system.text(), clipboard.left(), heard.words) == ("", None, ["cleared"])


def test_after_sleep_the_wall_clock_tells(
    clipboard: Clipboard, system: QClipboard, clock: MovableClock, qapp: QApplication
) -> None:
    clipboard.copy(HEADER, A_WHILE)
    clock.forward(hours=8)
    qapp.applicationStateChanged.emit(qapp.applicationState())
    assert system.text() == ""


def test_a_clock_set_back_does_not_let_it_stay_for_longer(
    clipboard: Clipboard, system: QClipboard, clock: MovableClock
) -> None:
    clipboard.copy(HEADER, A_WHILE)
    clock.forward(hours=-1)
    clipboard.tick()
    assert clipboard.left() == 45
    clock.forward(seconds=45)
    clipboard.tick()
    assert system.text() == ""


def test_a_later_copy_has_its_own_time(
    clipboard: Clipboard, system: QClipboard, clock: MovableClock, heard: Heard
) -> None:
    clipboard.copy(HEADER, A_WHILE)
    clock.forward(seconds=30)
    clipboard.copy("another header", A_WHILE)
    clock.forward(seconds=30)
    clipboard.tick()
    assert (system.text(), clipboard.left(), heard.words) == ("another header", 15, [])


def test_without_a_time_it_stays_until_the_end(
    clipboard: Clipboard, system: QClipboard, clock: MovableClock
) -> None:
    clipboard.copy(HEADER, timedelta(0))
    clock.forward(hours=8)
    clipboard.tick()
    assert (system.text(), clipboard.left()) == (HEADER, None)
    clipboard.clear_now()
    assert system.text() == ""


def test_clearing_now_needs_nothing_copied(clipboard: Clipboard, heard: Heard) -> None:
    clipboard.clear_now()
    assert heard.words == []


def test_the_same_text_copied_by_the_user_is_not_ours(
    clipboard: Clipboard, system: QClipboard, clock: MovableClock, heard: Heard
) -> None:
    clipboard.copy(HEADER, A_WHILE)
    system.setText(HEADER)
    clock.forward(hours=1)
    clipboard.tick()
    clipboard.clear_now()
    assert (system.text(), heard.words) == (HEADER, ["replaced"])


def test_a_copy_by_somebody_else_is_noticed_at_once_also_unseen(
    clipboard: Clipboard, system: QClipboard, heard: Heard, qtbot: QtBot
) -> None:
    clipboard.count(False)
    clipboard.copy(HEADER, A_WHILE)
    system.setText("something else")
    qtbot.waitUntil(lambda: heard.words == ["replaced"])


# ---- Windows ----


def test_windows_gets_every_mark_in_its_own_form(
    qapp: QApplication, system: QClipboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert QtBoard(qapp).put(HEADER)
    given = {
        name: system.mimeData().data(f'application/x-qt-windows-mime;value="{name}"').data()
        for name in (
            "ExcludeClipboardContentFromMonitorProcessing",
            "CanIncludeInClipboardHistory",
            "CanUploadToCloudClipboard",
            "Clipboard Viewer Ignore",
        )
    }
    assert list(given.values()) == [b"1", b"\0\0\0\0", b"\0\0\0\0", b"1"]
    assert "x-kde-passwordManagerHint" not in system.mimeData().formats()
    assert system.text() == HEADER


# ---- macOS ----


class PasteboardOfMacOs:
    """What AppKit's NSPasteboard does, as far as it is asked here."""

    def __init__(self) -> None:
        self.content: dict[str, str] = {}
        self.count = 7
        self.refuses = False

    def clearContents(self) -> int:
        self.content = {}
        self.count += 1
        return self.count

    def setString_forType_(self, text: str, name: str) -> bool:
        if not self.refuses:
            self.content[name] = text
        return not self.refuses

    def changeCount(self) -> int:
        return self.count


def test_macos_gets_the_text_concealed_and_transient() -> None:
    native = PasteboardOfMacOs()
    board = Pasteboard(native)
    assert not board.is_ours()
    assert board.put(HEADER)
    assert native.content == {"public.utf8-plain-text": HEADER, MARKS[0]: "", MARKS[1]: ""}
    assert board.clear() is Clearing.DONE
    assert native.content == {}


def test_macos_tells_by_its_count_that_another_program_copied() -> None:
    native = PasteboardOfMacOs()
    board = Pasteboard(native)
    board.put(HEADER)
    native.clearContents()
    native.setString_forType_(HEADER, "public.utf8-plain-text")
    assert not board.is_ours()


def test_macos_keeps_nothing_of_ours_where_it_refuses_another_copy() -> None:
    native = PasteboardOfMacOs()
    board = Pasteboard(native)
    board.put(HEADER)
    native.refuses = True
    assert not board.put("another header")
    assert (native.content, board.is_ours()) == ({}, False)


def test_macos_uses_its_own_pasteboard_where_python_can_reach_it(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit = ModuleType("AppKit")
    kit.NSPasteboard = PasteboardOfMacOs  # type: ignore[attr-defined]
    PasteboardOfMacOs.generalPasteboard = PasteboardOfMacOs  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "AppKit", kit)
    assert isinstance(macos_board(qapp), Pasteboard)


def test_macos_without_its_library_knows_the_text_by_its_hash(
    qapp: QApplication, system: QClipboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "AppKit", None)
    board = macos_board(qapp)
    assert isinstance(board, UnmarkedBoard)
    assert not board.is_ours()
    assert board.put(HEADER)
    assert HEADER not in repr(vars(board))
    system.setText("something else")
    assert not board.is_ours()
    assert board.put(HEADER)
    assert board.clear() is Clearing.DONE
    assert system.text() == ""


# ---- Wayland ----


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are looked for; GNOME is the desktop."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    return tmp_path


@pytest.fixture
def wayland(
    qapp: QApplication,
    clock: MovableClock,
    system: QClipboard,
    tools: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Clipboard:
    monkeypatch.setattr(qapp, "platformName", lambda: "wayland")
    return Clipboard(qapp, clock)


class Focus:
    """Says who has the focus; without a screen, Qt never takes it from a window."""

    def __init__(self, qapp: QApplication) -> None:
        self._qapp = qapp
        self._window = QWindow()
        self.holder: QWindow | None = self._window

    def lose(self) -> None:
        self.holder = None

    def regain(self) -> None:
        self.holder = self._window
        self._qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)


@pytest.fixture
def focus(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Focus:
    made = Focus(qapp)
    monkeypatch.setattr(qapp, "focusWindow", lambda: made.holder)
    return made


def test_wayland_takes_no_copy_from_a_window_without_focus(
    wayland: Clipboard, system: QClipboard, focus: Focus
) -> None:
    focus.lose()
    assert not wayland.copy(HEADER, A_WHILE)
    assert (system.text(), wayland.left()) == ("", None)


@pytest.mark.parametrize("how", ["its time", "locking"])
def test_a_copy_that_is_refused_takes_no_time_from_the_earlier_one(
    wayland: Clipboard,
    system: QClipboard,
    clock: MovableClock,
    focus: Focus,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "sway")
    heard = Heard(wayland)
    wayland.copy(HEADER, A_WHILE)
    clock.forward(seconds=30)
    focus.lose()
    assert not wayland.copy("another header", A_WHILE)
    assert (system.text(), wayland.left(), wayland.is_filled) == (HEADER, 15, True)
    again = wayland.findChild(QTimer)
    assert again is not None
    assert again.isActive()
    if how == "locking":
        wayland.clear_now()
    else:
        clock.forward(seconds=15)
        again.timeout.emit()
    assert (system.text(), wayland.left(), heard.words) == ("", None, ["cleared"])


def test_what_is_due_stays_due_where_another_copy_is_refused(
    wayland: Clipboard, system: QClipboard, focus: Focus
) -> None:
    wayland.copy(HEADER, A_WHILE)
    focus.lose()
    wayland.clear_now()
    assert not wayland.copy("another header", A_WHILE)
    assert system.text() == HEADER
    focus.regain()
    assert system.text() == ""


def test_a_refused_copy_notices_that_the_earlier_one_is_gone(
    wayland: Clipboard, system: QClipboard, focus: Focus
) -> None:
    heard = Heard(wayland)
    wayland.copy(HEADER, A_WHILE)
    focus.lose()
    system.setText("something else")
    assert not wayland.copy("another header", A_WHILE)
    assert (wayland.is_filled, wayland.left(), heard.words) == (False, None, ["replaced"])


def slow_helper(tools: Path, commands: str) -> Path:
    """A wl-copy of these commands; the gate that it waits at until something is written there."""
    helper, gate = tools / "wl-copy", tools / "gate"
    os.mkfifo(gate)
    helper.write_text(f"#!/bin/sh\n{commands.format(tools=tools, gate=gate)}\n")
    helper.chmod(0o755)
    return gate


def test_a_helper_that_clears_the_earlier_copy_is_not_started_twice_by_a_refused_one(
    qapp: QApplication, system: QClipboard, focus: Focus, tools: Path, qtbot: QtBot
) -> None:
    gate = slow_helper(tools, 'echo "$@" >>{tools}/arguments; read go <{gate}')
    board = WaylandBoard(qapp)
    board.put(HEADER)
    focus.lose()
    assert board.clear() is Clearing.UNDER_WAY
    qtbot.waitUntil((tools / "arguments").exists)
    assert not board.put("another header")
    assert board.clear() is Clearing.UNDER_WAY
    gate.write_text("")
    qtbot.waitUntil(lambda: board.clear() is not Clearing.UNDER_WAY)
    assert (tools / "arguments").read_text() == "--clear\n"
    assert board.is_ours()


def test_wayland_clears_from_a_window_with_focus(
    wayland: Clipboard, system: QClipboard, clock: MovableClock, focus: Focus
) -> None:
    assert wayland.copy(HEADER, A_WHILE)
    clock.forward(minutes=1)
    wayland.tick()
    assert system.text() == ""


def test_gnome_without_its_helper_is_said_once_and_cleared_when_the_focus_is_back(
    wayland: Clipboard,
    system: QClipboard,
    clock: MovableClock,
    focus: Focus,
) -> None:
    heard = Heard(wayland)
    wayland.copy(HEADER, A_WHILE)
    focus.lose()
    clock.forward(minutes=1)
    wayland.tick()
    wayland.tick()
    assert (system.text(), heard.words) == (HEADER, ["could_not_clear"])
    focus.regain()
    assert system.text() == ""
    assert heard.words == ["could_not_clear", "cleared"]


def test_a_desktop_that_refuses_for_long_is_asked_ever_more_seldom(
    wayland: Clipboard, clock: MovableClock, focus: Focus
) -> None:
    again = wayland.findChild(QTimer)
    assert again is not None
    for _time in range(2):
        wayland.copy(HEADER, A_WHILE)
        focus.lose()
        clock.forward(minutes=1)
        rests = []
        for _refusal in range(8):
            wayland.tick()
            rests.append(again.interval() / 1000)
        assert rests == [1, 2, 4, 8, 16, 32, 60, 60]
        focus.regain()


def test_other_wayland_desktops_forget_what_is_withdrawn(
    wayland: Clipboard,
    system: QClipboard,
    clock: MovableClock,
    focus: Focus,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "sway")
    wayland.copy(HEADER, A_WHILE)
    focus.lose()
    clock.forward(minutes=1)
    wayland.tick()
    assert system.text() == ""


def test_wl_copy_is_asked_to_clear_and_is_not_told_the_secret(
    qapp: QApplication, system: QClipboard, focus: Focus, tools: Path, qtbot: QtBot
) -> None:
    gate = slow_helper(tools, 'read go <{gate}; echo "$@" >{tools}/arguments; read input')
    board = WaylandBoard(qapp)
    board.put(HEADER)
    focus.lose()
    assert board.clear() is Clearing.UNDER_WAY
    gate.write_text("")  # until now the helper was waiting
    qtbot.waitUntil(lambda: board.clear() is not Clearing.UNDER_WAY)
    assert (tools / "arguments").read_text() == "--clear\n"
    # The helper did what it could. It is not started again, and what is still ours is ours.
    assert board.clear() is Clearing.REFUSED
    system.setText("as if the helper had cleared")
    assert board.clear() is Clearing.DONE
