"""Timers whose pace is a timedelta."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QObject, QTimer


def timer(
    parent: QObject, every: timedelta, deed: Callable[[], object], *, once: bool = False
) -> QTimer:
    """A timer that belongs to `parent`, not yet started; `once` makes it ring a single time."""
    made = QTimer(parent)
    made.setInterval(round(every.total_seconds() * 1000))
    made.setSingleShot(once)
    made.timeout.connect(deed)
    return made
