"""Read aloud: rows are sentences, choice and copy are announced, all that takes keys has a name."""

from pathlib import Path

import pytest

from partner_tokens.core.preferences import save
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox
from stories.adding import DIALOG
from stories.harness import Node, Stage
from stories.stored import known, store

pytestmark = pytest.mark.story

CONTOSO = known("Contoso")
FABRIKAM = known("Fabrikam")
LITWARE = known("Litware", behaviour=Behaviour.REFUSED_CPN)

CONTOSO_ROW = "Contoso, build, expires in 20 days, warning, Ready"
FABRIKAM_ROW = "Fabrikam, build, expires in 20 days, warning, Ready"


@pytest.fixture
def stored(stage: Stage, profile: Path, service: Sandbox) -> Path:
    """A profile with two organizations."""
    store(profile, stage.keyring, service, CONTOSO, FABRIKAM)
    return profile


def nameless(tree: Node) -> list[Node]:
    """What is on the screen, can have the focus, and has nothing to be called by."""
    return [
        node
        for node in tree.walk()
        if {"focusable", "showing"} <= node.states and not node.name.strip()
    ]


BY_KEY = {
    "ctrl+n": "^Add token",
    "F2": "^Edit token",
    "ctrl+i": "^Import API tokens",
    "ctrl+g": "^Organizations",
    "ctrl+t": "^Trash",
    "ctrl+r": "^Regenerate token",
    "ctrl+shift+r": "^Renew what runs out",
    "ctrl+comma": "^Preferences",
    "F1": "^Keyboard shortcuts",
}
BY_MENU = {
    "y": "^Keys and recovery",
    "v": "^Revoke",
    "x b": "^Back up",
    "l f": "^First minute",
    "l a": "^About Partner Tokens",
}
"""The letters that are underlined, one menu after the other."""


def silent(tree: Node) -> list[Node]:
    """Lines of lists that are shown and read as nothing."""
    lines = {"list item", "table cell", "table row", "tree item"}
    return [n for n in tree.walk() if n.role in lines and "showing" in n.states and not n.name]


def focused(tree: Node) -> list[str]:
    """The names of what has the focus, apart from the list's own current cell."""
    return [n.name for n in tree.walk() if "focused" in n.states and n.role != "table cell"]


def test_the_selected_row_and_the_copy_are_announced_while_the_caret_stays(
    stage: Stage, stored: Path
) -> None:
    ears = stage.listen()
    program = stage.open(stored, "Fabrikam", "Keyring: Secret Service")
    assert stage.tree(program).rows() == [CONTOSO_ROW, FABRIKAM_ROW]
    stage.desktop.keys("Down")
    ears.hears(FABRIKAM_ROW)
    tree = stage.tree(program)
    assert tree.selected() == FABRIKAM_ROW
    assert "Find" in focused(tree)

    stage.desktop.keys("Return")
    told = ears.hears("csp-auth-token for Fabrikam copied")
    assert "valid until" in told
    assert "the clipboard clears in 45 s" in told
    assert "Find" in focused(stage.tree(program))
    stage.press(program, "Clear now")
    ears.hears("The clipboard was cleared.")
    assert "csp-auth-token: " not in "".join(ears.heard())


def test_a_copy_that_fails_and_a_clipboard_that_is_cleared_by_time_are_announced(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, CONTOSO, LITWARE)
    save(profile / "preferences.json", clipboard_seconds=2)
    ears = stage.listen()
    program = stage.open(profile, "Contoso", "Keyring: Secret Service")
    stage.desktop.keys("Return")
    ears.hears("csp-auth-token for Contoso copied")
    ears.hears("The clipboard was cleared.")
    stage.desktop.type("litware")
    stage.desktop.keys("Return")
    assert "refused this token" in ears.hears("Litware: ")
    stage.desktop.keys("Escape", "ctrl+l")
    ears.hears("Forgotten")
    assert "csp-auth-token: " not in "".join(ears.heard())
    assert program.process.poll() is None


def test_all_that_can_have_the_focus_has_a_name(stage: Stage, stored: Path) -> None:
    program = stage.open(stored, "Keyring: Secret Service", "127.0.0.1")
    stage.desktop.keys("Return")
    tree = stage.sees(program, "csp-auth-token for Contoso copied")
    names = {node.name for node in tree.walk() if {"focusable", "showing"} <= node.states}
    assert {"Find", "Add token…", "Menu", "Tokens", "Clear now", "Close this notice"} <= names
    assert nameless(tree) == []

    stage.desktop.keys("ctrl+n")
    stage.desktop.focus(DIALOG)
    stage.desktop.keys("Return")
    tree = stage.sees(program, "No API token was given.")
    names = {node.name for node in tree.walk() if {"focusable", "showing"} <= node.states}
    boxes = [n for n in tree.walk() if n.role == "combo box" and "showing" in n.states]
    chosen = [box for box in boxes if not any(part.text for part in box.walk())]  # not typed in
    assert [box.labels for box in chosen] == [("Kind",), ("Expires",), ("Unit of time",)]
    fields = {"Organization", "Token name", "Endpoint", "API token", "How many", "Note"}
    assert fields | {"Paste the API token", "Save", "Cancel"} <= names
    assert nameless(tree) == []


def test_every_window_names_all_that_can_have_the_focus_and_reads_its_lines(
    stage: Stage, stored: Path
) -> None:
    program = stage.open(stored, "Keyring: Secret Service", "127.0.0.1")
    stage.desktop.keys("Down")
    before = stage.desktop.open_windows()
    nothing_said: dict[str, list[str]] = {}

    def look(title: str) -> None:
        stage.desktop.focus(title)
        tree = stage.tree(program)
        found = [*nameless(tree), *silent(tree)]
        nothing_said[title] = [f"{node.role} {node.description}" for node in found]
        assert focused(tree), title
        stage.desktop.keys("Escape")
        stage.desktop.waits_for_windows(before)
        stage.desktop.focus("^Partner Tokens$")

    for key, title in BY_KEY.items():
        stage.desktop.keys(key)
        look(title)
    for letters, title in BY_MENU.items():
        stage.press(program, "Menu")
        stage.desktop.waits_for_windows(before + 1)
        stage.desktop.keys(*letters.split())
        look(title)
    assert {title: said for title, said in nothing_said.items() if said} == {}


def test_the_first_page_has_a_name_for_all_and_one_thing_to_do(stage: Stage, profile: Path) -> None:
    program = stage.open_first(profile, "No tokens yet")
    assert nameless(stage.tree(program)) == []
    stage.press(program, "Add your first token…")
    stage.desktop.focus(DIALOG)
    assert "API token" in focused(stage.tree(program))


def test_the_details_have_a_name_for_each_text_and_a_sentence_for_each_line(
    stage: Stage, stored: Path
) -> None:
    ears = stage.listen()
    program = stage.open(stored, "Keyring: Secret Service", "127.0.0.1")
    stage.desktop.keys("Return")
    stage.sees(program, "csp-auth-token for Contoso copied")
    stage.desktop.keys("alt+Return")
    ears.hears("Details are shown. F6 goes there.")
    tree = stage.sees(program, "What the access token says of itself")
    assert "Find" in focused(tree)
    names = {node.name for node in tree.walk() if {"focusable", "showing"} <= node.states}
    assert {"Ends", "Source", "Endpoint", "Facts", "History", "Close the details"} <= names
    assert nameless(tree) == []

    stage.desktop.keys("F6")
    stage.desktop.keys("alt+h")
    tree = stage.sees(program, "Copied: Header csp-auth-token")
    assert nameless(tree) == []
    stage.desktop.keys("alt+Return")
    ears.hears("Details are hidden.")
    assert "csp-auth-token: " not in "".join(ears.heard())
