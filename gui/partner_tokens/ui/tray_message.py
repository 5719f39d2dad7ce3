"""A message of the desktop's own, where it has a tray to come from."""

from datetime import timedelta

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon

from partner_tokens.ui.timing import timer

SHOWN_FOR = timedelta(seconds=15)
"""Then the icon goes as well: the tray is no place to stay."""


class TrayMessage(QObject):
    """Shows a message without taking the keyboard; nothing happens where there is no tray."""

    clicked = Signal()

    def __init__(self, icon: QIcon, parent: QObject) -> None:
        super().__init__(parent)
        self._picture = icon
        self._icon: QSystemTrayIcon | None = None
        self._end = timer(self, SHOWN_FOR, self._hide, once=True)

    def show(self, title: str, text: str) -> None:
        """Counts and names only: others may look at this screen."""
        if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            return
        if self._icon is None:
            self._icon = QSystemTrayIcon(self._picture, self)
            self._icon.messageClicked.connect(self._take)
            self._icon.activated.connect(self._take)
        self._icon.show()
        self._icon.showMessage(title, text, self._picture, round(SHOWN_FOR.total_seconds() * 1000))
        self._end.start()

    def _take(self) -> None:
        self._hide()
        self.clicked.emit()

    def _hide(self) -> None:
        self._end.stop()
        if self._icon is not None:
            self._icon.hide()
