"""When the tray's icon can be made: a program that starts with the desktop may be there first."""

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusServiceWatcher,
    QDBusVariant,
)

from partner_tokens.ui.bus_silence import bus_silence
from partner_tokens.ui.x11_tray import X11Tray

WATCHER, PATH = "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher"


class TrayPlace(QObject):
    """Tells once that a panel has a place for an icon, however late it comes.

    Qt decides when the first icon is made whether panels are spoken to over D-Bus, and never
    changes its mind: an icon made before such a panel is there would not be seen at all.
    """

    found = Signal()

    def __init__(self, platform: str, parent: QObject) -> None:
        """`platform`: Qt's, `xcb` or `wayland`."""
        super().__init__(parent)
        self._x11 = X11Tray(self) if platform == "xcb" else None
        self._is_told = False
        self._question: QDBusPendingCallWatcher | None = None
        with bus_silence():
            self._bus = QDBusConnection.sessionBus()

    def look(self) -> None:
        """Looks now, and whenever something has changed."""
        if self._x11 is not None:
            if self._x11.is_there or not self._bus.isConnected():
                self._tell()  # without a bus only the older kind can come, and Qt waits for that
                return
            self._x11.comes.connect(self._tell)
        with bus_silence():
            comes = QDBusServiceWatcher(WATCHER, self._bus, parent=self)
            # The binding takes the text that SLOT gives, though its own types ask for bytes.
            self._bus.connect(
                WATCHER, PATH, WATCHER, "StatusNotifierHostRegistered", self, SLOT("ask()")  # type: ignore[call-overload]
            )  # fmt: skip
        comes.serviceRegistered.connect(self.ask)
        self.ask()

    @Slot()
    def ask(self) -> None:
        """Asks whether a panel is there: who keeps the list of icons may come long before it."""
        message = QDBusMessage.createMethodCall(
            WATCHER, PATH, "org.freedesktop.DBus.Properties", "Get"
        )
        message.setArguments([WATCHER, "IsStatusNotifierHostRegistered"])
        with bus_silence():
            self._question = QDBusPendingCallWatcher(self._bus.asyncCall(message), self)
        self._question.finished.connect(self._answered)

    def _answered(self, question: QDBusPendingCallWatcher) -> None:
        found = question.reply().arguments()
        if found and isinstance(found[0], QDBusVariant) and found[0].variant() is True:
            self._tell()
        question.deleteLater()

    def _tell(self) -> None:
        self.close()
        if not self._is_told:
            self._is_told = True
            self.found.emit()

    def close(self) -> None:
        """Looks no more for a panel of the older kind."""
        if self._x11 is not None:
            self._x11.close()
