"""Waits for a condition with a deadline, where no Qt loop runs in this process."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 15.0
"""Seconds; generous, for a machine that is busy."""


def wait_for(condition: Callable[[], T | None], what: str = "", seconds: float = PATIENCE) -> T:
    """Asks until the answer is true, and gives it; fails naming what did not happen."""
    pause = threading.Event()
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what or condition}")
        pause.wait(0.02)
