"""Hears on macOS when the user has left: the screen was locked, or the computer will sleep.

Written by Apple's pages on NSWorkspace; the name of the lock is known, not documented. Untried.
"""

import importlib
from typing import Any

from PySide6.QtCore import QObject, Signal

LOCKED = "com.apple.screenIsLocked"
SLEEPS = "NSWorkspaceWillSleepNotification"


def appkit() -> Any:
    """PyObjC's module; None where it is not installed."""
    try:
        return importlib.import_module("AppKit")
    except ImportError:
        return None


class MacScreenWatch(QObject):
    """Without PyObjC it hears nothing."""

    left = Signal()

    def __init__(self, parent: QObject, kit: Any) -> None:
        super().__init__(parent)
        self._observers: list[Any] = []
        """To be kept: what is let go is told nothing more."""
        if kit is not None:
            self._hear(kit, kit.NSDistributedNotificationCenter.defaultCenter(), LOCKED)
            self._hear(kit, kit.NSWorkspace.sharedWorkspace().notificationCenter(), SLEEPS)

    def _hear(self, kit: Any, center: Any, name: str) -> None:
        main = kit.NSOperationQueue.mainQueue()
        self._observers.append(
            center.addObserverForName_object_queue_usingBlock_(name, None, main, self._told)
        )

    def _told(self, _notification: Any) -> None:
        self.left.emit()
