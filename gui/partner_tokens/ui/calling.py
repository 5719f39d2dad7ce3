"""The key that opens the quick copy from any program, where the desktop hands one out."""

import os
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence

from partner_tokens.core.hotkeys import hotkey_in
from partner_tokens.core.language import _
from partner_tokens.ui.actions import Act
from partner_tokens.ui.main_window import MainWindow

if TYPE_CHECKING:
    from partner_tokens.core.hotkeys import Hotkey
    from partner_tokens.parts import Parts

SUBJECT = "hotkey"


class Held(Protocol):
    """A key that is ours until it is given back."""

    def release(self) -> None:
        """Gives it back."""


def can_call() -> bool:
    """Whether a program may ask for such a key here.

    Not under Wayland, and not under macOS without hearing every key: there the desktop's own
    settings bind a key to the command.
    """
    match QGuiApplication.platformName():
        case "windows":
            return True
        case "xcb":  # beside Wayland it would work in old programs only
            return not os.environ.get("WAYLAND_DISPLAY") and find_spec("Xlib") is not None
    return False


class Calling(QObject):
    """Costs nothing where no key was chosen."""

    called = Signal()
    """The key was pressed, in whatever program."""
    _refused = Signal()

    def __init__(self, parts: "Parts", window: MainWindow) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        self._text = ""
        self._held: Held | None = None
        self._refused.connect(self._tell)

    def start(self) -> None:
        """Takes the key that the user has chosen; again whenever that changes."""
        text = self._parts.preferences.hotkey
        if text == self._text:
            return
        self.stop()
        hotkey = hotkey_in(text)
        if hotkey is not None and can_call():
            self._text = text
            self._held = self._take(hotkey)

    def stop(self) -> None:
        """Gives the key back."""
        self._window.banner.settle(SUBJECT)
        held, self._held, self._text = self._held, None, ""
        if held is not None:
            held.release()

    def _take(self, hotkey: "Hotkey") -> Held:
        if sys.platform == "win32":
            from partner_tokens.ui.hotkey_windows import WindowsHotkey

            return WindowsHotkey(hotkey, self.called.emit, self._refused.emit)
        from partner_tokens.ui.hotkey_x11 import X11Hotkey

        return X11Hotkey(hotkey, self.called.emit, self._refused.emit)

    def _tell(self) -> None:
        shown = QKeySequence(self._text).toString(QKeySequence.SequenceFormat.NativeText)
        self._window.banner.raise_subject(
            SUBJECT,
            _("{key} does not open the quick copy").format(key=shown),
            _("Another program has taken this key, or the keyboard has none like it."),
            rank=0,
            actions=((_("Preferences…"), self._choose), (_("Close"), self._settle)),
            urgent=False,
        )

    def _settle(self) -> None:
        self._window.banner.settle(SUBJECT)

    def _choose(self) -> None:
        self._settle()
        self._window.wanted.emit(Act.PREFERENCES)
