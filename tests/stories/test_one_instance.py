"""A second start raises the first window and ends; a program that hangs is told of."""

import signal
from pathlib import Path

import pytest

from stories.harness import Stage

pytestmark = pytest.mark.story


def test_a_second_start_brings_the_first_window_forward(stage: Stage, profile: Path) -> None:
    first = stage.open_first(profile, "Add token")
    other = stage.desktop.start(["-c", COVER], "cover")
    stage.desktop.focus("^Cover$")
    second = stage.start("--profile", str(profile))
    assert (second.ended(), second.errors) == (0, "")
    stage.desktop.sees_focus("^Partner Tokens$")
    assert first.process.poll() is None
    assert other.process.poll() is None


def test_a_first_window_that_hangs_is_told_of(stage: Stage, profile: Path) -> None:
    first = stage.open_first(profile, "Add token")
    first.process.send_signal(signal.SIGSTOP)
    try:
        second = stage.start("--profile", str(profile))
        stage.sees(second, "is running, but does not answer")
        stage.desktop.keys("Return")
        assert second.ended() == 1
    finally:
        first.process.send_signal(signal.SIGCONT)


COVER = """
from PySide6.QtWidgets import QApplication, QLabel
qt = QApplication([])
label = QLabel("cover")
label.setWindowTitle("Cover")
label.resize(900, 700)
label.show()
qt.exec()
"""
