"""A key that calls the program from anywhere, as it is written down: Ctrl+Alt+T."""

import re
from dataclasses import dataclass

HELD = ("Ctrl", "Alt", "Meta")
"""One of these at least is held: else the key would be lost to every other program."""

_KEY = re.compile(r"[A-Z0-9]|F([1-9]|1[0-9]|2[0-4])|Space")


@dataclass(frozen=True, slots=True)
class Hotkey:
    """Letters, digits, F1 to F24 and Space are keys on every keyboard; `Meta` is Super, or Win."""

    held: frozenset[str]
    """Of Ctrl, Alt, Shift and Meta."""
    key: str


def hotkey_in(text: str) -> Hotkey | None:
    """The key in Qt's portable way of writing, in any order; None for one that cannot be had."""
    *held, key = text.split("+")
    if not _KEY.fullmatch(key) or len(set(held)) != len(held):
        return None
    if not set(held) <= {*HELD, "Shift"} or not set(held) & set(HELD):
        return None
    return Hotkey(frozenset(held), key)
