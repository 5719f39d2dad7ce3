"""What terminal and window say to each other: read as it was meant, or left alone."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_tokens.core.errors import AppError, NotAnswering
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.errors.service import PasscodeNeeded
from partner_tokens.core.formats import Format
from partner_tokens.core.relay import (
    ALONE,
    LOCKED,
    Relayed,
    Wish,
    access_in,
    ask_for,
    grant,
    is_of,
    refuse,
    wish_in,
)
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AccessToken, ApiToken, Organization

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ENDPOINT = "https://console.navigator.vmware.com"
WISH = Wish("t1", "Contoso", Format.CURL, timedelta(minutes=20), Secret("123456"))
ACCESS = AccessToken(
    Secret("eyJ.a.b"), NOW, NOW + timedelta(minutes=30), timedelta(minutes=30), ENDPOINT, True
)


@pytest.mark.parametrize("wish", [WISH, Wish("t1", "Contoso"), replace(WISH, form="Añejo: 2")])
def test_a_wish_is_understood_as_it_was_meant(wish: Wish) -> None:
    assert wish_in(ask_for(wish)) == wish


def test_what_is_lent_arrives_whole() -> None:
    assert access_in(grant(ACCESS)) == ACCESS


def test_an_error_keeps_its_words_and_its_kind() -> None:
    error = PasscodeNeeded("console.example")
    with pytest.raises(Relayed) as caught:
        access_in(refuse(error))
    assert (caught.value.title, caught.value.hint) == (error.title, error.hint)
    assert caught.value.kind is PasscodeNeeded


@pytest.mark.parametrize("kind", ["NoSuchErrorYet", "Secret", "Stage", "_", ""])
def test_a_kind_of_another_version_is_an_error_all_the_same(kind: str) -> None:
    with pytest.raises(Relayed) as caught:
        access_in({"answer": "failed", "kind": kind, "title": "a", "hint": "b"})
    assert caught.value.kind is AppError


def test_alone_and_locked_are_told_apart() -> None:
    assert access_in(ALONE) is None
    with pytest.raises(Locked):
        access_in(LOCKED)


@pytest.mark.parametrize(
    "change",
    [
        {"token": ""},
        {"token": "x" * 100_000},
        {"token": 5},
        {"expires_at": "soon"},
        {"expires_at": 1e300},
        {"received_at": float("nan")},
        {"life": float("inf")},
        {"life": None},
        {"endpoint": 1},
        {"assumed": "yes"},
        {"answer": "else"},
    ],
)
def test_an_answer_that_is_none_is_no_access_token(change: dict[str, Any]) -> None:
    with pytest.raises(NotAnswering):
        access_in({**grant(ACCESS), **change})


@pytest.mark.parametrize(
    "change",
    [
        {"do": "raise"},
        {"id": None},
        {"organization": 1},
        {"form": "mor\nse"},
        {"form": "x" * 101},
        {"min_life": -1},
        {"min_life": float("nan")},
        {"min_life": 1e300},
        {"min_life": "10m"},
        {"passcode": None},
    ],
)
def test_a_wish_that_cannot_be_granted_is_none(change: dict[str, Any]) -> None:
    assert wish_in({**ask_for(WISH), **change}) is None


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from([*ask_for(WISH), *grant(ACCESS)]), ANY))
def test_whatever_arrives_is_read_or_left_alone(message: dict[str, Any]) -> None:
    wish_in(message)
    with suppress(AppError):
        access_in(message)


def test_a_row_under_another_name_is_not_the_one_that_was_meant() -> None:
    row = ApiToken("t1", Organization("Contoso"), "build", ENDPOINT, NOW)
    assert is_of(WISH, row)
    assert not is_of(WISH, replace(row, organization=Organization("Fabrikam")))
    assert not is_of(WISH, replace(row, id="t2"))


@pytest.mark.parametrize("token", ["", "eyJ\nX-Other: header", "eyJ \x1b[2J", "ü", "x" * 20_000])
def test_a_token_that_would_break_out_of_its_header_is_no_answer(token: str) -> None:
    with pytest.raises(NotAnswering):
        access_in({**grant(ACCESS), "token": token})
