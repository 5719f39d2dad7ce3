"""Keeps what other starts ask for until the window can do it: the first program may load slowly."""

import threading

from partner_tokens.core.instance import Answer, Message

FOR_THE_WINDOW = ("raise", "quick", "copy")
MOST = 16
"""So many wishes are kept; whoever presses a key more often than that wants the same again."""


class Door:
    """Answers from the first moment on, on the threads of those who ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Message] = []
        self._inside: Answer | None = None

    def answer(self, message: Message) -> Message:
        """Keeps a wish for the window; the terminal is told to do it alone meanwhile."""
        with self._lock:
            inside = self._inside
            if inside is None:
                if message.get("do") not in FOR_THE_WINDOW:
                    from partner_tokens.core.relay import ALONE

                    return ALONE
                self._waiting = [*self._waiting, message][-MOST:]
                return {"done": True}
        return inside(message)

    def open(self, inside: Answer) -> None:
        """Hands over what was kept, and lets `inside` answer from now on."""
        with self._lock:
            waiting, self._waiting, self._inside = self._waiting, [], inside
        for message in waiting:
            inside(message)
