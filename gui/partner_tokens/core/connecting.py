"""The steps of one connection, taken one by one: names, TCP, the proxy's tunnel, TLS."""

import base64
import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Self
from urllib.parse import unquote_to_bytes, urlsplit

from partner_tokens.core.certificates import Certificate, read_certificate

TUNNEL_FAILED = "Tunnel connection failed"
"""How http.client and urllib3 begin the message when a proxy refuses CONNECT; and we too."""

LONGEST_TUNNEL_ANSWER = 16 * 1024


class HandshakeCut(OSError):
    """The other side ended the connection while TLS was being agreed upon."""


class AnswerCut(OSError):
    """The answer broke off after its head."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where to and through what. `proxy` is without its user and password."""

    host: str
    port: int
    secure: bool
    context: ssl.SSLContext | None = None
    proxy: str = ""
    proxy_host: str = ""
    proxy_port: int = 0
    proxy_is_secure: bool = False
    proxy_headers: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def to(cls, url: str, proxy: str | None, context: ssl.SSLContext | None) -> Self:
        """The route to a URL; `context` is what the handshake trusts, None for nothing at all."""
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        route = cls(parts.hostname or "", parts.port or (443 if secure else 80), secure, context)
        return route if proxy is None else route._through(proxy)

    def _through(self, proxy: str) -> Self:
        parts = urlsplit(proxy)
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        host = parts.hostname or ""
        return replace(
            self,
            proxy=f"{parts.scheme}://{_bracketed(host)}:{port}",
            proxy_host=host,
            proxy_port=port,
            proxy_is_secure=secure,
            proxy_headers=login_headers(proxy),
        )

    @property
    def first_hop(self) -> tuple[str, int]:
        """Whom we really connect to: the proxy, or the host itself."""
        return (self.proxy_host, self.proxy_port) if self.proxy else (self.host, self.port)


def login_headers(proxy: str) -> dict[str, str]:
    """What a proxy is told of who asks: user and password in its address, byte for byte as curl."""
    parts = urlsplit(proxy)
    if not parts.username:
        return {}
    typed = f"{parts.username}:{parts.password or ''}".encode("utf-8", "surrogateescape")
    login = base64.b64encode(unquote_to_bytes(typed)).decode()
    return {"Proxy-Authorization": f"Basic {login}"}


def addresses(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a host, in the system's order. Raises OSError; knows no time-out."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[4][0]) for address in found))


def connected(hosts: Sequence[str], port: int, patience: timedelta) -> socket.socket:
    """A TCP connection to the first of several names or addresses that takes one. Raises OSError.

    `patience` is shared among them: each gets its part of what is left.
    """
    ends = time.monotonic() + patience.total_seconds()
    for number, host in enumerate(hosts):
        share = max(ends - time.monotonic(), 0.1) / (len(hosts) - number)
        try:
            return socket.create_connection((host, port), share)
        except OSError:
            if number == len(hosts) - 1:
                raise
    raise OSError("no address")


def tunnelled(route: Route, sock: socket.socket) -> socket.socket:
    """The same connection, led through the proxy to the host; as it is where there is no proxy.

    Raises OSError, beginning with TUNNEL_FAILED and the status where the proxy refuses.
    """
    if not route.proxy:
        return sock
    target = f"{_bracketed(route.host)}:{route.port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    lines += [f"{name}: {value}" for name, value in route.proxy_headers.items()]
    sock.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
    answer = bytearray()
    ends = time.monotonic() + (sock.gettimeout() or 0)
    while not answer.endswith(b"\r\n\r\n"):
        if time.monotonic() > ends:  # else a byte now and then would hold us for ever
            raise TimeoutError
        byte = sock.recv(1)
        if not byte or len(answer) > LONGEST_TUNNEL_ANSWER:
            raise OSError(f"{TUNNEL_FAILED}: no proper answer")
        answer += byte
    _, _, status = answer.split(b"\r\n")[0].partition(b" ")
    if not status.startswith(b"2"):
        raise OSError(f"{TUNNEL_FAILED}: {status[:3].decode('latin-1')}")
    return sock


def handshaken(route: Route, sock: socket.socket) -> ssl.SSLSocket:
    """TLS on top of the connection; with the route's context, or believing anyone without it.

    Nothing may be sent over a connection that believed anyone. Raises OSError.
    """
    context = route.context
    if context is None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(sock, server_hostname=route.host)


def presented(sock: ssl.SSLSocket) -> Certificate | None:
    """The certificate the other side showed."""
    der = sock.getpeercert(binary_form=True)
    return read_certificate(der) if der else None


def offered_certificate(route: Route, patience: timedelta) -> Certificate | None:
    """The certificate of a host that is not trusted: who issued it is what a user can act on.

    OpenSSL does not tell it with its error, so a second handshake is made that believes anyone,
    and is closed as soon as the certificate is there: no request, no token goes over it.
    """
    if route.proxy_is_secure:
        return None  # TLS inside TLS takes more than sockets
    host, port = route.first_hop
    with (
        suppress(OSError),
        connected([host], port, patience) as sock,
        handshaken(replace(route, context=None), tunnelled(route, sock)) as secured,
    ):
        return presented(secured)
    return None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
