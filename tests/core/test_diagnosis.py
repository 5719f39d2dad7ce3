"""The ladder of an endpoint: which rung holds, which does not, and what each has to say."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from authority import Authority
from clock import MovableClock
from connect_proxy import ConnectProxy
from partner_tokens.core import diagnosis
from partner_tokens.core.clock import utc_now
from partner_tokens.core.connecting import Route, connected, tunnelled
from partner_tokens.core.diagnosis import Diagnosis
from partner_tokens.core.errors.service import BrokenReply, CaFileUnusable, Unreachable
from partner_tokens.core.ladder import Ladder, Outcome, Rung, Step
from partner_tokens.core.stages import Stage
from partner_tokens.core.transport import Transport
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox

OK, WARNING, FAILED, SKIPPED = Outcome.OK, Outcome.WARNING, Outcome.FAILED, Outcome.SKIPPED
HOST = "console.example"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def transport() -> Iterator[Transport]:
    transport = Transport(clock=utc_now, proxies=lambda url: None)
    yield transport
    transport.close()


def by_way_of(proxy: str | None, ca_file: Path | None = None) -> Diagnosis:
    transport = Transport(clock=utc_now, ca_file=ca_file, proxies=lambda url: proxy)
    return Diagnosis(transport, utc_now)


def outcomes(ladder: Ladder) -> list[Outcome]:
    assert [rung.stage for rung in ladder.rungs] == list(Step)
    return [rung.outcome for rung in ladder.rungs]


def rung(ladder: Ladder, step: Step) -> Rung:
    return next(one for one in ladder.rungs if one.stage is step)


# ---- the cheap check --------------------------------------------------------------------------


def test_a_check_tells_round_trip_and_offset(transport: Transport) -> None:
    with Sandbox() as sandbox:
        health = Diagnosis(transport, utc_now).check(sandbox.url)
        assert health.failure is None
        assert health.endpoint == sandbox.url
        assert health.round_trip is not None
        assert health.clock_offset == timedelta(0)
        (request,) = sandbox.requests
        assert (request.method, request.path) == ("HEAD", "/")


@pytest.mark.parametrize("behaviour", [Behaviour.REDIRECT, Behaviour.NOT_FOUND_PAGE], ids=str)
def test_any_answer_of_the_service_is_a_sign_of_life(
    transport: Transport, behaviour: Behaviour
) -> None:
    with Sandbox() as sandbox:
        sandbox.switch(everywhere=behaviour)
        assert Diagnosis(transport, utc_now).check(sandbox.url).failure is None


@pytest.mark.parametrize(
    ("behaviour", "stage"),
    [
        (Behaviour.BAD_GATEWAY, Stage.HTTP),
        (Behaviour.HANG, Stage.TIMEOUT),
        (Behaviour.HANG_UP, Stage.REPLY),
    ],
    ids=str,
)
def test_a_check_that_fails_names_the_stage(
    transport: Transport, behaviour: Behaviour, stage: Stage
) -> None:
    with Sandbox() as sandbox:
        sandbox.switch(everywhere=behaviour)
        if stage is Stage.TIMEOUT:
            transport.deadline = timedelta(seconds=0.5)
        health = Diagnosis(transport, utc_now).check(sandbox.url)
        assert isinstance(health.failure, Unreachable)
        assert health.failure.stage is stage
        assert health.round_trip is None


# ---- the ladder -------------------------------------------------------------------------------


def test_all_rungs_hold_over_tls(authority: Authority) -> None:
    with Sandbox(tls=authority.server()) as sandbox:
        ladder = by_way_of(None, authority.ca_file).climb(sandbox.url)
    assert outcomes(ladder) == [OK] * 6
    assert ladder.failed is None
    assert rung(ladder, Step.PROXY).fact == ""
    assert rung(ladder, Step.DNS).fact == "127.0.0.1"
    assert rung(ladder, Step.TCP).fact == "127.0.0.1"
    version, issuer, ends = rung(ladder, Step.TLS).fact.split(", ")
    assert (version, issuer) == ("TLSv1.3", "Throw-away CA")
    assert ends > f"{utc_now():%Y-%m-%d}"
    assert rung(ladder, Step.HTTP).fact == "200"
    assert rung(ladder, Step.CLOCK).fact == "+0 s"


def test_on_loopback_without_tls_that_rung_is_left_out(transport: Transport) -> None:
    with Sandbox() as sandbox:
        ladder = Diagnosis(transport, utc_now).climb(sandbox.url)
    assert outcomes(ladder) == [OK, OK, OK, SKIPPED, OK, OK]


@pytest.mark.parametrize(
    ("endpoint", "expected", "stage"),
    [
        ("https://nowhere.invalid", [OK, FAILED, SKIPPED, SKIPPED, SKIPPED, SKIPPED], Stage.DNS),
        ("https://127.0.0.1:9", [OK, OK, FAILED, SKIPPED, SKIPPED, SKIPPED], Stage.TCP),
    ],
)
def test_the_rungs_after_a_failed_one_are_skipped(
    transport: Transport, endpoint: str, expected: list[Outcome], stage: Stage
) -> None:
    ladder = Diagnosis(transport, utc_now).climb(endpoint)
    assert outcomes(ladder) == expected
    assert ladder.failed is not None
    assert ladder.failed.error is not None
    assert ladder.failed.error.stage is stage


def test_a_stranger_is_named_and_gets_no_request(authority: Authority) -> None:
    with Sandbox(tls=authority.server()) as sandbox:
        ladder = by_way_of(None).climb(sandbox.url)
        assert outcomes(ladder) == [OK, OK, OK, FAILED, SKIPPED, SKIPPED]
        tls = rung(ladder, Step.TLS)
        assert tls.fact.startswith("Throw-away CA, 2")
        assert isinstance(tls.error, Unreachable)
        assert tls.error.cause == "Throw-away CA"
        assert sandbox.requests == ()


def test_trouble_of_the_service_is_the_rung_of_http(transport: Transport) -> None:
    with Sandbox() as sandbox:
        sandbox.switch(everywhere=Behaviour.BAD_GATEWAY)
        ladder = Diagnosis(transport, utc_now).climb(sandbox.url)
    assert outcomes(ladder) == [OK, OK, OK, SKIPPED, FAILED, SKIPPED]


def test_a_reply_beyond_reason_is_the_rung_of_http(transport: Transport) -> None:
    class Broken(Transport):
        def send(self, method: str, url: str, **rest: object) -> object:  # type: ignore[override]
            raise BrokenReply(HOST)

    with Sandbox() as sandbox:
        broken = Broken(clock=utc_now, proxies=lambda url: None)
        ladder = Diagnosis(broken, utc_now).climb(sandbox.url)
    assert rung(ladder, Step.HTTP).outcome is FAILED


@pytest.mark.parametrize(
    ("skew", "outcome", "fact"),
    [
        (59, OK, "+59 s"),
        (61, WARNING, "+61 s"),
        (-75, WARNING, "-74 s"),
        (3600, WARNING, "+3600 s"),
    ],
)
def test_a_clock_that_is_off_is_a_warning(skew: int, outcome: Outcome, fact: str) -> None:
    clock = MovableClock()
    transport = Transport(clock=clock, proxies=lambda url: None)
    with Sandbox(clock) as sandbox:
        sandbox.switch(clock_skew=timedelta(seconds=skew))
        ladder = Diagnosis(transport, clock).climb(sandbox.url)
    assert (rung(ladder, Step.CLOCK).outcome, rung(ladder, Step.CLOCK).fact) == (outcome, fact)
    transport.close()


def test_a_service_that_tells_no_date_leaves_the_clock_out(transport: Transport) -> None:
    with Sandbox() as sandbox:
        sandbox.switch(tells_date=False)
        ladder = Diagnosis(transport, utc_now).climb(sandbox.url)
    assert outcomes(ladder)[-2:] == [OK, SKIPPED]


def test_a_name_that_cannot_be_one_fails_before_anything_is_tried(transport: Transport) -> None:
    ladder = Diagnosis(transport, utc_now).climb(f"https://{'a' * 64}.example")
    assert outcomes(ladder) == [FAILED] + [SKIPPED] * 5
    assert ladder.failed is not None
    assert ladder.failed.error is not None
    assert ladder.failed.error.stage is Stage.DNS


def test_the_next_address_is_tried_when_one_refuses() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with connected(["127.0.0.2", "127.0.0.1"], port, timedelta(seconds=5)) as sock:
            assert sock.getpeername() == ("127.0.0.1", port)


def test_a_host_without_addresses_is_no_connection() -> None:
    with pytest.raises(OSError, match="no address"):
        connected([], 443, timedelta(seconds=5))


def test_an_address_that_has_no_route_is_the_rung_of_tcp(transport: Transport) -> None:
    ladder = Diagnosis(transport, utc_now).climb("https://255.255.255.255")
    assert ladder.failed is not None
    assert ladder.failed.stage is Step.TCP
    assert ladder.failed.error is not None
    assert ladder.failed.error.stage is Stage.TCP


def test_a_proxy_that_dribbles_holds_no_ladder(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It tunnels once; the second time, when the certificate is read, it never ends its answer."""
    patience = timedelta(seconds=1)
    monkeypatch.setattr(diagnosis, "RUNG_PATIENCE", patience)
    with (
        Sandbox(tls=authority.server(HOST)) as sandbox,
        ConnectProxy({HOST: sandbox.url}, dribbles_after=1) as proxy,
    ):
        started = time.monotonic()
        ladder = by_way_of(proxy.url).climb(f"https://{HOST}")
        assert time.monotonic() - started < 10
        assert ladder.failed is not None
        assert ladder.failed.stage is Step.TLS
        assert len(proxy.requests) == 2


def test_a_proxy_that_dribbles_is_left_by_the_tunnel_itself() -> None:
    patience = timedelta(seconds=0.5)
    with (
        ConnectProxy(dribbles_after=0) as proxy,
        connected(["127.0.0.1"], proxy.port, patience) as sock,
        pytest.raises(TimeoutError),
    ):
        tunnelled(Route.to(f"https://{HOST}", proxy.url, None), sock)


def test_a_server_that_hangs_up_on_the_handshake_is_the_rung_of_tls(transport: Transport) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            client.recv(1)
            client.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        ladder = Diagnosis(transport, utc_now).climb(f"https://127.0.0.1:{port}")
        thread.join(5)
    assert ladder.failed is not None
    assert ladder.failed.stage is Step.TLS
    assert ladder.failed.error is not None
    assert ladder.failed.error.stage is Stage.TLS


# ---- time -------------------------------------------------------------------------------------


def test_a_resolver_that_hangs_fails_its_rung_in_time(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = threading.Event()

    def hanging(*args: object, **kwargs: object) -> object:
        resolve.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    monkeypatch.setattr(diagnosis, "RUNG_PATIENCE", timedelta(seconds=0.2))
    ladder = Diagnosis(transport, utc_now).climb("https://slow.example")
    resolve.set()
    assert outcomes(ladder)[1] is FAILED
    assert ladder.failed is not None
    assert ladder.failed.error is not None
    assert ladder.failed.error.stage is Stage.TIMEOUT
    assert ladder.failed.elapsed >= timedelta(seconds=0.2)


def test_a_handshake_that_hangs_fails_its_rung_in_time(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnosis, "RUNG_PATIENCE", timedelta(seconds=0.2))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        ladder = Diagnosis(transport, utc_now).climb(f"https://127.0.0.1:{port}")
    tls = rung(ladder, Step.TLS)
    assert tls.outcome is FAILED
    assert tls.error is not None
    assert tls.error.stage is Stage.TIMEOUT


# ---- through a proxy --------------------------------------------------------------------------


def test_through_a_proxy_names_and_connections_are_the_proxys(authority: Authority) -> None:
    with (
        Sandbox(tls=authority.server(HOST)) as sandbox,
        ConnectProxy({HOST: sandbox.url}) as proxy,
    ):
        ladder = by_way_of(proxy.url, authority.ca_file).climb(f"https://{HOST}")
    assert outcomes(ladder) == [OK] * 6
    assert rung(ladder, Step.PROXY).fact == proxy.url
    assert rung(ladder, Step.DNS).host == "127.0.0.1"
    assert rung(ladder, Step.TCP).host == f"127.0.0.1:{proxy.port}"
    assert rung(ladder, Step.TLS).host == HOST


@pytest.mark.parametrize("answer", [b"HTTP/1.1 403 Forbidden\r\n\r\n", b"\r\n", b"x" * 20_000])
def test_a_proxy_that_does_not_let_us_through_is_its_own_rung(answer: bytes) -> None:
    with ConnectProxy(answer=answer) as proxy:
        ladder = by_way_of(proxy.url).climb(f"https://{HOST}")
    assert outcomes(ladder) == [FAILED, OK, OK, SKIPPED, SKIPPED, SKIPPED]
    failed = rung(ladder, Step.PROXY)
    assert failed.fact == proxy.url
    assert failed.error is not None
    assert failed.error.stage is Stage.PROXY


def test_a_proxy_that_wants_a_password_says_so_and_gets_it() -> None:
    with ConnectProxy(user="ana", password="right") as proxy:
        ladder = by_way_of(proxy.url.replace("//", "//ana:wrong@")).climb(f"https://{HOST}")
        assert "Proxy-Authorization: Basic " in proxy.requests[0]
    error = rung(ladder, Step.PROXY).error
    assert isinstance(error, Unreachable)
    assert error.cause == "407"


@pytest.mark.parametrize(
    ("proxy", "step"), [("http://nowhere.invalid:1", Step.DNS), ("http://127.0.0.1:9", Step.TCP)]
)
def test_a_proxy_that_is_not_there_is_to_blame_itself(proxy: str, step: Step) -> None:
    ladder = by_way_of(proxy).climb(f"https://{HOST}")
    failed = rung(ladder, step)
    assert failed.outcome is FAILED
    assert failed.error is not None
    assert failed.error.stage is Stage.PROXY


def test_the_handshake_of_a_proxy_over_tls_is_left_to_the_request(authority: Authority) -> None:
    with Sandbox(tls=authority.server()) as not_quite_a_proxy:
        ladder = by_way_of(not_quite_a_proxy.url, authority.ca_file).climb(f"https://{HOST}")
    assert outcomes(ladder)[:5] == [OK, OK, OK, SKIPPED, FAILED]


def test_an_extra_ca_file_that_is_missing_fails_the_first_rung(tmp_path: Path) -> None:
    ladder = by_way_of(None, tmp_path / "gone.pem").climb(f"https://{HOST}")
    assert outcomes(ladder)[0] is FAILED
    assert isinstance(rung(ladder, Step.PROXY).error, CaFileUnusable)
