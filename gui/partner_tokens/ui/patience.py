"""Tells when the keyring lets the user wait, and when to offer an end of it."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QObject, Signal

from partner_tokens.ui.timing import timer


class Patience(QObject):
    """Started with each errand on the keyring's lane, stopped when that has come home.

    `is_asked` says whether it is the keyring that takes its time, and not the making of a key.
    """

    waiting = Signal(bool)
    """The keyring lets us wait; True when the user may be offered to stop waiting."""

    def __init__(
        self,
        is_asked: Callable[[], bool],
        say_after: timedelta,
        offer_after: timedelta,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._is_asked = is_asked
        self._say = timer(self, say_after, lambda: self._tell(may_stop=False), once=True)
        self._offer = timer(self, offer_after, lambda: self._tell(may_stop=True), once=True)

    def start(self) -> None:
        """An errand sets out."""
        self._say.start()
        self._offer.start()

    def stop(self) -> None:
        """It has come home."""
        self._say.stop()
        self._offer.stop()

    def _tell(self, *, may_stop: bool) -> None:
        if self._is_asked():
            self.waiting.emit(may_stop)
        elif may_stop:
            self._offer.start()
        else:
            self._say.start()
