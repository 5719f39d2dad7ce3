"""A JWT is opened for display, whatever it holds."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_tokens.core.claims import (
    LONGEST_JWT,
    Claims,
    Statement,
    read_claims,
    statement_of,
)
from partner_tokens.sandbox.jwt import claims_for, signed

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=20,
)
NAMES = st.sampled_from(
    [
        *("iat", "exp", "context_name", "username", "acct", "user_name"),
        *("iss", "azp", "domain", "perms", "scope"),
    ]
)


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


def test_signs_that_base64_does_not_know_are_not_passed_over() -> None:
    good = jwt(b'{"acct": "ana"}')
    assert read_claims(good) == Claims(user="ana")
    assert read_claims(good.replace("e30.", "e30.!")) is None


def test_the_longest_token_and_the_longest_text_are_read_and_nothing_longer() -> None:
    user = "x" * 200
    short = jwt(json.dumps({"acct": user}).encode())
    assert read_claims(short) == Claims(user=user)
    statement = statement_of(short)
    assert statement is not None
    assert statement.user == user
    longest = short + "c" * (16 * 1024 - len(short))
    assert read_claims(longest) == Claims(user=user)
    assert read_claims(longest + "c") is None


@pytest.mark.parametrize("text", ["a\nb", "a\u202eb", "\ud800", "x" * 201, "\x00"])
def test_a_text_that_cannot_be_shown_is_empty(text: str) -> None:
    claims = read_claims(jwt(json.dumps({"context_name": text, "acct": text}).encode()))
    assert claims == Claims()


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    read_claims(text)


@given(st.binary(max_size=300))
def test_no_payload_makes_it_fail(payload: bytes) -> None:
    read_claims(jwt(payload))


@given(st.dictionaries(NAMES, JSON))
def test_no_claims_make_it_fail(payload: dict[str, object]) -> None:
    claims = read_claims(jwt(json.dumps(payload).encode()))
    assert claims is not None
    for instant in (claims.issued_at, claims.expires_at):
        assert instant is None or instant.tzinfo is UTC
    assert (claims.user + claims.organization_id).isprintable()


# ---- all of them, to be shown -----------------------------------------------------------------


def told(**claims: object) -> Statement:
    statement = statement_of(jwt(json.dumps(claims).encode()))
    assert statement is not None
    return statement


def test_everything_a_real_looking_token_says_is_told() -> None:
    claims = claims_for(
        organization_id="0d5e-org",
        user="ana@partner.example",
        issued_at=NOW,
        life=timedelta(minutes=30),
        roles=2,
    )
    assert statement_of(signed(claims)) == Statement(
        "0d5e-org",
        "ana@partner.example",
        NOW,
        NOW + timedelta(minutes=30),
        "https://gaz.csp-vidm-prod.com",
        "csp_prd_gaz_internal_client_id",
        "partner.example",
        ("csp:org_member", "csp:org_owner"),
    )


def test_characters_that_steer_the_screen_are_spelled_out() -> None:
    statement = told(iss="https://a\u202eexample\n", perms=["a\x1b[31m", "b\u0000"])
    assert statement.issuer == "https://a\\u{202e}example"
    assert statement.roles == ("a\\u{1b}[31m", "b\\u{0}")


def test_roles_are_counted_and_bounded_and_named_once() -> None:
    statement = told(perms=[f"role-{n}" for n in range(500)] * 2)
    assert len(statement.roles) == 200
    assert statement.more_roles == 300
    assert len(told(perms=["x" * 5_000]).roles[0]) == 201


@pytest.mark.parametrize("odd", [5, "csp:org_owner", {"a": 1}, None, True])
def test_roles_that_are_no_list_are_none(odd: object) -> None:
    assert told(perms=odd).roles == ()


def test_what_is_no_text_among_the_roles_is_left_out() -> None:
    assert told(perms=[1, None, ["a"], {}, " ", "csp:org_owner"]).roles == ("csp:org_owner",)


def test_the_newer_issuers_scopes_are_roles() -> None:
    assert told(user_name="ana", scope=["openid"]) == Statement(user="ana", roles=("openid",))


@pytest.mark.parametrize("text", ["", "a.b", jwt(b"[1]"), jwt(b"[" * 10_000)])
def test_what_is_no_token_says_nothing(text: str) -> None:
    assert statement_of(text) is None


@given(st.dictionaries(NAMES, JSON))
def test_no_claims_make_the_statement_fail(payload: dict[str, object]) -> None:
    statement = statement_of(jwt(json.dumps(payload).encode()))
    assert statement is not None
    texts = (statement.organization_id, statement.user, statement.issuer, *statement.roles)
    assert "".join(texts).isprintable()
