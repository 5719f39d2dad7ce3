"""When the desktop locks its screen, the program locks too, if that is wanted."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyring_session import KeyringSession
from partner_tokens.core.preferences import save
from partner_tokens.core.profile import profile_under
from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.harness import Stage
from stories.helper import Helper
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
    program = stage.open(profile, "Contoso", "Keyring: Secret Service")
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
    program = stage.open(profile, "Contoso", "Keyring: Secret Service")
    watch = ["dbus-monitor", "--session", f"interface={SIGNAL[1].rpartition('.')[0]}"]
    heard = stage.desktop.spawn("bus", watch)
    wait_for(heard.read_text, "somebody else listens, too")
    lock_the_screen(stage)
    wait_for(lambda: "ActiveChanged" in heard.read_text(), "the screen's lock is told")
    stage.desktop.keys("Return")
    assert "Contoso" in stage.sees(program, "copied").words()


@pytest.fixture
def login(stage: Stage, tmp_path: Path) -> Iterator[Helper]:
    """logind's stand-in, on a bus that the programs of this stage take for the system's."""
    (tmp_path / "system").mkdir()
    bus = KeyringSession(tmp_path / "system", with_keyring=False)
    stage.desktop.environment["DBUS_SYSTEM_BUS_ADDRESS"] = bus.address
    made = Helper("login.py", stage.desktop.environment)
    yield made
    made.end()
    bus.stop()


def test_a_store_under_a_passphrase_locks_before_the_computer_sleeps_and_with_its_session(
    stage: Stage, profile: Path, service: Sandbox, login: Helper
) -> None:
    store(profile, stage.keyring, service, known("Contoso"), passphrase="correct horse battery")
    program = stage.start("--profile", str(profile))
    stage.desktop.focus("^Partner Tokens$")
    for sign in ("sleep", "lock"):
        stage.sees(program, "Your tokens are locked")
        stage.desktop.keys("Return")
        stage.desktop.sees_focus("^Open your tokens")
        stage.desktop.type("correct horse battery")
        stage.desktop.keys("Return")
        stage.desktop.sees_focus("^Partner Tokens$")
        stage.sees(program, "Contoso")
        stage.desktop.keys("Return")
        stage.sees(program, "copied")
        wait_for(lambda: len(login.ask("delays")) == 1, "sleep waits for the program")
        if sign == "sleep":
            assert login.ask("sleep") == 1
            assert stage.desktop.clipboard() == ""  # before the computer may sleep
            login.ask("wake")
        else:
            login.ask("lock")
            wait_for(lambda: not stage.desktop.is_anything_copied(), "the clipboard is cleared")
        assert "Contoso" not in stage.sees(program, "Your tokens are locked").words()
    assert login.ask("delays") == [["sleep", "Partner Tokens", "Locks your tokens", "delay"]]
    stage.desktop.keys("ctrl+q")
    assert (program.ended(), program.errors) == (0, "")
