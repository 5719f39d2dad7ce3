"""Locks the window: on demand, when nobody is there, with the screen, and before sleep."""

import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from partner_tokens.core.clock import Clock
from partner_tokens.core.language import _
from partner_tokens.core.sealing import SlotKind
from partner_tokens.ui.actions import Act, say_lock
from partner_tokens.ui.clipboard import Clipboard
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.notices import announce
from partner_tokens.ui.quick_copy import QuickCopy
from partner_tokens.ui.session import NOTHING_TO_LOCK, Access, Session
from partner_tokens.ui.troubles import Troubles

if TYPE_CHECKING:
    from partner_tokens.parts import Parts
    from partner_tokens.ui.screen_watch import ScreenWatch
    from partner_tokens.ui.screen_watch_macos import MacScreenWatch
    from partner_tokens.ui.screen_watch_windows import WindowsScreenWatch

    AnyScreenWatch = ScreenWatch | WindowsScreenWatch | MacScreenWatch

SIGNS_OF_LIFE = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.TouchBegin}
)

PANIC = "panic"
DEEPEST_MENU = 10


def screen_watch(
    parent: QObject, application: QApplication, platform: str = sys.platform
) -> "AnyScreenWatch":
    """Hears when the user leaves, in the way of this system."""
    if platform == "win32":
        from partner_tokens.ui.screen_watch_windows import WindowsScreenWatch

        return WindowsScreenWatch(parent, application)
    if platform == "darwin":
        from partner_tokens.ui.screen_watch_macos import MacScreenWatch, appkit

        return MacScreenWatch(parent, appkit())
    from partner_tokens.ui.screen_watch import ScreenWatch

    return ScreenWatch(parent)


class Locking(QObject):
    """Locking is one deed, however it comes about; panic hides the windows as well."""

    def __init__(
        self,
        application: QApplication,
        parts: "Parts",
        window: MainWindow,
        session: Session,
        troubles: Troubles,
        clipboard: Clipboard,
        quick: QuickCopy,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._application = application
        self._parts = parts
        self._window = window
        self._session = session
        self._troubles = troubles
        self._clipboard = clipboard
        self._quick = quick
        self._clock = clock
        self._seen_at = clock()
        """When somebody was last there."""
        self._patience = timedelta(0)
        """After how long without a sign of life it locks; zero for never."""
        self._screen: AnyScreenWatch | None = None
        self._hidden: list[QDialog] = []
        session.changed.connect(self._session_changed)
        session.shut.connect(self.lock)
        window.wanted.connect(self._do)
        window.ticked.connect(self.look)
        application.focusChanged.connect(self._arm)

    def start(self) -> None:
        """Watches for what the user wants to be locked by; again whenever that changes."""
        self._application.removeEventFilter(self)
        self._seen_at = self._clock()
        self._patience = timedelta(minutes=self._parts.preferences.lock_when_idle)
        if self._patience:
            self._application.installEventFilter(self)
        if self._screen is None and self._parts.preferences.lock_with_screen != "no":
            self._screen = screen_watch(self, self._application)
            self._screen.left.connect(self.screen_left)

    @property
    def is_due(self) -> bool:
        """Whether it is to lock sooner or later, where nobody comes."""
        return bool(self._patience) and self._session.access not in NOTHING_TO_LOCK

    def is_late(self) -> bool:
        """Whether nobody was there for too long, so that it ought to be locked; from any thread.

        The wall clock tells: no timer runs while the computer sleeps.
        """
        return self.is_due and self._clock() - self._seen_at >= self._patience

    def look(self) -> bool:
        """Locks what ought to be locked; whether it was so."""
        now = self._clock()
        if self._session.access in NOTHING_TO_LOCK:
            self._seen_at = now  # whoever opens it later is given the whole time
        self._seen_at = min(self._seen_at, now)  # a clock that is set back puts no lock off
        is_late = self.is_late()
        if is_late:
            self.lock()
        return is_late

    def lock(self) -> None:
        """Forgets keys and access tokens, clears the clipboard, hides the rows."""
        self._window.notices.clear()
        self._clipboard.clear_now()  # tells, if it cannot
        self._close_menus()
        self._quick.lock()
        self._troubles.lock()
        self._hide_dialogs()
        self._window.clear_filter()
        self._session.lock()
        if self._session.access is Access.LOCKED:
            announce(self._window, _("Forgotten") if self._forgets else _("Locked"))

    @property
    def _forgets(self) -> bool:
        return SlotKind.KEYRING in self._session.slot_kinds

    def _close_menus(self) -> None:
        """They may name tokens, and would take the next keys."""
        for _depth in range(DEEPEST_MENU):
            popup = self._application.activePopupWidget()
            if popup is None:
                return
            popup.close()

    def _hide_dialogs(self) -> None:
        """Hidden, not closed: a token that was just pasted is shown nowhere a second time."""
        for dialog in self._window.findChildren(QDialog):
            if dialog.isVisible():
                dialog.hide()
                self._hidden.append(dialog)

    def _session_changed(self) -> None:
        say_lock(self._window.acts, forgets=self._forgets)
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

    def _arm(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Panic is heard everywhere; the main window's own action is not while a dialog is open."""
        front = now.window() if now is not None else None
        if front is None or front is self._window or front.findChild(QShortcut, PANIC) is not None:
            return
        shortcut = QShortcut(self._window.acts[Act.PANIC].shortcut(), front)
        shortcut.setObjectName(PANIC)
        shortcut.activated.connect(self.panic)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Somebody is there; whoever comes too late finds it locked, and opens nothing by that."""
        if event.type() in SIGNS_OF_LIFE:
            if self.look():
                return True
            self._seen_at = self._clock()
        return super().eventFilter(watched, event)
