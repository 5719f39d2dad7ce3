"""The whole program on a virtual screen, with a keyring and a screen reader's bus of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desktop import Desktop, Program
from keyring_session import KeyringSession
from patience import PATIENCE, wait_for

PROBE = Path(__file__).parent / "probe.py"
SYSTEM_PYTHON = "/usr/bin/python3"
"""Debian's bindings for AT-SPI belong to it."""
A11Y_BUS = Path("/usr/libexec/at-spi-bus-launcher")


MODULES = {"partner-tokens": "partner_tokens", "partner-tokens-cli": "partner_tokens.cli"}
ROOT_OF_INSTALLED = "PARTNER_TOKENS_ROOT"
"""The variable that names a Debian in a folder, with the package in it: then that is driven."""


def command(name: str) -> list[str]:
    """What starts a command of the checkout, or of the package that is to be tried."""
    root = os.environ.get(ROOT_OF_INSTALLED)
    return ["chroot", root, f"/usr/bin/{name}"] if root else [sys.executable, "-m", MODULES[name]]


@dataclass(frozen=True, slots=True)
class Node:
    """One thing on the screen, as a screen reader meets it."""

    role: str
    name: str
    description: str
    labels: tuple[str, ...]
    """What labels it; told of combo boxes only."""
    text: str
    states: frozenset[str]
    box: tuple[int, ...]
    """Left, top, width and height on the screen; told of table cells only."""
    children: tuple["Node", ...]

    @classmethod
    def read(cls, plain: dict[str, Any]) -> "Node":
        """From the probe's JSON."""
        return cls(
            plain["role"],
            plain["name"],
            plain["description"],
            tuple(plain["labels"]),
            plain["text"],
            frozenset(plain["states"]),
            tuple(plain["box"]),
            tuple(cls.read(child) for child in plain["children"]),
        )

    def walk(self) -> Iterator["Node"]:
        """This and everything below."""
        yield self
        for child in self.children:
            yield from child.walk()

    def rows(self) -> list[str]:
        """The lines of the list as sentences, from top to bottom."""
        return [cells[0].name for cells in self.lines()]

    def lines(self) -> list[tuple["Node", ...]]:
        """The lines of the list, cell by cell; the first cell reads as the whole line."""
        table = next((node for node in self.walk() if node.name == "Tokens"), None)
        if table is None or "showing" not in table.states:
            return []
        cells = [node for node in table.children if node.role == "table cell"]
        columns = sum(node.role == "table column header" for node in table.children) or 1
        return [tuple(cells[at : at + columns]) for at in range(0, len(cells), columns)]

    def selected(self) -> str:
        """The selected line as a sentence; empty where none is."""
        return next((cells[0].name for cells in self.lines() if "selected" in cells[0].states), "")

    def words(self) -> str:
        """All that can be read on what is showing, one thing a line."""
        return "\n".join(
            f"{node.name} {node.text}".strip() for node in self.walk() if "showing" in node.states
        )


@dataclass(frozen=True, slots=True)
class Ears:
    """Hears what programs announce, as a screen reader does."""

    file: Path

    def heard(self) -> list[str]:
        """All announcements so far."""
        lines = self.file.read_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines[1:] if line.endswith("\n")]

    def hears(self, words: str) -> str:
        """Waits for an announcement with these words; gives the whole of it."""

        def found() -> str:
            return next((line for line in self.heard() if words in line), "")

        try:
            return wait_for(found, f"“{words}” announced")
        except AssertionError as error:
            raise AssertionError(f"{error}; there was: {self.heard()}") from None


class Stage:
    """A screen, a bus with or without GNOME Keyring, and the bus of the screen readers."""

    def __init__(self, folder: Path, *, with_keyring: bool = True) -> None:
        if not A11Y_BUS.exists() or not Path(SYSTEM_PYTHON).exists():
            pytest.fail("not installed: at-spi2-core; see “Development” in the README")
        self.under: tuple[str, ...] = ()
        """A command that Partner Tokens is run under, as a tracer."""
        (folder / "keyring").mkdir(parents=True)
        self.folder = folder
        self.keyring = KeyringSession(folder / "keyring", with_keyring=with_keyring)
        self.desktop = Desktop(
            folder / "desktop",
            {
                "DBUS_SESSION_BUS_ADDRESS": self.keyring.address,
                "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
                # Qt does not know a call that newer screen readers try first, and says so each time
                "QT_LOGGING_RULES": "qt.accessibility.atspi=false",
            },
        )
        self.desktop.spawn("at-spi", [str(A11Y_BUS), "--launch-immediately"])

    def close(self) -> None:
        """Ends everything that was started here."""
        self.desktop.close()
        self.keyring.stop()

    def start(self, *options: str) -> Program:
        """Starts Partner Tokens with these options of its command line."""
        started = [*self.under, *command("partner-tokens"), *options]
        return self.desktop.launch(started, "partner-tokens")

    def open(self, profile: Path, *words: str) -> Program:
        """Starts it on this profile, waits until its window has the keys and shows these words."""
        program = self.start("--profile", str(profile))
        self.desktop.focus("^Partner Tokens$")
        self.sees(program, *words)
        return program

    def open_first(self, profile: Path, *words: str) -> Program:
        """As `open`, on a computer where it never ran: leaves the guide, as many a user does."""
        program = self.start("--profile", str(profile))
        self.desktop.focus("^First minute")
        self.sees(program, "The key will go into your keyring")
        self.desktop.keys("Escape")
        self.desktop.focus("^Partner Tokens$")
        self.sees(program, *words)
        return program

    def terminal(self, profile: Path, *words: str, given: str = "") -> str:
        """Runs the terminal program on this profile beside the window; gives what it printed."""
        done = subprocess.run(
            [*command("partner-tokens-cli"), "--profile", str(profile), *words],
            env=self.desktop.environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def listen(self) -> Ears:
        """Hears announcements from now on; call it before the program starts."""
        ears = Ears(self.desktop.spawn("ears", [SYSTEM_PYTHON, str(PROBE), "listen"]))
        wait_for(lambda: ears.file.read_text(), "the listener is there")
        return ears

    def tree(self, program: Program, *, whole: bool = False) -> Node:
        """What a screen reader finds now; waits until the program is on its bus.

        With `whole`, also what lies in parts of the window that are not showing.
        """

        def found() -> Node | None:
            answer = self._probe(program, *["whole"] * whole)
            return Node.read(json.loads(answer.stdout)) if answer.returncode == 0 else None

        return wait_for(found, "the accessible tree")

    def press(self, program: Program, name: str) -> None:
        """Presses the button of this name as a screen reader does."""
        wait_for(lambda: self._probe(program, "press", name).returncode == 0, f"press {name}")

    def sees(self, program: Program, *words: str, seconds: float = PATIENCE) -> Node:
        """Waits until all these words can be read on the screen; gives the tree they stand in."""
        tree: Node | None = None

        def read() -> Node | None:
            nonlocal tree
            tree = self.tree(program)
            said = tree.words()
            return tree if all(word in said for word in words) else None

        try:
            return wait_for(read, f"{words} on the screen", seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}; there is:\n{tree and tree.words()}") from None

    def _probe(self, program: Program, *deed: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [SYSTEM_PYTHON, str(PROBE), str(program.process.pid), *deed],
            env=self.desktop.environment | {"PYTHONPATH": ""},
            capture_output=True,
            timeout=PATIENCE,
        )
