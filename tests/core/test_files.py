"""Files the user asked for: whole or not at all, for the user alone."""

import os
import stat
import sys
from pathlib import Path

import pytest

from partner_tokens.core.errors.files import FileUnwritable
from partner_tokens.core.files import write_whole


def test_what_was_there_is_replaced_by_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "tokens.csv"
    path.write_text("long before")
    write_whole(path, b"now")
    assert path.read_bytes() == b"now"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_the_user_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "tokens.csv"
    path.touch(mode=0o644)
    write_whole(path, b"now")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets few users make links")
def test_a_link_keeps_leading_where_it_led(tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.touch()
    link.symlink_to(target)
    write_whole(link, b"now")
    assert link.is_symlink()
    assert target.read_bytes() == b"now"


def test_a_place_that_cannot_be_written_is_said_and_nothing_stays(tmp_path: Path) -> None:
    with pytest.raises(FileUnwritable) as missing:
        write_whole(tmp_path / "nowhere" / "tokens.csv", b"now")
    assert "nowhere" in missing.value.title
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "kept").touch()
    with pytest.raises(FileUnwritable):
        write_whole(folder, b"now")
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other pipes")
def test_a_pipe_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FileUnwritable):
        write_whole(pipe, b"now")
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_home_that_nobody_has_is_said() -> None:
    with pytest.raises(FileUnwritable):
        write_whole(Path("~nobody-of-this-name/tokens.csv"), b"now")
