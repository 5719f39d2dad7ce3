"""When the desktop locks its screen, the program locks too, if that is wanted."""

import subprocess
from pathlib import Path

import pytest

from partner_tokens.core.preferences import save
from partner_tokens.core.profile import profile_under
from partner_tokens.sandbox.service import Sandbox
from stories.harness import Stage
from stories.stored import known, store

pytestmark = pytest.mark.story

SIGNAL = ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver.ActiveChanged")


def lock_the_screen(stage: Stage) -> None:
    subprocess.run(
        ["dbus-send", "--session", "--type=signal", *SIGNAL, "boolean:true"],
        env=stage.desktop.environment,
        check=True,
    )


def test_it_locks_with_the_screen_and_the_keyring_opens_it_again(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, known("Contoso"))
    save(profile_under(profile).preferences_path, lock_with_screen="yes")
    program = stage.open(profile, "Contoso")
    stage.desktop.keys("Return")
    stage.sees(program, "copied")
    lock_the_screen(stage)
    tree = stage.sees(program, "Forgotten", "Open the list")
    assert "Contoso" not in tree.words()
    assert tree.rows() == []
    assert stage.desktop.clipboard() == ""
    stage.desktop.keys("Return")
    stage.sees(program, "Contoso")


def test_with_a_keyring_it_stays_open_unless_that_is_wanted(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, known("Contoso"))
    program = stage.open(profile, "Contoso")
    lock_the_screen(stage)
    stage.desktop.keys("Return")
    assert "Contoso" in stage.sees(program, "copied").words()
