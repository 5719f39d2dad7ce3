"""Whom we believe over TLS: the system's certificates, an extra CA file on top, nothing else."""

import ssl
import sys
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from socket import SHUT_RDWR, socket
from typing import Any

import requests
import truststore
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.ssltransport import SSLTransport

from partner_tokens.core.connecting import TUNNEL_FAILED, HandshakeCut, login_headers

_here = threading.local()
"""Where connections made by the running thread are noted: see `Line.cut`."""


class CaFileError(Exception):
    """The extra CA file is missing, unreadable, or holds no certificate."""


class Trust:
    """The contexts that connections are made with: see `trusted_context`.

    On Linux they share one for as long as no certificate is added or taken away on disk: OpenSSL
    takes 40 ms of a core to read the system's, and truststore lets it do so at each handshake.
    Elsewhere each connection gets its own: truststore holds a lock during a handshake, so that one
    host that hangs would stop all others that share it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shared: tuple[object, ssl.SSLContext] | None = None

    def context(self, ca_file: Path | None) -> ssl.SSLContext:
        """A context that believes the system, and this file of certificates. Raises CaFileError."""
        if not _reads_once():
            return trusted_context(ca_file)
        with self._lock:
            stamp = _stamp(ca_file)
            if self._shared is None or self._shared[0] != stamp:
                self._shared = stamp, trusted_context(ca_file)
            return self._shared[1]

    def is_current(self, context: ssl.SSLContext, ca_file: Path | None) -> bool:
        """Whether what this context has read is still what would be read. Raises CaFileError."""
        return not _reads_once() or context is self.context(ca_file)


def trusted_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """A context that asks the operating system's trust store and takes TLS 1.2 or later.

    On Linux that store is OpenSSL's, so the environment's SSL_CERT_FILE and SSL_CERT_DIR put
    another in its place. The certificates in `ca_file` (PEM) are believed in addition. Raises
    CaFileError.
    """
    context: ssl.SSLContext
    if _reads_once():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.set_default_verify_paths()
    else:
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        try:
            path = ca_file.expanduser()
            if not path.is_file():  # a pipe would be waited for
                raise CaFileError("no such file")
            context.load_verify_locations(cafile=path)
        except (OSError, ValueError, RuntimeError) as error:  # "~nobody", a NUL, half a character
            raise CaFileError(type(error).__name__) from None
    return context


def _reads_once() -> bool:
    """Whether OpenSSL finds the system's certificates by itself; truststore knows other places."""
    return sys.platform == "linux" and ssl.get_default_verify_paths().cafile is not None


def _stamp(ca_file: Path | None) -> object:
    """Differs once certificates on disk do."""
    defaults = ssl.get_default_verify_paths()
    changed = []
    for path in (defaults.cafile, defaults.capath, ca_file):
        try:
            found = Path(path).expanduser().stat() if path else None
        except (OSError, ValueError, RuntimeError):
            found = None
        changed.append((str(path), found and (found.st_ino, found.st_size, found.st_mtime_ns)))
    return tuple(changed)


class _Session(requests.Session):
    """A session that keeps nothing, and looks nowhere but where it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False  # no .netrc, no REQUESTS_CA_BUNDLE
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        # Even when it does not follow, the inherited code reads the whole body of a redirect,
        # however long, and stumbles over a target that is no URL.
        return None


class GivenUp(OSError):
    """The request is not wanted any more: nothing of it is sent from now on."""


class Line:
    """One session of requests, used by one thread at a time, that can be cut by another."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._connections: weakref.WeakSet[HTTPConnection] = weakref.WeakSet()
        self._lock = threading.Lock()
        self.is_given_up = False
        self.context = context
        self.session = _Session()
        adapter = _Adapter(self, context)
        self.session.mount("https://", adapter)
        self.session.mount("http://", adapter)

    def note(self, connection: HTTPConnection) -> None:
        """Remembers a connection for `cut`. Raises GivenUp."""
        with self._lock:
            self.check()
            self._connections.add(connection)

    def check(self) -> None:
        """Raises GivenUp once nothing is to be sent any more."""
        if self.is_given_up:
            raise GivenUp

    def give_up(self) -> None:
        """Sends nothing any more; the answer to what was sent is still heard."""
        with self._lock:
            self.is_given_up = True

    def cut(self) -> None:
        """Ends what goes on: a thread that waits for bytes stops waiting.

        One that waits for a name, a proxy or a handshake cannot be stopped; it comes to `check`
        before it sends anything.
        """
        with self._lock:
            self.is_given_up = True
            connections = list(self._connections)
        for connection in connections:
            sock: Any = connection.sock
            while isinstance(sock, SSLTransport):  # TLS within TLS, which knows no shutdown
                sock = sock.socket
            if sock is not None:
                with suppress(OSError):
                    # Not SSLSocket's own: it takes TLS off first, and what the other thread sends
                    # between these two steps would leave in the open.
                    socket.shutdown(sock, SHUT_RDWR)

    def close(self) -> None:
        """Closes the connections that are kept open for the next request."""
        self.session.close()


class _Noted(HTTPConnection):
    """Looks before each step whether the request is still wanted.

    Each look comes after `sock` is set: whoever gives up later finds it there, and cuts it.
    """

    def connect(self) -> None:
        line = _here.line
        line.note(self)
        super().connect()
        line.check()

    def send(self, data: Any) -> None:
        _here.line.check()
        super().send(data)


class _NotedHTTPS(_Noted, HTTPSConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except HTTPException:  # only a proxy has spoken HTTP so far
            raise OSError(f"{TUNNEL_FAILED}: no proper answer") from None
        except ConnectionError as error:  # one that is refused comes as urllib3's own
            raise HandshakeCut(*error.args) from None


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Noted


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _NotedHTTPS


POOLS = {"http": _PlainPool, "https": _SecurePool}


class _Adapter(HTTPAdapter):
    """requests' adapter without its own bundle of certificates."""

    def __init__(self, line: Line, context: ssl.SSLContext) -> None:
        self._line = weakref.proxy(line)
        self._context = context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(
            proxy, ssl_context=self._context, proxy_ssl_context=self._context, **kwargs
        )
        manager.pool_classes_by_scheme = POOLS
        return manager

    def proxy_headers(self, proxy: str) -> dict[str, str]:
        # The inherited method knows Latin-1 alone: a password with a euro sign was a bug to it.
        return login_headers(proxy)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:  # noqa: ARG002
        # The inherited method adds certifi's bundle to whatever the context trusts.
        conn.cert_reqs = "CERT_REQUIRED"
        conn.ca_certs = conn.ca_cert_dir = None

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        _here.line = self._line
        return super().send(request, stream, timeout, verify, cert, proxies)
