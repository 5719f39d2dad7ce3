"""One key of the whole screen under X11: the server hands over that one and no other.

A library that hooks the keyboard would hear all that is typed, passwords too.
"""

import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import product

from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import BadAccess, CatchError, ConnectionClosedError, DisplayError

from partner_tokens.core.hotkeys import Hotkey

HELD = {"Ctrl": X.ControlMask, "Alt": X.Mod1Mask, "Shift": X.ShiftMask, "Meta": X.Mod4Mask}
FAREWELL = 0.5
"""Seconds; after that the thread is left behind."""


class X11Hotkey:
    """Holds the key, on a connection and a thread of its own, until `release`."""

    def __init__(
        self, hotkey: Hotkey, pressed: Callable[[], None], refused: Callable[[], None]
    ) -> None:
        """`pressed` and `refused` are called on that thread; refused: another program has it."""
        self._hotkey = hotkey
        self._pressed = pressed
        self._refused = refused
        self._end, self._ended = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="hotkey", daemon=True)
        self._thread.start()

    def release(self) -> None:
        """Gives the key back."""
        self._end.close()
        self._thread.join(FAREWELL)

    def _run(self) -> None:
        with self._ended, suppress(DisplayError, ConnectionClosedError, OSError):
            display = Display()
            try:
                if self._take(display):
                    self._listen(display)
                else:
                    self._refused()
            finally:
                display.close()

    def _take(self, display: Display) -> bool:
        """Whether the key is ours now, also while Caps Lock or Num Lock is on."""
        letter = self._hotkey.key.lower() if len(self._hotkey.key) == 1 else self._hotkey.key
        keysym = XK.string_to_keysym("space" if letter == "Space" else letter)
        keycode = display.keysym_to_keycode(keysym)
        if not keycode:  # no such key on this keyboard
            return False
        held = sum(HELD[name] for name in self._hotkey.held)
        taken = CatchError(BadAccess)
        for locks in product((0, X.LockMask), (0, _num_lock(display))):
            display.screen().root.grab_key(
                keycode, held | locks[0] | locks[1], True, X.GrabModeAsync, X.GrabModeAsync, taken
            )
        display.sync()
        return taken.get_error() is None

    def _listen(self, display: Display) -> None:
        while True:
            ready, _write, _other = select.select([display.fileno(), self._ended.fileno()], [], [])
            if self._ended.fileno() in ready:
                return
            for _event in range(display.pending_events()):
                event = display.next_event()
                if event.type == X.KeyPress:
                    self._pressed()
                elif event.type == X.MappingNotify:  # another layout: the key may lie elsewhere
                    display.refresh_keyboard_mapping(event)
                    display.screen().root.ungrab_key(X.AnyKey, X.AnyModifier)
                    self._take(display)


def _num_lock(display: Display) -> int:
    """The modifier that Num Lock is on this keyboard; 0 for none."""
    keycode = display.keysym_to_keycode(XK.XK_Num_Lock)
    for place, keycodes in enumerate(display.get_modifier_mapping()):
        if keycode and keycode in keycodes:
            return 1 << place
    return 0
