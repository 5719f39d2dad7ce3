"""How long the program stays once no window of it is open."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from partner_tokens.ui.clipboard import Clipboard
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.quick_copy import QuickCopy


class Staying(QObject):
    """Closing the main window ends the program, and clears the clipboard with it.

    Closing the palette does not, while what was copied from it is still to be pasted: under X11 and
    Wayland a copy lives only as long as its program.
    """

    def __init__(
        self,
        application: QApplication,
        window: MainWindow,
        quick: QuickCopy,
        clipboard: Clipboard,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._application = application
        self._window = window
        self._quick = quick
        self._clipboard = clipboard
        self._palette_was_last = False
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

    def _closed(self) -> None:
        if not (self._palette_was_last and self._clipboard.is_filled):
            self._application.quit()

    def _emptied(self) -> None:
        if not (self._window.isVisible() or self._quick.is_open):
            self._application.quit()
