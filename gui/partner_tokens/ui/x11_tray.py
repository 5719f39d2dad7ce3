"""The tray of a panel of the older kind, under X11: whether it is there, and when it comes.

A connection of our own, since Qt hands out no event of the screen as a whole. Xlib is loaded
already: Qt itself speaks through it.
"""

import ctypes
from contextlib import suppress

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

OWNED = b"_NET_SYSTEM_TRAY_S0"
"""The selection that such a panel owns, by freedesktop's System Tray Protocol."""

STRUCTURE_NOTIFY = 1 << 17
"""<X11/X.h>; whoever takes such a selection says so by a message to all who chose this mask."""

XEvent = ctypes.c_long * 24


class X11Tray(QObject):
    """Sleeps until the screen has something to tell, and asks then who owns the selection."""

    comes = Signal()
    """A panel has taken it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._notifier: QSocketNotifier | None = None
        self._display = ctypes.c_void_p()
        with suppress(OSError, AttributeError):
            self._x11 = x11 = ctypes.CDLL("libX11.so.6")
            x11.XOpenDisplay.restype = ctypes.c_void_p
            x11.XInternAtom.restype = x11.XGetSelectionOwner.restype = ctypes.c_ulong
            x11.XDefaultRootWindow.restype = ctypes.c_ulong
            self._display = ctypes.c_void_p(x11.XOpenDisplay(None))
        if self._display.value:
            self._listen()

    def _listen(self) -> None:
        x11, display = self._x11, self._display
        self._owned = ctypes.c_ulong(x11.XInternAtom(display, OWNED, 0))
        root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
        x11.XSelectInput(display, root, ctypes.c_long(STRUCTURE_NOTIFY))
        file = x11.XConnectionNumber(display)
        self._notifier = QSocketNotifier(file, QSocketNotifier.Type.Read, parent=self)
        self._notifier.activated.connect(self._hear)

    @property
    def is_there(self) -> bool:
        """Whether a panel owns the selection now. What it says from here on is heard."""
        if not self._display.value:
            return False
        return bool(self._x11.XGetSelectionOwner(self._display, self._owned))

    @Slot()
    def _hear(self) -> None:
        event = XEvent()
        while self._display.value and self._x11.XPending(self._display):
            self._x11.XNextEvent(self._display, event)
        if self.is_there:
            self.comes.emit()

    def close(self) -> None:
        """Hears no more."""
        if self._notifier is not None and self._display.value:
            self._notifier.setEnabled(False)
            self._x11.XCloseDisplay(self._display)
            self._display = ctypes.c_void_p()
