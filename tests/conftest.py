"""What holds for every test: nobody but this machine is ever talked to."""

import sys
from ipaddress import ip_address

NOWHERE = "255.255.255.255"
"""No route leads there, which is what a test wants of it."""


def _guard(event: str, arguments: tuple[object, ...]) -> None:
    """Fails whatever would leave this machine: the vendor's hosts are real, and so are others."""
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not _is_here(str(address[0])):
            raise AssertionError(f"a test wanted to talk to {address[0]}")
    elif event == "socket.getaddrinfo" and not _may_be_asked_for(arguments[0]):
        raise AssertionError(f"a test wanted to look up {arguments[0]}")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback or host == NOWHERE
    except ValueError:
        return host in {"localhost", ""}


def _may_be_asked_for(host: object) -> bool:
    """This machine's own names, and such as nobody can own (RFC 2606)."""
    name = "" if host is None else str(host)
    return _is_here(name) or name.rpartition(".")[2] in {"localhost", "invalid", "test"}


sys.addaudithook(_guard)
