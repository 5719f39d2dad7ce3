"""From what the network libraries raise to the stage at which a conversation failed."""

import errno
import socket
import ssl
from collections.abc import Iterator
from datetime import datetime

import requests
from urllib3 import exceptions as u3

from partner_tokens.core.certificates import Certificate
from partner_tokens.core.connecting import TUNNEL_FAILED, AnswerCut, HandshakeCut
from partner_tokens.core.errors.service import BrokenReply, ServiceError, Unreachable
from partner_tokens.core.stages import Flaw, Stage

WRONG_HOST = frozenset({62, 64, 0x800B010F, -67602})
"""Verify codes for a name that does not match: OpenSSL's, Windows', macOS'."""

BY_VERIFY_CODE = {9: Flaw.NOT_YET, 10: Flaw.EXPIRED, 18: Flaw.SELF_SIGNED} | dict.fromkeys(
    WRONG_HOST, Flaw.WRONG_HOST
)
"""OpenSSL's (x509_vfy.h), for a certificate that could not be read."""

OLD_TLS = ("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "WRONG_SSL_VERSION")
NOT_TLS = (
    "WRONG_VERSION_NUMBER",
    "RECORD_LAYER_FAILURE",
    "PACKET_LENGTH_TOO_LONG",
    "UNKNOWN_PROTOCOL",
    "HTTP_REQUEST",
)
"""How OpenSSL's reasons end; which of them comes depends on its version."""

NO_ROUTE = frozenset(
    {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, 10051, 10065}
)
"""The last two are Windows' own."""


def failure(
    host: str,
    error: BaseException,
    now: datetime,
    offered: Certificate | None = None,
    usual: Stage = Stage.REPLY,
) -> ServiceError:
    """The error of ours for one of requests, urllib3, ssl or socket.

    `offered` is the certificate that was not accepted, if it could be read; `usual` is the stage
    of what tells none itself. Messages of the libraries hold whole URLs, so only their types and
    the system's own words are kept.
    """
    chain = tuple(_chain(error))
    details = " < ".join(dict.fromkeys(_fact(link) for link in chain))
    proxy = _proxy_failure(chain)
    if proxy is not None:
        return Unreachable(host, Stage.PROXY, details, cause=proxy)
    for link in chain:
        if isinstance(link, ssl.SSLCertVerificationError):
            return _untrusted(host, link, details, now, offered)
    if _any(chain, requests.exceptions.ContentDecodingError, u3.DecodeError):
        return BrokenReply(host, details, flaw=Flaw.PACKED)
    stage = _stage(chain, usual)
    return Unreachable(host, stage, details, flaw=_flaw(chain, stage, usual))


def is_untrusted(error: BaseException) -> bool:
    """Whether a certificate was read and not accepted."""
    return any(isinstance(link, ssl.SSLCertVerificationError) for link in _chain(error))


def _stage(chain: tuple[BaseException, ...], usual: Stage) -> Stage:
    if _any(chain, HandshakeCut):
        return Stage.TLS
    if _any(chain, ssl.SSLError, requests.exceptions.SSLError, u3.SSLError):
        # A time-out during the handshake is one of both; it was the time that failed.
        return Stage.TIMEOUT if _any(chain, TimeoutError) else Stage.TLS
    if _any(chain, u3.NameResolutionError, socket.gaierror, u3.LocationParseError):
        return Stage.DNS
    if _any(chain, u3.NewConnectionError, ConnectionRefusedError) or _has_no_route(chain):
        return Stage.TCP
    if _any(chain, requests.exceptions.Timeout, u3.TimeoutError, TimeoutError):
        return Stage.TIMEOUT
    return usual


def _flaw(chain: tuple[BaseException, ...], stage: Stage, usual: Stage) -> Flaw | None:
    """What was wrong at this stage; `usual` is the one that was being tried, if that was one."""
    match stage:
        case Stage.TCP:
            return Flaw.NO_ROUTE if _has_no_route(chain) else None
        case Stage.TIMEOUT:
            unanswered = usual is Stage.TCP or _any(chain, requests.exceptions.ConnectTimeout)
            return Flaw.SILENT if unanswered and not _any(chain, ssl.SSLError) else None
        case Stage.TLS:
            return _tls_flaw(chain)
        case Stage.REPLY if _any(chain, AnswerCut):
            return Flaw.HALF
        case Stage.REPLY if _any(chain, ConnectionError):
            return Flaw.CUT_OFF
        case _:
            return None


def _has_no_route(chain: tuple[BaseException, ...]) -> bool:
    return any(isinstance(link, OSError) and link.errno in NO_ROUTE for link in chain)


def _tls_flaw(chain: tuple[BaseException, ...]) -> Flaw | None:
    if _any(chain, HandshakeCut, ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
        return Flaw.CUT_OFF
    for link in chain:
        reason = _reason(link) if isinstance(link, ssl.SSLError) else ""
        if reason.endswith(OLD_TLS):
            return Flaw.OLD_TLS
        if reason.endswith(NOT_TLS):
            return Flaw.NOT_TLS
    return None


def _proxy_failure(chain: tuple[BaseException, ...]) -> str | None:
    """What the proxy answered, "" if it did not answer at all, None if it was not the proxy."""
    for link in chain:
        text = str(link.args[0]) if isinstance(link, OSError) and link.args else ""
        if text.startswith(TUNNEL_FAILED):
            status = text.removeprefix(TUNNEL_FAILED).lstrip(": ")[:3]
            return status if status.isdecimal() else ""
    wrong = (
        requests.exceptions.ProxyError,
        u3.ProxyError,
        requests.exceptions.InvalidProxyURL,
        requests.exceptions.InvalidSchema,
        u3.ProxySchemeUnknown,
        u3.ProxySchemeUnsupported,
    )
    return "" if _any(chain, *wrong) else None


def _untrusted(
    host: str,
    error: ssl.SSLCertVerificationError,
    details: str,
    now: datetime,
    offered: Certificate | None,
) -> Unreachable:
    code = getattr(error, "verify_code", 0)
    if offered is None:
        return Unreachable(host, Stage.TLS, details, flaw=BY_VERIFY_CODE.get(code))
    facts = f"issued by {offered.issuer}, ends {offered.ends_at:%Y-%m-%d}; {details}"
    flaw, cause = None, offered.issuer
    if now >= offered.ends_at:
        flaw, cause = Flaw.EXPIRED, f"{offered.ends_at:%Y-%m-%d}"
    elif now < offered.begins_at:
        flaw, cause = Flaw.NOT_YET, ""
    elif code in WRONG_HOST:
        flaw, cause = Flaw.WRONG_HOST, offered.subject
    elif offered.is_self_signed:
        flaw = Flaw.SELF_SIGNED
    return Unreachable(host, Stage.TLS, facts, cause=cause, flaw=flaw)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it was made from, the outermost first."""
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting and len(seen) < 20:
        link = waiting.pop(0)
        if not isinstance(link, BaseException) or any(link is one for one in seen):
            continue
        seen.append(link)
        yield link
        waiting += [*link.args, getattr(link, "reason", None), link.__cause__, link.__context__]


def _any(chain: tuple[BaseException, ...], *kinds: type[BaseException]) -> bool:
    return any(isinstance(link, kinds) for link in chain)


def _fact(link: BaseException) -> str:
    """The type, and what the system or OpenSSL says of it."""
    kind = type(link).__name__
    if isinstance(link, ssl.SSLCertVerificationError):
        said = getattr(link, "verify_message", "")
    elif isinstance(link, ssl.SSLError):
        said = _reason(link)
    elif isinstance(link, OSError):
        said = link.strerror or ""
    else:
        said = ""
    return f"{kind} ({said})" if said else kind


def _reason(error: ssl.SSLError) -> str:
    """OpenSSL's; an error that Python code has made has none, not even an empty one."""
    return getattr(error, "reason", "") or ""
