"""What other starts of the program ask of the running one, brought to the GUI thread."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

Message = Mapping[str, Any]


class Calls(QObject):
    """`answer` is called on a thread of the instance's; the signals arrive on the GUI thread."""

    raise_wanted = Signal(str)
    """The window is to come forward; the text is the desktop's permission for it, or empty."""

    def answer(self, message: Message) -> Message:
        """Takes one message: `{"do": "raise", "activation": text}`. Never waits for the GUI."""
        activation = message.get("activation")
        match message.get("do"):
            case "raise":
                self.raise_wanted.emit(activation if isinstance(activation, str) else "")
                return {"done": True}
            case _:
                return {"done": False}
