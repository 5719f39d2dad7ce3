"""Qt without a screen, and nothing left behind: no thread, no window."""

import os
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication

from partner_tokens.ui.background import Background

PATIENCE = 5.0
"""Seconds until a test that waits for something gives up."""


@pytest.fixture
def background(qapp: QApplication) -> Iterator[Background]:
    """Threads that are dismissed when the test is over."""
    made = Background()
    yield made
    made.stop()
    assert made.wait(timedelta(seconds=PATIENCE))


@pytest.fixture(autouse=True)
def leaves_nothing_behind(qapp: QApplication) -> Iterator[None]:
    """Fails a test whose threads or windows outlive it; pytest-qt has closed what it was given."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENCE)
        assert not thread.is_alive(), f"the thread {thread.name} was left behind"
    left = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    for window in left:
        window.close()
    assert not left, f"left open: {left}"
