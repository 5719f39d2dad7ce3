"""Paints the pictures of the user guide anew: the real windows, on the demo and a new profile.

Run with the Python of the checkout's environment, on Qt's offscreen platform.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from partner_tokens.ahead import Ahead
from partner_tokens.application import Application, make_qt
from partner_tokens.core.profile import profile_under
from partner_tokens.parts import Parts
from partner_tokens.sandbox.demo import Demo
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.ui.actions import Act
from partner_tokens.ui.guide_dialog import GuideDialog

FOLDER = Path(__file__).parent / "pictures"
PATIENCE_MS = 15_000
DIALOGS = {
    Act.ADD: "add-token",
    Act.RENEW: "renew",
    Act.ORGANIZATIONS: "organizations",
    Act.SHORTCUTS: "shortcuts",
}


class TooLate(Exception):
    """What was waited for did not come."""


def wait_until(condition: Callable[[], bool]) -> None:
    """Lets the program go on until the condition holds. Raises TooLate."""
    deadline = QDeadlineTimer(PATIENCE_MS)
    while not condition():
        if deadline.hasExpired():
            raise TooLate
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)


def settle() -> None:
    """Lets layouts and fetched words come to rest."""
    deadline = QDeadlineTimer(500)
    while not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)


def paint(widget: QWidget, folder: Path, name: str) -> None:
    """Writes what a window shows now."""
    settle()
    file = folder / f"{name}.png"
    if not widget.grab().save(str(file), "PNG"):
        raise OSError(f"{file} could not be written")
    print(file)


def dialog() -> QDialog:
    """The one dialog that is open. Raises TooLate."""

    def opened() -> list[QDialog]:
        windows = QApplication.topLevelWidgets()
        return [w for w in windows if isinstance(w, QDialog) and w.isVisible()]

    wait_until(lambda: len(opened()) == 1)
    return opened()[0]


def paint_demo(qt: QApplication, folder: Path) -> None:
    """The window after its first copy, its details, its dialogs, and the quick copy."""
    with Demo() as demo:
        program = Application(qt, demo.parts, Ahead(demo.fill), demo=True)
        window = program.window
        program.start()
        window.resize(1040, 720)
        wait_until(lambda: bool(program.watch.healths()) and not program.deeds.copying.is_busy)
        window.wanted.emit(Act.COPY)
        wait_until(lambda: "csp-auth-token" in window.notices.words())
        paint(window, folder, "main-window")
        window.notices.clear()
        window.wanted.emit(Act.DETAILS)
        wait_until(lambda: program.deeds.details.panel is not None)
        paint(window, folder, "details")
        window.wanted.emit(Act.DETAILS)
        for act, name in DIALOGS.items():
            window.wanted.emit(act)
            opened = dialog()
            paint(opened, folder, name)
            opened.done(0)
            wait_until(lambda opened=opened: not opened.isVisible())  # type: ignore[misc]
        program.deeds.quick.open("co")
        paint(program.deeds.quick.palette, folder, "quick-copy")
        program.stop()
        window.close()


def paint_first_start(qt: QApplication, folder: Path) -> None:
    """The guide, as it comes on a desktop whose keyring is the Secret Service."""
    with tempfile.TemporaryDirectory() as fresh:
        keyring = MemoryBackend("Secret Service")
        parts = Parts(profile_under(Path(fresh)), open_backend=lambda: keyring)
        program = Application(qt, parts, parts.store.tokens)
        program.start()
        guide = dialog()
        if isinstance(guide, GuideDialog):
            wait_until(guide.forward.isEnabled)
        paint(guide, folder, "first-minute")
        guide.done(0)
        program.stop()
        program.window.close()


def main(folder: Path) -> int:
    """Paint all of them; the answer is the exit code."""
    folder.mkdir(exist_ok=True)
    qt = make_qt()
    paint_demo(qt, folder)
    paint_first_start(qt, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else FOLDER))
