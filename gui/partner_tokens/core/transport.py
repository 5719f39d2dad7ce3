"""One HTTPS conversation: trust, proxy, total deadline, size cap, and the stage that failed."""

import threading
import time
import traceback
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError, ProtocolError

from partner_tokens import __version__
from partner_tokens.core.clock import Clock
from partner_tokens.core.connecting import AnswerCut, Route, offered_certificate
from partner_tokens.core.deadlines import DEADLINE, Overdue, within
from partner_tokens.core.errors.service import (
    BrokenReply,
    CaFileUnusable,
    ServiceError,
    Unreachable,
)
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.failures import failure, is_untrusted
from partner_tokens.core.instants import http_date
from partner_tokens.core.stages import Flaw, Stage
from partner_tokens.core.tokens import LOOPBACK_HOSTS
from partner_tokens.core.trust import CaFileError, Line, Trust

CONNECT_PATIENCE = timedelta(seconds=5)
"""For each address of a host, so that a dead IPv6 route leaves time for IPv4."""

KEPT_OPEN_FOR = timedelta(minutes=2)
"""A connection that was idle longer, or slept with the machine, is likelier dead than alive."""

SAID_BY_A_PROXY = frozenset({Flaw.NOT_TLS, Flaw.CUT_OFF})
"""It says that the way is open, and then speaks itself, or hangs up: the host may know nothing."""

LARGEST_REPLY = 1024 * 1024
USER_AGENT = f"partner-tokens/{__version__}"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, whatever its status. `body` is decoded and bounded: see `send`.

    `round_trip` lasts from sending to the end of the headers, with connecting if it was needed.
    `clock_offset` is the service's clock minus this machine's: the smallest that agrees with the
    Date header, zero when both may well be equal; None without a Date.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    round_trip: timedelta
    clock_offset: timedelta | None
    received_at: datetime


def system_proxy(url: str) -> str | None:
    """The proxy that this system wants for `url`: environment, Windows registry, macOS settings.

    Automatic configuration scripts (PAC) are not read. It may look up names: not on the GUI
    thread.
    """
    parts = urlsplit(url)
    proxies = urllib.request.getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or urllib.request.proxy_bypass(parts.netloc):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


class Transport:
    """Sends requests from any thread but the GUI's; connections are kept for the next request.

    Redirects are never followed, cookies never kept. The environment may name a proxy, and on Linux
    OpenSSL heeds its SSL_CERT_FILE and SSL_CERT_DIR: whoever sets those says whom we believe. Each
    request runs on a daemon thread of its own that is abandoned at the deadline, and its connection
    cut: so the deadline holds for name resolution, proxy, handshake, headers and body together, and
    what was given up is not sent once a slow name is found after all.
    A session serves one request at a time; as many are made as requests overlap.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        ca_file: Path | None = None,
        deadline: timedelta = DEADLINE,
        proxies: Callable[[str], str | None] = system_proxy,
    ) -> None:
        self.deadline = deadline
        self._clock = clock
        self._ca_file = ca_file
        self._proxies = proxies
        self._trust = Trust()
        self._lock = threading.Lock()
        self._idle: list[tuple[Line, datetime]] = []
        self._busy: dict[Line, Path | None] = {}
        """With the CA file that each of them trusts."""
        self._is_closed = False

    def send(
        self,
        method: str,
        url: str,
        *,
        json: Mapping[str, object] | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        largest: int = LARGEST_REPLY,
    ) -> Reply:
        """One request and its answer, of which no more than `largest` bytes are read.

        Raises Unreachable with the stage that failed, BrokenReply for an answer that is too large
        or cannot be decoded, InputError for a URL that is neither HTTPS nor on loopback.
        """
        host = checked_host(url)
        line = self._take(host)
        ask = {"json": json, "data": form, "headers": dict(headers or {}), "largest": largest}
        try:
            return within(self.deadline, lambda: self._converse(line, host, method, url, ask))
        except Overdue:
            line.cut()
            raise Unreachable(host, Stage.TIMEOUT, f"no answer in {self.deadline}") from None
        finally:
            self._give_back(line)

    def route(self, endpoint: str) -> Route:
        """How `endpoint` is reached: its host and port, and the proxy in between, if any.

        May block while the system's settings are read. Raises InputError, CaFileUnusable, and
        Unreachable for a proxy whose address makes no sense.
        """
        host = checked_host(endpoint)
        try:
            context = self._trust.context(self._ca_file)
        except CaFileError as error:
            raise CaFileUnusable(host, str(error)) from None
        return Route.to(endpoint, self._proxy(endpoint, host), context)

    def get_ready(self) -> None:
        """Reads the certificates, which takes tens of milliseconds; else the first call does."""
        with suppress(CaFileError):  # told by whoever calls
            self._trust.context(self._ca_file)

    def trust_also(self, ca_file: Path | None) -> None:
        """Believes this CA file from the next request on, instead of the one before."""
        with self._lock:
            if ca_file == self._ca_file:
                return
            self._ca_file = ca_file
            idle, self._idle = self._idle, []
        for line, _ in idle:
            line.close()

    def withdraw(self) -> None:
        """Sends nothing any more of what was asked for so far; never blocks.

        The answer to what was sent already is still heard: it may tell of a change on the service.
        """
        with self._lock:
            for line in self._busy:
                line.give_up()

    def close(self) -> None:
        """Closes what is idle and cuts what is under way; sends nothing any more."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
            busy = tuple(self._busy)
        for line, _ in idle:
            line.close()
        for line in busy:
            line.cut()

    # ---- lines --------------------------------------------------------------------------------

    def _take(self, host: str) -> Line:
        ca_file = self._ca_file
        try:
            line = self._kept(ca_file) or Line(self._trust.context(ca_file))
        except CaFileError as error:
            raise CaFileUnusable(host, str(error)) from None
        with self._lock:
            self._busy[line] = ca_file
            if self._is_closed:
                line.give_up()
        return line

    def _kept(self, ca_file: Path | None) -> Line | None:
        """The line used last, if it is still warm and believes what is believed now."""
        now = self._clock()
        while True:
            with self._lock:
                if not self._idle:
                    return None
                line, since = self._idle.pop()
            is_warm = timedelta(0) <= now - since <= KEPT_OPEN_FOR
            with ExitStack() as stack:
                stack.callback(line.close)
                if is_warm and self._trust.is_current(line.context, ca_file):
                    stack.pop_all()
                    return line

    def _give_back(self, line: Line) -> None:
        with self._lock:
            trusts = self._busy.pop(line)
            keep = not (line.is_given_up or self._is_closed) and trusts == self._ca_file
            if keep:
                self._idle.append((line, self._clock()))
        if not keep:
            line.close()

    # ---- on the request's own thread ----------------------------------------------------------

    def _converse(
        self, line: Line, host: str, method: str, url: str, ask: Mapping[str, Any]
    ) -> Reply:
        proxy = self._proxy(url, host)
        try:
            return self._exchange(line, host, method, url, ask, proxy)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise self._told(host, url, proxy, error) from None
        finally:
            if line.is_given_up:
                line.close()

    def _told(self, host: str, url: str, proxy: str | None, error: Exception) -> ServiceError:
        """The failure in our words; what it came from is emptied."""
        offered = None
        if is_untrusted(error):
            offered = offered_certificate(Route.to(url, proxy, None), CONNECT_PATIENCE)
        told = failure(host, error, self._clock(), offered)
        _empty(error)
        if proxy and isinstance(told, Unreachable) and told.flaw in SAID_BY_A_PROXY:
            return Unreachable(host, Stage.PROXY, told.details, flaw=told.flaw)
        return told

    def _exchange(
        self,
        line: Line,
        host: str,
        method: str,
        url: str,
        ask: Mapping[str, Any],
        proxy: str | None,
    ) -> Reply:
        sent_at, started = self._clock(), time.perf_counter()
        response = line.session.request(
            method,
            url,
            json=ask["json"],
            data=ask["data"],
            headers={"User-Agent": USER_AGENT, "Accept": "application/json", **ask["headers"]},
            proxies={urlsplit(url).scheme: proxy} if proxy else {},
            timeout=(CONNECT_PATIENCE.total_seconds(), self.deadline.total_seconds()),
            allow_redirects=False,
            stream=True,
        )
        with response:
            round_trip = timedelta(seconds=time.perf_counter() - started)
            received_at = self._clock()
            return Reply(
                status=response.status_code,
                headers=CaseInsensitiveDict(response.headers),
                body=_bounded_body(response, host, ask["largest"]),
                url=url,
                round_trip=round_trip,
                clock_offset=_clock_offset(response.headers.get("Date"), sent_at, received_at),
                received_at=received_at,
            )

    def _proxy(self, url: str, host: str) -> str | None:
        # Plain HTTP is for this machine alone: through a proxy it would carry a token in the open.
        if urlsplit(url).hostname in LOOPBACK_HOSTS:
            return None
        proxy = self._proxies(url)
        if proxy and not _is_address(proxy):
            raise Unreachable(host, Stage.PROXY, "the proxy's address is not valid")
        kind = urlsplit(proxy or "").scheme
        if kind not in {"", "http", "https"}:
            raise Unreachable(host, Stage.PROXY, cause=kind, flaw=Flaw.NOT_HTTP)
        return proxy or None


def checked_host(url: str) -> str:
    """The host, with its port if unusual.

    Raises InputError for what may not be spoken to, Unreachable for what cannot be a host: the
    standard library would leave a socket open over it.
    """
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    if not (secure or (parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS)):
        raise InputError(Problem.ENDPOINT_NOT_HTTPS)
    if not _is_host(parts.hostname):
        raise Unreachable(parts.netloc, Stage.DNS, "not a host name")
    return parts.netloc


def _is_host(name: str | None) -> bool:
    try:
        return bool(name and name.encode("idna"))
    except UnicodeError:
        return False


def _empty(error: BaseException) -> None:
    """Lets go of what the frames hold that it came through, and all before it.

    Each of urllib3's holds itself by its error, and with it the API token that was to be sent.
    """
    before: BaseException | None = error
    while before is not None:
        traceback.clear_frames(before.__traceback__)
        before = before.__context__


def _is_address(proxy: str) -> bool:
    try:
        parts = urlsplit(proxy)
        return _is_host(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _bounded_body(response: requests.Response, host: str, largest: int) -> bytes:
    body = bytearray()
    try:
        while chunk := response.raw.read1(65536, decode_content=True):
            body += chunk
            if len(body) > largest:
                raise BrokenReply(host, f"more than {largest} bytes", flaw=Flaw.TOO_LONG)
    except ProtocolError as error:
        raise AnswerCut(*error.args) from error
    return bytes(body)


def _clock_offset(date: str | None, sent_at: datetime, received_at: datetime) -> timedelta | None:
    """See `Reply`. The header was written between the two instants, and tells whole seconds."""
    earliest = http_date(date or "")
    if earliest is None:
        return None
    if received_at < earliest:
        return earliest - received_at
    return min(earliest + timedelta(seconds=1) - sent_at, timedelta(0))
