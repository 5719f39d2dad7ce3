"""What other starts of the program ask of the running one, brought to the GUI thread."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from partner_tokens.ui.background import Background

Message = Mapping[str, Any]


class Calls(QObject):
    """`answer` is called on a thread of the instance's; the signals arrive on the GUI thread."""

    raise_wanted = Signal(str)
    """The window is to come forward; the text is the desktop's permission for it, or empty."""
    quick_wanted = Signal(str)
    """The palette is to open; the permission as above."""
    copy_wanted = Signal(str, str)
    """The header of the token that these words mean is to be copied; the permission as above."""

    def __init__(self, lend: Callable[[Message], Message], background: Background) -> None:
        super().__init__()
        self._lend = lend
        self._say = background.say

    def answer(self, message: Message) -> Message:
        """Takes one message, as `__main__` and the terminal send it. Never waits for the GUI."""
        match message:
            case {"do": "raise", "activation": str(activation)}:
                self._say(self.raise_wanted, activation)
            case {"do": "quick", "activation": str(activation)}:
                self._say(self.quick_wanted, activation)
            case {"do": "copy", "words": str(words), "activation": str(activation)}:
                self._say(self.copy_wanted, words, activation)
            case {"do": "lend" | "hand out" | "may open"}:
                return self._lend(message)
            case _:
                return {"done": False}
        return {"done": True}
