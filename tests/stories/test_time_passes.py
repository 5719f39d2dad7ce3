"""Time passes: what ends is counted down and fetched anew, and other programs write meanwhile."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from desktop import Program
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.harness import Node, Stage
from stories.stored import known, store

pytestmark = pytest.mark.story

LIFE = timedelta(seconds=20)
URGENT = timedelta(seconds=60)
"""Long enough for a slow start; the story has other things to see meanwhile."""

CONTOSO = known("Contoso", life=LIFE)
WITH_PASSCODE = known("Contoso", life=LIFE, behaviour=Behaviour.PASSCODE)
"""Nothing is fetched ahead for it, which would begin the countdown anew."""
FABRIKAM = known("Fabrikam")

ELSEWHERE = timedelta(seconds=2)
"""What another process changed is on the screen within this time."""


def copy(stage: Stage, program: Program) -> None:
    """Copies the header of the selected token, by the passcode."""
    stage.desktop.keys("Return")
    stage.sees(program, "Type the six digits")
    stage.desktop.type("123456")
    stage.desktop.keys("Return")
    stage.sees(program, "csp-auth-token for Contoso copied")


def test_an_access_token_runs_down_and_an_api_token_runs_out(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, WITH_PASSCODE, expires_in=URGENT)
    program = stage.open(profile, "Contoso", "Keyring: Secret Service")
    assert stage.tree(program).rows() == [
        "Contoso, build, expires in less than a minute, warning, Ready"
    ]
    copy(stage, program)
    first = stage.desktop.clipboard()
    picture = stage.folder / "cell.png"
    shown: list[str] = []
    pictures: set[bytes] = set()

    def ended() -> bool:
        cell = stage.tree(program).lines()[0][2]
        shown.append(cell.name)
        stage.desktop.screenshot(picture, cell.box)
        pictures.add(picture.read_bytes())
        return shown[-1] == "–"

    wait_for(ended, "the access token ends", URGENT.total_seconds())
    counted = list(dict.fromkeys(shown))
    assert counted[-1] == "–"
    assert counted[:-1] == sorted(counted[:-1], reverse=True)
    assert {*counted[:-1]} <= {f"0:{second:02d}" for second in range(LIFE.seconds + 1)}
    assert len(counted) >= 3
    assert len(pictures) >= 3

    asked = len(service.exchanges)
    copy(stage, program)
    wait_for(lambda: stage.desktop.clipboard() not in ("", first), "a new header")
    assert len(service.exchanges) == asked + 1

    def is_over() -> bool:
        sentence = stage.tree(program).rows()[0]
        return sentence.startswith("Contoso, build, expired less than a minute ago, ")

    wait_for(is_over, "the API token runs out", URGENT.total_seconds())
    assert program.errors == ""


def test_what_another_process_changes_is_seen_within_two_seconds(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, CONTOSO)
    service.register(FABRIKAM)
    program = stage.open(profile, "Contoso", "Keyring: Secret Service")
    stage.terminal(
        profile,
        *("add", "--name", "by-script", "--endpoint", service.url, "--expires", "never"),
        given=FABRIKAM.api_token,
    )
    changed_at = unseen_at = time.monotonic()

    def seen() -> Node | None:
        nonlocal unseen_at
        looked_at = time.monotonic()
        tree = stage.tree(program)
        if "Fabrikam" not in tree.words():
            unseen_at = looked_at  # a look takes its time
            return None
        return tree

    tree = wait_for(seen, "Fabrikam on the screen")
    assert unseen_at - changed_at < ELSEWHERE.total_seconds()
    assert tree.rows()[1] == "Fabrikam, by-script, API token never expires, Ready"
    assert tree.selected().startswith("Contoso, ")  # what the user had chosen stays chosen
    assert program.errors == ""
