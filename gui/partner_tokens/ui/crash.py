"""Catches what nobody expected: it is written down without secrets, and the program goes on."""

import os
import sys
import threading
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)

from partner_tokens.core.faults import describe

if TYPE_CHECKING:
    import logging
    from sys import UnraisableHookArgs

LONGEST_FILE = 64 * 1024
"""Bytes of native traces after which a new file is begun."""

MOST_PLACES = 100
"""So many different faults are written down in one run; one that paints comes sixty a second."""

_WORTH_NOTING = {QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg}


class CrashNet(QObject):
    """Stands behind every thread and slot, from `install` to `remove`.

    The same fault at the same place is written down the first, the tenth, the hundredth time …
    The log's libraries are loaded, and its file is made, with the first line.
    """

    caught = Signal(str)
    """A fault at a place that had none before: redacted details, fit to be sent to support."""
    _told = Signal(str)

    def __init__(self, log_path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_path = log_path
        self._counting = threading.Lock()
        self._times: Counter[str] = Counter()
        self._log: logging.Handler | None = None
        self._told.connect(self.caught, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Hooks in; on the GUI thread, before the first window."""
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        sys.unraisablehook = self._unraisable
        qInstallMessageHandler(self._from_qt)

    def remove(self) -> None:
        """Hooks out, and closes the log."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__
        qInstallMessageHandler(None)
        if self._log is not None:
            from partner_tokens.core.logs import LOGGER

            LOGGER.removeHandler(self._log)
            self._log.close()
            self._log = None

    @Slot(object)
    def take(self, error: BaseException) -> None:
        """Takes a fault that was caught elsewhere. Any thread may call."""
        place, details = describe(error)
        if self._note(place, details) and shiboken6.isValid(self):
            self._told.emit(details)

    def _uncaught(
        self, kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        if issubclass(kind, Exception):
            self.take(error)
        else:
            sys.__excepthook__(kind, error, _trace)

    def _uncaught_in_thread(self, found: threading.ExceptHookArgs) -> None:
        if found.exc_value is not None and not isinstance(found.exc_value, SystemExit):
            self.take(found.exc_value)

    def _unraisable(self, found: "UnraisableHookArgs") -> None:
        if found.exc_value is not None:
            self.take(found.exc_value)

    def _from_qt(self, kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        """Qt calls on any thread; what it says is for the log only."""
        if kind in _WORTH_NOTING:
            from partner_tokens.core.redaction import redact

            line = f"Qt: {redact(message)}"
            self._note(line, line)

    def _note(self, place: str, details: str) -> bool:
        """Writes it down if it is time to; whether it happened for the first time."""
        with self._counting:
            if place not in self._times and len(self._times) >= MOST_PLACES:
                return False
            self._times[place] += 1
            times = self._times[place]
        if _is_power_of_ten(times):
            self._write(details if times == 1 else f"{times} times now: {place}")
        return times == 1

    def _write(self, text: str) -> None:
        from partner_tokens.core.logs import LOGGER, start_log

        with self._counting:
            if self._log is None:
                self._log = start_log(self._log_path)
        LOGGER.error(text)
        if sys.stderr is not None:  # there is none in a program without a console
            sys.stderr.write(f"{text}\n")


def _is_power_of_ten(times: int) -> bool:
    return set(str(times)[1:]) <= {"0"} and str(times)[0] == "1"


def keep_native_traces(path: Path) -> None:
    """Has a crash inside Qt or Python leave the way it came in a file of its own.

    The traces name files and functions only. Touches the disk: call it off the GUI thread.
    """
    import faulthandler

    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_long = path.exists() and path.stat().st_size > LONGEST_FILE
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | (os.O_TRUNC if is_long else 0)
        flags |= getattr(os, "O_NOFOLLOW", 0)
        faulthandler.enable(os.open(path, flags, 0o600))  # open as long as the process lives
    except OSError:
        return  # the log will have to do
