"""Whether the desktop starts the program when the user logs in, each platform in its own way.

Only the way of Linux desktops is tried; those of Windows and macOS are written by their manuals.
"""

import os
import plistlib
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from partner_tokens.core.errors.files import FileUnwritable
from partner_tokens.core.files import write_whole

NAME = "partner-tokens"
LONGEST_ENTRY = 65_536
"""Bytes; ours is shorter, and no more of another is read."""

ENTRY = """\
[Desktop Entry]
Type=Application
Version=1.4
Name=Partner Tokens
Exec={command}
Icon=partner-tokens
Terminal=false
"""


class Autostart(Protocol):
    """One user's own setting; waits for the disk."""

    def is_on(self) -> bool:
        """Whether the program will be started."""

    def turn(self, on: bool) -> None:
        """Changes it. Raises FileUnwritable."""


def own_command(arguments: Sequence[str] = ()) -> list[str]:
    """How this program is started, by an absolute path."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    found = shutil.which(NAME)
    start = [str(Path(found).absolute())] if found else [sys.executable, "-m", "partner_tokens"]
    return [*start, *arguments]


def autostart(command: Sequence[str]) -> Autostart:
    """The way of this platform."""
    if sys.platform == "win32":
        return RunKey(command)
    if sys.platform == "darwin":
        return LaunchAgent(command, Path.home() / "Library" / "LaunchAgents")
    return DesktopEntry(command, config_home(os.environ) / "autostart")


def config_home(environment: Mapping[str, str]) -> Path:
    """Where a user's settings lie; what is not absolute does not count (XDG Base Directory)."""
    set_to = Path(environment.get("XDG_CONFIG_HOME", ""))
    return set_to if set_to.is_absolute() else Path.home() / ".config"


class DesktopEntry:
    """A file that every Linux desktop reads (freedesktop.org: Desktop Application Autostart)."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command = command
        self._path = folder / f"{NAME}.desktop"

    def is_on(self) -> bool:
        """Whether the entry is there, and not switched off by another program."""
        try:
            with self._path.open("rb") as file:
                text = file.read(LONGEST_ENTRY).decode(errors="replace")
        except OSError:
            return False
        off = r"^(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$"
        return re.search(off, text, re.MULTILINE) is None

    def turn(self, on: bool) -> None:
        """Writes the entry, or takes it away. Raises FileUnwritable."""
        command = " ".join(map(_quoted, self._command))
        _keep(self._path, os.fsencode(ENTRY.format(command=command)) if on else None)


class LaunchAgent:
    """A property list that launchd reads (Apple: launchd.plist). Untried."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command = command
        self._path = folder / f"{NAME}.plist"

    def is_on(self) -> bool:
        """Whether the list is there."""
        return self._path.is_file()

    def turn(self, on: bool) -> None:
        """Writes the list, or takes it away. Raises FileUnwritable."""
        plist = {"Label": NAME, "ProgramArguments": list(self._command), "RunAtLoad": True}
        _keep(self._path, plistlib.dumps(plist) if on else None)


class RunKey:
    """A value in the registry (Microsoft: Run and RunOnce registry keys). Untried."""

    KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command

    def is_on(self) -> bool:
        """Whether the value is there."""
        if sys.platform == "win32":
            import winreg

            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, self.KEY) as key:
                    winreg.QueryValueEx(key, NAME)
            except OSError:
                return False
            return True
        return False

    def turn(self, on: bool) -> None:
        """Writes the value, or takes it away. Raises FileUnwritable."""
        if sys.platform == "win32":
            import subprocess
            import winreg

            try:
                with winreg.CreateKey(winreg.HKEY_CURRENT_USER, self.KEY) as key:
                    if on:
                        line = subprocess.list2cmdline(self._command)
                        winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, line)
                    elif self.is_on():
                        winreg.DeleteValue(key, NAME)
            except OSError as error:
                raise FileUnwritable(self.KEY, str(error)) from error


def _keep(path: Path, content: bytes | None) -> None:
    try:
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise FileUnwritable(str(path), str(error)) from error
    if content is not None:
        write_whole(path, content)


def _quoted(argument: str) -> str:
    """One argument of Exec: quoted, then escaped as any text of an entry (Desktop Entry)."""
    quoted = re.sub(r'(["`$\\])', r"\\\1", argument).replace("%", "%%")
    escaped = quoted.replace("\\", "\\\\")
    for plain, written in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        escaped = escaped.replace(plain, written)
    return f'"{escaped}"'
