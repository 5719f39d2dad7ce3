"""The demo: every state there is, over real parts, and nothing left behind."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clock import MovableClock
from partner_tokens.core.errors.service import Refused
from partner_tokens.core.lifetime import Band
from partner_tokens.core.tokens import State
from partner_tokens.sandbox.demo import Demo

ROOT = Path(__file__).parents[2]


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Demo(MovableClock()) as demo:
        yield demo


def test_the_demo_shows_every_state_a_new_user_should_know(demo: Demo) -> None:
    tokens = demo.fill()
    now = demo.parts.clock()
    assert len({token.organization.name for token in tokens}) >= 12
    assert {token.expiry.band(now) for token in tokens} == set(Band)
    assert {token.result.state for token in tokens} >= {
        State.READY,
        State.REFUSED,
        State.PASSCODE,
        State.UNREACHABLE,
        State.UNPROVEN,
    }
    assert any(token.pinned for token in tokens)


def test_its_tokens_are_exchanged_by_its_service(demo: Demo) -> None:
    tokens = demo.fill()
    access = demo.parts.broker.fresh(tokens[0])
    assert access.organization_id == tokens[0].organization.service_id
    refused = next(each for each in tokens if each.result.state is State.REFUSED)
    with pytest.raises(Refused):
        demo.parts.broker.fresh(refused, again=True)


def test_nothing_of_it_stays(demo: Demo, tmp_path: Path) -> None:
    demo.fill()
    assert list(tmp_path.iterdir())
    demo.close()
    demo.close()
    assert list(tmp_path.iterdir()) == []


def test_nothing_stays_where_the_program_just_ends(tmp_path: Path) -> None:
    program = (
        "from partner_tokens.sandbox.demo import Demo\n"
        "demo = Demo()\ndemo.fill()\nprint(demo.parts.profile.data)\nraise SystemExit(3)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={
            "TMPDIR": str(tmp_path),
            "HOME": str(tmp_path),
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT / "gui"),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 3
    assert done.stdout.startswith(str(tmp_path))
    assert list(tmp_path.iterdir()) == []
