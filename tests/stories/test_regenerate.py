"""Regenerate a token: pasted, the program killed, started again, offered again, put in place."""

import json
import os
import signal
from pathlib import Path

import pytest

from desktop import Program
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.harness import Stage
from stories.stored import known, store
from stories.traces import files_under, found_in

pytestmark = pytest.mark.story

CONTOSO = known("Contoso")
FRESH = known("Contoso", api_token="MarkerFresh" + "Kp8" * 15)
WINDOW = "^Regenerate token"


def kill(program: Program) -> None:
    """As when the power fails."""
    os.kill(program.process.pid, signal.SIGKILL)
    program.process.wait()


def open_window(stage: Stage, program: Program) -> None:
    """Ctrl+R on the only row; the keyboard is on the button that opens the portal then."""
    stage.desktop.keys("ctrl+r")
    stage.desktop.focus(WINDOW)
    stage.sees(program, "switch to Contoso there first", "Every copy of the old token")


def test_a_pasted_token_outlives_the_kill_of_the_program_and_is_put_in_place_in_the_next_run(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, CONTOSO)
    service.register(FRESH)
    service.behave(FRESH.api_token, Behaviour.HANG)
    desktop = stage.desktop
    program = stage.open(profile, "Contoso", "Keyring: Secret Service")
    open_window(stage, program)
    desktop.copy_elsewhere(f" {FRESH.api_token}\n")
    desktop.keys("Tab", "ctrl+v")
    stage.sees(program, "Proving the new token with 127.0.0.1")
    wait_for(lambda: service.exchanges, "the exchange is under way")
    kill(program)

    service.behave(FRESH.api_token, Behaviour.FINE)
    service.revoke(CONTOSO.api_token)
    ears = stage.listen()
    again = stage.open(profile, "A new token is not in place yet.", "Pasted for Contoso, build")
    assert stage.tree(again).rows()[0].endswith("new token waits")
    stage.press(again, "Go on…")
    desktop.focus(WINDOW)
    stage.sees(again, "It is kept, sealed,")
    desktop.keys("Return")
    tree = stage.sees(again, "The new token works.", "Old token", "New token")
    assert any(node.name == "Replace" and "focused" in node.states for node in tree.walk())
    desktop.keys("Return")
    ears.hears("Contoso, build has its new token. The old one lies in the trash.")
    desktop.focus("^Partner Tokens$")
    wait_for(lambda: "waits" not in stage.tree(again).selected(), "the row is the new one")

    desktop.keys("Return")
    wait_for(lambda: desktop.clipboard().startswith("csp-auth-token: eyJ"), "the header")
    (row,) = json.loads(stage.terminal(profile, "list", "--json"))
    assert row["organization"] == "Contoso"
    desktop.keys("ctrl+q")
    assert (again.ended(), again.errors) == (0, "")
    for secret in (CONTOSO.api_token, FRESH.api_token):
        assert found_in(files_under(stage.folder), secret) == []


def test_two_are_renewed_in_one_sitting_by_keyboard(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    alpine = known("Alpine")
    store(profile, stage.keyring, service, alpine, CONTOSO)
    desktop, ears = stage.desktop, stage.listen()
    program = stage.open(profile, "Alpine", "Keyring: Secret Service")
    desktop.keys("ctrl+shift+r")
    desktop.focus("^Renew what runs out")
    stage.sees(program, "Nothing is refused or runs out within 14 days.")
    desktop.keys("alt+w", "Down")
    ears.hears("1 of 2 2 to renew: 2 run out within 30 days.")
    for position, organization in enumerate(("Alpine", "Contoso"), start=1):
        fresh = known(organization, api_token=f"Marker{organization}" + "Kp8" * 15)
        service.register(fresh)
        stage.sees(program, f"{position} of 2", f"switch to {organization} there first")
        desktop.copy_elsewhere(fresh.api_token)
        desktop.keys("alt+n", "ctrl+v")
        stage.sees(program, "The new token works.")
        desktop.keys("Return")
        ears.hears(f"{organization}, build has its new token.")
    stage.sees(program, "2 tokens renewed.")
    desktop.keys("Escape")
    desktop.focus("^Partner Tokens$")
    assert program.errors == ""
