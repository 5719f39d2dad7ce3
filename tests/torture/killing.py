"""A thousand kills, on a real file with a real GNOME Keyring."""

from pathlib import Path

import pytest

from keyring_session import KeyringSession
from torture.kill import lines, run
from torture.table import Line

KILLS = 1000


def torture(folder: Path, seed: int) -> list[Line]:
    """The lines of the table."""
    (folder / "bus").mkdir()
    session = KeyringSession(folder / "bus")
    with pytest.MonkeyPatch.context() as environment:
        session.enter(environment)
        try:
            return lines(run(folder, KILLS, seed))
        finally:
            session.stop()
