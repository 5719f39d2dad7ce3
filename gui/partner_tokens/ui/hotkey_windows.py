"""One key of the whole desktop under Windows, which hands over that one and no other.

Written by the manual of RegisterHotKey; never tried on Windows.
"""

import ctypes
import sys
import threading
from collections.abc import Callable

from partner_tokens.core.hotkeys import Hotkey

HELD = {"Alt": 0x1, "Ctrl": 0x2, "Shift": 0x4, "Meta": 0x8}
NO_REPEAT = 0x4000
F1, SPACE = 0x70, 0x20
HOTKEY, QUIT = 0x0312, 0x0012
"""Messages: the key was pressed; the loop is to end."""
FAREWELL = 0.5
"""Seconds; after that the thread is left behind."""


def code_of(key: str) -> int:
    """The virtual key code: letters and digits are their own."""
    if key == "Space":
        return SPACE
    return ord(key) if len(key) == 1 else F1 + int(key[1:]) - 1


if sys.platform == "win32":
    from ctypes import wintypes

    class WindowsHotkey:
        """Holds the key, on a thread of its own, until `release`."""

        def __init__(
            self, hotkey: Hotkey, pressed: Callable[[], None], refused: Callable[[], None]
        ) -> None:
            """`pressed` and `refused` are called on that thread; refused: another one has it."""
            self._hotkey = hotkey
            self._pressed = pressed
            self._refused = refused
            self._thread = threading.Thread(target=self._run, name="hotkey", daemon=True)
            self._thread.start()

        def release(self) -> None:
            """Gives the key back."""
            if self._thread.native_id is not None:
                ctypes.windll.user32.PostThreadMessageW(self._thread.native_id, QUIT, 0, 0)
            self._thread.join(FAREWELL)

        def _run(self) -> None:
            user32 = ctypes.windll.user32
            held = NO_REPEAT | sum(HELD[name] for name in self._hotkey.held)
            if not user32.RegisterHotKey(None, 1, held, code_of(self._hotkey.key)):
                self._refused()
                return
            message = wintypes.MSG()
            while user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
                if message.message == HOTKEY:
                    self._pressed()
            user32.UnregisterHotKey(None, 1)
