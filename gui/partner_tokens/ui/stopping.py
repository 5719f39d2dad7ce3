"""Ends the program in order when the system asks it to, by Ctrl+C, `kill` or a logout."""

import signal
import socket
import time
from types import FrameType
from typing import NoReturn

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier, Slot

from partner_tokens.core.ending import end_process

ASKING = tuple(
    signal.Signals[name]
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if name in signal.Signals.__members__
)
"""SIGHUP where there are terminals that hang up, SIGBREAK (Ctrl+Break) on Windows."""


LONG_ENOUGH = 2.0
"""Seconds in which the program should have ended by itself."""


class Stopping(QObject):
    """Python's own handlers run only between two bytecodes, and an idle Qt loop runs none.

    So the interpreter writes each signal's number into a socket that wakes the loop. The program
    then leaves its loop as by Quit, except that no window is asked: nobody may be there to answer.
    If it is still there a while later, another signal ends it, whatever it is busy with.
    """

    def __init__(self, application: QCoreApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._application = application
        self._inlet, self._outlet = socket.socketpair()
        for end in (self._inlet, self._outlet):
            end.setblocking(False)
        self._notifier = QSocketNotifier(
            self._outlet.fileno(), QSocketNotifier.Type.Read, parent=self
        )
        self._notifier.activated.connect(self._end)
        # Who starts a program with nohup or in the background has some signals ignored: so be it.
        self._before = {
            number: signal.signal(number, self._heard)
            for number in ASKING
            if signal.getsignal(number) is not signal.SIG_IGN
        }
        self._heard_at: float | None = None
        self._fd_before = signal.set_wakeup_fd(self._inlet.fileno(), warn_on_full_buffer=False)

    def close(self) -> None:
        """Leaves the signals as they were found.

        A program that was asked to end goes on hearing until `end_with`: the same request, come
        again, would have it end otherwise than in order.
        """
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._fd_before)
        if self._heard_at is None:
            for number, handler in self._before.items():
                signal.signal(number, handler)
        self._inlet.close()
        self._outlet.close()

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        """The same request may come twice at once: from the terminal, and from a parent."""
        if self._heard_at is None:
            self._heard_at = time.monotonic()
        elif time.monotonic() - self._heard_at > LONG_ENOUGH:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    @Slot()
    def _end(self) -> None:
        heard = self._outlet.recv(64)
        if any(number in heard for number in self._before):
            self._application.exit(0)


def end_with(application: QCoreApplication, code: int) -> NoReturn:
    """Takes Qt down, which hands what lies on the clipboard over to the system; ends the process.

    From here on it hears no signal: it would end by that, and not in order.
    """
    for number in ASKING:
        signal.signal(number, signal.SIG_IGN)
    application.shutdown()
    end_process(code)
