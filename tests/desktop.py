"""A virtual screen with a window manager, as a person's hands and eyes meet it."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from Xlib import X, display
from Xlib.protocol import event

from patience import PATIENCE, wait_for

TOOLS = ("Xvfb", "openbox", "xclip", "xdotool")

ROOT = Path(__file__).parents[1]

LATE_BUS = "QSpiApplication::keyEventError"
"""Qt writes it where the accessibility bus answers late; the key is handled all the same."""

GRAB = """
import sys
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
screen = application.primaryScreen()
sys.exit(not screen.grabWindow(0, *map(int, sys.argv[2:])).save(sys.argv[1]))
"""


class Desktop:
    """Xvfb on a display number of its own, openbox, and programs started in an empty home."""

    def __init__(self, folder: Path, extra: Mapping[str, str] | None = None) -> None:
        missing = [tool for tool in TOOLS if shutil.which(tool) is None]
        if missing:
            pytest.fail(f"not installed: {', '.join(missing)}; see “Development” in the README")
        self.home = folder / "home"
        self.runtime = folder / "runtime"
        self.temporary = folder / "tmp"
        for made in (self.home, self.runtime, self.temporary):
            made.mkdir(mode=0o700, parents=True)
        self._written = folder
        self._started: list[subprocess.Popen[bytes]] = []
        self._groups: list[int] = []
        """Of programs that start others: the accessibility bus outlives its launcher."""
        self.environment = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_STATE_HOME": str(self.home / "state"),
            "TMPDIR": str(self.temporary),
            "DISPLAY": self._start_screen(),
            "QT_QPA_PLATFORM": "xcb",
            "PYTHONPATH": str(ROOT / "gui"),
            **(extra or {}),
        }
        self.spawn("openbox", ["openbox", "--sm-disable"])
        wait_for(self._has_manager, "openbox takes the screen")

    def _start_screen(self) -> str:
        read, write = os.pipe()
        with os.fdopen(read, "rb") as numbers:
            screen = ["-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"]
            self._started.append(
                subprocess.Popen(
                    ["Xvfb", "-displayfd", str(write), *screen],
                    pass_fds=[write],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
            os.close(write)
            number = numbers.readline().strip().decode()
        assert number, "Xvfb did not start"
        return f":{number}"

    def _has_manager(self) -> bool:
        """Whether openbox does what it is told; windows of before are now and then left unseen."""
        self._run("xdotool", "set_num_desktops", "1")
        return self._run("xdotool", "get_num_desktops").stdout.strip() == b"1"

    # ---- programs ----

    def start(
        self, arguments: list[str], name: str = "program", *, under: Sequence[str] = ()
    ) -> "Program":
        """Starts Python with these arguments, as a program on this screen; `under` another one."""
        return self.launch([*under, sys.executable, *arguments], name)

    def launch(self, command: list[str], name: str) -> "Program":
        """Starts a command, as a program on this screen."""
        name = f"{name}-{len(self._started)}"
        program = Program(command, self.environment, self._written, name)
        self._started.append(program.process)
        return program

    def spawn(self, name: str, command: list[str]) -> Path:
        """Starts another program, which lives as long as the screen; gives its log file."""
        path = self._written / f"{name}.log"
        with path.open("wb") as log:
            self._started.append(
                subprocess.Popen(
                    command,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )
        self._groups.append(self._started[-1].pid)
        return path

    def _run(self, *command: str, given: str | None = None) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            command,
            env=self.environment,
            input=None if given is None else given.encode(),
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            timeout=PATIENCE,
        )

    def close(self) -> None:
        """Ends what was started here, the last first."""
        for process in reversed(self._started):
            if process.pid in self._groups:
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.wait(PATIENCE)
            if process.stdin is not None:
                process.stdin.close()

    # ---- hands ----

    def window(self, title: str) -> str:
        """Waits for a visible window whose title matches; gives its number."""

        def found() -> str:
            answer = self._run("xdotool", "search", "--onlyvisible", "--name", title)
            return answer.stdout.decode().split("\n", 1)[0]

        return wait_for(found, f"a window named {title}")

    def focus(self, title: str) -> None:
        """Brings a window to the front, and waits until the keys go there."""
        self._run("xdotool", "windowactivate", "--sync", self.window(title))
        self.sees_focus(title)

    def minimise(self, title: str) -> None:
        """Minimises a window, and waits until it is no more to be seen."""
        self._run("xdotool", "windowminimize", "--sync", self.window(title))

    def close_window(self, title: str) -> None:
        """Closes a window as the button on its title bar does; keys for that get lost at times."""
        screen = display.Display(self.environment["DISPLAY"])
        message = event.ClientMessage(
            window=screen.create_resource_object("window", int(self.window(title))),
            client_type=screen.intern_atom("_NET_CLOSE_WINDOW"),
            data=(32, [X.CurrentTime, 2, 0, 0, 0]),
        )
        mask = X.SubstructureRedirectMask | X.SubstructureNotifyMask
        screen.screen().root.send_event(message, event_mask=mask)
        screen.sync()
        screen.close()

    def sees_focus(self, title: str) -> None:
        """Waits until the keys go to a window whose title matches."""
        number = self.window(title)
        wait_for(
            lambda: self._run("xdotool", "getwindowfocus").stdout.decode().strip() == number,
            f"{title} has the focus",
        )

    def keys(self, *keys: str) -> None:
        """Presses keys, one after the other: `ctrl+n`, `Return`."""
        self._run("xdotool", "key", "--clearmodifiers", "--delay", "20", *keys)

    def hold(self, modifier: str, key: str, until: Callable[[], object]) -> None:
        """Holds a key down with another one, as long as it takes, and lets both go."""
        self._run("xdotool", "keydown", modifier, "keydown", key)
        try:
            until()
        finally:
            self._run("xdotool", "keyup", key, "keyup", modifier)

    def click(self, left: int, top: int) -> None:
        """Clicks at a place on the screen."""
        self._run("xdotool", "mousemove", str(left), str(top), "click", "1")

    def type(self, text: str) -> None:
        """Types a text, letter by letter; others than ASCII get lost at times on the way."""
        assert text.isascii()
        self._run("xdotool", "type", "--clearmodifiers", "--delay", "20", "--", text)

    # ---- the clipboard, as another program sees it ----

    def clipboard(self, target: str = "UTF8_STRING", selection: str = "clipboard") -> str:
        """What another program would paste; empty where there is nothing."""
        answer = self._run("xclip", "-selection", selection, "-o", "-target", target)
        return answer.stdout.decode()

    def targets(self) -> list[str]:
        """The formats on offer."""
        return self.clipboard("TARGETS").split()

    def is_anything_copied(self, selection: str = "CLIPBOARD") -> bool:
        """Whether a program offers something there.

        The server alone is asked: whoever is just taking its copy back would be asked for what it
        has no longer, and Qt warns of that.
        """
        server = display.Display(self.environment["DISPLAY"])
        try:
            return server.get_selection_owner(server.intern_atom(selection)) != X.NONE
        finally:
            server.close()

    def copy_elsewhere(self, text: str, selection: str = "clipboard") -> None:
        """Another program copies."""
        command = ["xclip", "-quiet", "-selection", selection, "-i"]
        process = subprocess.Popen(
            command,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdin is not None
        process.stdin.write(text.encode())
        process.stdin.close()
        self._started.append(process)
        wait_for(lambda: self.clipboard(selection=selection) == text, "the other program's copy")

    # ---- eyes ----

    def titles(self) -> list[str]:
        """The titles of all windows there are."""
        numbers = self._run("xdotool", "search", "--name", ".").stdout.decode().split()
        named = (self._run("xdotool", "getwindowname", number) for number in numbers)
        return [answer.stdout.decode().rstrip("\n") for answer in named]

    def open_windows(self) -> int:
        """How many windows of programs can be seen; menus are some of them, and have no title."""
        answer = self._run("xdotool", "search", "--onlyvisible", "--class", ".")
        return len(answer.stdout.split())

    def waits_for_windows(self, count: int) -> None:
        """Waits until so many windows of programs can be seen."""
        wait_for(lambda: self.open_windows() == count, f"{count} windows")

    def shown_titles(self) -> list[str]:
        """The titles of the windows that can be seen."""
        found = self._run("xdotool", "search", "--onlyvisible", "--name", ".")
        named = (self._run("xdotool", "getwindowname", n) for n in found.stdout.decode().split())
        return [answer.stdout.decode().rstrip("\n") for answer in named]

    def screenshot(self, file: Path, box: Sequence[int] = ()) -> None:
        """Writes a picture of the whole screen, or of a box: left, top, width and height."""
        answer = self._run(sys.executable, "-c", GRAB, str(file), *map(str, box))
        assert answer.returncode == 0, answer.stderr


class Program:
    """A process whose every word is kept in files."""

    def __init__(
        self, command: list[str], environment: Mapping[str, str], folder: Path, name: str
    ) -> None:
        self.out_path = folder / f"{name}.out"
        self.errors_path = folder / f"{name}.err"
        with self.out_path.open("wb") as out, self.errors_path.open("wb") as errors:
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=out, stderr=errors
            )

    def tell(self, line: str) -> None:
        """Writes a line to the program's standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    @property
    def out(self) -> str:
        """What it wrote so far."""
        return self.out_path.read_text()

    @property
    def errors(self) -> str:
        """What it wrote to standard error so far, but for the complaints about a busy machine."""
        lines = self.errors_path.read_text().splitlines(keepends=True)
        return "".join(line for line in lines if LATE_BUS not in line)

    def ended(self, seconds: float = PATIENCE) -> int:
        """Waits for the end; gives the exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(seconds)
