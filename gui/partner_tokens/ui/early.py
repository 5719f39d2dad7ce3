"""What is asked of a window before there is anybody to do it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, SignalInstance

from partner_tokens.ui.main_window import MainWindow


class EarlyWishes(QObject):
    """Has the deeds built at the first wish, and asks them once more: no key is lost at a start."""

    def __init__(self, window: MainWindow, build: Callable[[], object]) -> None:
        """`build` makes those who do it, and calls `end`."""
        super().__init__(window)
        self._build = build
        wishes = (window.wanted, window.formats_wanted, window.dropped, window.token_pasted)
        self._heard = [(wish, self._hear(wish)) for wish in wishes]

    def _hear(self, wish: SignalInstance) -> Callable[..., None]:
        def build_first(*details: object) -> None:
            self._build()
            wish.emit(*details)

        wish.connect(build_first)
        return build_first

    def end(self) -> None:
        """Hears nothing any more: from now on others do."""
        for wish, hearing in self._heard:
            wish.disconnect(hearing)
        self._heard.clear()
