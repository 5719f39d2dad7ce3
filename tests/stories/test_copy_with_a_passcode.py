"""Copy with a passcode: six digits in place, a wrong one is said, the right one copies."""

from pathlib import Path

import pytest

from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.harness import Node, Stage
from stories.stored import known, store

pytestmark = pytest.mark.story

CONTOSO = known("Contoso", behaviour=Behaviour.PASSCODE)


def field(tree: Node) -> Node | None:
    """The field for the passcode, while it is showing."""
    return next((n for n in tree.walk() if n.name == "Passcode" and "showing" in n.states), None)


def test_a_wrong_passcode_is_said_and_the_right_one_copies_the_header(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, CONTOSO)
    ears = stage.listen()
    program = stage.open(profile, "Contoso", "Keyring: Secret Service")
    desktop = stage.desktop
    titles = desktop.titles()
    desktop.keys("Return")
    ears.hears("Contoso: This token wants a passcode.")
    tree = stage.sees(program, "Type the six digits your device shows now.")
    asked = field(tree)
    assert asked is not None
    assert "focused" in asked.states
    assert desktop.titles() == titles  # in place: no window of its own
    asked_without = len(service.exchanges)

    desktop.type("654321")
    desktop.keys("Return")
    ears.hears("The service did not accept this passcode.")
    stage.sees(program, "Wait for the next code on your device")
    assert len(service.exchanges) == asked_without + 1
    assert desktop.clipboard() == ""

    desktop.type("123456")
    desktop.keys("Return")
    ears.hears("csp-auth-token for Contoso copied")
    start = "csp-auth-token: "
    header = wait_for(lambda: (t := desktop.clipboard()).startswith(start) and t, "the header")
    assert service.holder_of(str(header).removeprefix(start)) == CONTOSO
    assert len(service.exchanges) == asked_without + 2
    tree = stage.tree(program)
    assert field(tree) is None
    find = next(node for node in tree.walk() if node.name == "Find")
    assert "focused" in find.states

    desktop.copy_elsewhere("a ticket number")
    desktop.keys("Return")  # at hand now: nobody is asked again
    wait_for(lambda: desktop.clipboard() == header, "the same header")
    assert len(service.exchanges) == asked_without + 2
    stage.press(program, "Clear now")
    wait_for(lambda: not desktop.is_anything_copied(), "the clipboard is empty")
    assert program.errors == ""
    assert "123456" not in "".join(ears.heard())
