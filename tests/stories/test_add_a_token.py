"""Add a token: typed, proven by a real exchange, sealed, and there in the next run too."""

import json
from pathlib import Path

import pytest

from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.adding import add, fill_in
from stories.harness import Stage
from stories.stored import known, store
from stories.traces import files_under, found_in

pytestmark = pytest.mark.story

ALPINE = known("Alpine")
CONTOSO = known("Contoso")


def stored_organizations(stage: Stage, profile: Path) -> list[str]:
    """What another process finds in the store."""
    return [row["organization"] for row in json.loads(stage.terminal(profile, "list", "--json"))]


def test_the_first_token_is_added_by_keyboard_and_opens_in_the_next_run(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    service.register(CONTOSO)
    program = stage.open_first(profile, "No tokens yet")
    add(stage, program, service.url, CONTOSO, name="billing")
    sentence = (
        "Contoso, billing, expires in 6 months, access token 30 minutes left, Ready",
        "Contoso, billing, expires in 6 months, access token 29 minutes left, Ready",
    )
    tree = stage.tree(program)
    assert tree.rows() == [tree.selected()]
    assert tree.selected() in sentence
    assert "Keyring: Secret Service" in tree.words()
    stage.desktop.keys("ctrl+q")
    assert (program.ended(), program.errors) == (0, "")
    assert found_in(files_under(stage.folder), CONTOSO.api_token) == []

    again = stage.open(profile, "Contoso", "Keyring: Secret Service")
    stage.desktop.keys("Return")
    wait_for(lambda: stage.desktop.clipboard().startswith("csp-auth-token: eyJ"), "the header")
    assert len(service.exchanges) == 2
    stage.desktop.keys("ctrl+q")
    assert (again.ended(), again.errors) == (0, "")


def test_a_refused_token_stays_in_the_dialog_with_its_reason_until_it_works(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, ALPINE)
    program = stage.open(profile, "Alpine", "Keyring: Secret Service")
    fill_in(stage, service.url, CONTOSO, name="billing", organization="Contoso")
    stage.desktop.keys("Return")
    tree = stage.sees(program, "Nothing was stored.")
    field = next(n for n in tree.walk() if n.role == "password text" and "showing" in n.states)
    assert (field.name, "focused" in field.states) == ("API token", True)
    assert "Nothing was stored." in field.description
    assert "Add token — Partner Tokens" in stage.desktop.titles()
    assert stored_organizations(stage, profile) == ["Alpine"]

    service.register(CONTOSO)  # now it works: nothing has to be typed again
    stage.desktop.keys("Return")
    tree = stage.sees(program, "Contoso, billing saved.")
    assert tree.selected().startswith("Contoso, billing, ")
    assert stored_organizations(stage, profile) == ["Alpine", "Contoso"]
    assert program.errors == ""
