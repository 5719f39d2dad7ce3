"""What PyInstaller is told on each system: the spec is run with a stand-in of PyInstaller."""

import runpy
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import bill_of_materials
from release import places
from release.identity import BUNDLE_ID, COMMANDS

SPEC = places.PACKAGING / "release" / "partner-tokens.spec"
HOOKS = ["pyi_rth_inspect", "pyi_rth_pyside6"]
LIBRARY = "PySide6/Qt/lib/libQt6Core.so.6"
NETWORK = "PySide6/Qt/lib/libQt6Network.so.6"


class Told:
    """Keeps what PyInstaller's functions were called with."""

    def __init__(self, platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.programs: dict[str, dict[str, Any]] = {}
        self.scripts: dict[str, list[str]] = {}
        self.collected: list[str] = []
        self.bundle: dict[str, Any] = {}
        self.analysis: dict[str, Any] = {}
        installed = bill_of_materials.parts()
        monkeypatch.setattr(bill_of_materials, "parts", lambda: installed)
        monkeypatch.setattr(sys, "platform", platform)
        functions = {
            "Analysis": self._analysis,
            "PYZ": lambda modules: modules,
            "EXE": self._exe,
            "COLLECT": self._collect,
            "BUNDLE": lambda _collected, **told: self.bundle.update(told),
        }
        runpy.run_path(str(SPEC), init_globals=functions)

    def _analysis(self, scripts: list[str], **told: Any) -> SimpleNamespace:
        self.analysis = told
        names = [*HOOKS, *(Path(script).stem for script in scripts)]
        return SimpleNamespace(
            pure=[],
            scripts=[(name, f"{name}.py", "PYSOURCE") for name in names],
            binaries=[(name, f"/build/{name}", "BINARY") for name in (LIBRARY, NETWORK)],
            datas=[],
        )

    def _exe(self, _modules: list[str], scripts: list[tuple[str, ...]], **told: Any) -> str:
        self.programs[told["name"]] = told
        self.scripts[told["name"]] = [script[0] for script in scripts]
        return str(told["name"])

    def _collect(self, *parts: Any, **_told: Any) -> str:
        self.collected = [entry[0] for part in parts if isinstance(part, list) for entry in part]
        return "collected"


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_both_commands_share_one_trimmed_folder(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told(platform, monkeypatch)
    assert list(told.programs) == list(COMMANDS)
    assert all(program["exclude_binaries"] for program in told.programs.values())
    assert told.collected == [LIBRARY]
    for name, scripts in told.scripts.items():
        assert scripts == ([name] if platform == "linux" else [*HOOKS, name])
    versions = [Path(source).name for source, _ in told.analysis["datas"]]
    assert versions.count("METADATA") > 10


def test_windows_opens_a_console_for_the_terminal_command_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    programs = Told("win32", monkeypatch).programs
    assert {name: told["console"] for name, told in programs.items()} == {
        "partner-tokens": False,
        "partner-tokens-cli": True,
    }
    for name, told in programs.items():
        assert told["version"].endswith(f"{name}.version")
        assert told["icon"].endswith("app.ico")


def test_macos_shows_the_window_and_knows_the_bundle_by_its_id(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = Told("darwin", monkeypatch)
    assert told.bundle["bundle_identifier"] == BUNDLE_ID
    assert told.bundle["info_plist"]["CFBundleExecutable"] == "partner-tokens"
    assert told.bundle["info_plist"]["LSBackgroundOnly"] is False
    assert told.programs["partner-tokens"]["icon"].endswith("app.icns")


def test_linux_has_no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Told("linux", monkeypatch).bundle == {}
