"""Import a spreadsheet: from the menu to a list of proven tokens, as a screen reader meets it."""

from pathlib import Path

import pytest

from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.harness import Stage
from stories.stored import known
from stories.traces import files_under, found_in

pytestmark = pytest.mark.story

CONTOSO = known("Contoso")
FABRIKAM = known("Fabrikam", behaviour=Behaviour.REFUSED_CSP)
LITWARE = known("Litware")
TOKENS = (CONTOSO, FABRIKAM, LITWARE)


def spreadsheet(folder: Path, service: Sandbox) -> Path:
    """Three tokens, and a row without one."""
    rows = [f"{one.organization},build,{one.api_token},{service.url}" for one in TOKENS]
    path = folder / "customers.csv"
    lines = ["Customer,Token name,API token,Endpoint", *rows, f"Proseware,build,,{service.url}"]
    path.write_text("\n".join(lines))
    return path


def test_a_spreadsheet_is_imported_and_proven_and_leaves_no_trace(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    service.register(*TOKENS)
    path = spreadsheet(stage.folder, service)
    ears = stage.listen()
    program = stage.open_first(profile, "No tokens yet")
    windows = stage.desktop.open_windows()
    stage.press(program, "Menu")
    wait_for(lambda: stage.desktop.open_windows() > windows, "the menu is open")
    stage.desktop.keys("i")
    stage.desktop.focus("^Import API tokens")
    stage.sees(program, "Bring in many API tokens at once")
    stage.press(program, "Choose files…")
    stage.desktop.focus("^Files with API tokens")
    stage.desktop.type(str(path))
    stage.desktop.keys("Return")

    tree = stage.sees(program, "Import 3 tokens", "3 new", "1 cannot be used")
    said = tree.words()
    assert "No API token was given. Paste the token that the portal showed you." in said
    assert "missing" in said
    boxes = [n for n in tree.walk() if n.role == "combo box" and "showing" in n.states]
    labels = [box.labels for box in boxes]
    columns = ["Customer", "Token name", "API token", "Endpoint"]
    assert labels == [(label,) for label in [*columns, "Kind of the rows that name none"]]
    assert service.exchanges == ()
    stage.press(program, "Import 3 tokens")

    tree = stage.sees(
        program, "3 tokens imported, 1 row left out.", "customers.csv still holds them"
    )
    ears.hears("2 of 3 tokens work.")
    wait_for(lambda: len(service.exchanges) == 3, "every token was tried")

    def proven() -> bool:
        rows = stage.tree(program).rows()
        ends = ("Ready", "Refused by the service", "Ready")
        return len(rows) == 3 and all(map(str.endswith, rows, ends))

    wait_for(proven, "the list shows the results")
    stage.press(program, "Show results…")
    stage.desktop.focus("^Results of proving")
    stage.sees(program, "Refused by the service (1)", "Fabrikam, build", "These work (2)")
    stage.desktop.keys("Escape")
    stage.desktop.focus("^Partner Tokens$")
    stage.desktop.keys("ctrl+q")
    assert (program.ended(), program.errors) == (0, "")
    path.unlink()
    for token in TOKENS:
        assert found_in(files_under(stage.folder), token.api_token) == []
        assert token.api_token not in "".join(ears.heard())
