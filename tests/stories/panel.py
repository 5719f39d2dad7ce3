"""Panels with a tray: one of the older kind under X11, and one that is spoken to over D-Bus."""

import json
import subprocess
from pathlib import Path
from typing import Any, Self

from stories.harness import SYSTEM_PYTHON, Stage

NOTIFIER = Path(__file__).parent / "notifier.py"

SETTINGS = """
panel_items = S
panel_size = 300 28
panel_position = top left horizontal
"""


class X11Panel:
    """tint2, with nothing but a tray at the upper edge of the screen."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._settings = stage.folder / "panel.conf"
        self._settings.write_text(SETTINGS)
        self.start()

    def start(self) -> Self:
        """Starts it, and waits until it can be seen."""
        self._process = subprocess.Popen(
            ["tint2", "-c", str(self._settings)],
            env=self._stage.desktop.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._stage.desktop.window("^tint2$")
        except AssertionError:
            self.end()
            raise
        return self

    def end(self) -> None:
        """It crashes."""
        self._process.kill()
        self._process.wait()


class BusPanel:
    """Watcher and host of StatusNotifierItem; see `notifier.py`."""

    def __init__(self, stage: Stage) -> None:
        self._environment = {**stage.desktop.environment, "PYTHONPATH": ""}
        self.start()

    def start(self) -> Self:
        """Starts it, and waits until it is on the bus."""
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, str(NOTIFIER)],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "host\n"
        return self

    def ask(self, question: str) -> Any:
        """What it answers, read from JSON."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{question}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def end(self) -> None:
        """It crashes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
