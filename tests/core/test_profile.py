"""Profile: where things lie."""

import os
import sys
from pathlib import Path

import pytest

from partner_tokens.core.errors.store import FolderShared
from partner_tokens.core.profile import default_profile, profile_under


def test_a_profile_of_its_own_keeps_everything_under_one_folder(tmp_path: Path) -> None:
    profile = profile_under(tmp_path)
    places = (
        profile.store_path,
        profile.backups,
        profile.preferences_path,
        profile.log_path,
    )
    assert all(place.parent == tmp_path for place in places)
    assert len(set(places)) == len(places)


def test_a_relative_folder_is_taken_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    profile = profile_under(Path("mine"))
    monkeypatch.chdir(tmp_path.parent)
    assert profile.data == tmp_path / "mine"


def test_a_tilde_is_the_users_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert profile_under(Path("~/mine")).data == tmp_path / "mine"


def test_the_usual_profile_lies_in_the_platforms_folders_for_this_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    profile = default_profile()
    for folder in (profile.data, profile.config, profile.log):
        assert "partner-tokens" in folder.parts
    assert not list(tmp_path.iterdir())  # asking makes nothing


posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


@posix
@pytest.mark.parametrize("mode", [0o1777, 0o777, 0o775, 0o722])
@pytest.mark.parametrize("by_link", [False, True])
def test_a_folder_others_may_write_to_is_refused_and_left_as_it_is(
    tmp_path: Path, mode: int, by_link: bool
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(mode)
    named = tmp_path / "link" if by_link else shared
    if by_link:
        named.symlink_to(shared)
    with pytest.raises(FolderShared) as caught:
        profile_under(named)
    assert str(named) in caught.value.title
    assert shared.stat().st_mode & 0o7777 == mode
    assert list(shared.iterdir()) == []


@posix
def test_a_folder_of_ours_that_others_may_read_will_do(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert profile_under(tmp_path).data == tmp_path
    assert tmp_path.stat().st_mode & 0o777 == 0o755


@posix
def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    if os.getuid() == 0:
        os.chown(tmp_path, 12345, 12345)
        named = tmp_path
    else:
        named = Path("/")
    with pytest.raises(FolderShared):
        profile_under(named)
