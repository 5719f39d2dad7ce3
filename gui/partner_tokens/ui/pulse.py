"""The pace of what is done unasked: often while somebody looks, seldom or never otherwise."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QObject, Signal

from partner_tokens.ui.timing import timer

WHILE_SEEN = timedelta(seconds=20)
WHILE_HIDDEN = timedelta(minutes=1)
"""Often enough: a token in use is refreshed two minutes ahead of time. By a steady pace, and not at
the instant itself: a timer stands still while the computer sleeps."""


class Pulse(QObject):
    """Beats once started; while the window is hidden, only as long as there is something to do."""

    beat = Signal()

    def __init__(self, has_work: Callable[[], bool], parent: QObject) -> None:
        """`has_work`: whether anything hangs on time while the window is hidden; never blocks."""
        super().__init__(parent)
        self._has_work = has_work
        self._is_started = False
        self._is_seen = False
        self._timer = timer(self, WHILE_SEEN, self._on_time)

    def start(self, *, seen: bool) -> None:
        """Beats from now on; `seen`: whether the window can be seen now."""
        self._is_started = True
        self.see(seen)

    def stop(self) -> None:
        """Beats no more."""
        self._is_started = False
        self._timer.stop()

    def see(self, seen: bool) -> None:
        """The window can be seen again, or no longer."""
        self._is_seen = seen
        self._timer.stop()
        self._timer.setInterval((WHILE_SEEN if seen else WHILE_HIDDEN) // timedelta(milliseconds=1))
        self.hear()

    def hear(self) -> None:
        """Something was done: there may be work now."""
        if self._is_started and not self._timer.isActive() and (self._is_seen or self._has_work()):
            self._timer.start()

    def _on_time(self) -> None:
        self.beat.emit()
        if not self._is_seen and not self._has_work():
            self._timer.stop()
