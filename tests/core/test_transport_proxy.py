"""Through a real proxy: what it lets through, what it refuses, and what it never sees."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from authority import Authority
from connect_proxy import ConnectProxy
from partner_tokens.core.clock import utc_now
from partner_tokens.core.connecting import Route, offered_certificate
from partner_tokens.core.diagnosis import Diagnosis
from partner_tokens.core.errors.service import Unreachable
from partner_tokens.core.ladder import Step
from partner_tokens.core.stages import Stage
from partner_tokens.core.transport import Transport
from partner_tokens.sandbox.service import Sandbox

HOST = "console.example"
URL = f"https://{HOST}/"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def sandbox(authority: Authority) -> Iterator[Sandbox]:
    with Sandbox(tls=authority.server(HOST)) as sandbox:
        yield sandbox


def through(proxy: str, authority: Authority | None = None) -> Transport:
    ca_file = authority.ca_file if authority else None
    return Transport(clock=utc_now, ca_file=ca_file, proxies=lambda url: proxy)


def failing(transport: Transport, url: str = URL) -> Unreachable:
    with pytest.raises(Unreachable) as caught:
        transport.send("POST", url, json={"refreshToken": "the-secret"})
    transport.close()
    return caught.value


def test_a_proxy_is_tunnelled_through_and_sees_no_secret(
    authority: Authority, sandbox: Sandbox
) -> None:
    with ConnectProxy({HOST: sandbox.url}) as proxy:
        transport = through(proxy.url, authority)
        reply = transport.send("POST", f"{URL}a", json={"refreshToken": "the-secret"})
        transport.close()
        assert reply.status == 404
        assert sandbox.requests[0].path == "/a"
        assert proxy.requests[0].startswith(f"CONNECT {HOST}:443 ")
        assert "the-secret" not in "".join(proxy.requests)


def test_a_proxy_that_knows_us_lets_us_through(authority: Authority, sandbox: Sandbox) -> None:
    with ConnectProxy({HOST: sandbox.url}, user="ana", password="p w") as proxy:
        transport = through(proxy.url.replace("//", "//ana:p%20w@"), authority)
        assert transport.send("HEAD", URL).status == 200
        transport.close()


@pytest.mark.parametrize("written", ["%E2%82%AC%C3%BC%25", "€ü%25"])
def test_a_proxy_s_password_may_have_any_letter(
    authority: Authority, sandbox: Sandbox, written: str
) -> None:
    with ConnectProxy({HOST: sandbox.url}, user="ana", password="€ü%") as proxy:
        transport = through(proxy.url.replace("//", f"//ana:{written}@"), authority)
        assert transport.send("HEAD", URL).status == 200
        ladder = Diagnosis(transport, utc_now).climb(f"https://{HOST}")
        transport.close()
        assert ladder.failed is None


def test_a_proxy_that_wants_a_password_is_named_so(sandbox: Sandbox) -> None:
    with ConnectProxy({HOST: sandbox.url}, user="ana", password="right") as proxy:
        error = failing(through(proxy.url.replace("//", "//ana:wr0ng@")))
        assert error.stage is Stage.PROXY
        assert error.cause == "407"
        assert error.host == HOST
        assert "wr0ng" not in error.details
        assert sandbox.requests == ()


@pytest.mark.parametrize("status", ["403 Forbidden", "502 Bad Gateway", "nonsense"])
def test_a_proxy_that_refuses_is_named_so(status: str) -> None:
    with ConnectProxy(answer=f"HTTP/1.1 {status}\r\n\r\n".encode()) as proxy:
        error = failing(through(proxy.url))
        assert error.stage is Stage.PROXY


def test_a_proxy_that_hangs_up_is_named_so() -> None:
    with ConnectProxy(answer=b"\r\n") as proxy:
        assert failing(through(proxy.url)).stage is Stage.PROXY


@pytest.mark.parametrize(
    "proxy",
    [
        "http://127.0.0.1:9",
        "http://nowhere.invalid:3128",
        "socks5://127.0.0.1:9",
        "http://",
        "http://proxy.example:port",
        "http://a..b",
    ],
)
def test_a_proxy_that_cannot_be_used_is_named_so(proxy: str) -> None:
    assert failing(through(proxy)).stage is Stage.PROXY


@pytest.mark.parametrize("kind", ["socks", "socks5", "socks5h"])
def test_a_proxy_of_another_kind_is_not_blamed_for_what_it_was_never_asked(kind: str) -> None:
    with ConnectProxy() as proxy:
        transport = through(proxy.url.replace("http", kind))
        ladder = Diagnosis(transport, utc_now).climb(f"https://{HOST}")
        error = failing(transport)
        assert proxy.requests == []
    assert (
        error.title
        == f"The proxy on the way to {HOST} is of the kind {kind}, which is not spoken here."
    )
    assert ladder.failed is not None
    assert ladder.failed.stage is Step.PROXY
    assert str(ladder.failed.error) == str(error)


def test_a_route_through_an_address_that_makes_no_sense_is_none() -> None:
    transport = through("http://proxy.example:port")
    with pytest.raises(Unreachable) as caught:
        transport.route("https://console.example")
    assert caught.value.stage is Stage.PROXY
    transport.close()


def test_a_name_that_cannot_be_one_is_not_asked_of_a_proxy() -> None:
    with ConnectProxy() as proxy:
        error = failing(through(proxy.url), f"https://{'a' * 64}.example/")
        assert error.stage is Stage.DNS
        assert proxy.requests == []


def test_a_proxy_that_opens_the_traffic_is_named_as_the_issuer(
    sandbox: Sandbox,
) -> None:
    with ConnectProxy({HOST: sandbox.url}) as proxy:
        error = failing(through(proxy.url))
        assert error.stage is Stage.TLS
        assert error.cause == "Throw-away CA"
        assert sandbox.requests == ()


def test_a_proxy_over_tls_is_believed_by_the_same_rules(authority: Authority) -> None:
    """It would get the CONNECT line and a password: neither goes to a stranger."""
    with Sandbox(tls=Authority(authority.ca_file.parent, "Other").server()) as stranger:
        error = failing(through(stranger.url.replace("//", "//ana:word@"), authority))
        assert error.stage in {Stage.PROXY, Stage.TLS}
        assert stranger.requests == ()


def test_a_stranger_behind_a_proxy_over_tls_stays_unnamed() -> None:
    route = Route.to(URL, "https://ana:word@127.0.0.1:9", None)
    assert offered_certificate(route, timedelta(seconds=1)) is None


def test_loopback_is_never_asked_of_a_proxy() -> None:
    with ConnectProxy() as proxy, Sandbox() as local:
        transport = through(proxy.url)
        assert transport.send("HEAD", f"{local.url}/").status == 200
        assert transport.route(local.url).proxy == ""
        transport.close()
        assert proxy.requests == []


def test_a_route_shows_its_proxy_without_the_password() -> None:
    transport = through("http://ana:secret@proxy.example:3128")
    route = transport.route("https://console.example:8443")
    assert route.proxy == "http://proxy.example:3128"
    assert route.first_hop == ("proxy.example", 3128)
    assert "secret" not in repr(route)
    assert "Basic" not in repr(route)
    transport.close()


def test_a_proxy_with_an_address_of_version_six_is_shown_in_brackets() -> None:
    transport = through("https://[::1]")
    route = transport.route("https://console.example")
    assert route.proxy == "https://[::1]:443"
    assert route.first_hop == ("::1", 443)
    transport.close()


def test_a_proxy_that_never_answers_is_left_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        transport = Transport(
            clock=utc_now,
            deadline=timedelta(seconds=0.3),
            proxies=lambda url: f"http://127.0.0.1:{listener.getsockname()[1]}",
        )
        assert failing(transport).stage is Stage.TIMEOUT
