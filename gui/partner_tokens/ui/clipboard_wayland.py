"""The clipboard under Wayland, where a desktop may heed only the program that has the focus."""

import os
import shutil
import subprocess

from PySide6.QtGui import QGuiApplication

from partner_tokens.ui.clipboard_board import Clearing, QtBoard


class WaylandBoard(QtBoard):
    """A desktop that does not heed us says nothing, and Qt believes that it did what we asked.

    So a copy without the focus is not even tried. Clearing without the focus is left to `wl-copy`
    (package wl-clipboard), where it is installed. Without it, GNOME keeps the text and hands it out
    without our mark once we withdraw it, so there the text is left until the focus is back; other
    desktops forget what is withdrawn.
    """

    def __init__(self, application: QGuiApplication) -> None:
        super().__init__(application)
        self._application = application
        self._helper: subprocess.Popen[bytes] | None = None

    def put(self, text: str) -> bool:
        if not (self._has_focus() and super().put(text)):
            return False
        self._helper = None
        return True

    def clear(self) -> Clearing:
        if self._has_focus():
            return super().clear()
        if self._helper is None:
            self._helper = _start_helper()
        if self._helper is not None and self._helper.poll() is None:
            return Clearing.UNDER_WAY
        if not self.is_ours():
            return Clearing.DONE
        if "GNOME" in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":"):
            return Clearing.REFUSED
        return super().clear()

    def _has_focus(self) -> bool:
        return self._application.focusWindow() is not None


def _start_helper() -> "subprocess.Popen[bytes] | None":
    helper = shutil.which("wl-copy")
    if helper is None:
        return None
    # In a session of its own, so that it ends its work even when this program quits meanwhile.
    return subprocess.Popen(
        [helper, "--clear"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
