"""Starting with the desktop: an entry that is written, found, and taken away again."""

import os
import plistlib
import re
import shutil
import subprocess
import sys
import types
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partner_tokens.core.autostart import (
    DesktopEntry,
    LaunchAgent,
    autostart,
    config_home,
    own_command,
)
from partner_tokens.core.errors.files import FileUnwritable

COMMAND = ["/opt/partner tokens/run", "--profile", '/home/ana/50% "x" $HOME `id` \\']


def test_an_entry_is_written_and_taken_away(tmp_path: Path) -> None:
    entry = DesktopEntry(COMMAND, tmp_path / "new" / "autostart")
    assert not entry.is_on()
    entry.turn(True)
    assert entry.is_on()
    assert DesktopEntry(["other"], tmp_path / "new" / "autostart").is_on()
    entry.turn(False)
    assert not entry.is_on()
    entry.turn(False)
    assert list((tmp_path / "new" / "autostart").iterdir()) == []


def test_the_command_is_read_back_as_it_is_meant(tmp_path: Path) -> None:
    DesktopEntry(COMMAND, tmp_path).turn(True)
    text = (tmp_path / "partner-tokens.desktop").read_text()
    (line,) = [line for line in text.splitlines() if line.startswith("Exec=")]
    value = line.removeprefix("Exec=").replace("\\\\", "\\")  # as any text of an entry
    found = subprocess.run(
        ["/bin/sh", "-c", f"printf '%s\\n' {value}"], capture_output=True, text=True, check=True
    )  # inside double quotes a shell takes the same four characters by their backslash
    assert found.stdout.splitlines() == [part.replace("%", "%%") for part in COMMAND]


ARGUMENTS = (
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
    | st.binary().filter(lambda name: b"\0" not in name).map(os.fsdecode)
    | st.text(st.sampled_from(" %%fFu\\\\\"'`$\n\r\t\x0b\u2028;#="))
)


def started(entry: bytes) -> list[str]:
    """The command that a desktop reads out of an entry, by the Desktop Entry Specification."""
    (line,) = [line for line in entry.split(b"\n") if line.startswith(b"Exec=")]
    marks = {b"s": b" ", b"n": b"\n", b"t": b"\t", b"r": b"\r", b"\\": b"\\"}
    value = re.sub(rb"\\(.)", lambda found: marks[found[1]], line.removeprefix(b"Exec="))
    value = re.sub(b"%(.)", lambda found: {b"%": b"%"}[found[1]], value, flags=re.DOTALL)
    found = re.findall(rb'"((?:[^"`$\\]|\\["`$\\])*)"(?: |$)', value)
    assert b" ".join(b'"%s"' % each for each in found) == value
    return [os.fsdecode(re.sub(rb"\\(.)", rb"\1", each)) for each in found]


@pytest.mark.skipif(sys.platform == "win32", reason="for the desktops of Linux")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ARGUMENTS, min_size=1, max_size=4))
def test_any_command_is_read_back_as_it_is_meant(tmp_path: Path, command: list[str]) -> None:
    entry = DesktopEntry(command, tmp_path)
    entry.turn(True)
    assert entry.is_on()
    assert started((tmp_path / "partner-tokens.desktop").read_bytes()) == command


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary())
def test_any_entry_of_another_program_is_on_or_off(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "partner-tokens.desktop").write_bytes(body)
    assert isinstance(DesktopEntry(["x"], tmp_path).is_on(), bool)


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="no validator here")
def test_the_entry_is_a_valid_one(tmp_path: Path) -> None:
    DesktopEntry(COMMAND, tmp_path).turn(True)
    checked = subprocess.run(
        ["desktop-file-validate", str(tmp_path / "partner-tokens.desktop")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_an_entry_that_another_program_switched_off_is_off(tmp_path: Path, line: str) -> None:
    entry = DesktopEntry(COMMAND, tmp_path)
    entry.turn(True)
    with (tmp_path / "partner-tokens.desktop").open("a") as file:
        file.write(f"{line}\n")
    assert not entry.is_on()
    entry.turn(True)
    assert entry.is_on()


def test_a_folder_that_cannot_be_made_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileUnwritable):
        DesktopEntry(COMMAND, tmp_path / "file" / "autostart").turn(True)
    assert not DesktopEntry(COMMAND, tmp_path / "file" / "autostart").is_on()


def test_only_an_absolute_folder_of_settings_counts(tmp_path: Path) -> None:
    assert config_home({"XDG_CONFIG_HOME": str(tmp_path)}) == tmp_path
    assert config_home({"XDG_CONFIG_HOME": "here"}) == config_home({}) == Path.home() / ".config"


def test_the_program_is_started_by_an_absolute_path() -> None:
    command = own_command(["--profile", "x"])
    assert Path(command[0]).is_absolute()
    assert command[-2:] == ["--profile", "x"]


def test_an_installed_program_is_started_by_itself_whatever_the_path_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", r"C:\Programs\partner-tokens.exe")
    assert own_command(["--profile", "x"]) == [sys.executable, "--profile", "x"]


def test_a_property_list_holds_the_command(tmp_path: Path) -> None:
    agent = LaunchAgent(COMMAND, tmp_path)
    agent.turn(True)
    assert agent.is_on()
    found = plistlib.loads((tmp_path / "partner-tokens.plist").read_bytes())
    assert found["ProgramArguments"] == COMMAND
    agent.turn(False)
    assert not agent.is_on()


# ---- Windows, on a registry in memory ----


class Registry(types.ModuleType):
    """The calls of winreg that are made, on the one key of the user that holds what is started."""

    HKEY_CURRENT_USER, REG_SZ = 1, 1

    def __init__(self) -> None:
        super().__init__("winreg")
        self.values: dict[str, str] = {}

    def _key(self, root: int, path: str) -> nullcontext[dict[str, str]]:
        assert (root, path) == (1, r"Software\Microsoft\Windows\CurrentVersion\Run")
        return nullcontext(self.values)

    OpenKey = CreateKey = _key

    def QueryValueEx(self, key: dict[str, str], name: str) -> str:
        return self._found(key, name)[name]

    def SetValueEx(self, key: dict[str, str], name: str, _: int, kind: int, text: str) -> None:
        assert kind == self.REG_SZ
        key[name] = text

    def DeleteValue(self, key: dict[str, str], name: str) -> None:
        del self._found(key, name)[name]

    @staticmethod
    def _found(key: dict[str, str], name: str) -> dict[str, str]:
        if name not in key:
            raise FileNotFoundError(2, "no such value")
        return key


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    made = Registry()
    monkeypatch.setitem(sys.modules, "winreg", made)
    monkeypatch.setattr(sys, "platform", "win32")
    return made


def test_on_windows_a_value_of_the_registry_holds_the_quoted_command(registry: Registry) -> None:
    entry = autostart([r"C:\Program Files\x\partner-tokens.exe", "--profile", "a b"])
    assert not entry.is_on()
    entry.turn(True)
    assert entry.is_on()
    line = r'"C:\Program Files\x\partner-tokens.exe" --profile "a b"'
    assert registry.values == {"partner-tokens": line}
    entry.turn(False)
    assert not entry.is_on()


def test_on_windows_what_is_not_there_need_not_be_taken_away(registry: Registry) -> None:
    autostart(["x"]).turn(False)
    assert registry.values == {}


def test_on_windows_a_registry_that_is_closed_to_us_is_told(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_words: object) -> None:
        raise PermissionError(5, "Access is denied")

    monkeypatch.setattr(registry, "SetValueEx", refuse)
    with pytest.raises(FileUnwritable):
        autostart(["x"]).turn(True)
