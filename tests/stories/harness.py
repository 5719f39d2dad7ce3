"""The whole program on a virtual screen, with a keyring and a screen reader's bus of its own."""

import json
import subprocess
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


@dataclass(frozen=True, slots=True)
class Node:
    """One thing on the screen, as a screen reader meets it."""

    role: str
    name: str
    description: str
    text: str
    states: frozenset[str]
    actions: tuple[str, ...]
    children: tuple["Node", ...]

    @classmethod
    def read(cls, plain: dict[str, Any]) -> "Node":
        """From the probe's JSON."""
        return cls(
            plain["role"],
            plain["name"],
            plain["description"],
            plain["text"],
            frozenset(plain["states"]),
            tuple(plain["actions"]),
            tuple(cls.read(child) for child in plain["children"]),
        )

    def walk(self) -> Iterator["Node"]:
        """This and everything below."""
        yield self
        for child in self.children:
            yield from child.walk()

    def words(self) -> str:
        """All that can be read on what is showing, one thing a line."""
        return "\n".join(
            f"{node.name} {node.text}".strip() for node in self.walk() if "showing" in node.states
        )


class Stage:
    """A screen, a bus with GNOME Keyring, and the bus of the screen readers."""

    def __init__(self, folder: Path) -> None:
        if not A11Y_BUS.exists() or not Path(SYSTEM_PYTHON).exists():
            pytest.fail("not installed: at-spi2-core; see “Development” in the README")
        (folder / "keyring").mkdir(parents=True)
        self.folder = folder
        self.keyring = KeyringSession(folder / "keyring")
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
        self.keyring.resume()
        self.keyring.stop()

    def start(self, *options: str) -> Program:
        """Starts Partner Tokens with these options of its command line."""
        return self.desktop.start(["-m", "partner_tokens", *options], "partner-tokens")

    def tree(self, program: Program) -> Node:
        """What a screen reader finds now; waits until the program is on its bus."""

        def found() -> Node | None:
            answer = self._probe(program)
            return Node.read(json.loads(answer.stdout)) if answer.returncode == 0 else None

        return wait_for(found, "the accessible tree") or pytest.fail("no tree")

    def press(self, program: Program, name: str) -> None:
        """Presses the button of this name as a screen reader does."""
        wait_for(lambda: self._probe(program, "press", name).returncode == 0, f"press {name}")

    def sees(self, program: Program, words: str, seconds: float = PATIENCE) -> Node:
        """Waits until these words can be read on the screen; gives the tree they stand in."""
        tree = self.tree(program)

        def read() -> bool:
            nonlocal tree
            tree = self.tree(program)
            return words in tree.words()

        try:
            wait_for(read, f"“{words}” on the screen", seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}; there is:\n{tree.words()}") from None
        return tree

    def _probe(self, program: Program, *deed: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [SYSTEM_PYTHON, str(PROBE), str(program.process.pid), *deed],
            env=self.desktop.environment | {"PYTHONPATH": ""},
            capture_output=True,
            timeout=PATIENCE,
        )
