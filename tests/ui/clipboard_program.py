"""A small program that copies when it is told to, for the tests that look at it from outside."""

import os
import sys
from datetime import timedelta

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QLabel

from clock import MovableClock
from partner_tokens.ui.clipboard import Clipboard
from partner_tokens.ui.stopping import Stopping, end_with


def say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201  # the test reads it


class Program:
    """Obeys one line of standard input at a time, and says what it did."""

    def __init__(self) -> None:
        self.qt = QApplication(sys.argv)
        self.clock = MovableClock()
        self.clipboard = Clipboard(self.qt, self.clock)
        self.window = QLabel("Clipboard program")
        self.window.setWindowTitle("Clipboard program")
        self.window.show()
        for name in ("cleared", "replaced", "could_not_clear"):
            getattr(self.clipboard, name).connect(lambda name=name: say("told", name))
        self.qt.aboutToQuit.connect(self.clipboard.clear_now)
        self.stopping = Stopping(self.qt)
        self.commands = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self.commands.activated.connect(self.read)

    def read(self) -> None:
        for line in os.read(sys.stdin.fileno(), 4096).decode().splitlines():
            self.obey(*line.split())

    def obey(self, deed: str, *words: str) -> None:
        match deed:
            case "copy":
                took = self.clipboard.copy(words[0], timedelta(seconds=float(words[1])))
                say("copied", took)
            case "copy-own":  # as from a text field of the same program
                self.qt.clipboard().setText(words[0])
                say("copied own")
            case "forward":
                self.clock.forward(seconds=float(words[0]))
                say("moved")
            case "tick":
                self.clipboard.tick()
                say("ticked")
            case "clear":
                self.clipboard.clear_now()
                say("left", self.clipboard.left())
            case "hang":
                QTimer.singleShot(0, lambda: [None for _ in iter(int, 1)])
                say("hanging")
            case "quit":
                self.qt.quit()


if __name__ == "__main__":
    program = Program()
    say("ready")
    code = program.qt.exec()
    program.stopping.close()
    end_with(program.qt, code)
