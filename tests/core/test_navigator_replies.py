"""Replies nobody has documented: read safely, whatever they hold."""

import base64
import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from clock import MovableClock
from partner_tokens.core.credentials import Credential
from partner_tokens.core.errors.service import (
    BrokenReply,
    PasscodeNeeded,
    Refused,
    ServiceError,
    Unreachable,
)
from partner_tokens.core.exchanging import LONGEST_LIFE
from partner_tokens.core.navigator import Navigator
from partner_tokens.core.replies import LONGEST_DETAILS, redacted
from partner_tokens.core.secret import Secret
from partner_tokens.core.stages import Flaw, Stage
from partner_tokens.core.tokens import AccessToken, Kind
from partner_tokens.core.transport import Reply, Transport

CLOCK = MovableClock()
NOW = CLOCK.now
TEXT = "Q7x" + "aB3dE5fG" * 7 + "tail9"
ENDPOINT = "https://console.example"


class Answering(Transport):
    """Gives the same answer to everything, without a network."""

    def __init__(self, status: int, body: bytes, **headers: str) -> None:
        super().__init__(clock=CLOCK)
        self.reply = Reply(
            status=status,
            headers=CaseInsensitiveDict({k.replace("_", "-"): v for k, v in headers.items()}),
            body=body,
            url=ENDPOINT,
            round_trip=timedelta(0),
            clock_offset=timedelta(0),
            received_at=NOW,
        )

    def send(self, method: str, url: str, **rest: Any) -> Reply:
        return self.reply


def exchange(status: int, body: object, passcode: str = "", **headers: str) -> AccessToken:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    navigator = Navigator(Answering(status, raw, **headers))
    credential = Credential(Kind.NAVIGATOR, ENDPOINT, Secret(TEXT))
    return navigator.exchange(credential, Secret(passcode) if passcode else None)


def failing(status: int, body: object, passcode: str = "", **headers: str) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        exchange(status, body, passcode, **headers)
    return caught.value


def jwt(**claims: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{payload}.c2ln"


def test_an_answer_that_says_one_thing_twice_is_not_believed() -> None:
    text = jwt(context_name="org-contoso")
    body = json.dumps({"accessToken": text})
    assert exchange(200, body.encode()).value.reveal() == text
    twice = failing(200, f'{body[:-1]}, "accessToken": "other"}}'.encode())
    assert isinstance(twice, BrokenReply)
    assert twice.flaw is Flaw.TWICE


# ---- statuses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"message": "invalid_grant: Invalid refresh token: …"}, Refused),
        (400, {"error": "invalid_grant", "error_description": "expired"}, Refused),
        (422, {"error": "invalid_grant"}, Refused),
        (400, {"message": "Invalid request body"}, Refused),
        (400, {}, BrokenReply),
        (400, b"", BrokenReply),
        (401, b"", Refused),
        (401, {"errorCode": "x"}, Refused),
        (403, b"Forbidden", Refused),
        (403, b"<html>blocked", BrokenReply),
        (404, {"error": "Not Found", "path": "/cphub"}, BrokenReply),
        (404, {"majorErrorCode": "404", "minorErrorCode": "X"}, Refused),
        (404, {"cspErrorCode": "540.120", "moduleCode": "540"}, Refused),
        (405, {"message": "Method Not Allowed"}, BrokenReply),
        (400, {"message": "Passcode is missing"}, PasscodeNeeded),
        (401, {"minorErrorCode": "MFA_REQUIRED"}, PasscodeNeeded),
        (403, {"message": "multi-factor authentication is needed"}, PasscodeNeeded),
        (418, {"error": "OTP needed"}, PasscodeNeeded),
        (500, {"message": "invalid_grant"}, Unreachable),
    ],
)
def test_each_status_is_what_the_body_makes_of_it(
    status: int, body: object, kind: type[ServiceError]
) -> None:
    assert type(failing(status, body)) is kind


def test_a_proxy_that_wants_a_password_is_not_the_service() -> None:
    error = failing(407, b"")
    assert error.stage is Stage.PROXY


def test_any_success_with_a_token_is_one() -> None:
    assert exchange(200, {"accessToken": "abc"}).value.reveal() == "abc"
    assert exchange(299, {"accessToken": "abc", "more": [1]}).assumed


@pytest.mark.parametrize(
    "text",
    ["", " ", "a b", "a\nb", "a\r\nX: y", "é", "\u202eabc", "a" * 20_000, None, 5, ["a"], True],
)
def test_a_token_that_does_not_fit_into_a_header_is_broken(text: object) -> None:
    assert isinstance(failing(201, {"accessToken": text}), BrokenReply)


# ---- lifetimes --------------------------------------------------------------------------------

EPOCH = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("claims", "life", "left", "assumed"),
    [
        ({"iat": EPOCH, "exp": EPOCH + 1800}, 1800, 1800, False),
        ({"iat": EPOCH - 600, "exp": EPOCH + 1200}, 1800, 1200, False),
        ({"iat": EPOCH, "exp": EPOCH + 1799}, 1799, 1799, False),
        ({"exp": EPOCH + 300}, 300, 300, False),
        ({"iat": EPOCH - 9000, "exp": EPOCH - 7200}, 1800, 1800, False),
        ({"iat": EPOCH + 9000, "exp": EPOCH + 10800}, 1800, 1800, False),
        ({"iat": EPOCH + 1800, "exp": EPOCH}, 1800, 1800, True),
        ({"exp": EPOCH - 5}, 1800, 1800, True),
        ({"iat": 0, "exp": EPOCH + 1800}, 1800, 1800, True),
        ({"iat": EPOCH}, 1800, 1800, True),
    ],
)
def test_the_life_is_the_tokens_own_within_reason(
    claims: dict[str, object], life: int, left: int, assumed: bool
) -> None:
    access = exchange(201, {"accessToken": jwt(**claims)})
    assert access.life == timedelta(seconds=life)
    assert access.expires_at == NOW + timedelta(seconds=left)
    assert access.assumed is assumed


@given(
    st.dictionaries(
        st.sampled_from(["iat", "exp"]),
        st.integers(EPOCH - 10**9, EPOCH + 10**9) | st.floats() | st.none() | st.text(),
    )
)
def test_no_claims_make_a_life_absurd(claims: dict[str, object]) -> None:
    access = exchange(201, {"accessToken": jwt(**claims)})
    assert access.expires_at > NOW
    assert timedelta(0) < access.life <= LONGEST_LIFE


# ---- anything at all --------------------------------------------------------------------------


@given(
    st.integers(200, 599),
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.just(TEXT),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["accessToken", "message", "requestId", "cspErrorCode", "error", "statusCode"]
                ),
                inner,
            )
        ),
        max_leaves=10,
    ).map(lambda body: json.dumps(body).encode()),
    st.sampled_from(["application/json", "text/html", ""]),
)
def test_no_reply_makes_it_fail_otherwise_or_give_the_token_away(
    status: int, body: bytes, kind: str
) -> None:
    error = ServiceError("")
    try:
        exchange(status, body, Content_Type=kind, Retry_After=body[:20].decode("latin-1"))
    except ServiceError as raised:
        error = raised
    assert TEXT not in error.details + error.request_id
    assert len(error.details) <= LONGEST_DETAILS


def test_a_body_nested_beyond_reason_is_broken() -> None:
    assert isinstance(failing(201, b"[" * 500_000), BrokenReply)


UUID = "7f1c2d3e-0a1b-4c2d-8e9f-001122334455"

# ---- request ids ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        ({"requestId": "r-1", "traceId": "t-1"}, {}, "r-1"),
        ({"requestId": 5, "traceId": "t-1"}, {}, "t-1"),
        ({}, {"X_Request_ID": "h-1"}, "h-1"),
        ({"requestId": "a b"}, {"X_Request_ID": "h-1"}, "h-1"),
        ({"requestId": UUID}, {}, UUID),
        ({"requestId": TEXT}, {}, ""),
        ({"requestId": TEXT[::-1]}, {}, ""),
        ({"requestId": TEXT.swapcase()}, {}, ""),
        ({"requestId": TEXT[:32].encode().hex()}, {}, ""),
        ({"requestId": b64encode(TEXT.encode()).decode().rstrip("=")[:64]}, {}, ""),
        ({"requestId": "a.b:c_d"}, {}, ""),
        ({"requestId": "a" * 65}, {}, ""),
        ({}, {}, ""),
    ],
)
def test_the_request_id_is_kept_for_support(
    body: object, headers: dict[str, str], expected: str
) -> None:
    assert failing(401, body, **headers).request_id == expected


def test_another_host_that_is_the_token_in_disguise_is_not_shown() -> None:
    for label, shown in ((TEXT.encode().hex()[:40], "…"), ("console.somewhere-else", None)):
        error = failing(302, b"", Location=f"https://{label}.example/")
        assert isinstance(error, BrokenReply)
        assert error.moved_to == (shown or f"{label}.example")


# ---- redaction --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"Invalid refresh token: {TEXT}", "Invalid refresh token: …"),
        (f"Invalid refresh token: xxxx...{TEXT[-5:]}", "Invalid refresh token: xxxx...…"),
        (f"begins {TEXT[:4]}***", "begins …***"),
        (f"middle {TEXT[10:20]} end", "middle … end"),
        ("token eyJhbGciOi.eyJzdWIi.c2ln here", "token … here"),
        ("two\nlines\x1b[31m", "two lines [31m"),
        ("nothing to hide", "nothing to hide"),
        (f"backwards {TEXT[::-1]} end", "backwards … end"),
        (f"hex {TEXT.encode().hex()} end", "hex … end"),
        (f"base64 {b64encode(TEXT.encode()).decode()} end", "base64 … end"),
        (f"{''.join(f'%{ord(c):02x}' for c in TEXT)} end", "… end"),
        (f"{''.join(f'&#{ord(c)};' for c in TEXT)} end", "… end"),
    ],
)
def test_what_the_service_says_is_redacted(said: str, kept: str) -> None:
    assert redacted(said, Secret(TEXT), None, Secret("")) == kept


@given(st.text(), st.integers(0, 60), st.integers(0, 60), st.text())
def test_no_end_and_no_beginning_of_a_token_is_kept(
    before: str, start: int, end: int, after: str
) -> None:
    for piece in (TEXT[start:], TEXT[: len(TEXT) - end]):
        assert piece not in redacted(f"{before} {piece} {after}", Secret(TEXT))


@given(st.text(max_size=100_000))
def test_what_is_kept_is_one_short_line(said: str) -> None:
    line = redacted(said, Secret(TEXT))
    assert len(line) <= LONGEST_DETAILS
    assert line.isprintable()
