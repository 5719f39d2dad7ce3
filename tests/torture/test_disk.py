"""A full disk, one that may only be read, and a file that was harmed: told, and nothing is lost."""

import sys
from pathlib import Path

import pytest

from torture import disk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts a disk of its own")

OPENED = "The list of tokens could not be opened; nothing in it was changed."
SAVED = "The change could not be saved."
GONE = "The change was not saved: the file of the list was removed or replaced."
READ = "Your list can only be read now."


@pytest.mark.skipif(not disk.can_mount(), reason="this system allows no disk of our own")
def test_no_deed_on_a_full_or_read_only_disk_loses_a_token(tmp_path: Path) -> None:
    said, gone = disk.on_a_small_disk(tmp_path / "disk")
    assert gone == []
    assert f"The disk with {tmp_path / 'disk' / 'profile'} is full." in said.pop("why full")
    why = said.pop("why")
    assert "lies on a read-only disk" in why
    assert str(tmp_path / "disk" / "profile") in why
    assert said.pop("read-only, harmed") == "The list of tokens cannot be read."
    assert said.pop("read-only, mend") == said.pop("read-only, first start") == OPENED
    assert said["writable again, mend"] == "done"
    assert set(said.values()) == {SAVED, READ, "done"}
    assert said["read-only, list"] == said["read-only, look"] == "done"
    assert said["read-only, add"] == said["0 KB left, add"] == READ
    assert said["40 KB left, import"] == SAVED


@pytest.mark.parametrize("name", disk.MENDED)
def test_a_harmed_file_is_told_and_mended_from_its_copy(tmp_path: Path, name: str) -> None:
    said, before, after = disk.met(tmp_path / "profile", disk.MENDED[name])
    assert said == "The list of tokens cannot be read."
    assert after == before


def test_a_newer_version_is_told_and_left_alone(tmp_path: Path) -> None:
    said, before, after = disk.met(tmp_path / "profile", disk.newer)
    assert said == "Your list was written by a newer version of Partner Tokens."
    assert after == before


def test_a_folder_that_vanishes_and_returns_has_lost_nothing(tmp_path: Path) -> None:
    said, left = disk.vanished(tmp_path / "profile")
    assert (said, left) == (GONE, 20)
