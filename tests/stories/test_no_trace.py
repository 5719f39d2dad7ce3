"""No trace: whatever is done, no secret is found in anything the program writes or shows."""

from contextlib import closing
from pathlib import Path

import pytest

from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox
from partner_tokens.ui.formats_menu import GROUPS
from patience import wait_for
from stories.adding import add, fill_in
from stories.harness import Node, Stage
from stories.stored import known, store
from stories.traces import access_tokens, files_under, found_in, shown_by

pytestmark = pytest.mark.story

CONTOSO = known("Contoso")
FABRIKAM = known("Fabrikam", behaviour=Behaviour.BAD_GATEWAY)
LITWARE = known("Litware", behaviour=Behaviour.REDIRECT)
NORTHWIND = known("Northwind", behaviour=Behaviour.DRIP)
UNKNOWN = known("Unknown")
API_TOKENS = [token.api_token for token in (CONTOSO, FABRIKAM, LITWARE, NORTHWIND, UNKNOWN)]

PASSPHRASE_FIELDS = {"Passphrase", "The same passphrase again"}
PASSPHRASE = "correct horse / marker staple"

TROUBLES = {
    "fabrikam": " is in trouble: it answered 502.",
    "litware": "Litware: 127.0.0.1",
}


def test_no_secret_is_left_by_adding_refusing_copying_failing_and_quitting(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, FABRIKAM, LITWARE, NORTHWIND)
    service.register(CONTOSO)
    desktop = stage.desktop
    places: dict[str, bytes] = {}
    program = stage.open(profile, "Keyring: Secret Service")

    def look(moment: str) -> None:
        places.update(shown_by(stage, program, moment))
        places.update({f"{moment}: {k}": v for k, v in files_under(stage.folder).items()})

    add(stage, program, service.url, CONTOSO, name="billing")
    look("added")
    fill_in(stage, service.url, UNKNOWN, name="refused")
    desktop.keys("Return")
    stage.sees(program, "Nothing was stored.")
    look("refused")
    desktop.keys("Escape")
    stage.press(program, "Discard")
    desktop.focus("^Partner Tokens$")

    copied: set[str] = set()
    for place, form in enumerate(form for group in GROUPS for form in group):
        desktop.keys("ctrl+shift+c", *["Down"] * (place + 1), "Return")
        wait_for(lambda: desktop.clipboard() not in ("", *copied), f"copied as {form}")
        copied.add(desktop.clipboard())
    look("copied")

    for words, told in TROUBLES.items():
        desktop.keys("Escape")
        desktop.type(words)
        desktop.keys("Return")
        stage.sees(program, told)
        look(words)
    desktop.keys("Escape")
    desktop.type("northwind")
    desktop.keys("Return")
    stage.sees(program, "fetching…")
    look("dripping")
    desktop.keys("ctrl+q")
    assert (program.ended(), program.errors, program.out) == (0, "", "")
    places.update(files_under(stage.folder))

    secrets = access_tokens(service)
    assert len(secrets) == 3
    assert found_in(places, *API_TOKENS, *secrets) == []
    assert not [p for p, content in places.items() if CONTOSO.api_token[-5:].encode() in content]


WITH_A_BUG = """
import sys
from partner_tokens import __main__
from partner_tokens.ui.copy_notices import CopyNotices

def broken(self, wish, access):
    raise ValueError(f"cannot tell of csp-auth-token: {access.value.reveal()}")

CopyNotices._copied = broken
sys.exit(__main__.main(sys.argv[1:]))
"""


def test_no_secret_is_left_by_a_bug(stage: Stage, profile: Path, service: Sandbox) -> None:
    store(profile, stage.keyring, service, CONTOSO)
    program = stage.desktop.start(["-c", WITH_A_BUG, "--profile", str(profile)], "partner-tokens")
    stage.desktop.focus("^Partner Tokens$")
    stage.sees(program, "Contoso")
    stage.desktop.keys("Return")
    stage.sees(program, "Something went wrong inside Partner Tokens.")
    access = stage.desktop.clipboard().removeprefix("csp-auth-token: ")
    assert len(access) > 500
    places = shown_by(stage, program, "fault")
    stage.press(program, "Copy details")
    details = wait_for(
        lambda: (t := stage.desktop.clipboard()).startswith("ValueError") and t, "the details"
    )
    stage.desktop.keys("ctrl+q")
    assert program.ended() == 0
    places |= files_under(stage.folder) | {"details": str(details).encode()}
    log = "profile/partner-tokens.log"
    for place in ("details", log, str(program.errors_path.relative_to(stage.folder))):
        assert b"ValueError" in places[place]
    assert found_in(places, CONTOSO.api_token, access, *access.split(".")[1:]) == []


def typed(tree: Node) -> list[int]:
    """How many signs stand in the fields for what must not be seen."""
    return [len(node.text) for node in tree.walk() if node.name in PASSPHRASE_FIELDS and node.text]


def test_no_passphrase_is_left_where_there_is_no_keyring(
    tmp_path: Path, profile: Path, service: Sandbox
) -> None:
    service.register(CONTOSO)
    with closing(Stage(tmp_path, with_keyring=False)) as stage:
        program = stage.start("--profile", str(profile))
        stage.desktop.focus("^First minute")
        stage.sees(program, "No usable keyring was found.")
        stage.press(program, "Use a passphrase instead…")
        stage.desktop.focus("^Choose a passphrase")
        stage.desktop.type(f"{PASSPHRASE}\t{PASSPHRASE}")
        wait_for(lambda: typed(stage.tree(program)) == [len(PASSPHRASE)] * 2, "typed")
        places = shown_by(stage, program, "typed")
        stage.desktop.keys("Return")
        stage.sees(program, "The key is kept by your passphrase.")
        stage.desktop.focus("^First minute")
        stage.desktop.keys("Escape")
        stage.desktop.focus("^Partner Tokens$")
        stage.sees(program, "No tokens yet")
        add(stage, program, service.url, CONTOSO, name="billing")
        places |= shown_by(stage, program, "added")
        stage.desktop.keys("ctrl+q")
        assert (program.ended(), program.errors) == (0, "")

        again = stage.open(profile, "Your tokens are locked")
        stage.press(again, "Unlock…")
        stage.desktop.focus("^Open your tokens")
        stage.desktop.type(PASSPHRASE)
        stage.desktop.keys("Return")
        stage.sees(again, "Opened by a passphrase")
        stage.desktop.focus("^Partner Tokens$")
        stage.desktop.keys("Return")
        stage.sees(again, "csp-auth-token for Contoso copied")
        places |= shown_by(stage, again, "copied")
        stage.desktop.keys("ctrl+q")
        assert (again.ended(), again.errors) == (0, "")
        places |= files_under(stage.folder)
    secrets = access_tokens(service)
    assert secrets
    assert found_in(places, PASSPHRASE, CONTOSO.api_token, *secrets) == []
