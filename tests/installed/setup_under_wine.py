"""The installer for Windows around a stand-in, run by Wine: installed, upgraded, removed.

Run by `dev.py try-package windows`. The program itself is not run here: there is no Windows.
"""

import os
import subprocess
from pathlib import Path

import pytest

from patience import wait_for
from release import places
from release.windows_setup import make_setup

LONG = 120
"""Seconds; Wine makes its Windows anew for each trial."""
UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Partner Tokens"
RUN = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"


class Windows:
    """A Windows of its own, as Wine has it, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._environment = os.environ | {
            "WINEPREFIX": str(folder),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "HOME": str(folder.parent),
        }
        self.run("wineboot", "--init")
        (self.local,) = folder.glob("drive_c/users/[!P]*/AppData/Local")
        self.programs = self.local / "Programs" / "Partner Tokens"
        (self.menu,) = self.local.parent.glob("Roaming/Microsoft/Windows/Start Menu/Programs")

    def run(self, *words: str) -> str:
        """Runs a program of this Windows; gives what it printed."""
        done = subprocess.run(
            ["xvfb-run", "-a", "wine", *words],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=LONG,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def setup_of(folder: Path, *modules: str) -> Path:
    """An installer of a folder laid out as a frozen program, with these modules in it."""
    for name in ("partner-tokens.exe", "partner-tokens-cli.exe", *modules):
        file = folder / "frozen" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"stand-in")
    (folder / "dist").mkdir()
    return make_setup(folder / "frozen", folder / "dist")


@pytest.mark.timeout(600)
def test_it_is_installed_upgraded_and_removed_and_leaves_the_tokens_alone(tmp_path: Path) -> None:
    older = setup_of(tmp_path / "older", "_internal/stale.pyd")
    newer = setup_of(tmp_path / "newer", "_internal/fresh.pyd")
    windows = Windows(tmp_path / "prefix")
    store = windows.local / "partner-tokens" / "tokens.sqlite3"
    store.parent.mkdir()
    store.write_bytes(b"tokens")

    windows.run(str(older), "/S")
    assert (windows.programs / "partner-tokens.exe").is_file()
    names = {file.name for file in (windows.menu / "Partner Tokens").iterdir()}
    assert names == {"Partner Tokens.lnk", "Quick copy.lnk"}
    assert places.version() in windows.run("reg", "query", UNINSTALL, "/v", "DisplayVersion")
    own = windows.programs / "notes of the user.txt"
    own.write_text("kept")

    windows.run(str(newer), "/S")
    found = {file.name for file in (windows.programs / "_internal").iterdir()}
    assert found == {"fresh.pyd"}

    windows.run("reg", "add", RUN, "/v", "partner-tokens", "/d", "x", "/f")
    windows.run("reg", "add", RUN, "/v", "another program", "/d", "x", "/f")
    windows.run(str(windows.programs / "uninstall.exe"), "/S")  # goes on in a copy of itself
    wait_for(lambda: not (windows.programs / "uninstall.exe").exists(), "it is removed", LONG)
    wait_for(lambda: not (windows.menu / "Partner Tokens").exists(), "the menu is cleared")
    wait_for(lambda: UNINSTALL not in windows.run("reg", "query", UNINSTALL[:-15]), "the entry")
    assert [file.name for file in windows.programs.iterdir()] == [own.name]
    assert store.read_bytes() == b"tokens"
    starts = windows.run("reg", "query", RUN)
    assert "another program" in starts
    assert "partner-tokens" not in starts
