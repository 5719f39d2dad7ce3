"""What was given up, at the deadline or by closing or locking, is never sent afterwards."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from select import select
from ssl import SSLContext
from typing import Any

import pytest

from authority import Authority
from partner_tokens.core.clock import utc_now
from partner_tokens.core.errors.service import Unreachable
from partner_tokens.core.stages import Stage
from partner_tokens.core.transport import Transport
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox

HOST = "console.example"
SECRET = "the-api-token"
SHORT = timedelta(seconds=0.5)
AGES = timedelta(seconds=60)


class Gate:
    """Something in a request's way: it stands there until it is opened."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._reached = threading.Event()

    def stand(self) -> None:
        """Called by whoever is held up."""
        self._reached.set()
        assert self._open.wait(20)

    def wait_until_reached(self) -> None:
        """Until somebody is held up."""
        assert self._reached.wait(20)

    def open(self) -> None:
        """Lets everybody through."""
        self._open.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def resolve(monkeypatch: pytest.MonkeyPatch, gate: Gate | None = None) -> list[object]:
    """Every name means this machine; with a gate, nobody is told so before it opens.

    Gives the names that were asked for; the list grows.
    """
    found, asked = socket.getaddrinfo, list[object]()

    def looked_up(host: object, port: int, *args: Any, **kwargs: Any) -> Any:
        asked.append(host)
        if gate is not None:
            gate.stand()
        return found("127.0.0.1", port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    return asked


class Listener:
    """A server on loopback that notes what it hears; it answers nothing.

    With `tls` it speaks that, but begins no handshake before the gate opens.
    """

    def __init__(self, tls: SSLContext | None = None, gate: Gate | None = None) -> None:
        self._heard = bytearray()
        self._was_left = threading.Event()
        self._tls, self._gate = tls, gate
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "Listener":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._listener.close()
        self._thread.join(20)
        assert not self._thread.is_alive()

    def all_heard(self) -> bytes:
        """What came until whoever called had hung up."""
        assert self._was_left.wait(20)
        return bytes(self._heard)

    def _serve(self) -> None:
        client, _ = self._listener.accept()
        with client:
            try:
                if self._gate is not None:
                    self._gate.stand()
                if self._tls is not None:
                    client = self._tls.wrap_socket(client, server_side=True)
                while data := client.recv(65536):
                    self._heard += data
            except OSError:  # whoever called has hung up
                pass
            finally:
                client.close()
                self._was_left.set()


def hang_up(transport: Transport) -> None:
    transport.close()


def lock(transport: Transport) -> None:
    transport.withdraw()


def sent_and_given_up(
    transport: Transport, url: str, gate: Gate, give_up: Callable[[Transport], None] | None
) -> None:
    """Sends a secret, which is held up; it is given up, and only then the way becomes free."""
    errors: list[Unreachable] = []

    def send() -> None:
        with pytest.raises(Unreachable) as caught:
            transport.send("POST", url, form={"refreshToken": SECRET})
        errors.append(caught.value)

    caller = threading.Thread(target=send)
    caller.start()
    gate.wait_until_reached()
    if give_up is None:
        caller.join(20)  # it hears of the deadline
        assert errors
    else:
        give_up(transport)
    gate.open()
    caller.join(20)
    assert errors
    until_nobody_works()


def until_nobody_works() -> None:
    ends = time.monotonic() + 20
    while any(thread.name == "within" for thread in threading.enumerate()):
        assert time.monotonic() < ends
        threading.Event().wait(0.005)


WAYS = pytest.mark.parametrize(
    "give_up",
    [None, hang_up, lock],
    ids=["at the deadline", "by closing", "by locking"],
)


def deadline_for(give_up: object) -> timedelta:
    return SHORT if give_up is None else AGES


def transport_for(give_up: object, **options: Any) -> Transport:
    usual: dict[str, Any] = {"deadline": deadline_for(give_up), "proxies": lambda _url: None}
    return Transport(clock=utc_now, **{**usual, **options})


@WAYS
def test_nothing_is_sent_once_a_slow_name_is_found(
    give_up: Callable[[Transport], None] | None, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, gate)
    transport = transport_for(give_up)
    with Listener() as listener:
        sent_and_given_up(transport, f"http://localhost:{listener.port}/", gate, give_up)
        assert listener.all_heard() == b""
    transport.close()


@WAYS
def test_nothing_is_sent_once_a_slow_handshake_is_done(
    give_up: Callable[[Transport], None] | None, gate: Gate, authority: Authority
) -> None:
    transport = transport_for(give_up, ca_file=authority.ca_file)
    with Listener(authority.server(), gate) as listener:
        sent_and_given_up(transport, f"https://127.0.0.1:{listener.port}/", gate, give_up)
        assert listener.all_heard() == b""
    transport.close()


@WAYS
def test_a_proxy_that_is_found_late_is_not_even_told_its_password(
    give_up: Callable[[Transport], None] | None, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, gate)
    with Listener() as proxy:
        address = f"http://ana:password@proxy.example:{proxy.port}"
        transport = transport_for(give_up, proxies=lambda _url: address)
        sent_and_given_up(transport, f"https://{HOST}/", gate, give_up)
        assert proxy.all_heard() == b""
        transport.close()


@WAYS
def test_nothing_is_sent_on_a_kept_connection_once_a_slow_setting_is_read(
    give_up: Callable[[Transport], None] | None,
    gate: Gate,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not on a new one in its place either; nobody even asks where that would lead."""
    asked = resolve(monkeypatch)
    is_slow = False

    def proxies(_url: str) -> None:
        if is_slow:
            gate.stand()

    transport = transport_for(give_up, deadline=AGES, ca_file=authority.ca_file, proxies=proxies)
    with Sandbox(tls=authority.server(HOST)) as sandbox:
        url = f"https://{HOST}:{sandbox.url.rpartition(':')[2]}/"
        assert transport.send("HEAD", url).status == 200
        is_slow = True
        transport.deadline = deadline_for(give_up)
        sent_and_given_up(transport, url, gate, give_up)
        assert [request.method for request in sandbox.requests] == ["HEAD"]
        assert asked == [HOST]
    transport.close()


def test_after_closing_nothing_is_sent_at_all() -> None:
    transport = transport_for(hang_up)
    with Sandbox() as sandbox:
        transport.send("HEAD", f"{sandbox.url}/")
        transport.close()
        with pytest.raises(Unreachable):
            transport.send("POST", f"{sandbox.url}/", form={"refreshToken": SECRET})
        assert len(sandbox.requests) == 1


def test_after_locking_what_is_asked_for_anew_is_sent() -> None:
    transport = transport_for(lock)
    with Sandbox() as sandbox:
        transport.send("HEAD", f"{sandbox.url}/")
        transport.withdraw()
        assert transport.send("HEAD", f"{sandbox.url}/").status == 200
    transport.close()


def test_an_answer_to_what_was_sent_before_locking_is_still_heard(gate: Gate) -> None:
    """A token that the service has made or revoked meanwhile is not lost from sight."""
    transport = transport_for(lock)
    statuses: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        caller = threading.Thread(target=lambda: statuses.append(transport.send("GET", url).status))
        caller.start()
        client, _ = server.accept()
        with client:
            client.recv(65536)
            transport.withdraw()
            client.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            caller.join(20)
    assert statuses == [204]
    transport.close()


def tunnel(listener: socket.socket, tls: SSLContext, port: int) -> None:
    """A proxy that is itself spoken to over TLS; leads one caller to a port of this machine."""
    plain, _ = listener.accept()
    with (
        suppress(OSError),
        tls.wrap_socket(plain, server_side=True) as client,
        socket.create_connection(("127.0.0.1", port)) as server,
    ):
        client.recv(65536)
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        ends: dict[socket.socket, socket.socket] = {client: server, server: client}
        while True:
            for source in select(list(ends), [], [])[0]:
                data = source.recv(65536)
                if not data:
                    return
                ends[source].sendall(data)


def test_what_hangs_behind_a_proxy_over_tls_is_cut_at_the_deadline(authority: Authority) -> None:
    """TLS within TLS: its connection is of a kind of its own."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        Sandbox(tls=authority.server(HOST)) as sandbox,
    ):
        port = int(sandbox.url.rpartition(":")[2])
        proxy = threading.Thread(
            target=tunnel, args=(listener, authority.server(), port), daemon=True
        )
        proxy.start()
        address = f"https://127.0.0.1:{listener.getsockname()[1]}"
        transport = transport_for(
            None, deadline=AGES, ca_file=authority.ca_file, proxies=lambda _url: address
        )
        assert transport.send("HEAD", f"https://{HOST}/").status == 200
        sandbox.switch(everywhere=Behaviour.HANG)
        transport.deadline = SHORT
        with pytest.raises(Unreachable) as caught:
            transport.send("GET", f"https://{HOST}/")
        assert caught.value.stage is Stage.TIMEOUT
        until_nobody_works()
        proxy.join(20)
        assert not proxy.is_alive()
        assert [request.method for request in sandbox.requests] == ["HEAD", "GET"]
        transport.close()
