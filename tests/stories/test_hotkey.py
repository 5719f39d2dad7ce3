"""A key of the whole screen: it opens the quick copy from another program, and is no one else's."""

import json
from pathlib import Path

import pytest

from partner_tokens.core.preferences import save
from partner_tokens.core.profile import profile_under
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

THIEF = """
import sys
from Xlib import XK, X
from Xlib.display import Display
display = Display()
key = display.keysym_to_keycode(XK.string_to_keysym("k"))
grab = display.screen().root.grab_key
grab(key, X.ControlMask | X.Mod1Mask, True, X.GrabModeAsync, X.GrabModeAsync)
display.sync()
print("taken", flush=True)
sys.stdin.read()
"""


def test_a_key_chosen_in_the_preferences_is_heard_in_every_program(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, known("Contoso"), known("Fabrikam"))
    program = stage.open(profile, "Contoso", "Keyring: Secret Service")
    stage.desktop.keys("ctrl+comma")
    stage.desktop.sees_focus("^Preferences")
    stage.desktop.keys("End", "alt+k", "ctrl+alt+k", "Return")
    preferences = profile_under(profile).preferences_path
    wait_for(preferences.exists, "the choice is written")
    assert json.loads(preferences.read_text()) == {"hotkey": "Ctrl+Alt+K"}
    stage.desktop.start(["-c", OTHER], "other")
    stage.desktop.focus("^Other program$")
    for locked in ("", "Num_Lock", "Caps_Lock"):
        if locked:
            stage.desktop.keys(locked)
        stage.desktop.keys("ctrl+alt+k")
        stage.desktop.sees_focus("^Quick copy$")
        stage.desktop.keys("Escape")
        stage.desktop.sees_focus("^Other program$")
    stage.desktop.keys("Caps_Lock", "Num_Lock", "ctrl+alt+k")
    stage.desktop.sees_focus("^Quick copy$")
    stage.desktop.type("fabr")
    stage.desktop.keys("Return")
    stage.desktop.sees_focus("^Other program$")
    wait_for(lambda: stage.desktop.clipboard().startswith("csp-auth-token: "), "the header")
    stage.desktop.focus("^Partner Tokens$")
    stage.desktop.keys("ctrl+q")
    assert (program.ended(), program.errors) == (0, "")


def test_a_key_that_another_program_has_is_told_of_and_given_back_when_it_changes(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    thief = stage.desktop.start(["-c", THIEF], "thief")
    wait_for(lambda: thief.out == "taken\n", "the key is taken")
    store(profile, stage.keyring, service, known("Contoso"))
    save(profile_under(profile).preferences_path, hotkey="Ctrl+Alt+K")
    program = stage.open(profile, "Ctrl+Alt+K does not open the quick copy", "Another program")
    assert thief.ended() == 0
    stage.desktop.keys("ctrl+comma")
    stage.desktop.sees_focus("^Preferences")
    stage.desktop.keys("End", "alt+k", "ctrl+alt+j", "Return")
    stage.desktop.sees_focus("^Partner Tokens$")
    wait_for(
        lambda: "does not open" not in stage.tree(program).words(), "nothing is amiss any more"
    )
    stage.desktop.keys("ctrl+alt+j")
    stage.desktop.sees_focus("^Quick copy$")
    stage.desktop.keys("Escape")
