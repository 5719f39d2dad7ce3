"""Panels with a tray: one of the older kind under X11, and one that is spoken to over D-Bus."""

import subprocess
from typing import Self

from stories.harness import Stage
from stories.helper import Helper

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


class BusPanel(Helper):
    """Watcher and host of StatusNotifierItem; see `notifier.py`."""

    def __init__(self, stage: Stage) -> None:
        super().__init__("notifier.py", stage.desktop.environment)
