"""What was written by hand is detected row by row; the others work, no other host hears of it."""

from pathlib import Path

import pytest

from torture.tampering import HARMS, unreadable_after


@pytest.mark.parametrize("name", HARMS)
def test_a_row_written_by_hand_does_not_open_and_the_others_do(tmp_path: Path, name: str) -> None:
    refused, touched, heard = unreadable_after(tmp_path / "profile", HARMS[name])
    assert (refused, heard) == (touched, 0)
