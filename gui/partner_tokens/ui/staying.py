"""How long the program stays once no window of it is open."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from partner_tokens.core.language import _
from partner_tokens.ui.actions import Act
from partner_tokens.ui.clipboard import Clipboard
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.quick_copy import QuickCopy
from partner_tokens.ui.tray import Tray

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


class Staying(QObject):
    """Closing the main window ends the program, and clears the clipboard with it.

    Where there is a tray it stays there instead, unless the user wants otherwise. Closing the
    palette ends nothing while what was copied from it is still to be pasted: under X11 and Wayland
    a copy lives only as long as its program.
    """

    def __init__(
        self,
        application: QApplication,
        window: MainWindow,
        quick: QuickCopy,
        clipboard: Clipboard,
        tray: Tray,
        parts: "Parts",
    ) -> None:
        super().__init__(window)
        self._application = application
        self._window = window
        self._quick = quick
        self._clipboard = clipboard
        self._tray = tray
        self._parts = parts
        self._palette_was_last = False
        self._has_told = False
        window.wanted.connect(self._do)
        application.setQuitOnLastWindowClosed(False)
        application.lastWindowClosed.connect(self._closed)
        quick.done.connect(lambda: self._note(True))
        window.seen.connect(self._window_seen)
        clipboard.cleared.connect(self._emptied)
        clipboard.replaced.connect(self._emptied)

    def _note(self, palette_was_last: bool) -> None:
        self._palette_was_last = palette_was_last

    def _window_seen(self, seen: bool) -> None:
        if not seen:
            self._note(False)

    def _do(self, act: Act) -> None:
        if act is Act.QUIT:
            self._application.quit()

    def _closed(self) -> None:
        if self._stays():
            self._tell_once()
        elif not (self._palette_was_last and self._clipboard.is_filled):
            self._application.quit()

    def _emptied(self) -> None:
        if not (self._window.isVisible() or self._quick.is_open or self._stays()):
            self._application.quit()

    def _stays(self) -> bool:
        return self._parts.preferences.stay_in_tray and self._tray.is_there

    def _tell_once(self) -> None:
        if not (self._has_told or self._palette_was_last):
            self._has_told = True
            self._tray.say(_("Partner Tokens is still there"), _("Its icon is in the tray."))
