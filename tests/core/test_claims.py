"""A JWT is opened for display, whatever it holds."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partner_tokens.core.claims import LONGEST_JWT, Claims, read_claims
from partner_tokens.sandbox.jwt import claims_for, signed

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=20,
)
NAMES = st.sampled_from(["iat", "exp", "context_name", "username", "acct", "user_name"])


def jwt(payload: bytes) -> str:
    return f"e30.{base64.urlsafe_b64encode(payload).rstrip(b'=').decode()}.c2ln"


def test_the_claims_of_a_real_looking_token_are_read() -> None:
    text = signed(
        claims_for(
            organization_id="0d5e-org",
            user="ana@partner.example",
            issued_at=NOW,
            life=timedelta(minutes=30),
        )
    )
    assert read_claims(text) == Claims(
        NOW, NOW + timedelta(minutes=30), "0d5e-org", "ana@partner.example"
    )


@pytest.mark.parametrize("field", ["username", "acct", "user_name"])
def test_the_user_is_found_under_each_of_its_names(field: str) -> None:
    claims = read_claims(jwt(json.dumps({field: " ana "}).encode()))
    assert claims is not None
    assert claims.user == "ana"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "opaque",
        "a.b",
        "a.b.c.d",
        "e30.é.sig",
        "e30.!!!!.sig",
        "e30.e.sig",
        jwt(b""),
        jwt(b"[1]"),
        jwt(b'"text"'),
        jwt(b"\xff\xfe"),
        jwt(b"[" * 10_000),
        jwt(b'{"exp": ' + b"9" * 5_000 + b"}"),
        "e30." + "A" * LONGEST_JWT + ".sig",
    ],
)
def test_anything_else_is_no_readable_token(text: str) -> None:
    assert read_claims(text) is None


@pytest.mark.parametrize(
    "instant",
    ["true", "NaN", "Infinity", "-Infinity", '"1780000000"', "1e300", "-1e300", "null", "9" * 400],
)
def test_an_odd_instant_is_unknown(instant: str) -> None:
    claims = read_claims(jwt(f'{{"iat": {instant}, "exp": {instant}}}'.encode()))
    assert claims == Claims()


@pytest.mark.parametrize("text", ["a\nb", "a\u202eb", "\ud800", "x" * 201, "\x00"])
def test_a_text_that_cannot_be_shown_is_empty(text: str) -> None:
    claims = read_claims(jwt(json.dumps({"context_name": text, "acct": text}).encode()))
    assert claims == Claims()


@settings(deadline=None)
@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    read_claims(text)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_payload_makes_it_fail(payload: bytes) -> None:
    read_claims(jwt(payload))


@settings(deadline=None)
@given(st.dictionaries(NAMES, JSON))
def test_no_claims_make_it_fail(payload: dict[str, object]) -> None:
    claims = read_claims(jwt(json.dumps(payload).encode()))
    assert claims is not None
    for instant in (claims.issued_at, claims.expires_at):
        assert instant is None or instant.tzinfo is UTC
    assert (claims.user + claims.organization_id).isprintable()
