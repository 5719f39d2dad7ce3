"""Hears when the user has left: the screen was locked, or the computer goes to sleep (Linux)."""

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection

SAVERS = (
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
    ("org.freedesktop.ScreenSaver", "/ScreenSaver"),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
    ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"),
    ("org.mate.ScreenSaver", "/org/mate/ScreenSaver"),
    ("org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"),
)
"""Interfaces and paths of desktops; each tells of its lock by `ActiveChanged(boolean)`."""

LOGIN = "org.freedesktop.login1"


class ScreenWatch(QObject):
    """Without a bus, and on systems that have none, it hears nothing."""

    left = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        session, system = QDBusConnection.sessionBus(), QDBusConnection.systemBus()
        for interface, path in SAVERS:
            self._hear(session, "", path, interface, "ActiveChanged", "active_changed(bool)")
        for path, kind, name, slot in (
            ("/org/freedesktop/login1", "Manager", "PrepareForSleep", "active_changed(bool)"),
            ("", "Session", "Lock", "locked()"),
        ):
            self._hear(system, LOGIN, path, f"{LOGIN}.{kind}", name, slot)

    def _hear(
        self, bus: QDBusConnection, service: str, path: str, interface: str, name: str, slot: str
    ) -> None:
        # The binding takes the text that SLOT gives, though its own types ask for bytes.
        bus.connect(service, path, interface, name, self, SLOT(slot))  # type: ignore[call-overload]

    @Slot(bool)
    def active_changed(self, active: bool) -> None:
        """The screen saver began or ended; or the computer is about to sleep, or woke up."""
        if active:
            self.left.emit()

    @Slot()
    def locked(self) -> None:
        """The session is to be locked."""
        self.left.emit()
