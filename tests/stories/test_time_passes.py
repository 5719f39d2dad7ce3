"""Time passes: what ends is counted down and fetched anew, and other programs write meanwhile."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.harness import Stage
from stories.stored import known, store

pytestmark = pytest.mark.story

LIFE = timedelta(seconds=5)
URGENT = timedelta(seconds=12)
"""Long enough for a slow start; the story has other things to see meanwhile."""

CONTOSO = known("Contoso", life=LIFE)
FABRIKAM = known("Fabrikam")

ELSEWHERE = timedelta(seconds=2)
"""What another process changed is on the screen within this time."""


def test_an_access_token_runs_down_and_an_api_token_runs_out(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, CONTOSO, expires_in=URGENT)
    program = stage.open(profile, "Contoso", "Keyring: Secret Service")
    assert stage.tree(program).rows() == [
        "Contoso, build, expires in less than a minute, warning, Ready"
    ]
    stage.desktop.keys("Return")
    stage.sees(program, "csp-auth-token for Contoso copied")
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

    wait_for(ended, "the access token ends")
    counted = list(dict.fromkeys(shown))
    assert counted[-1] == "–"
    assert counted[:-1] == sorted(counted[:-1], reverse=True)
    assert {*counted[:-1]} <= {f"0:{second:02d}" for second in range(6)}
    assert len(counted) >= 3
    assert len(pictures) >= 3

    stage.desktop.keys("Return")
    wait_for(lambda: stage.desktop.clipboard() not in ("", first), "a new header")
    assert len(service.exchanges) == 2

    def is_over() -> bool:
        sentence = stage.tree(program).rows()[0]
        return sentence.startswith("Contoso, build, expired less than a minute ago, ")

    wait_for(is_over, "the API token runs out")
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
    changed_at = time.monotonic()
    tree = stage.sees(program, "Fabrikam", seconds=ELSEWHERE.total_seconds())
    assert time.monotonic() - changed_at < ELSEWHERE.total_seconds() + 1  # the look itself
    assert tree.rows()[1] == "Fabrikam, by-script, API token never expires, Ready"
    assert tree.selected().startswith("Contoso, ")  # what the user had chosen stays chosen
    assert program.errors == ""
