"""From what the network libraries raise to a stage and a flaw: each in its turn."""

import errno
import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest
import requests
from urllib3 import exceptions as u3

from partner_tokens.core.certificates import Certificate
from partner_tokens.core.connecting import AnswerCut, HandshakeCut
from partner_tokens.core.errors.service import BrokenReply, Unreachable
from partner_tokens.core.failures import failure
from partner_tokens.core.stages import Flaw, Stage

HOST = "console.example"
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def named(error: BaseException, usual: Stage = Stage.REPLY) -> tuple[Stage, Flaw | None]:
    found = failure(HOST, error, NOW, usual=usual)
    assert isinstance(found, Unreachable)
    return found.stage, found.flaw


def of_openssl(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, "told by OpenSSL")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), (Stage.DNS, None)),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), (Stage.TCP, None)),
        (OSError(errno.ENETUNREACH, "unreachable"), (Stage.TCP, Flaw.NO_ROUTE)),
        (OSError(errno.EHOSTUNREACH, "unreachable"), (Stage.TCP, Flaw.NO_ROUTE)),
        (requests.exceptions.ConnectTimeout(), (Stage.TIMEOUT, Flaw.SILENT)),
        (TimeoutError(), (Stage.TIMEOUT, None)),
        (HandshakeCut(errno.ECONNRESET, "reset"), (Stage.TLS, Flaw.CUT_OFF)),
        (ssl.SSLEOFError(8, "eof"), (Stage.TLS, Flaw.CUT_OFF)),
        (of_openssl("TLSV1_ALERT_PROTOCOL_VERSION"), (Stage.TLS, Flaw.OLD_TLS)),
        (of_openssl("UNSUPPORTED_PROTOCOL"), (Stage.TLS, Flaw.OLD_TLS)),
        (of_openssl("WRONG_VERSION_NUMBER"), (Stage.TLS, Flaw.NOT_TLS)),
        (of_openssl("SSLV3_ALERT_HANDSHAKE_FAILURE"), (Stage.TLS, None)),
        (AnswerCut("broken"), (Stage.REPLY, Flaw.HALF)),
        (ConnectionResetError(errno.ECONNRESET, "reset"), (Stage.REPLY, Flaw.CUT_OFF)),
        (u3.HTTPError("odd"), (Stage.REPLY, None)),
    ],
)
def test_each_error_has_its_stage_and_its_flaw(
    error: BaseException, told: tuple[Stage, Flaw | None]
) -> None:
    assert named(error) == told


def test_a_time_out_while_connecting_is_silence_and_in_a_handshake_is_not() -> None:
    assert named(TimeoutError(), Stage.TCP) == (Stage.TIMEOUT, Flaw.SILENT)
    slow = ssl.SSLError(1, "slow")
    slow.__cause__ = TimeoutError()
    assert named(slow, Stage.TLS) == (Stage.TIMEOUT, None)


def test_a_body_that_cannot_be_unpacked_is_a_broken_reply() -> None:
    found = failure(HOST, requests.exceptions.ContentDecodingError(), NOW)
    assert isinstance(found, BrokenReply)
    assert found.flaw is Flaw.PACKED


def untrusted(code: int, offered: Certificate | None) -> Unreachable:
    error = ssl.SSLCertVerificationError(1, "told by OpenSSL")
    error.verify_code, error.verify_message = code, "no"
    found = failure(HOST, error, NOW, offered)
    assert isinstance(found, Unreachable)
    assert found.stage is Stage.TLS
    return found


@pytest.mark.parametrize(
    ("code", "flaw"),
    [
        (9, Flaw.NOT_YET),
        (10, Flaw.EXPIRED),
        (18, Flaw.SELF_SIGNED),
        (62, Flaw.WRONG_HOST),
        (64, Flaw.WRONG_HOST),
        (20, None),
    ],
)
def test_a_certificate_that_could_not_be_read_is_told_by_openssls_code(
    code: int, flaw: Flaw | None
) -> None:
    found = untrusted(code, None)
    assert (found.flaw, found.cause) == (flaw, "")


def certificate(begins: int, ends: int, *, self_signed: bool = False) -> Certificate:
    begins_at, ends_at = NOW + timedelta(days=begins), NOW + timedelta(days=ends)
    return Certificate("Some CA", "other.example", begins_at, ends_at, self_signed)


@pytest.mark.parametrize(
    ("code", "offered", "flaw", "cause"),
    [
        (10, certificate(-9, -3), Flaw.EXPIRED, "2026-05-29"),
        (20, certificate(-9, 0), Flaw.EXPIRED, "2026-06-01"),
        (9, certificate(1, 3), Flaw.NOT_YET, ""),
        (62, certificate(-1, 3), Flaw.WRONG_HOST, "other.example"),
        (18, certificate(-1, 3, self_signed=True), Flaw.SELF_SIGNED, "Some CA"),
        (20, certificate(-1, 3), None, "Some CA"),
        (20, certificate(0, 3), None, "Some CA"),
    ],
)
def test_a_certificate_that_was_read_is_told_by_what_it_says(
    code: int, offered: Certificate, flaw: Flaw | None, cause: str
) -> None:
    found = untrusted(code, offered)
    assert (found.flaw, found.cause) == (flaw, cause)
    assert "Some CA" in found.details
