"""The trash: removed, undone, removed again, restored, and at last erased from every file."""

import sqlite3
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest

from partner_tokens.core.profile import profile_under
from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.harness import Stage
from stories.stored import known, store

pytestmark = pytest.mark.story

ANOTHER_WINDOW = """
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
label = QLabel("Another")
label.setWindowTitle("Another")
label.show()
application.exec()
"""

VANISHING = known("Vanishing")
CONTOSO = known("Contoso")


def sealed(profile: Path, organization: str) -> bytes:
    """What an organization's token is sealed as, read from the file."""
    with closing(sqlite3.connect(profile_under(profile).store_path)) as connection:
        row = connection.execute(
            "SELECT t.ciphertext FROM tokens AS t JOIN organizations AS o "
            "ON o.key = t.organization WHERE o.name = ?",
            (organization,),
        ).fetchone()
    return bytes(row[0])


def holding(profile: Path, *markers: bytes) -> list[str]:
    """The files that hold any of these, journal and copies included."""
    return sorted(
        path.name
        for path in profile.rglob("*")
        if path.is_file() and any(marker in path.read_bytes() for marker in markers)
    )


def test_a_token_is_removed_undone_restored_and_in_the_end_in_no_file_any_more(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, CONTOSO, VANISHING)
    markers = (sealed(profile, "Vanishing"), b"Vanishing")
    ears = stage.listen()
    program = stage.open(profile, "Vanishing", "Keyring: Secret Service")
    desktop = stage.desktop
    desktop.type("vanish")
    wait_for(lambda: len(stage.tree(program).rows()) == 1, "the list is filtered")

    desktop.keys("ctrl+Delete")
    ears.hears("Vanishing, build was removed. It still works")
    desktop.keys("ctrl+z")
    ears.hears("Vanishing, build is back.")
    wait_for(lambda: stage.tree(program).selected().startswith("Vanishing"), "it is back")

    desktop.keys("ctrl+Delete")
    wait_for(lambda: stage.tree(program).rows() == [], "it is removed again")
    desktop.keys("ctrl+t")
    desktop.focus("^Trash")
    tree = stage.sees(program, "Removed tokens", "Empty trash…")
    assert "Vanishing, build, removed just now, erased in 30 days" in tree.words()
    desktop.keys("Return")
    stage.sees(program, "The trash is empty")
    desktop.keys("Escape")
    desktop.focus("^Partner Tokens$")
    wait_for(lambda: stage.tree(program).selected().startswith("Vanishing"), "it is restored")

    desktop.keys("ctrl+Delete")
    wait_for(lambda: stage.tree(program).rows() == [], "it is removed for the last time")
    assert len(holding(profile, *markers)) >= 1
    desktop.keys("ctrl+t")
    desktop.focus("^Trash")
    stage.sees(program, "Removed tokens")
    desktop.keys("alt+m")
    ears.hears("Empty the trash? Vanishing, build will be erased for good.")
    desktop.keys("alt+g")
    ears.hears("1 token was erased.")
    assert holding(profile, *markers) == []
    desktop.keys("Escape")
    desktop.focus("^Partner Tokens$")
    desktop.keys("ctrl+q")
    assert (program.ended(), program.errors) == (0, "")
    assert holding(profile, *markers) == []


def repeats() -> None:
    """X begins with that after two thirds of a second."""
    began = monotonic()
    wait_for(lambda: monotonic() - began > 1.2, "the key repeats")


def test_a_key_that_is_held_down_removes_one_token(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, CONTOSO, VANISHING, known("Zoo"))
    program = stage.open(profile, "Vanishing", "Keyring: Secret Service")
    desktop = stage.desktop

    desktop.hold("ctrl", "Delete", until=repeats)
    wait_for(lambda: len(stage.tree(program).rows()) == 2, "one is removed")
    desktop.keys("ctrl+Delete")
    wait_for(lambda: len(stage.tree(program).rows()) == 1, "pressed anew, it removes the next")


def test_a_key_that_is_let_go_in_another_window_holds_up_no_button(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, CONTOSO, VANISHING, known("Zoo"))
    program = stage.open(profile, "Vanishing", "Keyring: Secret Service")
    desktop = stage.desktop

    def leaves() -> None:
        repeats()
        desktop.start(["-c", ANOTHER_WINDOW], "another")
        desktop.sees_focus("^Another$")

    desktop.hold("ctrl", "Delete", until=leaves)
    stage.press(program, "Add token…")
    desktop.window("^Add")
