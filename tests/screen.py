"""A terminal as somebody sits at it: a program runs in it, asks, and is answered."""

import os
import subprocess
import threading
from collections.abc import Mapping, Sequence

from patience import wait_for


class Screen:
    """A terminal that somebody sits at: what it shows, and what is typed."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        import fcntl
        import termios

        self._ours, theirs = os.openpty()

        def take_the_terminal() -> None:
            fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

        self._running = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
            preexec_fn=take_the_terminal,  # no thread of ours holds a lock
        )
        os.close(theirs)
        self._shown = bytearray()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        try:
            while chunk := os.read(self._ours, 4096):
                self._shown += chunk
        except OSError:  # the other side has ended
            return

    @property
    def shown(self) -> str:
        return self._shown.decode(errors="replace").replace("\r\n", "\n")

    def type(self, text: str, *, after: str) -> None:
        """Types a line once something is shown."""
        wait_for(lambda: after in self.shown, after)
        os.write(self._ours, f"{text}\n".encode())

    def end(self) -> int:
        code = self._running.wait(30)
        self._reader.join(10)
        os.close(self._ours)
        return code
