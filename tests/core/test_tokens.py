"""The nouns, and what a user may type for them."""

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import (
    ENDPOINT_PRESETS,
    LONGEST_API_TOKEN,
    LONGEST_NAME,
    LONGEST_NOTE,
    AccessToken,
    ApiToken,
    Organization,
    State,
    clean_api_token,
    clean_endpoint,
    clean_name,
    clean_note,
    clean_passcode,
    folded,
    host_of,
    search_text,
)

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
TOKEN = "q7ZkW2mN9xRt4LpB8vHs1YdF6gJc3TaKeUo5iPnQwErSzXyMbVhGfDlCjAuO0NkE"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"


def problem_with(clean: object, text: str) -> Problem:
    assert callable(clean)
    with pytest.raises(InputError) as caught:
        clean(text)
    return caught.value.problem


# ---- the API token ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pasted",
    [
        TOKEN,
        f"  {TOKEN}\r\n",
        f'"{TOKEN}"',
        f"'{TOKEN}'",
        f"“{TOKEN}”",
        f"`{TOKEN}`\n",
        f' "{TOKEN} " ',
        f"\ufeff{TOKEN}\u200b",
        f'\ufeff"{TOKEN}"\r\n',
        f"\u00a0{TOKEN}\u00a0",
    ],
)
def test_white_space_and_quotes_around_an_api_token_are_taken_off(pasted: str) -> None:
    assert clean_api_token(pasted) == Secret(TOKEN)


@pytest.mark.parametrize(
    ("pasted", "problem"),
    [
        ("", Problem.TOKEN_MISSING),
        (" \n", Problem.TOKEN_MISSING),
        ("''", Problem.TOKEN_MISSING),
        ("\ufeff", Problem.TOKEN_MISSING),
        (JWT, Problem.TOKEN_IS_ACCESS_TOKEN),
        (f'"{JWT}"\n', Problem.TOKEN_IS_ACCESS_TOKEN),
        (JWT.rpartition(".")[0] + ".", Problem.TOKEN_IS_ACCESS_TOKEN),
        (f"csp-auth-token: {JWT}", Problem.TOKEN_IS_HEADER),
        (f"CSP-AUTH-TOKEN:{JWT}", Problem.TOKEN_IS_HEADER),
        (f"Authorization: Bearer {JWT}", Problem.TOKEN_IS_HEADER),
        (f"bearer {JWT}", Problem.TOKEN_IS_HEADER),
        (f"{TOKEN} {TOKEN}", Problem.TOKEN_HAS_SPACES),
        (f"{TOKEN}\n{TOKEN}", Problem.TOKEN_HAS_SPACES),
        (f"{TOKEN}\x00", Problem.TOKEN_HAS_SPACES),
        (f"{TOKEN[:9]}\u200b{TOKEN[9:]}", Problem.TOKEN_HAS_SPACES),
        ("x" * (LONGEST_API_TOKEN + 1), Problem.TOKEN_TOO_LONG),
    ],
)
def test_what_is_plainly_no_api_token_is_named(pasted: str, problem: Problem) -> None:
    assert problem_with(clean_api_token, pasted) is problem


@pytest.mark.parametrize("odd", ["x", "Bearerish0123", "eyJust-begins-like-one", "a.b.c", "-_~"])
def test_length_and_characters_of_an_api_token_are_not_judged(odd: str) -> None:
    assert clean_api_token(odd) == Secret(odd)


@given(st.text())
def test_whatever_is_taken_for_an_api_token_can_be_sent_and_pasted_again(pasted: str) -> None:
    try:
        token = clean_api_token(pasted)
    except InputError:
        return
    assert token.reveal().isprintable()
    assert clean_api_token(token.reveal()) == token
    token.reveal().encode()


# ---- the endpoint -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "endpoint"),
    [
        *((preset, preset) for preset in ENDPOINT_PRESETS),
        ("console.navigator.vmware.com", ENDPOINT_PRESETS[0]),
        (" HTTPS://Console.Navigator.VMware.com/cphub/ ", ENDPOINT_PRESETS[0]),
        ("https://host.example:443", "https://host.example"),
        ("https://host.example:8443/x?y#z", "https://host.example:8443"),
        ("host.example:8443", "https://host.example:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:80/", "http://localhost"),
        ("http://[::1]:9", "http://[::1]:9"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ("https://host_1.example", "https://host_1.example"),
    ],
)
def test_an_endpoint_is_brought_into_one_form(typed: str, endpoint: str) -> None:
    assert clean_endpoint(typed) == endpoint
    assert clean_endpoint(endpoint) == endpoint


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", Problem.ENDPOINT_INVALID),
        ("https://", Problem.ENDPOINT_INVALID),
        ("https://two words", Problem.ENDPOINT_INVALID),
        (f"https://{'a' * 64}.example", Problem.ENDPOINT_INVALID),
        (f"https://{'a.' * 130}example", Problem.ENDPOINT_INVALID),
        ("https://a..b", Problem.ENDPOINT_INVALID),
        ("https://host.example:99999", Problem.ENDPOINT_INVALID),
        ("https://host.example:port", Problem.ENDPOINT_INVALID),
        ("https://user:password@host.example", Problem.ENDPOINT_INVALID),
        ("https://host.example@evil.example", Problem.ENDPOINT_INVALID),
        ("https://[::1", Problem.ENDPOINT_INVALID),
        ("https://host.example\\@evil.example", Problem.ENDPOINT_INVALID),
        ("https://höst.example", Problem.ENDPOINT_INVALID),
        ("http://host.example", Problem.ENDPOINT_NOT_HTTPS),
        ("http://127.0.0.1.example", Problem.ENDPOINT_NOT_HTTPS),
        ("ftp://localhost", Problem.ENDPOINT_NOT_HTTPS),
        ("file:///etc/passwd", Problem.ENDPOINT_INVALID),
    ],
)
def test_what_is_no_endpoint_is_refused(typed: str, problem: Problem) -> None:
    assert problem_with(clean_endpoint, typed) is problem


@given(st.text() | st.text().map("https://{}".format))
def test_an_endpoint_that_is_taken_is_https_or_this_machine(typed: str) -> None:
    try:
        endpoint = clean_endpoint(typed)
    except InputError:
        return
    assert endpoint.startswith(("https://", "http://localhost", "http://127.0.0.1", "http://[::1]"))
    assert clean_endpoint(endpoint) == endpoint


def test_a_user_calls_an_endpoint_by_its_host() -> None:
    assert host_of("https://host.example:8443") == "host.example:8443"


# ---- names, notes, passcodes ------------------------------------------------------------------


def test_a_name_is_one_line() -> None:
    assert clean_name("  Contoso\t Ltd\n") == "Contoso Ltd"
    assert clean_name("x" * LONGEST_NAME) == "x" * LONGEST_NAME


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (" \t", Problem.NAME_MISSING),
        ("\u200b", Problem.NAME_MISSING),
        ("\u2066 \u202e\u2060", Problem.NAME_MISSING),
        ("x" * (LONGEST_NAME + 1), Problem.TEXT_TOO_LONG),
        ("bell \a", Problem.TEXT_UNPRINTABLE),
        ("escape \x1b[31m", Problem.TEXT_UNPRINTABLE),
        ("half \ud800", Problem.TEXT_UNPRINTABLE),
    ],
)
def test_what_is_no_name_is_refused(typed: str, problem: Problem) -> None:
    assert problem_with(clean_name, typed) is problem


def test_the_caller_says_which_name_is_missing() -> None:
    with pytest.raises(InputError) as caught:
        clean_name("", Problem.ORGANIZATION_MISSING)
    assert caught.value.problem is Problem.ORGANIZATION_MISSING


def test_a_name_turns_no_words_beside_it() -> None:
    assert clean_name("Con\u202etoso \u2066Ltd\u2069") == "Contoso Ltd"


def test_names_of_every_script_are_taken() -> None:
    for name in ("شركة الأفق للحلول السحابية", "合同会社みずほ", "Ängström & Søn", "👩‍💻 Labs"):
        assert clean_name(name) == name


def test_a_note_keeps_its_lines() -> None:
    assert clean_note(" first\n\tsecond \n") == "first\n\tsecond"
    assert clean_note("") == ""
    assert problem_with(clean_note, "x" * (LONGEST_NOTE + 1)) is Problem.TEXT_TOO_LONG
    assert problem_with(clean_note, "nul \0") is Problem.TEXT_UNPRINTABLE


@pytest.mark.parametrize("typed", ["123456", " 123 456\n", "000000"])
def test_a_passcode_has_six_digits(typed: str) -> None:
    assert clean_passcode(typed) == Secret("".join(typed.split()))


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"])
def test_anything_else_is_no_passcode(typed: str) -> None:
    assert problem_with(clean_passcode, typed) is Problem.PASSCODE_INVALID


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ÀÉÎÕÜ ç", "aeiou c"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("ﬁn", "fin"),
        ("Ｆｕｌｌ", "full"),
    ],
)
def test_folding_takes_case_and_accents_away(text: str, plain: str) -> None:
    assert folded(text) == plain


# ---- the nouns --------------------------------------------------------------------------------


def api_token() -> ApiToken:
    organization = Organization("Zürich Ltd", "0f3c-42", 7)
    return ApiToken(
        id="a1",
        organization=organization,
        name="Build",
        endpoint=ENDPOINT_PRESETS[0],
        added_at=NOW,
        user="Ana@partner.example",
        note="Nightly\nInvoices",
    )


def test_a_search_looks_through_names_note_id_and_user_but_not_the_endpoint() -> None:
    text = search_text(api_token())
    for word in ("zurich", "build", "nightly", "invoices", "0f3c-42", "ana@"):
        assert word in text
    assert "vmware" not in text
    assert "zurich ltdbuild" not in text.replace("\n", "|")


def test_a_new_token_is_unproven_and_of_unknown_life() -> None:
    token = api_token()
    assert token.result.state is State.UNPROVEN
    assert token.expiry.at is None
    assert not token.expiry.never


def test_a_token_is_never_changed_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        api_token().name = "other"  # type: ignore[misc]


def test_what_is_left_of_an_access_token_is_counted_from_the_clock() -> None:
    half_an_hour = timedelta(minutes=30)
    ends = NOW + half_an_hour
    access = AccessToken(Secret(JWT), NOW, ends, half_an_hour, ENDPOINT_PRESETS[0])
    assert access.left(NOW) == timedelta(minutes=30)
    assert access.left(NOW + timedelta(minutes=31)) == timedelta(minutes=-1)
    assert JWT not in repr(access)
