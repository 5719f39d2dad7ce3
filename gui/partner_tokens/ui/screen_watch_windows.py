"""Hears on Windows when the user has left: the session was locked, or the computer will sleep.

Written by Microsoft's pages on WM_WTSSESSION_CHANGE and WM_POWERBROADCAST; untried on Windows.
"""

import ctypes
import sys
from collections.abc import Callable
from ctypes import wintypes

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject, Signal
from PySide6.QtGui import QWindow

SESSION_CHANGED, LOCKED = 0x02B1, 0x7
POWER_CHANGED, SUSPENDS = 0x0218, 0x4
"""Messages to every top-level window, and what their first parameter says."""

LEAVES = {(SESSION_CHANGED, LOCKED), (POWER_CHANGED, SUSPENDS)}


def ask_for_session_messages(handle: int) -> None:
    """Without it a window is told of sleep alone."""
    if sys.platform == "win32":
        ctypes.windll.wtsapi32.WTSRegisterSessionNotification(wintypes.HWND(handle), 0)


class WindowsScreenWatch(QObject):
    """Has a window of its own that is never shown: the others come and go."""

    left = Signal()

    def __init__(
        self,
        parent: QObject,
        application: QCoreApplication,
        ask: Callable[[int], None] = ask_for_session_messages,
    ) -> None:
        super().__init__(parent)
        self._window = QWindow()
        self._window.create()
        self._filter = _Messages(self.left.emit)
        application.installNativeEventFilter(self._filter)
        ask(self._window.winId())


class _Messages(QAbstractNativeEventFilter):
    def __init__(self, left: Callable[[], None]) -> None:
        super().__init__()
        self._left = left

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        # The same message comes once more under another kind, from Qt's dispatcher.
        if bytes(kind) == b"windows_generic_MSG":  # type: ignore[arg-type]  # QByteArray has it
            told = wintypes.MSG.from_address(int(message))
            if (told.message, told.wParam) in LEAVES:
                self._left()
        return False, 0
