"""Redaction: what a text gives away is struck out, and the rest stays readable."""

import html
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_tokens.core.redaction import gives_away, redact, redact_long
from partner_tokens.core.secret import Secret

TOKEN = "q7ZkW2mN9xRt4LpB8vHs1YdF6gJc3TaKeUo5iPnQwErSzXyMbVhGfDlCjAuO0NkE"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"got {JWT} back", "got … back"),
        (f"csp-auth-token: {JWT}", "csp-auth-token: …"),
        ("CSP-Auth-Token: opaque-123", "CSP-Auth-Token: …"),
        ("Authorization: Bearer abc", "Authorization: …"),
        ("Proxy-Authorization: Basic YTpi", "Proxy-Authorization: …"),
        ("sent Bearer 0123456789abcdef today", "sent Bearer … today"),
        ('{"refreshToken": "abc", "passcode": "123456"}', '{"refreshToken": …, "passcode": …}'),
        ("{'access_token': 'a\\'b', 'x': 1}", "{'access_token': …, 'x': 1}"),
        ("refresh_token=abc&x=1", "refresh_token=…&x=1"),
        ('{\\"api_token\\": \\"abc\\"}', '{\\"api_token\\": …'),
        ("passphrase='two words' n", "passphrase=… n"),
        (
            "invalid_grant: Invalid refresh token: xxxx...aB3dE",
            "invalid_grant: Invalid refresh token: xxxx...…",
        ),
        ("The bearer of this letter", "The bearer of this letter"),
        ("waited ... then went on", "waited ... then went on"),
        ("no accessToken in the answer", "no accessToken in the answer"),
        ("two\nlines stay\ntwo", "two\nlines stay\ntwo"),
        ("", ""),
    ],
)
def test_what_stands_where_secrets_stand_is_struck_out(text: str, kept: str) -> None:
    assert redact(text) == kept


@pytest.mark.parametrize(
    "piece", [TOKEN, TOKEN[:4], TOKEN[-4:], TOKEN[-5:], TOKEN[20:28], TOKEN[3:-3]]
)
def test_a_live_secret_is_struck_out_whole_and_in_pieces(piece: str) -> None:
    assert redact(f"<{piece}>", Secret(TOKEN)) == "<…>"


@pytest.mark.parametrize("piece", [TOKEN[:3], TOKEN[-3:], TOKEN[20:27]])
def test_a_piece_too_short_to_tell_anything_stays(piece: str) -> None:
    assert redact(f"<{piece}>", Secret(TOKEN)) == f"<{piece}>"


def test_a_short_secret_is_struck_out_whole() -> None:
    assert redact("code 123 of 1234", Secret("123")) == "code … of …4"


def test_no_secret_changes_nothing() -> None:
    assert redact("as it was", None, Secret("")) == "as it was"


@given(st.text(max_size=60), st.integers(0, 60), st.text(max_size=60))
def test_no_end_of_a_live_secret_is_left(before: str, start: int, after: str) -> None:
    assert TOKEN[start:] not in redact(f"{before}{TOKEN[start:]}{after}", Secret(TOKEN))


def _struck(text: str, secret: str) -> str:
    """By the definition: from the left, each time the longest piece that gives the secret away."""
    if not text:
        return ""
    for length in range(min(len(text), len(secret)), min(4, len(secret)) - 1, -1):
        piece = text[:length]
        is_end = secret.startswith(piece) or secret.endswith(piece)
        if is_end or (length >= 8 and piece in secret):
            return f"…{_struck(text[length:], secret)}"
    return text[0] + _struck(text[1:], secret)


@given(st.text("ab", max_size=30), st.text("ab", min_size=1, max_size=20))
def test_the_longest_pieces_are_struck_out_from_the_left(text: str, secret: str) -> None:
    assert redact(text, Secret(secret)) == _struck(text, secret)


def test_a_long_answer_about_a_long_secret_takes_no_time() -> None:
    """Compared at each of its lengths and places it would take minutes: see _struck."""
    secret = "".join(f"{number:x}" for number in range(1300))
    assert redact(f"{secret[500:507]}-" * 1250, Secret(secret)) == f"{secret[500:507]}-" * 1250


@given(st.text(st.sampled_from("eyJ.\"'\\:= token-authorization"), max_size=2000))
def test_no_text_takes_long(text: str) -> None:
    redact(text)


DISGUISES = {
    "plain": TOKEN,
    "backwards": TOKEN[::-1],
    "other case": TOKEN.swapcase(),
    "hex": TOKEN.encode().hex(),
    "HEX": TOKEN.encode().hex().upper(),
    "hex backwards": TOKEN.encode().hex()[::-1],
    "base64": b64encode(TOKEN.encode()).decode(),
    "base64 behind one byte": b64encode(b"x" + TOKEN.encode()).decode(),
    "base64 behind two bytes": b64encode(b"xy" + TOKEN.encode()).decode(),
    "base64 for URLs": urlsafe_b64encode(TOKEN.encode()).decode(),
    "percent": "".join(f"%{byte:02X}" for byte in TOKEN.encode()),
    "entities": "".join(f"&#{ord(c)};" for c in TOKEN),
    "hex entities": "".join(f"&#x{ord(c):x};" for c in TOKEN),
    "dashes": "-".join(TOKEN[at : at + 4] for at in range(0, 64, 4)),
    "half of it": TOKEN[16:48].encode().hex(),
}


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
def test_a_secret_is_seen_through_its_disguise(disguise: str) -> None:
    assert gives_away(disguise, None, Secret(TOKEN))


@pytest.mark.parametrize(
    "harmless",
    [
        "",
        "7f1c2d3e-0a1b-4c2d-8e9f-001122334455",
        "console.cloud.vmware.com",
        quote(html.escape("<")),
    ],
)
def test_what_is_no_secret_gives_nothing_away(harmless: str) -> None:
    assert not gives_away(harmless, Secret(TOKEN), Secret("123456"), None, Secret(""))


def test_no_long_word_is_left_where_none_is_expected() -> None:
    assert redact_long(f"sent {TOKEN[::-1]} to nobody") == "sent … to nobody"
