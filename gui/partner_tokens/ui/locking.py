"""Locks the window: on demand, when nobody is there, with the screen, and before sleep."""

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog
from shiboken6 import isValid

from partner_tokens.core.language import _
from partner_tokens.core.sealing import SlotKind
from partner_tokens.ui.actions import Act
from partner_tokens.ui.clipboard import Clipboard
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.notices import announce
from partner_tokens.ui.quick_copy import QuickCopy
from partner_tokens.ui.session import Access, Session
from partner_tokens.ui.timing import timer

if TYPE_CHECKING:
    from partner_tokens.parts import Parts
    from partner_tokens.ui.screen_watch import ScreenWatch

SIGNS_OF_LIFE = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.TouchBegin}
)


class Locking(QObject):
    """Locking is one deed, however it comes about; panic hides the windows as well."""

    def __init__(
        self,
        application: QApplication,
        parts: "Parts",
        window: MainWindow,
        session: Session,
        clipboard: Clipboard,
        quick: QuickCopy,
    ) -> None:
        super().__init__(window)
        self._application = application
        self._parts = parts
        self._window = window
        self._session = session
        self._clipboard = clipboard
        self._quick = quick
        self.idle = timer(self, timedelta(minutes=1), self.lock, once=True)
        self._screen: ScreenWatch | None = None
        self._hidden: list[QDialog] = []
        session.changed.connect(self._session_changed)
        session.shut.connect(self.lock)
        window.wanted.connect(self._do)

    def start(self) -> None:
        """Watches for what the user wants to be locked by; again whenever that changes."""
        minutes = self._parts.preferences.lock_when_idle
        self.idle.stop()
        self._application.removeEventFilter(self)
        if minutes > 0:
            self.idle.setInterval(timedelta(minutes=minutes) // timedelta(milliseconds=1))
            self.idle.start()
            self._application.installEventFilter(self)
        if self._screen is None and self._parts.preferences.lock_with_screen != "no":
            from partner_tokens.ui.screen_watch import ScreenWatch

            self._screen = ScreenWatch(self)
            self._screen.left.connect(self.screen_left)

    def lock(self) -> None:
        """Forgets keys and access tokens, clears the clipboard, hides the rows."""
        self._clipboard.clear_now()
        self._quick.lock()
        self._hide_dialogs()
        self._window.notices.clear()
        self._window.clear_filter()
        self._session.lock()
        if self._session.access is Access.LOCKED:
            announce(self._window, _("Locked"))

    def _hide_dialogs(self) -> None:
        """Hidden, not closed: a token that was just pasted is shown nowhere a second time."""
        for dialog in self._window.findChildren(QDialog):
            if dialog.isVisible():
                dialog.hide()
                self._hidden.append(dialog)

    def _session_changed(self) -> None:
        if self._session.access is Access.OPEN:
            hidden, self._hidden = self._hidden, []
            for dialog in hidden:
                if isValid(dialog):
                    dialog.show()

    def panic(self) -> None:
        """As `lock`, and nothing of the program stays in sight."""
        self.lock()
        self._window.showMinimized()

    def _do(self, act: Act) -> None:
        if act is Act.LOCK:
            self.lock()
        elif act is Act.PANIC:
            self.panic()

    def screen_left(self) -> None:
        """The screen was locked, or the computer goes to sleep."""
        choice = self._parts.preferences.lock_with_screen
        kinds = self._session.slot_kinds
        is_usual = not choice and bool(kinds) and SlotKind.KEYRING not in kinds
        if choice == "yes" or is_usual:
            self.lock()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Somebody is there."""
        if event.type() in SIGNS_OF_LIFE:
            self.idle.start()
        return super().eventFilter(watched, event)
