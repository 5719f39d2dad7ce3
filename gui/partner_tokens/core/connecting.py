"""The steps of one connection, taken one by one: names, TCP, the proxy's tunnel, TLS."""

import base64
import http.client
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self
from urllib.parse import unquote, urlsplit

from partner_tokens.core.certificates import Certificate, read_certificate


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
        headers = {}
        if parts.username is not None:
            user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Proxy-Authorization"] = f"Basic {base64.b64encode(user.encode()).decode()}"
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        host = parts.hostname or ""
        return type(self)(
            self.host,
            self.port,
            self.secure,
            self.context,
            proxy=f"{parts.scheme}://{host}:{port}",
            proxy_host=host,
            proxy_port=port,
            proxy_is_secure=secure,
            proxy_headers=headers,
        )

    @property
    def first_hop(self) -> tuple[str, int]:
        """Whom we really connect to: the proxy, or the host itself."""
        return (self.proxy_host, self.proxy_port) if self.proxy else (self.host, self.port)


def addresses(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a host, in the system's order. Raises OSError; knows no time-out."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[4][0]) for address in found))


def connected(route: Route, patience: timedelta) -> socket.socket:
    """A TCP connection to the first hop. Raises OSError."""
    return socket.create_connection(route.first_hop, patience.total_seconds())


def tunnelled(route: Route, sock: socket.socket) -> socket.socket:
    """The same connection, led through the proxy to the host; as it is where there is no proxy.

    Raises OSError ("Tunnel connection failed: 407 …") or http.client.HTTPException.
    """
    if not route.proxy:
        return sock
    if route.proxy_is_secure and route.context is not None:
        sock = route.context.wrap_socket(sock, server_hostname=route.proxy_host)
    line = http.client.HTTPConnection(route.proxy_host, route.proxy_port)
    line.sock = sock
    line.set_tunnel(route.host, route.port, route.proxy_headers)
    line._tunnel()  # type: ignore[attr-defined]  # noqa: SLF001  # the library's own CONNECT
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
    with suppress(OSError, http.client.HTTPException), connected(route, patience) as sock:
        anyone = Route.to(f"https://{_bracketed(route.host)}:{route.port}", None, None)
        with handshaken(anyone, tunnelled(route, sock)) as secured:
            return presented(secured)
    return None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
