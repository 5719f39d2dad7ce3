"""Tells a key that is held down from one that is pressed again: held, it is to do one deed.

Qt does so elsewhere. Of X11 it hears that the key was let go and pressed at the same time.
"""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent


class HeldKey:
    """Hears the keys of one window."""

    def __init__(self) -> None:
        self._let_go: tuple[int, int] | None = None
        """The key that was let go last, and when: the platform's milliseconds."""
        self.is_held = False
        """Whether what is being done now is for a key that is held down."""

    def pressed(self, event: QKeyEvent) -> None:
        """Before its deed is done; that it is held is forgotten after it, in whatever window."""
        self.is_held = (event.key(), event.timestamp()) == self._let_go
        if self.is_held:
            QTimer.singleShot(0, self._forget)

    def released(self, event: QKeyEvent) -> None:
        """A key without a time came by the accessibility bus, as each does for a screen reader."""
        if QGuiApplication.platformName() == "xcb" and event.timestamp():
            self._let_go = event.key(), event.timestamp()

    def _forget(self) -> None:
        self.is_held = False
