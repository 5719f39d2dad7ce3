"""What holds for every test: nobody but this machine is ever talked to."""

import os
import signal
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from compiled_words import compile_words

# Begun in the background, as by a shell's `&` or by `nohup`, all that is started here would not
# hear Ctrl+C, nor that its terminal was closed.
signal.signal(signal.SIGINT, signal.default_int_handler)
if sys.platform != "win32":
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

os.environ["LANGUAGE"] = "en"  # also of the programs that tests start
# What they start is the code beside them, whichever checkout is installed.
os.environ["PYTHONPATH"] = str(Path(__file__).parents[1] / "gui")
# How long an example takes says something about the machine, nothing about the program.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
compile_words()  # a translation may have been changed since the checkout was installed

NOWHERE = "255.255.255.255"
"""No route leads there, which is what a test wants of it."""

_wanted: list[str] = []
"""Whom the running test wanted to talk to, perhaps on a thread that told nobody."""


def _guard(event: str, arguments: tuple[object, ...]) -> None:
    """Refuses whatever would leave this machine: the vendor's hosts are real, and so are others."""
    host: object = "localhost"
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    if not _is_here("" if host is None else str(host)):
        _wanted.append(str(host))
        raise OSError(f"a test wanted to talk to {host}")


def _is_here(name: str) -> bool:
    """This machine's own names, and such as nobody can own (RFC 2606)."""
    try:
        return ip_address(name).is_loopback or name == NOWHERE
    except ValueError:
        return name.rpartition(".")[2] in {"", "localhost", "invalid", "test"}


sys.addaudithook(_guard)


@pytest.fixture(autouse=True)
def talks_to_nobody_else() -> Iterator[None]:
    """Fails the test that wanted to."""
    _wanted.clear()
    yield
    assert _wanted == []
