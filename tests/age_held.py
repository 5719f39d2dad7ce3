"""age's own process, held before its work until the test goes on."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from partner_tokens.core import age_file
from patience import PATIENCE

HELD = """
import socket
try:
    socket.create_connection(("127.0.0.1", {port})).recv(1)
except OSError:  # nobody holds it any more
    pass
"""


@contextmanager
def age_held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Gives what waits until the process is there; at the end it does its work."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE)
        *python, program = age_file._command()
        held = HELD.format(port=listener.getsockname()[1]) + program
        monkeypatch.setattr(age_file, "_command", lambda: [*python, held])
        lines: list[socket.socket] = []
        try:
            yield lambda: lines.append(listener.accept()[0])
        finally:
            for line in lines:
                line.close()
