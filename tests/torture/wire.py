"""Servers on loopback that misbehave below HTTP, and say what they were sent."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

Serve = Callable[[socket.socket, threading.Event], None]
"""What is done with a connection; the event says that the server is to end."""


class Wire:
    """Listens on a port, and does the same thing to whoever connects."""

    def __init__(self, serve: Serve, tls: ssl.SSLContext | None = None) -> None:
        self._serve = serve
        self._tls = tls
        self._ending = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        scheme = "http" if tls is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._ending.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in list(self._sockets):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(5)
        for sock in self._sockets:
            sock.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._sockets.append(client)
                thread = threading.Thread(target=self._handle, args=(client,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _handle(self, client: socket.socket) -> None:
        with suppress(OSError):
            if self._tls is not None:
                client = self._tls.wrap_socket(client, server_side=True)
                self._sockets.append(client)
            with client:
                self._serve(client, self._ending)


class BlackHole:
    """A port whose queue is full: what is sent there is dropped, as by a firewall."""

    def __enter__(self) -> Self:
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        self._waiting = []
        for _ in range(8):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(self._listener.getsockname())
            self._waiting.append(waiting)
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        return self

    def __exit__(self, *exception: object) -> None:
        for one in (*self._waiting, self._listener):
            one.close()


def reset(client: socket.socket, ending: threading.Event) -> None:
    """Ends the connection as a firewall does: by RST, without a word."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def reset_after_hello(client: socket.socket, ending: threading.Event) -> None:
    """Listens to the first words, and ends the connection."""
    client.recv(65536)
    reset(client, ending)


def request_of(client: socket.socket) -> bytes:
    """Reads one request with its body."""
    read = b""
    while b"\r\n\r\n" not in read:
        more = client.recv(65536)
        if not more:
            return read
        read += more
    head, _, body = read.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            while len(body) < int(value):
                body += client.recv(65536)
    return head + b"\r\n\r\n" + body


def answer(status: str, body: bytes = b"", *headers: str, length: int | None = None) -> bytes:
    """A whole answer; `length` is what it claims where that is not the truth."""
    told = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {told}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def saying(reply: bytes) -> Serve:
    """Answers every request of a connection with the same."""

    def serve(client: socket.socket, ending: threading.Event) -> None:
        while request_of(client):
            client.sendall(reply)

    return serve


def saying_then_reset(reply: bytes) -> Serve:
    """Begins an answer, and ends the connection."""

    def serve(client: socket.socket, ending: threading.Event) -> None:
        request_of(client)
        client.sendall(reply)
        if reply:
            ending.wait(0.2)  # else the RST overtakes what was sent
        reset(client, ending)

    return serve


def endless(reply: bytes, piece: bytes, pause: float = 0.0) -> Serve:
    """Begins an answer, and goes on with the same bytes until nobody listens."""

    def serve(client: socket.socket, ending: threading.Event) -> None:
        request_of(client)
        client.sendall(reply)
        while not ending.wait(pause) if pause else not ending.is_set():
            client.sendall(piece)

    return serve


def silent(client: socket.socket, ending: threading.Event) -> None:
    """Takes everything, says nothing."""
    while client.recv(65536):
        pass
