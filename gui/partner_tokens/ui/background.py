"""Runs core functions on daemon threads, and brings their outcomes home to the GUI thread."""

import threading
import weakref
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from enum import Enum
from queue import SimpleQueue
from time import monotonic
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot

from partner_tokens.core.errors import AppError, NothingBegins, Unexpected

T = TypeVar("T")


class Lane(Enum):
    """Which threads do the work: the lane's name, and how many threads it has at most."""

    STORE = ("store", 1)
    KEYRING = ("keyring", 1)
    NETWORK = ("network", 6)
    """What the user waits for, and nothing else: it never queues behind what hangs unasked."""
    ASIDE = ("aside", 4)
    """What is exchanged and asked without anybody waiting for it."""
    CHECKS = ("checks", 3)
    """Whether services can be reached, also while all that is done aside hangs."""
    FILES = ("files", 1)
    EXPORTS = ("exports", 1)


FINISHED = (Lane.STORE, Lane.EXPORTS)
"""The lanes on which the user's changes are made: what was asked for is done, even at the end."""


class Job:
    """Work that was asked for. Its outcome is delivered once, or never after `cancel`."""

    def __init__(self, errand: "_Errand | None") -> None:
        self._errand = errand

    def cancel(self) -> None:
        """Delivers nothing; the work itself runs to its end."""
        if self._errand is not None:
            self._errand.is_wanted = False


class _Errand:
    """One job on its way out and home.

    `Background` keeps it until its outcome has been delivered, and then empties it on the GUI
    thread: work and callbacks may hold the last reference to a QObject, which must not be freed on
    another thread.
    """

    def __init__(
        self,
        owner: QObject,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[AppError], None] | None,
    ) -> None:
        self.owner = weakref.ref(owner)
        self.work: Callable[[], Any] | None = work
        self.done: Callable[[Any], None] | None = done
        self.failed = failed
        self.is_wanted = True
        self.outcome: Any = None
        self.error: BaseException | None = None

    def do(self) -> None:
        """Does the work, on a thread of the lane."""
        if self.work is None:
            return
        try:
            self.outcome = self.work()
        except AppError as error:
            # Frames and causes may hold secrets and QObjects; what is shown is in the error itself.
            error.__context__ = error.__cause__ = None
            self.error = error.with_traceback(None)
        except BaseException as error:  # noqa: BLE001  # a bug, told on the GUI thread
            self.error = error

    def is_awaited(self) -> bool:
        """Whether somebody is still there to hear of it."""
        owner = self.owner()
        return self.is_wanted and owner is not None and shiboken6.isValid(owner)

    def empty(self) -> None:
        """Lets go of everything; called on the GUI thread."""
        self.work = self.done = self.failed = self.outcome = self.error = None


class _Crew:
    """The threads of one lane, each started when there is work and nobody idle to do it."""

    def __init__(self, lane: Lane, home: Callable[[_Errand], None]) -> None:
        self._name, self._most = lane.value
        self._home = home
        self._changed = threading.Condition()
        self._waiting: deque[_Errand] = deque()
        self._threads = 0
        self._idle = 0
        self._is_dismissed = False

    def take(self, errand: _Errand) -> None:
        """Does the errand when its turn comes; it fails where no thread can be had for it."""
        with self._changed:
            self._waiting.append(errand)
            self._changed.notify()
            if self._idle < len(self._waiting) and self._threads < self._most:
                self._begin_thread()
            if self._threads:
                return
            self._waiting.remove(errand)
        errand.error = NothingBegins()
        self._home(errand)

    def _begin_thread(self) -> None:
        self._threads += 1
        name = f"{self._name}-{self._threads}"
        try:
            threading.Thread(target=self._serve, name=name, daemon=True).start()
        except RuntimeError:  # the system has none to give: the others of the lane do it later
            self._threads -= 1

    def dismiss(self, *, finish: bool) -> None:
        """Ends each thread once its errand is done; with `finish`, once nothing is left to do."""
        with self._changed:
            self._is_dismissed = True
            if not finish:
                self._waiting.clear()
            self._changed.notify_all()

    def wait(self, at_most: timedelta) -> bool:
        """Waits until all threads of a dismissed crew have ended; whether they have."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._threads, at_most.total_seconds())

    def _serve(self) -> None:
        while (errand := self._next()) is not None:
            errand.do()
            self._home(errand)
            del errand  # while idle, a thread holds on to nothing

    def _next(self) -> _Errand | None:
        with self._changed:
            self._idle += 1
            self._changed.wait_for(lambda: self._waiting or self._is_dismissed)
            self._idle -= 1
            if self._waiting:
                return self._waiting.popleft()
            self._threads -= 1
            self._changed.notify_all()
            return None


class Background(QObject):
    """Lives on the GUI thread; its daemon threads quit with the process, whatever they wait for.

    `QThreadPool` and executors wait for a stuck job when the program ends, and a running `QThread`
    that is destroyed aborts it.
    """

    went_wrong = Signal(object)
    """An AppError of a job that did not say what to do about it."""
    bug = Signal(object)
    """An exception that is no AppError: the log is told, the job's `failed` hears Unexpected."""
    delivered = Signal()
    """A job was done, and its owner has heard of it."""
    _came_home = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._crews: dict[Lane, _Crew] = {}
        self._abroad: set[_Errand] = set()
        self._home: SimpleQueue[_Errand] = SimpleQueue()
        self._stopping = threading.Lock()
        self._is_stopped = False
        self._came_home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        owner: QObject,
        work: Callable[[], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[AppError], None] | None = None,
        lane: Lane = Lane.NETWORK,
    ) -> Job:
        """Runs `work` on the lane, then `done` or `failed` on the GUI thread, if `owner` lives.

        One of the two is always called, unless the job is cancelled, so that `owner` can leave a
        busy state. `work` is a plain core function of frozen values: it touches no QObject. Call it
        on the GUI thread. After `stop` nothing is run.
        """
        if self._is_stopped:
            return Job(None)
        errand = _Errand(owner, work, done, failed)
        self._abroad.add(errand)
        if lane not in self._crews:
            self._crews[lane] = _Crew(lane, self._bring_home)
        self._crews[lane].take(errand)
        return Job(errand)

    def stop(self) -> None:
        """Runs and delivers nothing more, at once; what hangs is left behind.

        Only the lanes of the user's changes still do what was asked of them.
        """
        with self._stopping:
            self._is_stopped = True
        for lane, crew in self._crews.items():
            crew.dismiss(finish=lane in FINISHED)

    def say(self, signal: SignalInstance, *words: str) -> None:
        """Emits a signal, on any thread, unless `stop` was called: Qt may be gone then.

        It is to be connected by a queue, for whoever hears of it must not hold the others up.
        """
        with self._stopping:
            if not self._is_stopped:
                signal.emit(*words)

    def wait(self, at_most: timedelta) -> bool:
        """After `stop`: waits until the user's changes are made; whether all of them are."""
        ends = monotonic() + at_most.total_seconds()
        crews = [self._crews[lane] for lane in FINISHED if lane in self._crews]
        return all(crew.wait(timedelta(seconds=ends - monotonic())) for crew in crews)

    def _bring_home(self, errand: _Errand) -> None:
        """On a thread of a lane. The signal carries nothing: what it wakes looks into the queue."""
        with self._stopping:  # never a signal once `stop` has returned: Qt may be gone
            if self._is_stopped or not shiboken6.isValid(self):
                return
            self._home.put(errand)
            self._came_home.emit()

    @Slot()
    def _deliver(self) -> None:
        """One outcome for each signal, so that a callback that raises keeps nobody else waiting."""
        if self._is_stopped:
            return
        errand = self._home.get()
        self._abroad.discard(errand)
        try:
            if errand.is_awaited():
                self._tell(errand)
        finally:
            errand.empty()
            self.delivered.emit()

    def _tell(self, errand: _Errand) -> None:
        error = errand.error
        if error is None:
            if errand.done is not None:
                errand.done(errand.outcome)
            return
        if not isinstance(error, AppError):
            self.bug.emit(error)
            error = Unexpected(type(error).__name__)
        if errand.failed is not None:
            errand.failed(error)
        else:
            self.went_wrong.emit(error)
