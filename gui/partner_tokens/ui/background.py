"""Runs core functions on daemon threads, and brings their outcomes home to the GUI thread."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from partner_tokens.core.errors import AppError, Unexpected

T = TypeVar("T")


class Lane(Enum):
    """Which threads do the work: the value is how many the lane has."""

    STORE = ("store", 1)
    KEYRING = ("keyring", 1)
    NETWORK = ("network", 6)


@dataclass(slots=True, eq=False)
class Job:
    """Work under way. Its outcome is delivered once, or never after `cancel`."""

    owner: QObject
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[AppError], None] | None
    is_cancelled: bool = False

    def cancel(self) -> None:
        """Delivers nothing; the work itself runs to its end."""
        self.is_cancelled = True


class Background(QObject):
    """Daemon threads that quit with the process: one that hangs holds nobody up.

    `QThreadPool` and executors wait for a stuck job when the program ends, and a running `QThread`
    that is destroyed aborts it.
    """

    went_wrong = Signal(object)
    """An AppError of a job that did not say what to do about it."""
    bug = Signal(object)
    """An exception that is no AppError."""
    _ended = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queues: dict[Lane, queue.SimpleQueue[Job | None]] = {}
        self._is_stopped = False
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        owner: QObject,
        work: Callable[[], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[AppError], None] | None = None,
        lane: Lane = Lane.NETWORK,
    ) -> Job:
        """Runs `work`, then `done` or `failed` on the GUI thread, if `owner` still lives."""
        job = Job(owner, work, done, failed)
        if not self._is_stopped:
            self._queue_of(lane).put(job)
        return job

    def stop(self) -> None:
        """Delivers nothing more; idle threads end, busy ones are left behind."""
        self._is_stopped = True
        for lane, waiting in self._queues.items():
            for _thread in range(lane.value[1]):
                waiting.put(None)

    def _queue_of(self, lane: Lane) -> "queue.SimpleQueue[Job | None]":
        if lane not in self._queues:
            self._queues[lane] = queue.SimpleQueue()
            name, count = lane.value
            for number in range(count):
                threading.Thread(
                    target=self._serve,
                    args=(self._queues[lane],),
                    name=f"{name}-{number}",
                    daemon=True,
                ).start()
        return self._queues[lane]

    def _serve(self, waiting: "queue.SimpleQueue[Job | None]") -> None:
        while (job := waiting.get()) is not None:
            outcome, error = None, None
            try:
                outcome = job.work()
            except Exception as raised:  # noqa: BLE001  # told on the GUI thread, see _deliver
                error = raised
            if self._is_stopped:
                return
            self._ended.emit(job, outcome, error)

    @Slot(object, object, object)
    def _deliver(self, job: Job, outcome: object, error: Exception | None) -> None:
        if self._is_stopped or job.is_cancelled or not shiboken6.isValid(job.owner):
            return
        if error is None:
            job.done(outcome)
            return
        if not isinstance(error, AppError):
            self.bug.emit(error)
            error = Unexpected(type(error).__name__)
        if job.failed is not None:
            job.failed(error)
        else:
            self.went_wrong.emit(error)
