"""Keeps a secret on the clipboard for a while, and takes it off again by the wall clock."""

import math
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication

from partner_tokens.core.clock import Clock
from partner_tokens.ui.clipboard_board import Board, Clearing, QtBoard

SECOND = timedelta(seconds=1)
SOON = timedelta(milliseconds=50)
"""When to look again while the platform is clearing."""
UNSEEN = timedelta(seconds=15)
"""How often it is looked at the clock while nobody sees the seconds: a timer stands still while the
computer sleeps, and what was copied is not to lie there for much longer by that."""
RAREST = timedelta(minutes=1)
"""How often at least it is tried again where the platform refuses."""


class Clipboard(QObject):
    """Clears only what is still ours: a later copy, by this program or another, stays."""

    seconds_left = Signal(int)
    """So many seconds until the clipboard is cleared; told when the number changes."""
    cleared = Signal()
    """What was copied is off the clipboard."""
    replaced = Signal()
    """Something else was copied over it: there is nothing left to clear."""
    could_not_clear = Signal()
    """The desktop does not allow it now; told once, and tried again with every tick.

    Besides after a second and ever more seldom, for it may not allow it for hours.
    """

    def __init__(
        self, application: QGuiApplication, clock: Clock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._board = _board_of(application)
        self._clock = clock
        self._is_filled = False
        self._is_due = False
        self._has_complained = False
        self._clears_in = timedelta(0)
        self._clears_at: datetime | None = None
        self._told = 0
        self._rest = SECOND
        self._pace = SECOND
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.tick)
        application.applicationStateChanged.connect(self.tick)
        # Later, for it is told of our own copies as well, while these are being made.
        queued = Qt.ConnectionType.QueuedConnection
        application.clipboard().dataChanged.connect(self.tick, queued)

    def copy(self, text: str, clears_in: timedelta) -> bool:
        """Copies; False where the platform did not take it.

        That is so when another program holds the Windows clipboard open, or when the window has
        not got the focus under Wayland. What was copied before is then cleared at its own time.
        `clears_in` zero: it stays until the program ends.
        """
        if not self._board.put(text):
            self.tick()
            return False
        self._forget()
        self._is_filled = True
        if clears_in:
            self._clears_in = clears_in
            self._clears_at = self._clock() + clears_in
            self._told = math.ceil(clears_in / SECOND)
            self._look_again()
        return True

    def count(self, seen: bool) -> None:
        """Whether anybody sees the seconds as they pass; until this is called, somebody does."""
        self._pace = SECOND if seen else UNSEEN
        if not self._is_due:
            self._look_again()

    @property
    def is_filled(self) -> bool:
        """Whether what was copied lies there still, as far as is known."""
        return self._is_filled

    def left(self) -> int | None:
        """Seconds until the clipboard is cleared, rounded up; None where no time is set."""
        if self._clears_at is None:
            return None
        return max(math.ceil((self._clears_at - self._clock()) / SECOND), 0)

    def tick(self) -> None:
        """Clears what is due. Call it after sleep too: the wall clock tells, not the timer."""
        if not self._is_filled:
            return
        if not self._board.is_ours():
            self._end(self.cleared if self._is_due else self.replaced)
        elif self._is_due:
            self._clear()
        else:
            self._count_down()

    def clear_now(self) -> None:
        """Clears, if what lies there is still ours; also to be called when the program ends."""
        self._is_due = self._is_filled
        self.tick()

    def _count_down(self) -> None:
        if self._clears_at is None:
            return
        # A clock set back must not let the secret lie there for longer than was promised.
        self._clears_at = min(self._clears_at, self._clock() + self._clears_in)
        left = self.left() or 0
        if left == 0:
            self.clear_now()
            return
        if left != self._told:
            self._told = left
            self.seconds_left.emit(left)
        self._look_again()

    def _clear(self) -> None:
        match self._board.clear():
            case Clearing.DONE:
                self._end(self.cleared)
            case Clearing.UNDER_WAY:
                self._timer.start(SOON // timedelta(milliseconds=1))
            case Clearing.REFUSED:
                self._timer.start(self._rest // timedelta(milliseconds=1))
                self._rest = min(2 * self._rest, RAREST)
                if not self._has_complained:
                    self._has_complained = True
                    self.could_not_clear.emit()

    def _look_again(self) -> None:
        """At the next whole second before the deadline, or at the deadline; more seldom unseen."""
        if self._clears_at is not None:
            left = max(self._clears_at - self._clock(), timedelta(0))
            pause = left % self._pace or self._pace
            self._timer.start(math.ceil(pause / timedelta(milliseconds=1)))

    def _end(self, how: SignalInstance) -> None:
        self._forget()
        how.emit()

    def _forget(self) -> None:
        self._timer.stop()
        self._is_filled = self._is_due = self._has_complained = False
        self._clears_at = None
        self._rest = SECOND


def _board_of(application: QGuiApplication) -> Board:
    platform = application.platformName()
    if platform.startswith("wayland"):
        from partner_tokens.ui.clipboard_wayland import WaylandBoard

        return WaylandBoard(application)
    if platform == "cocoa":
        from partner_tokens.ui.clipboard_macos import macos_board

        return macos_board(application)
    return QtBoard(application)
