"""The icon in a real tray: closing the window leaves it there, and its menu copies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from partner_tokens.core.preferences import save
from partner_tokens.core.profile import profile_under
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.harness import Stage
from stories.panel import BusPanel, X11Panel
from stories.stored import known, store

pytestmark = pytest.mark.story

RED = "ffc4314b"
"""The badge, as a pixel of ARGB."""


@pytest.fixture
def panel(stage: Stage) -> Iterator[X11Panel]:
    made = X11Panel(stage)
    yield made
    made.end()


@pytest.fixture
def bus_panel(stage: Stage) -> Iterator[BusPanel]:
    made = BusPanel(stage)
    yield made
    made.end()


def close_to_tray(stage: Stage) -> None:
    stage.desktop.focus("^Partner Tokens$")
    stage.desktop.close_window("^Partner Tokens$")
    wait_for(lambda: "Partner Tokens" not in stage.desktop.shown_titles(), "the window is closed")


def click_icon(stage: Stage) -> None:
    def clicked() -> bool:
        stage.desktop.click(14, 14)
        return "Partner Tokens" in stage.desktop.shown_titles()

    wait_for(clicked, "a click on the icon shows the window")


def test_closing_the_window_leaves_it_in_the_tray_and_a_second_start_shows_it_again(
    stage: Stage, profile: Path, service: Sandbox, panel: X11Panel
) -> None:
    store(profile, stage.keyring, service, known("Contoso"))
    program = stage.open(profile, "Contoso", "Keyring: Secret Service")
    close_to_tray(stage)
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
    program = stage.open(profile, "Contoso", "Keyring: Secret Service")
    stage.desktop.close_window("^Partner Tokens$")
    assert (program.ended(), program.errors) == (0, "")


def test_the_icon_comes_back_when_the_panel_restarts(
    stage: Stage, profile: Path, service: Sandbox, panel: X11Panel
) -> None:
    store(profile, stage.keyring, service, known("Contoso"))
    program = stage.open(profile, "Contoso", "Keyring: Secret Service")
    close_to_tray(stage)
    panel.end()
    panel.start()

    click_icon(stage)
    stage.desktop.focus("^Partner Tokens$")
    stage.desktop.keys("ctrl+q")
    assert (program.ended(), program.errors) == (0, "")


def test_a_panel_of_the_older_kind_that_comes_late_has_the_icon(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, known("Contoso"))
    program = stage.open(profile, "Contoso", "Keyring: Secret Service")
    stage.desktop.minimise("^Partner Tokens$")
    panel = X11Panel(stage)
    click_icon(stage)
    close_to_tray(stage)
    assert program.process.poll() is None
    assert program.errors == ""
    panel.end()


def test_a_panel_on_the_bus_that_comes_late_and_restarts_has_the_icon_and_its_menu(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, known("Contoso"))
    program = stage.open(profile, "Contoso", "Keyring: Secret Service")
    stage.desktop.keys("ctrl+d")  # it is pinned, and so in the menu
    stage.sees(program, "is pinned")
    panel = BusPanel(stage)
    wait_for(lambda: panel.ask("items") == 1, "the icon is in the panel")
    panel.end()
    panel.start()
    wait_for(lambda: panel.ask("items") == 1, "the icon is in the panel again")
    close_to_tray(stage)
    assert program.process.poll() is None
    panel.ask("press Contoso, build")
    wait_for(lambda: stage.desktop.clipboard().startswith("csp-auth-token: "), "the header")
    panel.ask("press Find and copy…")
    stage.desktop.sees_focus("^Quick copy$")
    stage.desktop.keys("Escape")
    panel.ask("click")
    stage.desktop.sees_focus("^Partner Tokens$")
    panel.end()
    stage.desktop.close_window("^Partner Tokens$")  # nowhere to stay
    assert (program.ended(), program.errors) == (0, "")


def test_the_icon_bears_a_badge_while_something_needs_somebody(
    stage: Stage, profile: Path, service: Sandbox, bus_panel: BusPanel
) -> None:
    store(profile, stage.keyring, service, known("Contoso", behaviour=Behaviour.REFUSED_CSP))
    save(profile_under(profile).preferences_path, reminders=False)  # its message is a tooltip too
    program = stage.open(profile, "Contoso", "Keyring: Secret Service")
    wait_for(lambda: bus_panel.ask("items") == 1, "the icon is in the panel")
    assert RED not in bus_panel.ask("icon")[2]
    stage.desktop.keys("Return")
    stage.sees(program, "refused")
    wait_for(lambda: RED in bus_panel.ask("icon")[2], "the badge")
    assert bus_panel.ask("tooltip") == "Partner Tokens\n1 token needs you"
