"""A keyring that is stopped or killed while the key is renewed costs nothing."""

import sys
from pathlib import Path

import pytest

from torture.keyring_faults import TOKENS, Room, denied, rotations

pytestmark = [
    pytest.mark.keyring,
    pytest.mark.skipif(sys.platform != "linux", reason="GNOME Keyring runs on Linux"),
]


def test_a_keyring_that_dies_or_hangs_in_a_renewal_costs_no_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(tmp_path)
    room.session.enter(monkeypatch)
    try:
        room.fill()
        assert rotations(room, 4, seed=3) == (4, [])
        assert room.held() == TOKENS
    finally:
        room.session.stop()


def test_a_keyring_that_gives_nothing_back_makes_no_slot(tmp_path: Path) -> None:
    assert denied(tmp_path) == "Your keyring refused."
