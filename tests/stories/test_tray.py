"""The icon in a real tray: closing the window leaves it there, and its menu copies."""

from pathlib import Path

import pytest

from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.harness import Stage
from stories.stored import known, store

pytestmark = pytest.mark.story


PANEL = """
panel_items = S
panel_size = 300 28
panel_position = top left horizontal
"""


@pytest.fixture
def panel(stage: Stage) -> None:
    """A panel that has nothing but a tray, at the upper edge of the screen."""
    settings = stage.folder / "panel.conf"
    settings.write_text(PANEL)
    stage.desktop.spawn("tint2", ["tint2", "-c", str(settings)])
    stage.desktop.window("^tint2$")


def test_closing_the_window_leaves_it_in_the_tray_and_a_second_start_shows_it_again(
    stage: Stage, profile: Path, service: Sandbox, panel: None
) -> None:
    store(profile, stage.keyring, service, known("Contoso"))
    program = stage.open(profile, "Contoso")
    stage.desktop.keys("alt+F4")
    wait_for(lambda: "Partner Tokens" not in stage.desktop.shown_titles(), "the window is closed")
    assert program.process.poll() is None
    second = stage.start("--profile", str(profile))
    assert second.ended() == 0
    stage.desktop.sees_focus("^Partner Tokens$")
    stage.desktop.keys("ctrl+q")
    assert (program.ended(), program.errors) == (0, "")


def test_without_a_tray_closing_the_window_ends_the_program(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, known("Contoso"))
    program = stage.open(profile, "Contoso")
    stage.desktop.keys("alt+F4")
    assert (program.ended(), program.errors) == (0, "")
