"""Hears when the user has left: the screen was locked, or the computer goes to sleep (Linux)."""

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusUnixFileDescriptor,
)

from partner_tokens.core.language import _
from partner_tokens.ui.bus_silence import bus_silence

SAVERS = (
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
    ("org.freedesktop.ScreenSaver", "/ScreenSaver"),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
    ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"),
    ("org.mate.ScreenSaver", "/org/mate/ScreenSaver"),
    ("org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"),
)
"""Interfaces and paths of desktops; each tells of its lock by `ActiveChanged(boolean)`."""

LOGIN, LOGIN_PATH = "org.freedesktop.login1", "/org/freedesktop/login1"


class ScreenWatch(QObject):
    """Without a bus, and on systems that have none, it hears nothing.

    logind lets a program delay sleep by a few seconds, for as long as it holds a file: else the
    computer would often sleep before it has heard of it.
    """

    left = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._delay: QDBusUnixFileDescriptor | None = None
        with bus_silence():
            self._system = QDBusConnection.systemBus()
            self._listen(QDBusConnection.sessionBus(), self._system)
            self._ask_for_delay()

    def _listen(self, session: QDBusConnection, system: QDBusConnection) -> None:
        for interface, path in SAVERS:
            self._hear(session, "", path, interface, "ActiveChanged", "active_changed(bool)")
        for path, kind, name, slot in (
            (LOGIN_PATH, "Manager", "PrepareForSleep", "sleep_changed(bool)"),
            ("", "Session", "Lock", "locked()"),
        ):
            self._hear(system, LOGIN, path, f"{LOGIN}.{kind}", name, slot)

    def _hear(
        self, bus: QDBusConnection, service: str, path: str, interface: str, name: str, slot: str
    ) -> None:
        # The binding takes the text that SLOT gives, though its own types ask for bytes.
        bus.connect(service, path, interface, name, self, SLOT(slot))  # type: ignore[call-overload]

    def _ask_for_delay(self) -> None:
        message = QDBusMessage.createMethodCall(LOGIN, LOGIN_PATH, f"{LOGIN}.Manager", "Inhibit")
        message.setArguments(["sleep", "Partner Tokens", _("Locks your tokens"), "delay"])
        asked = QDBusPendingCallWatcher(self._system.asyncCall(message), self)
        asked.finished.connect(self._take_delay)

    def _take_delay(self, asked: QDBusPendingCallWatcher) -> None:
        found = asked.reply().arguments()
        if found and isinstance(found[0], QDBusUnixFileDescriptor):
            self._delay = found[0]
        asked.deleteLater()

    @Slot(bool)
    def active_changed(self, active: bool) -> None:
        """The screen saver began, or ended."""
        if active:
            self.left.emit()

    @Slot(bool)
    def sleep_changed(self, begins: bool) -> None:
        """The computer is about to sleep, or woke up."""
        if begins:
            self.left.emit()
            self._delay = None  # which closes the file: now it may
        else:
            with bus_silence():
                self._ask_for_delay()

    @Slot()
    def locked(self) -> None:
        """The session is to be locked."""
        self.left.emit()
