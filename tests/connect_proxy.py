"""A real proxy on loopback: CONNECT tunnels, with or without asking for a password, or refusing."""

import base64
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Self


class ConnectProxy:
    """Tunnels to loopback ports: `routes` says to which, by host name.

    `answer`, if set, is sent instead of tunnelling; after so many requests as `dribbles_after` says
    the answer is a byte now and then, without end. `requests` are the heads it read.
    """

    def __init__(
        self,
        routes: Mapping[str, str] | None = None,
        *,
        user: str = "",
        password: str = "",
        answer: bytes = b"",
        dribbles_after: int | None = None,
    ) -> None:
        self._routes = {host: int(url.rpartition(":")[2]) for host, url in (routes or {}).items()}
        self._wanted = base64.b64encode(f"{user}:{password}".encode()).decode() if user else ""
        self._answer = answer
        self._dribbles_after = dribbles_after
        self._ending = threading.Event()
        self.requests: list[str] = []
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """Its address, as system settings hold it."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._start(self._listen)
        return self

    def __exit__(self, *exception: object) -> None:
        self._ending.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for sock in self._sockets:
            sock.close()

    def _start(self, work: object, *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._sockets.append(client)
                self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                more = client.recv(4096)
                if not more:
                    return
                head += more
            self.requests.append(head.decode("latin-1"))
            if self._dribbles_after is not None and len(self.requests) > self._dribbles_after:
                while not self._ending.wait(0.1):
                    client.sendall(b"x")
                return
            client.sendall(self._reply(head.decode("latin-1")))
            if self._answer or (self._wanted and self._wanted not in head.decode("latin-1")):
                client.shutdown(socket.SHUT_RDWR)
                return
            host, _, _ = head.split(b" ")[1].decode().rpartition(":")
            server = socket.create_connection(("127.0.0.1", self._routes[host]))
            self._sockets.append(server)
            self._start(_pump, server, client)
            _pump(client, server)

    def _reply(self, head: str) -> bytes:
        if self._answer:
            return self._answer
        if self._wanted and self._wanted not in head:
            return (
                b"HTTP/1.1 407 Proxy Authentication Required\r\n"
                b'Proxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n'
            )
        return b"HTTP/1.1 200 Connection established\r\n\r\n"


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
