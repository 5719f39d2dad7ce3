"""What the network may do to an exchange: each row a real server, and the sentence that is said."""

import gzip
import json
import socket
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from authority import Authority
from partner_tokens.core.clock import utc_now
from partner_tokens.core.credentials import Credential
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.service import Throttled
from partner_tokens.core.replies import LONGEST_RETRY
from partner_tokens.core.secret import Secret
from partner_tokens.core.service import Service
from partner_tokens.core.tokens import Kind
from partner_tokens.core.transport import Transport
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox
from torture import wire

MARKER = "marker-of-the-network-" + "0123456789" * 4
PROXIED = "console.example"
GIGABYTE = 1 << 30
YEAR = 366 * 24 * 3600
TAKEN = "taken"
"""What is said where there is nothing to complain of."""


@dataclass
class Ground:
    """What the rows stand on; it ends what they have started."""

    folder: Path
    authority: Authority
    stranger: Authority
    second: Sandbox
    """The second host: nobody may send it anything."""
    stack: ExitStack
    sent: list[bytes] = field(default_factory=list)
    """What came in where no token may ever come in."""

    def listen(self, serve: wire.Serve, tls: ssl.SSLContext | None = None) -> str:
        """A server that misbehaves; its address."""
        return self.stack.enter_context(wire.Wire(serve, tls)).url

    def sandbox(self, tls: ssl.SSLContext | None = None) -> Sandbox:
        """A service in small."""
        return self.stack.enter_context(Sandbox(tls=tls))

    def noted(self, then: wire.Serve) -> wire.Serve:
        """Notes what is sent before it goes on: here is nobody who may hear a token."""

        def serve(client: socket.socket, ending: threading.Event) -> None:
            client.settimeout(5)
            self.sent.append(client.recv(65536))
            then(client, ending)

        return serve


@dataclass(frozen=True)
class Place:
    """Where a row's exchange goes: the endpoint, and the proxy on the way."""

    endpoint: str
    proxy: str = ""


Make = Callable[[Ground], Place]
ROWS: dict[str, Make] = {}


def row(name: str) -> Callable[[Make], Make]:
    """Enters a row under this name."""

    def enter(make: Make) -> Make:
        ROWS[name] = make
        return make

    return enter


# ---- the way there ----------------------------------------------------------------------------


@row("no name")
def no_name(ground: Ground) -> Place:
    return Place("https://nowhere.invalid")


@row("no route")
def no_route(ground: Ground) -> Place:
    return Place("https://255.255.255.255")


@row("refused port")
def refused_port(ground: Ground) -> Place:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return Place(f"https://127.0.0.1:{listener.getsockname()[1]}")


@row("black hole")
def black_hole(ground: Ground) -> Place:
    return Place(ground.stack.enter_context(wire.BlackHole()).url)


@row("reset in the handshake")
def reset_in_the_handshake(ground: Ground) -> Place:
    return Place(ground.listen(ground.noted(wire.reset)).replace("http:", "https:"))


@row("reset after the request")
def reset_after_the_request(ground: Ground) -> Place:
    return Place(ground.listen(wire.saying_then_reset(b""), ground.authority.server()))


@row("reset in the answer")
def reset_in_the_answer(ground: Ground) -> Place:
    reply = wire.answer("200 OK", b'{"accessTok', length=100)
    return Place(ground.listen(wire.saying_then_reset(reply), ground.authority.server()))


# ---- TLS --------------------------------------------------------------------------------------


@row("certificate expired")
def certificate_expired(ground: Ground) -> Place:
    return Place(ground.sandbox(ground.authority.server(days=-3)).url)


@row("certificate of another host")
def certificate_of_another_host(ground: Ground) -> Place:
    return Place(ground.sandbox(ground.authority.server("other.example")).url)


@row("self-signed")
def vouches_for_itself(ground: Ground) -> Place:
    return Place(ground.sandbox(self_signed(ground.folder)).url)


@row("unknown issuer")
def unknown_issuer(ground: Ground) -> Place:
    return Place(ground.sandbox(ground.stranger.server()).url)


@row("TLS 1.1")
def tls_1_1(ground: Ground) -> Place:
    server = ground.authority.server()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        server.set_ciphers("ALL:@SECLEVEL=0")
        server.minimum_version = ssl.TLSVersion.TLSv1_1
        server.maximum_version = ssl.TLSVersion.TLSv1_1
    return Place(ground.sandbox(server).url)


@row("plain HTTP on the TLS port")
def plain_http_on_the_tls_port(ground: Ground) -> Place:
    serve = ground.noted(lambda client, ending: client.sendall(wire.answer("400 Bad Request")))
    return Place(ground.listen(serve).replace("http:", "https:"))


# ---- proxies ----------------------------------------------------------------------------------


@row("proxy refuses")
def proxy_refuses(ground: Ground) -> Place:
    return _through(ground, wire.answer("403 Forbidden"))


@row("proxy wants a password")
def proxy_wants_a_password(ground: Ground) -> Place:
    return _through(ground, wire.answer("407 Proxy Authentication Required"))


@row("proxy answers HTML")
def proxy_answers_html(ground: Ground) -> Place:
    page = b"<html><title>Sign in</title></html>"
    return _through(ground, wire.answer("200 OK", page, "Content-Type: text/html"))


@row("proxy answers nonsense")
def proxy_answers_nonsense(ground: Ground) -> Place:
    return _through(ground, b"what?\r\n\r\n")


def _through(ground: Ground, reply: bytes) -> Place:
    def serve(client: socket.socket, ending: threading.Event) -> None:
        ground.sent.append(wire.request_of(client))
        client.sendall(reply)
        client.settimeout(5)
        ground.sent.append(client.recv(65536))

    return Place(f"https://{PROXIED}", ground.listen(serve))


# ---- answers ----------------------------------------------------------------------------------


def _redirect(status: int) -> Make:
    def make(ground: Ground) -> Place:
        sandbox = ground.sandbox()
        sandbox.switch(
            everywhere=Behaviour.REDIRECT,
            redirect_to=f"{ground.second.url}/?next",
            redirect_status=status,
        )
        return Place(sandbox.url)

    return make


for _status in (301, 302, 303, 307, 308):
    ROWS[f"{_status} to another host"] = _redirect(_status)


@row("drip of one byte a second")
def drip_of_one_byte_a_second(ground: Ground) -> Place:
    return Place(ground.listen(wire.endless(b"HTTP/1.1 200 OK\r\nX: ", b"x", 1.0)))


@row("1 GB body")
def body_of_1_gb(ground: Ground) -> Place:
    head = wire.answer("200 OK", length=GIGABYTE)
    return Place(ground.listen(wire.endless(head, b" " * 65536)))


@row("gzip bomb")
def gzip_bomb(ground: Ground) -> Place:
    body = gzip.compress(b" " * (64 << 20))
    return Place(_saying(ground, wire.answer("200 OK", body, "Content-Encoding: gzip")))


@row("badly packed")
def badly_packed(ground: Ground) -> Place:
    return Place(_saying(ground, wire.answer("200 OK", b"plain", "Content-Encoding: gzip")))


@row("invalid UTF-8")
def invalid_utf_8(ground: Ground) -> Place:
    return Place(_saying(ground, wire.answer("200 OK", b'{"accessToken": "\xff\xc3"}')))


@row("not JSON")
def not_json(ground: Ground) -> Place:
    return Place(_saying(ground, wire.answer("200 OK", b"accessToken=abc")))


@row("byte order mark")
def byte_order_mark(ground: Ground) -> Place:
    body = b"\xef\xbb\xbf" + json.dumps({"accessToken": "abc.def.ghi"}).encode()
    return Place(_saying(ground, wire.answer("200 OK", body)))


@row("deep JSON")
def deep_json(ground: Ground) -> Place:
    return Place(_saying(ground, wire.answer("200 OK", b'{"a":' * 100_000 + b"1" + b"}" * 100_000)))


@row("duplicate keys")
def duplicate_keys(ground: Ground) -> Place:
    body = b'{"accessToken": "abc.def.ghi", "accessToken": "jkl.mno.pqr"}'
    return Place(_saying(ground, wire.answer("200 OK", body)))


@row("no token in it")
def no_token_in_it(ground: Ground) -> Place:
    return Place(_saying(ground, wire.answer("200 OK", b"{}")))


@row("a web page")
def a_web_page(ground: Ground) -> Place:
    page = b"<!doctype html><title>Wi-Fi</title>"
    return Place(_saying(ground, wire.answer("200 OK", page, "Content-Type: text/html")))


@row("Retry-After of a year")
def retry_after_of_a_year(ground: Ground) -> Place:
    reply = wire.answer("429 Too Many Requests", b"", f"Retry-After: {YEAR}")
    return Place(_saying(ground, reply))


@row("Date hours off")
def date_hours_off(ground: Ground) -> Place:
    body = json.dumps({"accessToken": "abc.def.ghi"}).encode()
    date = (utc_now() - timedelta(hours=5)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return Place(_saying(ground, wire.answer("200 OK", body, f"Date: {date}")))


def _saying(ground: Ground, reply: bytes) -> str:
    return ground.listen(wire.saying(reply))


def said_of_each_status(ground: Ground) -> dict[int, tuple[str, AppError | None]]:
    """What is said of an exchange that is answered with each status from 300 to 599."""
    status = 300

    def serve(client: socket.socket, ending: threading.Event) -> None:
        while wire.request_of(client):
            client.sendall(wire.answer(f"{status} Some Reason"))

    place = Place(ground.listen(serve))
    transport = Transport(clock=utc_now, proxies=lambda url: None)
    found = {}
    for status in range(300, 600):
        found[status] = exchanged(transport, place, ground)
    transport.close()
    return found


SAME = (
    # Rows that are told alike, since to whoever reads it they are the same.
    {f"{status} to another host" for status in (301, 302, 303, 307, 308)},
    {"1 GB body", "gzip bomb"},
    {"byte order mark", "Date hours off"},
)


# ---- what is said -----------------------------------------------------------------------------


@contextmanager
def ground_in(folder: Path) -> Iterator[Ground]:
    """The ground, in a folder of its own."""
    with ExitStack() as stack:
        second = stack.enter_context(Sandbox())
        stranger = Authority(folder, "Stranger Root CA")
        yield Ground(folder, Authority(folder), stranger, second, stack)


def sentence(ground: Ground, place: Place, deadline: timedelta) -> tuple[str, AppError | None]:
    """What is said of an exchange at this place, the host left out; and the error."""
    transport = Transport(
        clock=utc_now,
        ca_file=ground.authority.ca_file,
        deadline=deadline,
        proxies=lambda url: place.proxy or None,
    )
    try:
        return exchanged(transport, place, ground)
    finally:
        transport.close()


def exchanged(transport: Transport, place: Place, ground: Ground) -> tuple[str, AppError | None]:
    """As `sentence`, over this transport."""
    credential = Credential(Kind.NAVIGATOR, place.endpoint, Secret(MARKER))
    try:
        Service(transport, utc_now).exchange(credential)
    except AppError as error:
        title = error.title
        for address in (place.endpoint, ground.second.url):
            title = title.replace(address.partition("//")[2], "HOST")
        return title, error
    return TAKEN, None


def told_alike(said: dict[str, str]) -> list[tuple[str, str]]:
    """Pairs of rows that are told in the same words and should not be."""
    groups = {name: number for number, names in enumerate(SAME) for name in names}
    alike = []
    for one, words in said.items():
        for other, theirs in said.items():
            same = groups.get(one, one) == groups.get(other, other)
            if one < other and words == theirs and not same:
                alike.append((one, other))
    return alike


def leaks(ground: Ground) -> list[str]:
    """Where a token came that should not have come there."""
    found = [request.path for request in ground.second.requests]
    found += [f"in the open: {sent[:40]!r}" for sent in ground.sent if MARKER.encode() in sent]
    return found


def waits_too_long(error: AppError | None) -> bool:
    """Whether the service's word would keep us for longer than we let it."""
    if not isinstance(error, Throttled) or error.again_at is None:
        return True
    return error.again_at > utc_now() + LONGEST_RETRY


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server that vouches for itself, as many an appliance does."""
    from datetime import UTC, datetime
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = folder / "self-signed.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
