"""One conversation with a real server: deadlines, sizes, redirects, connections, clocks."""

import gc
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock import MovableClock
from partner_tokens import __version__
from partner_tokens.core.clock import utc_now
from partner_tokens.core.errors.service import BrokenReply, Unreachable
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.instants import http_date
from partner_tokens.core.stages import Stage
from partner_tokens.core.transport import LARGEST_REPLY, Transport, system_proxy
from partner_tokens.sandbox.behaviours import Behaviour, RecordedRequest
from partner_tokens.sandbox.service import Sandbox

SHORT = timedelta(seconds=0.6)
"""A deadline for the tests that wait for it."""


def no_proxy(url: str) -> None:
    return None


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def transport() -> Iterator[Transport]:
    transport = Transport(clock=utc_now, proxies=no_proxy)
    yield transport
    transport.close()


def failing(transport: Transport, url: str, method: str = "GET") -> Unreachable:
    with pytest.raises(Unreachable) as caught:
        transport.send(method, url)
    return caught.value


# ---- a good answer ----------------------------------------------------------------------------


def test_an_answer_comes_back_whole(sandbox: Sandbox, transport: Transport) -> None:
    reply = transport.send("GET", f"{sandbox.url}/", headers={"X-Mine": "yes"})
    assert reply.status == 200
    assert reply.headers["content-TYPE"].startswith("text/html")
    assert b"Sign in" in reply.body
    assert reply.url == f"{sandbox.url}/"
    assert timedelta(0) < reply.round_trip < transport.deadline
    (seen,) = sandbox.requests
    assert seen.headers["user-agent"] == f"partner-tokens/{__version__}"
    assert seen.headers["x-mine"] == "yes"


def test_bodies_are_sent_as_json_or_as_a_form(sandbox: Sandbox, transport: Transport) -> None:
    transport.send("POST", f"{sandbox.url}/a", json={"word": "ä b"})
    transport.send("POST", f"{sandbox.url}/b", form={"word": "ä b"})
    one, other = sandbox.requests
    assert one.headers["content-type"] == "application/json"
    assert b'"word"' in one.body
    assert other.headers["content-type"] == "application/x-www-form-urlencoded"
    assert other.body == b"word=%C3%A4+b"


def test_a_connection_is_kept_for_the_next_request(transport: Transport) -> None:
    accepted: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            accepted.append(client)
            for _ in range(2):
                client.recv(65536)
                client.sendall(b"HTTP/1.1 204 No Content\r\nSet-Cookie: a=b; Path=/\r\n\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        assert transport.send("GET", url).status == 204
        assert transport.send("GET", url).status == 204
        thread.join(5)
    assert len(accepted) == 1
    accepted[0].close()


def test_a_connection_that_the_server_has_closed_is_not_used_again(transport: Transport) -> None:
    sandbox = Sandbox().start()
    for _ in range(3):
        assert transport.send("HEAD", f"{sandbox.url}/").status == 200
        sandbox.stop()
        sandbox.start()
    sandbox.stop()


@pytest.mark.parametrize(("minutes", "connections"), [(1, 1), (3, 2), (-1, 2)])
def test_a_connection_gone_cold_is_not_used_again(minutes: int, connections: int) -> None:
    """A machine that slept would wait for an answer on it until the deadline."""
    clock = MovableClock()
    transport = Transport(clock=clock, proxies=no_proxy)
    ports: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(connections):
                client, (_, port) = listener.accept()
                with client:
                    while client.recv(65536):
                        ports.append(port)
                        client.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        transport.send("GET", url)
        clock.forward(minutes=minutes)
        transport.send("GET", url)
        transport.close()
        thread.join(5)
    assert len(set(ports)) == connections


def test_cookies_are_not_kept(transport: Transport) -> None:
    heads: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                for _ in range(2):
                    heads.append(client.recv(65536))
                    client.sendall(b"HTTP/1.1 204 No Content\r\nSet-Cookie: a=b; Path=/\r\n\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        transport.send("GET", url)
        transport.send("GET", url)
        thread.join(5)
    assert b"cookie" not in heads[1].lower()


def test_nothing_is_taken_from_the_environment(
    sandbox: Sandbox, transport: Transport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login ana password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert transport.send("HEAD", f"{sandbox.url}/").status == 200
    assert "authorization" not in sandbox.requests[0].headers


def test_requests_from_many_threads_do_not_disturb_each_other(
    sandbox: Sandbox, transport: Transport
) -> None:
    statuses: list[int] = []

    def ask(number: int) -> None:
        for turn in range(5):
            statuses.append(transport.send("HEAD", f"{sandbox.url}/?{number}-{turn}").status)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert statuses == [200] * 40


# ---- limits -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "behaviour", [Behaviour.HANG, Behaviour.DRIP, Behaviour.DRIP_HEADERS], ids=str
)
def test_a_server_that_stalls_or_drips_is_left_at_the_deadline(
    sandbox: Sandbox, transport: Transport, behaviour: Behaviour
) -> None:
    sandbox.switch(everywhere=behaviour)
    transport.deadline = SHORT
    before = threading.active_count()
    started = time.monotonic()
    error = failing(transport, f"{sandbox.url}/")
    took = time.monotonic() - started
    assert error.stage is Stage.TIMEOUT
    assert SHORT.total_seconds() <= took < SHORT.total_seconds() + 1
    ends = time.monotonic() + 5  # the thread that was left notices: its connection is cut
    while any(t.name == "within" for t in threading.enumerate()) and time.monotonic() < ends:
        threading.Event().wait(0.01)
    assert not any(thread.name == "within" for thread in threading.enumerate())
    assert threading.active_count() <= before + 1


def test_a_resolver_that_hangs_is_left_at_the_deadline(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = threading.Event()

    def hanging(*args: object, **kwargs: object) -> object:
        resolve.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    transport.deadline = SHORT
    started = time.monotonic()
    error = failing(transport, "https://slow.example/")
    assert error.stage is Stage.TIMEOUT
    assert time.monotonic() - started < SHORT.total_seconds() + 1
    resolve.set()


def test_a_proxy_setting_that_hangs_is_left_at_the_deadline() -> None:
    settled = threading.Event()

    def hanging(url: str) -> str | None:
        settled.wait(10)
        return None

    transport = Transport(clock=utc_now, deadline=timedelta(seconds=0.2), proxies=hanging)
    assert failing(transport, "https://slow.invalid/").stage is Stage.TIMEOUT
    settled.set()
    transport.close()


@pytest.mark.parametrize("behaviour", [Behaviour.OVERSIZE, Behaviour.BOMB], ids=str)
def test_a_reply_that_is_too_large_is_not_read(sandbox: Sandbox, behaviour: Behaviour) -> None:
    transport = Transport(clock=utc_now, proxies=no_proxy)
    sandbox.switch(everywhere=behaviour)
    with pytest.raises(BrokenReply) as caught:
        transport.send("GET", f"{sandbox.url}/")
    assert str(LARGEST_REPLY) in caught.value.details
    sandbox.switch(everywhere=None)
    assert transport.send("GET", f"{sandbox.url}/").status == 200
    transport.close()


def test_a_body_that_is_packed_badly_is_a_broken_reply(transport: Transport) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(65536)
                client.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain"
                )

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with pytest.raises(BrokenReply):
            transport.send("GET", f"http://127.0.0.1:{listener.getsockname()[1]}/")
        thread.join(5)


@pytest.mark.parametrize("behaviour", [Behaviour.TRUNCATED, Behaviour.HANG_UP], ids=str)
def test_a_reply_that_breaks_off_could_not_be_read(
    sandbox: Sandbox, transport: Transport, behaviour: Behaviour
) -> None:
    sandbox.switch(everywhere=behaviour)
    assert failing(transport, f"{sandbox.url}/").stage is Stage.REPLY


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_other_host_gets_nothing(
    sandbox: Sandbox, transport: Transport, status: int
) -> None:
    with Sandbox() as other:
        sandbox.switch(
            everywhere=Behaviour.REDIRECT, redirect_to=f"{other.url}/", redirect_status=status
        )
        reply = transport.send(
            "POST", f"{sandbox.url}/", json={"refreshToken": "x"}, headers={"csp-auth-token": "y"}
        )
        assert reply.status == status
        assert reply.headers["Location"] == f"{other.url}/"
        assert other.requests == ()


def test_the_body_of_a_redirect_is_bounded_too(transport: Transport) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            with client, suppress(OSError):
                client.recv(65536)
                client.sendall(b"HTTP/1.1 302 Found\r\nLocation: https://[broken\r\n\r\n")
                while True:
                    client.sendall(b" " * 65536)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with pytest.raises(BrokenReply):
            transport.send("GET", f"http://127.0.0.1:{listener.getsockname()[1]}/")
        thread.join(5)
        assert not thread.is_alive()


# ---- what may not be spoken to ----------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["http://console.navigator.vmware.com/", "ftp://127.0.0.1/", "http://127.0.0.1.example/"]
)
def test_plain_http_is_for_loopback_alone(transport: Transport, url: str) -> None:
    with pytest.raises(InputError) as caught:
        transport.send("GET", url)
    assert caught.value.problem is Problem.ENDPOINT_NOT_HTTPS


# ---- where it failed --------------------------------------------------------------------------


def test_a_name_that_does_not_exist_fails_at_dns() -> None:
    transport = Transport(clock=utc_now, proxies=no_proxy)
    error = failing(transport, "https://nowhere.invalid/secret-path?secret=1")
    assert error.stage is Stage.DNS
    assert error.host == "nowhere.invalid"
    assert "secret" not in error.details
    transport.close()


def test_a_name_that_cannot_be_one_fails_at_dns(transport: Transport) -> None:
    assert failing(transport, f"https://{'a' * 64}.example/").stage is Stage.DNS


def test_a_port_that_nobody_listens_on_fails_at_tcp(transport: Transport) -> None:
    error = failing(transport, "http://127.0.0.1:9/")
    assert error.stage is Stage.TCP
    assert error.host == "127.0.0.1:9"


def test_an_address_that_does_not_answer_is_a_time_out(transport: Transport) -> None:
    transport.deadline = SHORT
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        waiting = []  # fills the queue, so that further handshakes are dropped
        for _ in range(3):
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex(address)
            waiting.append(sock)
        assert failing(transport, f"http://127.0.0.1:{address[1]}/").stage is Stage.TIMEOUT
        for sock in waiting:
            sock.close()


# ---- clocks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("skew", "offset"),
    [
        (timedelta(0), timedelta(0)),
        (timedelta(seconds=0.9), timedelta(0)),
        (timedelta(minutes=5), timedelta(minutes=5)),
        (timedelta(minutes=-5), timedelta(minutes=-5, seconds=1)),
    ],
)
def test_the_clock_offset_is_the_smallest_that_agrees_with_the_date(
    skew: timedelta, offset: timedelta
) -> None:
    clock = MovableClock()
    transport = Transport(clock=clock, proxies=no_proxy)
    with Sandbox(clock) as sandbox:
        sandbox.switch(clock_skew=skew)
        reply = transport.send("HEAD", f"{sandbox.url}/")
    assert reply.clock_offset == offset
    assert reply.received_at == clock.now
    transport.close()


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Foo 2026 99:99:99 GMT"])
def test_without_a_readable_date_no_offset_is_known(transport: Transport, date: str) -> None:
    assert _reply_with_date(transport, date) is None


def test_a_date_without_zone_is_taken_as_utc(transport: Transport) -> None:
    offset = _reply_with_date(transport, "Mon, 01 Jan 2001 00:00:00 -0000")
    assert offset is not None
    assert offset < timedelta(days=-9000)


def _reply_with_date(transport: Transport, date: str) -> timedelta | None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(65536)
                client.sendall(f"HTTP/1.1 204 No Content\r\nDate: {date}\r\n\r\n".encode())

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        reply = transport.send("GET", f"http://127.0.0.1:{listener.getsockname()[1]}/")
        thread.join(5)
        return reply.clock_offset


@given(st.text(alphabet="0123456789 :+-,GMTMonJan", max_size=40) | st.text(max_size=40))
def test_no_date_leads_out_of_the_calendar(text: str) -> None:
    told = http_date(text)
    assert told is None or told.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 01 Jan 2026 00:00:00 +99999999999999999999",
        "Mon, 01 Jan 1900 00:00:00 GMT",
    ],
)
def test_an_absurd_date_is_none(text: str) -> None:
    assert http_date(text) is None


# ---- its end ----------------------------------------------------------------------------------


def test_closing_cuts_what_is_under_way_and_leaves_no_socket(sandbox: Sandbox) -> None:
    transport = Transport(clock=utc_now, deadline=timedelta(seconds=30), proxies=no_proxy)
    transport.send("HEAD", f"{sandbox.url}/")
    sandbox.switch(everywhere=Behaviour.HANG)
    errors: list[Unreachable] = []
    thread = threading.Thread(target=lambda: errors.append(failing(transport, f"{sandbox.url}/x")))
    thread.start()
    ends = time.monotonic() + 5
    while len(sandbox.requests) < 2 and time.monotonic() < ends:
        threading.Event().wait(0.01)
    started = time.monotonic()
    transport.close()
    thread.join(5)
    assert not thread.is_alive()
    assert time.monotonic() - started < 2
    assert [error.stage for error in errors] == [Stage.REPLY]
    gc.collect()  # an unclosed socket would be a warning, and so an error


# ---- what is left of it ----


def holders_of(text: str) -> list[object]:
    """What still has it in a longer text, garbage included."""
    return [
        one
        for one in gc.get_objects()
        for held in gc.get_referents(one)
        if (isinstance(held, str) and held != text and text in held)
        or (isinstance(held, bytes) and text in held.decode("latin-1"))
    ]


@pytest.mark.parametrize("behaviour", [None, Behaviour.HANG_UP, Behaviour.HANG])
def test_what_was_to_be_sent_is_in_no_remains_of_a_failure(
    sandbox: Sandbox, transport: Transport, behaviour: Behaviour | None
) -> None:
    text = uuid.uuid4().hex
    url = f"{sandbox.url}/x"
    if behaviour is None:
        sandbox.stop()
    else:
        sandbox.switch(everywhere=behaviour)
    if behaviour is Behaviour.HANG:
        transport.deadline = SHORT
    gc.disable()
    try:
        with pytest.raises(Unreachable) as caught:
            transport.send("POST", url, json={"refreshToken": f"token {text}"})
        caught.value.with_traceback(None).__context__ = None
        del caught
        for thread in threading.enumerate():
            if thread.name == "within":
                thread.join(5)
        ours = [one for one in holders_of(text) if not isinstance(one, RecordedRequest)]
        assert ours == []
    finally:
        gc.enable()


# ---- the system's proxy -----------------------------------------------------------------------


def test_the_environment_names_a_proxy_and_its_exceptions(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert system_proxy("https://console.example/") is None
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert system_proxy("https://console.example/") == "http://proxy.example:3128"
    assert system_proxy("https://inside.example/") is None
    monkeypatch.delenv("https_proxy")
    monkeypatch.setenv("ALL_PROXY", "http://fallback.example:8080")
    assert system_proxy("https://console.example/") == "http://fallback.example:8080"
