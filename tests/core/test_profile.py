"""Profile: where things lie."""

from pathlib import Path

import pytest

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
