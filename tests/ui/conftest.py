"""Qt without a screen, and nothing left behind: no thread, no window."""

import gc
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from partner_tokens.ui.background import Background
from patience import wait_for
from ui.browser import Browser
from ui.building import Building, building
from ui.token_dialog_steps import Opener, dialogs
from ui.world import World

PATIENCE = 5.0
"""Seconds until a test that waits for something gives up."""


@pytest.fixture
def background(qapp: QApplication) -> Iterator[Background]:
    """Threads that are dismissed when the test is over."""
    made = Background()
    yield made
    made.stop()
    assert made.wait(timedelta(seconds=PATIENCE))


def _threads_beside(before: set[threading.Thread]) -> list[str]:
    """Also such as another thread is just starting, which nobody can join yet."""
    return [thread.name for thread in threading.enumerate() if thread not in before]


@pytest.fixture(autouse=True)
def leaves_nothing_behind(qapp: QApplication) -> Iterator[None]:
    """Fails a test whose threads or windows outlive it; pytest-qt has closed what it was given."""
    QApplication.clipboard().clear()  # one test's copy is not the next one's
    before = set(threading.enumerate())
    gc.disable()  # as in the program: there may be widgets in it, and other threads in the test
    yield
    with suppress(AssertionError):
        wait_for(lambda: not _threads_beside(before))
    threads = _threads_beside(before)
    left = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    for window in left:
        window.close()
    gc.collect()
    gc.enable()
    assert not threads
    assert not left, f"left open: {left}"


@pytest.fixture(autouse=True, scope="session")
def what_pytest_made_stays() -> None:
    """Else each test's garbage would be looked for in it."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    """The whole window, not started yet; ended with the test."""
    built = World.build(qtbot, qapp, tmp_path / "profile")
    yield built
    built.end()


@pytest.fixture
def house(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Building]:
    """The real parts below a dialog."""
    with building(tmp_path, qtbot, qapp) as made:
        yield made


@pytest.fixture
def opened(house: Building, qtbot: QtBot) -> Iterator[Opener]:
    """Opens the dialog that adds or edits a token."""
    with dialogs(house, qtbot) as opener:
        yield opener


@pytest.fixture
def browser(qapp: QApplication) -> Iterator[Browser]:
    """What the program opens in the browser lands here."""
    made = Browser()
    yield made
    made.close()
