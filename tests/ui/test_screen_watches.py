"""What Windows and macOS say when the user leaves, said here by stand-ins of theirs."""

import ctypes
from collections.abc import Callable
from ctypes import wintypes
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from partner_tokens.ui.locking import screen_watch
from partner_tokens.ui.screen_watch import ScreenWatch
from partner_tokens.ui.screen_watch_macos import MacScreenWatch
from partner_tokens.ui.screen_watch_windows import WindowsScreenWatch


def message(number: int, parameter: int) -> wintypes.MSG:
    return wintypes.MSG(message=number, wParam=parameter)


@pytest.fixture
def owner(qapp: QApplication) -> QObject:
    return QObject()


def heard_on_windows(
    owner: QObject, qapp: QApplication, *messages: wintypes.MSG, kind: bytes
) -> int:
    asked: list[int] = []
    watch = WindowsScreenWatch(owner, qapp, asked.append)
    heard: list[bool] = []
    watch.left.connect(lambda: heard.append(True))
    assert len(asked) == 1
    for each in messages:
        assert watch._filter.nativeEventFilter(kind, ctypes.addressof(each)) == (False, 0)
    qapp.removeNativeEventFilter(watch._filter)
    watch._window.destroy()
    return len(heard)


@pytest.mark.parametrize(("number", "parameter"), [(0x02B1, 0x7), (0x0218, 0x4)])
def test_on_windows_lock_and_sleep_are_heard(
    owner: QObject, qapp: QApplication, number: int, parameter: int
) -> None:
    told = message(number, parameter)
    assert heard_on_windows(owner, qapp, told, kind=b"windows_generic_MSG") == 1
    assert heard_on_windows(owner, qapp, told, kind=b"windows_dispatcher_MSG") == 0


def test_on_windows_nothing_else_is_taken_for_leaving(owner: QObject, qapp: QApplication) -> None:
    unlocked, woke, painted = message(0x02B1, 0x8), message(0x0218, 0x12), message(0x000F, 0x7)
    kind = b"windows_generic_MSG"
    assert heard_on_windows(owner, qapp, unlocked, woke, painted, kind=kind) == 0


class Center:
    """NSNotificationCenter, as far as it is asked here."""

    def __init__(self) -> None:
        self.blocks: dict[str, Callable[[Any], None]] = {}

    def addObserverForName_object_queue_usingBlock_(
        self, name: str, sender: None, queue: str, block: Callable[[Any], None]
    ) -> object:
        assert (sender, queue) == (None, "main")
        self.blocks[name] = block
        return object()


def test_on_macos_lock_and_sleep_are_heard(owner: QObject) -> None:
    distributed, workspace = Center(), Center()
    kit = SimpleNamespace(
        NSDistributedNotificationCenter=SimpleNamespace(defaultCenter=lambda: distributed),
        NSWorkspace=SimpleNamespace(
            sharedWorkspace=lambda: SimpleNamespace(notificationCenter=lambda: workspace)
        ),
        NSOperationQueue=SimpleNamespace(mainQueue=lambda: "main"),
    )
    watch = MacScreenWatch(owner, kit)
    heard: list[bool] = []
    watch.left.connect(lambda: heard.append(True))
    distributed.blocks["com.apple.screenIsLocked"](None)
    workspace.blocks["NSWorkspaceWillSleepNotification"](None)
    assert len(heard) == 2


@pytest.mark.parametrize(
    ("platform", "kind"),
    [("linux", ScreenWatch), ("win32", WindowsScreenWatch), ("darwin", MacScreenWatch)],
)
def test_each_system_is_heard_in_its_own_way(
    owner: QObject,
    qapp: QApplication,
    platform: str,
    kind: type[QObject],
) -> None:
    made = screen_watch(owner, qapp, platform)
    assert isinstance(made, kind)
    if isinstance(made, WindowsScreenWatch):
        qapp.removeNativeEventFilter(made._filter)
        made._window.destroy()
