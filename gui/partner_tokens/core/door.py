"""Stands between other programs and the window, which may load slowly, and ends while they ask."""

import threading

from partner_tokens.core.instance import NOT_DONE, Answer, Message

FOR_THE_WINDOW = ("raise", "quick", "copy")
MOST = 16
"""So many wishes are kept; whoever presses a key more often than that wants the same again."""


class Door:
    """Answers from the first moment to the last, on the threads of those who ask."""

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
                    return _decline(message)
                self._waiting = [*self._waiting, message][-MOST:]
                return {"done": True}
        return inside(message)

    def open(self, inside: Answer) -> None:
        """Hands over what was kept, and lets `inside` answer from now on, unless it was shut."""
        with self._lock:
            if self._inside is not None:
                return
            waiting, self._waiting, self._inside = self._waiting, [], inside
        for message in waiting:
            inside(message)

    def shut(self) -> None:
        """The program ends: from now on it does nothing for anybody, and says so."""
        with self._lock:
            self._waiting, self._inside = [], _decline


def _decline(message: Message) -> Message:
    """The terminal does it alone; another start waits for the end, and has its own window."""
    if message.get("do") in FOR_THE_WINDOW:
        return NOT_DONE
    from partner_tokens.core.relay import ALONE

    return ALONE
