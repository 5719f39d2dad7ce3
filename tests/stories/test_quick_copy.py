"""A copy in passing: from another program by one command, and back again."""

from pathlib import Path

import pytest

from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.harness import Stage
from stories.stored import known, store

pytestmark = pytest.mark.story

OTHER = """
from PySide6.QtWidgets import QApplication, QLineEdit
qt = QApplication([])
field = QLineEdit()
field.setWindowTitle("Other program")
field.show()
qt.exec()
"""


@pytest.fixture
def other(stage: Stage, profile: Path, service: Sandbox) -> None:
    """Tokens are stored, and another program has the keyboard."""
    store(profile, stage.keyring, service, known("Contoso"), known("Fabrikam"))
    stage.desktop.start(["-c", OTHER], "other")
    stage.desktop.focus("^Other program$")


def test_from_a_cold_start_the_palette_copies_and_the_copy_outlives_it(
    stage: Stage, profile: Path, other: None
) -> None:
    program = stage.start("--profile", str(profile), "--quick")
    stage.desktop.sees_focus("^Quick copy$")
    stage.desktop.type("fabr")
    stage.desktop.keys("Return")
    stage.desktop.sees_focus("^Other program$")
    header = wait_for(stage.desktop.clipboard, "the header on the clipboard")
    assert header.startswith("csp-auth-token: ")
    assert program.process.poll() is None
    stage.desktop.copy_elsewhere("something else")
    assert (program.ended(), program.errors) == (0, "")
    assert stage.desktop.clipboard() == "something else"


def test_a_running_program_is_asked_and_the_focus_comes_back(
    stage: Stage, profile: Path, other: None
) -> None:
    first = stage.open(profile, "Contoso", "Fabrikam")
    stage.desktop.focus("^Other program$")
    second = stage.start("--profile", str(profile), "--quick")
    assert (second.ended(), second.errors) == (0, "")
    stage.desktop.sees_focus("^Quick copy$")
    stage.desktop.keys("Down", "ctrl+Return")
    stage.desktop.sees_focus("^Other program$")
    assert wait_for(stage.desktop.clipboard, "curl").startswith("curl ")
    third = stage.start("--profile", str(profile), "--copy", "contoso")
    assert (third.ended(), third.errors) == (0, "")
    wait_for(lambda: stage.desktop.clipboard().startswith("csp-auth-token: "), "the header")
    stage.desktop.sees_focus("^Other program$")
    stage.desktop.focus("^Partner Tokens$")
    stage.desktop.keys("ctrl+q")
    assert (first.ended(), first.errors) == (0, "")
    assert stage.desktop.clipboard() == ""


def test_escape_ends_a_program_that_was_started_for_the_palette_alone(
    stage: Stage, profile: Path, other: None
) -> None:
    program = stage.start("--profile", str(profile), "--quick")
    stage.desktop.sees_focus("^Quick copy$")
    stage.desktop.keys("Escape")
    assert (program.ended(), program.errors) == (0, "")
    stage.desktop.sees_focus("^Other program$")
