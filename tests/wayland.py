"""A Wayland compositor without a screen, as a person's hands and eyes meet it: sway, headless."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from desktop import ROOT, Program
from patience import PATIENCE, wait_for

TOOLS = ("sway", "swaymsg", "wtype", "wl-paste", "unshare")

SETTINGS = """
xwayland disable
output HEADLESS-1 resolution 1280x900
default_border none
focus_on_window_activation focus
"""


def is_missing() -> str:
    """The tools that are not installed, or why the compositor cannot be started; else empty."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    tried = subprocess.run([*_another_user(), "true"], capture_output=True)
    return "" if tried.returncode == 0 else "sway refuses root, and no other user can be had"


def _another_user() -> list[str]:
    """What makes sway believe that it is not root, which it refuses to be."""
    if os.getuid() != 0:
        return []
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000"]


class WaylandDesktop:
    """sway, and programs started on it in an empty home."""

    def __init__(self, folder: Path, extra: Mapping[str, str]) -> None:
        self._written = folder
        home = folder / "home"
        home.mkdir(mode=0o700, parents=True)
        # Its sockets' paths may have some hundred letters: a test's folder is too far down at times
        self._runtime = runtime = Path(tempfile.mkdtemp(prefix="sway-"))
        settings = folder / "sway.conf"
        settings.write_text(SETTINGS)
        self.environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": str(runtime),
            "QT_QPA_PLATFORM": "wayland",
            # Qt is at odds with itself when the keyboard goes from one of its windows to another
            "QT_LOGGING_RULES": "qt.qpa.wayland.textinput=false",
            "PYTHONPATH": str(ROOT / "gui"),
            **extra,
        }
        hardware = {"WLR_BACKENDS": "headless", "WLR_LIBINPUT_NO_DEVICES": "1"}
        with (folder / "sway.log").open("wb") as log:
            self._started = [
                subprocess.Popen(
                    [*_another_user(), "sway", "--config", str(settings)],
                    env={**self.environment, **hardware, "WLR_RENDERER": "pixman"},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            ]
        wait_for(lambda: [*runtime.glob("wayland-?"), *runtime.glob("sway-ipc.*")][1:], "sway")
        self.environment["WAYLAND_DISPLAY"] = next(runtime.glob("wayland-?")).name
        self.environment["SWAYSOCK"] = str(next(runtime.glob("sway-ipc.*")))

    def close(self) -> None:
        """Ends what was started here, the last first."""
        for process in reversed(self._started):
            process.kill()
            process.wait(PATIENCE)
            if process.stdin is not None:
                process.stdin.close()
        shutil.rmtree(self._runtime)

    def start(self, arguments: list[str], name: str = "program") -> Program:
        """Starts Python with these arguments, as a program on this screen."""
        name = f"{name}-{len(self._started)}"
        program = Program([sys.executable, *arguments], self.environment, self._written, name)
        self._started.append(program.process)
        return program

    def _run(self, *command: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
        )

    # ---- hands ----

    def keys(self, *keys: str) -> None:
        """Presses keys; without the pauses Qt misses them."""
        self._run(
            "wtype", "-s", "400", *(word for key in keys for word in ("-k", key)), "-s", "300"
        )

    # ---- eyes ----

    def clipboard(self, target: str = "text/plain") -> str:
        """What another program would paste; empty where there is nothing."""
        return self._run("wl-paste", "--no-newline", "--type", target).stdout.decode()

    def titles(self) -> list[str]:
        """The titles of all windows; the one that has the keyboard comes first."""
        found = [node for node in _nodes(self._tree()) if node.get("pid")]
        return [node["name"] for node in sorted(found, key=lambda node: not node["focused"])]

    def floats(self, title: str) -> bool:
        """Whether a window stands where it wants to, and is not laid out beside the others."""
        nodes = [node for node in _nodes(self._tree()) if node["name"] == title]
        return [node["type"] for node in nodes] == ["floating_con"]

    def sees_focus(self, title: str) -> None:
        """Waits until a window of this title has the keyboard."""
        wait_for(lambda: self.titles()[:1] == [title], f"{title} has the focus")

    def screenshot(self, file: Path) -> None:
        """Writes a picture of the whole screen; it needs grim."""
        self._run("grim", str(file))

    def _tree(self) -> Any:
        return json.loads(self._run("swaymsg", "--type", "get_tree", "--raw").stdout)


def _nodes(tree: Any) -> Iterator[Any]:
    yield tree
    for child in (*tree["nodes"], *tree["floating_nodes"]):
        yield from _nodes(child)
