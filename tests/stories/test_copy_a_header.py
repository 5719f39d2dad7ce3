"""Copy a fresh header: a few letters, Enter, and it can be pasted elsewhere, marked as a secret."""

import re
import signal
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.harness import Stage
from stories.stored import known, store

pytestmark = pytest.mark.story

KEEPER = Path(__file__).parent / "clipboard_keeper.py"
CONTOSO = known("Contoso")
FABRIKAM = known("Fabrikam")
LITWARE = known("Litware")


@pytest.fixture
def stored(stage: Stage, profile: Path, service: Sandbox) -> Path:
    """A profile with three organizations."""
    store(profile, stage.keyring, service, CONTOSO, FABRIKAM, LITWARE)
    return profile


def wait_for_header(stage: Stage) -> str:
    """The access token in the header on the clipboard."""
    start = "csp-auth-token: eyJ"
    text = wait_for(lambda: (t := stage.desktop.clipboard()).startswith(start) and t, "a header")
    return str(text).removeprefix("csp-auth-token: ")


def test_a_few_letters_and_enter_put_a_marked_header_on_the_clipboard(
    stage: Stage, stored: Path, service: Sandbox
) -> None:
    desktop = stage.desktop
    program = stage.open(stored, "Litware", "Keyring: Secret Service")
    desktop.copy_elsewhere("selected by the mouse", "primary")
    desktop.type("fabri")
    wait_for(lambda: len(stage.tree(program).rows()) == 1, "the list is filtered")
    desktop.keys("Return")

    assert service.holder_of(wait_for_header(stage)) == FABRIKAM
    assert desktop.clipboard("x-kde-passwordManagerHint") == "secret"
    assert "text/plain" in desktop.targets()
    assert desktop.clipboard(selection="primary") == "selected by the mouse"

    tree = stage.sees(program, "csp-auth-token for Fabrikam copied")
    told = re.search(
        r"valid until (\d\d:\d\d) \((30|29) min\)  ·  the clipboard clears in (\d+) s", tree.words()
    )
    assert told is not None
    ends_at = datetime.now().astimezone() + timedelta(minutes=30)
    assert told[1] in {f"{ends_at - ago:%H:%M}" for ago in (timedelta(0), timedelta(minutes=1))}
    assert 20 <= int(told[3]) <= 45
    assert "Clear now" in tree.words()
    assert tree.selected().startswith("Fabrikam, build, ")
    find = next(node for node in tree.walk() if node.name == "Find")
    assert (find.text, "focused" in find.states) == ("fabri", True)

    desktop.copy_elsewhere("a ticket number")
    desktop.keys("Return")
    wait_for_header(stage)
    assert len(service.exchanges) == 1

    stage.press(program, "Clear now")
    wait_for(lambda: not desktop.is_anything_copied(), "the clipboard is empty")
    assert desktop.clipboard(selection="primary") == "selected by the mouse"
    assert program.errors == ""


def test_what_another_program_copied_since_then_survives_the_end(
    stage: Stage, stored: Path
) -> None:
    program = stage.open(stored, "Contoso", "Keyring: Secret Service")
    stage.desktop.keys("Return")
    stage.sees(program, "csp-auth-token for Contoso copied")
    stage.desktop.copy_elsewhere("a ticket number")
    stage.desktop.keys("ctrl+q")
    assert (program.ended(), program.errors) == (0, "")
    assert stage.desktop.clipboard() == "a ticket number"


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_a_program_that_is_told_to_end_leaves_no_header_to_a_clipboard_keeper(
    stage: Stage, stored: Path, asked: signal.Signals
) -> None:
    keeper = stage.desktop.start([str(KEEPER)], "keeper")
    wait_for(lambda: "keeping" in keeper.out, "the keeper is there")
    program = stage.open(stored, "Contoso", "Keyring: Secret Service")
    stage.desktop.keys("Return")
    stage.sees(program, "csp-auth-token for Contoso copied")
    program.process.send_signal(asked)
    assert (program.ended(), program.errors) == (0, "")
    assert stage.desktop.clipboard() == ""
    assert "asked" not in keeper.out
