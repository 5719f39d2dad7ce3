"""When the tray's icon can be made: a program that starts with the desktop may be there first."""

import ctypes
from contextlib import suppress
from datetime import timedelta

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusServiceWatcher,
    QDBusVariant,
)

from partner_tokens.ui.timing import timer

WATCHER, PATH = "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher"
X11_TRAY = b"_NET_SYSTEM_TRAY_S0"

LOOK_EVERY = timedelta(seconds=3)
PATIENCE = timedelta(minutes=2)
"""For a panel of either kind under X11; afterwards one of the older kind is still found by Qt."""


class TrayPlace(QObject):
    """Tells once that a panel has a place for an icon.

    Qt decides when the first icon is made whether panels are spoken to over D-Bus, and never
    changes its mind: an icon made before such a panel is there would not be seen at all.
    """

    found = Signal()

    def __init__(self, platform: str, parent: QObject) -> None:
        """`platform`: Qt's, `xcb` or `wayland`."""
        super().__init__(parent)
        self._is_x11 = platform == "xcb"
        self._looks_left = PATIENCE // LOOK_EVERY
        self._is_told = False
        self._question: QDBusPendingCallWatcher | None = None
        self._timer = timer(self, LOOK_EVERY, self._look_at_x11)
        self._bus = QDBusConnection.sessionBus()

    def look(self) -> None:
        """Looks now, and whenever something has changed."""
        if self._is_x11 and (_has_x11_tray() or not self._bus.isConnected()):
            self._tell()  # without a bus only the older kind can come, and Qt waits for that
            return
        comes = QDBusServiceWatcher(WATCHER, self._bus, parent=self)
        comes.serviceRegistered.connect(self.ask)
        # The binding takes the text that SLOT gives, though its own types ask for bytes.
        self._bus.connect(
            WATCHER, PATH, WATCHER, "StatusNotifierHostRegistered", self, SLOT("ask()")  # type: ignore[call-overload]
        )  # fmt: skip
        if self._is_x11:
            self._timer.start()
        self.ask()

    @Slot()
    def ask(self) -> None:
        """Asks whether a panel is there: who keeps the list of icons may come long before it."""
        message = QDBusMessage.createMethodCall(
            WATCHER, PATH, "org.freedesktop.DBus.Properties", "Get"
        )
        message.setArguments([WATCHER, "IsStatusNotifierHostRegistered"])
        self._question = QDBusPendingCallWatcher(self._bus.asyncCall(message), self)
        self._question.finished.connect(self._answered)

    def _answered(self, question: QDBusPendingCallWatcher) -> None:
        found = question.reply().arguments()
        if found and isinstance(found[0], QDBusVariant) and found[0].variant() is True:
            self._tell()
        question.deleteLater()

    def _look_at_x11(self) -> None:
        self._looks_left -= 1
        if self._looks_left <= 0 or _has_x11_tray():
            self._tell()

    def _tell(self) -> None:
        self._timer.stop()
        if not self._is_told:
            self._is_told = True
            self.found.emit()


def _has_x11_tray() -> bool:
    """Whether a panel of the older kind is there, by the selection that it owns."""
    with suppress(OSError, AttributeError):
        x11 = ctypes.CDLL("libX11.so.6")  # loaded already: Qt itself speaks through it
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XInternAtom.restype = x11.XGetSelectionOwner.restype = ctypes.c_ulong
        display = ctypes.c_void_p(x11.XOpenDisplay(None))
        if display.value:
            tray = ctypes.c_ulong(x11.XInternAtom(display, X11_TRAY, 0))
            owner = x11.XGetSelectionOwner(display, tray)
            x11.XCloseDisplay(display)
            return bool(owner)
    return False
