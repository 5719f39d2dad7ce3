"""Twenty kills in every run of the tests; `dev.py torture` makes a thousand of them."""

import sys
from pathlib import Path

import pytest

from keyring_session import KeyringSession
from torture import kill
from torture.deeds import DEEDS

pytestmark = [
    pytest.mark.keyring,
    pytest.mark.skipif(sys.platform != "linux", reason="GNOME Keyring runs on Linux"),
]


def test_a_kill_at_any_moment_loses_nothing_and_mixes_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bus").mkdir()
    session = KeyringSession(tmp_path / "bus")
    session.enter(monkeypatch)
    try:
        tally = kill.run(tmp_path, kills=20, seed=5)
    finally:
        session.stop()
    assert tally.is_clean, tally
    assert tally.kills.keys() == set(DEEDS)
