"""Whom the transport believes: real TLS servers, good and bad, and what is said of them."""

import gc
import os
import socket
import ssl
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import truststore
from cryptography.hazmat.primitives.serialization import Encoding

from authority import Authority
from partner_tokens.core.certificates import read_certificate
from partner_tokens.core.clock import utc_now
from partner_tokens.core.errors.service import CaFileUnusable, Unreachable
from partner_tokens.core.stages import Flaw, Stage
from partner_tokens.core.transport import Transport
from partner_tokens.core.trust import Trust, trusted_context
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "Inspecting Root CA", "Example Proxies")


@pytest.fixture
def trusting(authority: Authority) -> Iterator[Transport]:
    transport = Transport(clock=utc_now, ca_file=authority.ca_file, proxies=lambda url: None)
    yield transport
    transport.close()


@pytest.fixture
def plain() -> Iterator[Transport]:
    transport = Transport(clock=utc_now, proxies=lambda url: None)
    yield transport
    transport.close()


def failing(transport: Transport, url: str) -> Unreachable:
    with pytest.raises(Unreachable) as caught:
        transport.send("POST", f"{url}/", json={"refreshToken": "x"})
    assert caught.value.stage is Stage.TLS
    return caught.value


def test_an_extra_ca_file_makes_a_server_believed(
    authority: Authority, trusting: Transport
) -> None:
    with Sandbox(tls=authority.server()) as sandbox:
        assert trusting.send("HEAD", f"{sandbox.url}/").status == 200


def test_another_ca_file_holds_from_the_next_request_on(
    authority: Authority, plain: Transport
) -> None:
    with Sandbox(tls=authority.server()) as sandbox:
        failing(plain, sandbox.url)
        plain.trust_also(authority.ca_file)
        assert plain.send("HEAD", f"{sandbox.url}/").status == 200
        plain.trust_also(None)  # and the connection that is kept open is not used any more
        failing(plain, sandbox.url)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the trust store is no file")
def test_the_extra_ca_file_stands_on_top_of_the_systems_own(
    authority: Authority, trusting: Transport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    systems_own = Authority(tmp_path, "System Root")
    monkeypatch.setenv("SSL_CERT_FILE", str(systems_own.ca_file))
    for one in (authority, systems_own):
        with Sandbox(tls=one.server()) as sandbox:
            assert trusting.send("HEAD", f"{sandbox.url}/").status == 200


def test_nobody_is_believed_without_verification() -> None:
    context = trusted_context()
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_a_bundle_named_by_the_environment_is_not_believed(
    authority: Authority, plain: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.ca_file))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(authority.ca_file))
    with Sandbox(tls=authority.server()) as sandbox:
        failing(plain, sandbox.url)


def test_requests_own_bundle_is_not_believed(
    authority: Authority, plain: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(authority.ca_file))
    with Sandbox(tls=authority.server()) as sandbox:
        failing(plain, sandbox.url)


def test_an_unknown_issuer_is_named_and_gets_no_request(
    authority: Authority, plain: Transport
) -> None:
    with Sandbox(tls=authority.server()) as sandbox:
        error = failing(plain, sandbox.url)
        assert error.cause == "Inspecting Root CA (Example Proxies)"
        assert "issued by Inspecting Root CA" in error.details
        assert error.cause in error.title
        assert sandbox.requests == ()


def test_a_stranger_who_does_not_come_back_stays_unnamed(authority: Authority) -> None:
    """The second handshake may fail: the first has said enough."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            listener.close()
            with suppress(OSError), authority.server().wrap_socket(client, server_side=True):
                pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        transport = Transport(clock=utc_now, proxies=lambda url: None)
        assert failing(transport, f"https://127.0.0.1:{port}").cause == ""
        thread.join(5)
        transport.close()


def test_a_certificate_that_has_ended_is_not_called_untrusted(
    authority: Authority, trusting: Transport
) -> None:
    with Sandbox(tls=authority.server(days=-3)) as sandbox:
        error = failing(trusting, sandbox.url)
        assert error.flaw is Flaw.EXPIRED
        assert f"{utc_now() - timedelta(days=3):%Y-%m-%d}" in error.title
        assert "expired" in error.details
        assert sandbox.requests == ()


def test_a_certificate_for_another_host_is_not_called_untrusted(
    authority: Authority, trusting: Transport
) -> None:
    with Sandbox(tls=authority.server("other.example")) as sandbox:
        error = failing(trusting, sandbox.url)
        assert error.flaw is Flaw.WRONG_HOST
        assert "other.example" in error.title
        assert "mismatch" in error.details
        assert sandbox.requests == ()


def test_an_old_version_of_tls_is_not_spoken(authority: Authority, trusting: Transport) -> None:
    server = authority.server()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        server.set_ciphers("ALL:@SECLEVEL=0")
        server.minimum_version = ssl.TLSVersion.TLSv1_1
        server.maximum_version = ssl.TLSVersion.TLSv1_1
    with Sandbox(tls=server) as sandbox:
        assert "PROTOCOL" in failing(trusting, sandbox.url).details


def test_plain_http_on_a_tls_port_fails_at_tls(plain: Transport) -> None:
    with Sandbox() as sandbox:
        error = failing(plain, sandbox.url.replace("http:", "https:"))
        assert error.cause == ""


def test_an_extra_ca_file_whose_name_is_none_is_named_as_well(tmp_path: Path) -> None:
    names = ["~nosuchuser/x", "a\0b", "\ud800", "a" * 100_000, str(tmp_path)]
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe")
        names.append(str(tmp_path / "pipe"))
    for name in names:
        transport = Transport(clock=utc_now, ca_file=Path(name), proxies=lambda url: None)
        with pytest.raises(CaFileUnusable):
            transport.send("HEAD", "https://127.0.0.1:9/")
        with pytest.raises(CaFileUnusable):
            transport.route("https://127.0.0.1:9")


@pytest.mark.parametrize("content", [None, b"no certificate", b""])
def test_an_extra_ca_file_that_cannot_be_used_is_named(
    tmp_path: Path, content: bytes | None
) -> None:
    ca_file = tmp_path / "extra.pem"
    if content is not None:
        ca_file.write_bytes(content)
    transport = Transport(clock=utc_now, ca_file=ca_file, proxies=lambda url: None)
    with pytest.raises(CaFileUnusable) as caught:
        transport.send("GET", "https://127.0.0.1:9/")
    assert caught.value.stage is Stage.TLS
    assert "CA file" in caught.value.title
    with pytest.raises(CaFileUnusable):
        transport.route("https://127.0.0.1:9")
    transport.close()


def test_a_redirect_over_tls_sends_nothing_on(authority: Authority, trusting: Transport) -> None:
    with Sandbox(tls=authority.server()) as sandbox, Sandbox(tls=authority.server()) as other:
        sandbox.switch(everywhere=Behaviour.REDIRECT, redirect_to=f"{other.url}/")
        assert trusting.send("POST", f"{sandbox.url}/", json={"a": "b"}).status == 307
        assert other.requests == ()


def test_a_certificate_is_read_for_display(authority: Authority) -> None:
    certificate = read_certificate(authority.issue("other.example").public_bytes(Encoding.DER))
    assert certificate is not None
    assert certificate.subject == "other.example"
    assert certificate.issuer == "Inspecting Root CA (Example Proxies)"
    assert certificate.ends_at - utc_now() > timedelta(days=300)


def test_a_certificate_of_a_version_that_is_none_is_none(authority: Authority) -> None:
    der = authority.issue().public_bytes(Encoding.DER)
    version = bytes.fromhex("a003020102")
    assert version in der
    assert read_certificate(der.replace(version, bytes.fromhex("a003020107"), 1)) is None


@pytest.mark.parametrize("der", [b"", b"\x30\x03\x02\x01\x01", b"x" * 1000])
def test_bytes_that_are_no_certificate_are_none(der: bytes) -> None:
    assert read_certificate(der) is None


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each connection asks the system")
def test_the_systems_certificates_are_read_once_and_again_when_they_have_changed(
    authority: Authority, plain: Transport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "system.pem"
    bundle.write_bytes(Authority(tmp_path, "System Root").ca_file.read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    with Sandbox(tls=authority.server()) as sandbox:
        failing(plain, sandbox.url)
        assert plain.route(sandbox.url).context is plain.route(sandbox.url).context
        with bundle.open("ab") as file:
            file.write(authority.ca_file.read_bytes())
        assert plain.send("HEAD", f"{sandbox.url}/").status == 200
        bundle.write_bytes(b"")  # the connection that is kept was made while it was believed
        failing(plain, sandbox.url)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each connection asks the system")
def test_a_ca_file_that_goes_while_a_connection_is_kept_is_named(
    authority: Authority, trusting: Transport
) -> None:
    with Sandbox(tls=authority.server()) as sandbox:
        assert trusting.send("HEAD", f"{sandbox.url}/").status == 200
        authority.ca_file.unlink()
        with pytest.raises(CaFileUnusable):
            trusting.send("HEAD", f"{sandbox.url}/")
        gc.collect()  # a connection that was left open would warn here


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the trust store is no file")
def test_where_openssl_finds_no_bundle_the_places_of_other_systems_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    trust = Trust()
    assert isinstance(trust.context(None), truststore.SSLContext)
    assert trust.context(None) is not trust.context(None)
