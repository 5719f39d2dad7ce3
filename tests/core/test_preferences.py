"""Preferences: forgiving on read, whole or not at all on write."""

import json
import os
import stat
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partner_tokens.core.preferences import ATTEMPTS, Preferences, load, save

CHOSEN = Preferences(ca_file="/etc/company.pem", geometry="AAEC", header="AwQF")

ANY_TEXT = ("ca_file", "geometry", "header")
"""Preferences that take whatever text there is."""
KNOWN = frozenset(asdict(CHOSEN))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "preferences.json"


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_first_start_has_the_defaults_and_nothing_to_report(path: Path) -> None:
    assert load(path) == (Preferences(), ())


def test_what_was_saved_is_loaded_again(path: Path) -> None:
    save(path, **asdict(CHOSEN))
    assert load(path) == (CHOSEN, ())


def test_only_what_differs_from_the_defaults_is_written(path: Path) -> None:
    save(path, **asdict(replace(Preferences(), ca_file="/ca.pem")))
    assert json.loads(path.read_text(encoding="utf-8")) == {"ca_file": "/ca.pem"}


def test_a_file_with_nonsense_falls_back_and_is_named(path: Path) -> None:
    for text in ("", "{", "[]", "null", '"x"', "[" * 100_000):
        assert load(written(path, text)) == (Preferences(), ("preferences.json",))


def test_a_file_that_is_no_text_falls_back(path: Path) -> None:
    written(path, "")
    path.write_bytes(b"\xff\xfe{}")
    assert load(path) == (Preferences(), ("preferences.json",))


def test_a_file_that_cannot_be_read_falls_back(path: Path) -> None:
    path.mkdir(parents=True)
    assert load(path) == (Preferences(), ("preferences.json",))


def test_single_bad_values_fall_back_and_the_good_ones_hold(path: Path) -> None:
    text = '{"ca_file": 7, "geometry": "AAEC", "colour": "red", "header": null}'
    found, ignored = load(written(path, text))
    assert found == Preferences(geometry="AAEC")
    assert ignored == ("ca_file", "colour", "header")


def test_lead_times_are_loaded_again(path: Path) -> None:
    chosen = replace(Preferences(), reminder_days=(60, 3), reminders=False)
    save(path, **asdict(chosen))
    assert load(path) == (chosen, ())


@pytest.mark.parametrize("value", ["7", "[true]", "[7.5]", "[-1]", "[3651]", '["7"]', "{}", "null"])
def test_lead_times_that_are_no_days_fall_back(path: Path, value: str) -> None:
    assert load(written(path, f'{{"reminder_days": {value}}}')) == (
        Preferences(),
        ("reminder_days",),
    )


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(ANY_TEXT) | st.text().filter(lambda name: name not in KNOWN),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()),
    )
)
def test_no_file_can_bring_a_value_of_another_kind(path: Path, values: dict[str, Any]) -> None:
    found, ignored = load(written(path, json.dumps(values)))
    assert all(isinstance(v, str) for v in (found.ca_file, found.geometry, found.header))
    kept = {name for name in ANY_TEXT if isinstance(values.get(name), str)}
    assert set(ignored) == set(values) - kept


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_file_is_for_the_user_alone(path: Path) -> None:
    save(path, **asdict(CHOSEN))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets few users make links")
def test_a_link_keeps_leading_to_the_file(path: Path, tmp_path: Path) -> None:
    dotfiles = tmp_path / "dotfiles" / "preferences.json"
    dotfiles.parent.mkdir()
    dotfiles.write_text('{"min_life": 20}')
    path.parent.mkdir()
    path.symlink_to(dotfiles)
    assert save(path, reminders=False)
    assert path.is_symlink()
    assert json.loads(dotfiles.read_text()) == {"min_life": 20, "reminders": False}
    assert [each.name for each in dotfiles.parent.iterdir()] == ["preferences.json"]


def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(path, **asdict(CHOSEN))

    def full(*_arguments: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        save(path, ca_file="/other.pem")
    assert load(path) == (CHOSEN, ())
    assert list(path.parent.iterdir()) == [path]


def test_what_a_user_has_written_meanwhile_stays(path: Path) -> None:
    save(path, geometry="AAEC")
    text = '{"ca_file": "/ca.pem", "colour": "red", "geometry": "AAEC"}'
    written(path, text)
    save(path, geometry="AAED", header="")
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "ca_file": "/ca.pem",
        "colour": "red",
        "geometry": "AAED",
    }


@pytest.mark.parametrize("text", ['{"ca_file": "/ca.pem",}', "", "[]", "[" * 100_000])
def test_a_file_that_makes_no_sense_is_never_written_over(path: Path, text: str) -> None:
    written(path, text)
    save(path, geometry="AAEC")
    assert path.read_text(encoding="utf-8") == text


def test_half_a_character_is_kept_as_it_was_written(path: Path) -> None:
    written(path, '{"ca_file": "\\ud800"}')
    save(path, geometry="AAEC")
    assert load(path) == (Preferences(ca_file="\ud800", geometry="AAEC"), ())


class Held:
    """A file that another program holds for some attempts, as on Windows."""

    def __init__(self, attempts: int) -> None:
        self.attempts = attempts
        self.pauses: list[float] = []

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        free = Path.replace

        def held(source: Path, target: Path) -> Path:
            if len(self.pauses) < self.attempts:
                raise PermissionError(13, "Access is denied")
            return free(source, target)

        monkeypatch.setattr(Path, "replace", held)
        monkeypatch.setattr(time, "sleep", self.pauses.append)


def test_a_file_held_for_a_moment_is_waited_for(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(attempts=3)
    held.install(monkeypatch)
    save(path, **asdict(CHOSEN))
    assert load(path) == (CHOSEN, ())
    assert held.pauses == sorted(held.pauses)


def test_a_file_held_for_good_is_not_waited_for_without_end(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(attempts=1000)
    held.install(monkeypatch)
    with pytest.raises(PermissionError):
        save(path, **asdict(CHOSEN))
    assert len(held.pauses) == ATTEMPTS - 1
    assert sum(held.pauses) < 3


def test_the_portals_pages_are_loaded_again(path: Path) -> None:
    chosen = replace(Preferences(), portals={"https://a.example": "https://b.example/#/x"})
    save(path, **asdict(chosen))
    assert load(path) == (chosen, ())


@pytest.mark.parametrize("value", ["[]", '"x"', '{"https://a.example": 7}', "null"])
def test_portals_that_are_no_texts_fall_back(path: Path, value: str) -> None:
    assert load(written(path, f'{{"portals": {value}}}')) == (Preferences(), ("portals",))


USABLE = {
    "clipboard_seconds": (0, 45, 3600),
    "min_life": (1, 60),
    "format": ("header", "curl", "env-cmd"),
    "check_seconds": (15, 3600),
    "lend_to_terminal": ("", "yes", "no"),
    "lock_with_screen": ("", "yes", "no"),
    "lock_when_idle": (0, 1440),
    "stay_in_tray": (True, False),
    "reminders": (True, False),
    "proxy": ("", "none"),
    "proxy_address": ("", "http://proxy.example:3128"),
}
UNUSABLE = {
    "clipboard_seconds": (-1, 3601, True, 4.5, "45", None),
    "min_life": (0, 61, "10"),
    "format": ("", "Header", 7, ["header"]),
    "check_seconds": (14, 3601, False),
    "lend_to_terminal": ("maybe", True),
    "lock_with_screen": ("maybe", False),
    "lock_when_idle": (-1, 1441, 10**30),
    "stay_in_tray": (1, "yes"),
    "reminders": (0, "no"),
    "reminder_days": ([7] * 21,),
    "proxy": ("direct", None),
    "proxy_address": ("proxy.example", "http://ana:pw@proxy.example:3128", "x y", 8080),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in USABLE.items() for value in values]
)
def test_a_good_value_holds(path: Path, name: str, value: object) -> None:
    save(path, **{name: value})
    found, ignored = load(path)
    assert (getattr(found, name), ignored) == (value, ())


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in UNUSABLE.items() for value in values]
)
def test_a_bad_value_falls_back_and_is_named(path: Path, name: str, value: object) -> None:
    assert load(written(path, json.dumps({name: value}))) == (Preferences(), (name,))


def test_a_proxy_of_ones_own_without_an_address_falls_back_to_the_system(path: Path) -> None:
    assert load(written(path, '{"proxy": "manual"}')) == (Preferences(), ("proxy",))
    text = '{"proxy": "manual", "proxy_address": "nonsense here"}'
    assert load(written(path, text)) == (Preferences(), ("proxy_address", "proxy"))
    save(path, proxy="manual", proxy_address="http://proxy.example:3128")
    assert load(path)[0].proxy == "manual"


def test_a_file_that_is_being_worked_on_is_left_and_that_is_said(path: Path) -> None:
    written(path, "{")
    assert not save(path, min_life=5)
    assert path.read_text(encoding="utf-8") == "{"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@pytest.mark.parametrize("place", ["pipe", "device"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, place: str) -> None:
    path = tmp_path / "preferences.json"
    if place == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    code = (
        "import sys; from pathlib import Path; from partner_tokens.core.preferences import load\n"
        "print(load(Path(sys.argv[1]))[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "('preferences.json',)\n"
