"""A second start raises the first window and ends; a program that hangs is told of."""

import signal
from pathlib import Path

import pytest

from patience import wait_for
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


def test_of_five_simultaneous_starts_one_opens_a_window(stage: Stage, profile: Path) -> None:
    programs = [stage.start("--profile", str(profile)) for _ in range(5)]
    stage.desktop.window("^Partner Tokens$")
    wait_for(lambda: sum(p.process.poll() is None for p in programs) == 1, "four have ended")
    (first,) = [program for program in programs if program.process.poll() is None]
    assert [p.ended() for p in programs if p is not first] == [0] * 4
    assert [program.errors for program in programs] == [""] * 5
    assert stage.desktop.shown_titles().count("Partner Tokens") == 1
    stage.desktop.focus("^First minute")
    stage.desktop.keys("Escape")
    stage.desktop.focus("^Partner Tokens$")
    stage.desktop.keys("ctrl+q")
    assert (first.ended(), first.errors) == (0, "")


def test_after_a_crash_the_next_start_opens_a_window_and_is_asked(
    stage: Stage, profile: Path
) -> None:
    first = stage.open_first(profile, "Add token")
    first.process.kill()
    assert first.ended() == -signal.SIGKILL
    second = stage.open(profile, "Add token")
    third = stage.start("--profile", str(profile), "--quick")
    assert (third.ended(), third.errors) == (0, "")
    stage.desktop.sees_focus("^Quick copy$")
    stage.desktop.keys("Escape")
    assert second.process.poll() is None


def test_what_is_asked_for_while_the_first_program_loads_is_done_when_it_has(
    stage: Stage, profile: Path
) -> None:
    first = stage.desktop.start(["-c", SLOW, "--profile", str(profile)], "slow")
    wait_for((profile / "instance.lock").exists, "it is the first")
    second = stage.start("--profile", str(profile), "--quick")
    assert (second.ended(), second.errors) == (0, "")
    assert stage.desktop.shown_titles() == []
    first.tell("go on")
    stage.desktop.window("^Quick copy$")
    stage.desktop.window("^Partner Tokens$")


SLOW = """
import sys
import partner_tokens.parts
original = partner_tokens.parts.Parts.__init__
def waiting(*arguments, **more):
    sys.stdin.readline()
    original(*arguments, **more)
partner_tokens.parts.Parts.__init__ = waiting
from partner_tokens.__main__ import main
sys.exit(main())
"""
"""Loads for as long as the test likes, as from a cold disk."""


def test_a_start_while_the_first_program_ends_opens_a_window_of_its_own(
    stage: Stage, profile: Path
) -> None:
    first = stage.desktop.start(["-c", STUCK, "--profile", str(profile)], "stuck")
    stage.desktop.focus("^First minute")
    stage.desktop.keys("Escape")
    stage.desktop.focus("^Partner Tokens$")
    stage.desktop.keys("ctrl+q")
    wait_for(lambda: "it ends" in first.out, "it ends")
    second = stage.start("--profile", str(profile))
    stage.sees(second, "Add token")
    assert (first.ended(), first.errors) == (0, "")
    stage.desktop.focus("^Partner Tokens$")
    stage.desktop.keys("ctrl+q")
    assert (second.ended(), second.errors) == (0, "")


STUCK = """
import sys
import partner_tokens.parts
original = partner_tokens.parts.Parts.close
def waiting(parts):
    print("it ends", flush=True)
    sys.stdin.readline()
    original(parts)
partner_tokens.parts.Parts.close = waiting
from partner_tokens.__main__ import main
sys.exit(main())
"""
"""Does not come to the end of its farewell, as on a dead disk."""
