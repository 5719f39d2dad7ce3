"""The document of a hand-over: what travels, and that nothing hostile is taken for one."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_tokens.core.columns import Found
from partner_tokens.core.documents import MOST_BYTES, decoded
from partner_tokens.core.errors.files import Unimportable, Unusable
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.handover import (
    FORMAT,
    LONGEST_TEXT,
    MOST_SEALED,
    Entry,
    handover,
    tokens_in_handover,
)
from partner_tokens.core.importing import read_content
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.secret import Secret
from partner_tokens.core.sheets import MOST_ROWS
from partner_tokens.core.tokens import ApiToken, Colour, Kind, Organization, Result, State

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CONTOSO = Organization(
    "Contoso “Ñ”", "id-1", 7, Colour.TEAL, production=True, note="two\nlines", paused_until=NOW
)
BUILD = ApiToken(
    "row-id",
    CONTOSO,
    "build",
    "https://a.example",
    NOW,
    Expiry(NOW + timedelta(days=9)),
    user="ana@partner.example",
    note="of the note",
    pinned=True,
    interactive=True,
    result=Result(State.REFUSED, at=NOW, request_id="request-id"),
    last_used_at=NOW,
    key_id="key-id",
    nonce=b"nonce",
    kind=Kind.CLOUD_SERVICES,
)
APP = ApiToken(
    "other-id",
    Organization("Fabrikam"),
    "app",
    "https://b.example",
    NOW,
    Expiry.endless(),
    kind=Kind.OAUTH_APP_V2,
)
ONE, TWO = Secret(f"marker-one-{'a' * 53}"), Secret(f"client-id:marker-two-{'b' * 53}")
WHOLE = handover([Entry(BUILD, ONE), Entry(APP, TWO)], NOW)


def read(document: object, source: str = "x.age") -> tuple[Found, ...] | None:
    return tokens_in_handover(json.dumps(document), source)


def changed(**values: Any) -> dict[str, Any]:
    return {**json.loads(WHOLE), **values}


def reason(document: object) -> Unimportable:
    with pytest.raises(Unimportable) as told:
        read(document)
    return told.value


# ---- what travels -----------------------------------------------------------------------------


def test_all_that_belongs_to_a_token_comes_back() -> None:
    first, second = read_content(WHOLE, "x").found
    assert first == Found(
        ONE,
        organization="Contoso “Ñ”",
        name="build",
        endpoint="https://a.example",
        expires="2026-06-10T12:00:00Z",
        service_id="id-1",
        note="of the note",
        source="x",
        kind=Kind.CLOUD_SERVICES,
        pinned=True,
        interactive=True,
        colour=Colour.TEAL,
        production=True,
        organization_note="two\nlines",
    )
    assert (second.expires, second.kind, second.secret) == ("never", Kind.OAUTH_APP_V2, TWO)
    assert (second.colour, second.production, second.pinned) == (Colour.NONE, False, False)


def test_results_history_users_and_keys_stay_here() -> None:
    text = WHOLE.decode()
    for kept in ("request-id", "key-id", "row-id", "nonce", "refused", "ana@", "last_used"):
        assert kept not in text


def test_an_organization_is_written_once() -> None:
    twin = replace(BUILD, id="twin", name="twin")
    document = json.loads(handover([Entry(BUILD, ONE), Entry(twin, TWO)], NOW))
    assert [one["name"] for one in document["organizations"]] == ["Contoso “Ñ”"]
    assert [one["organization"] for one in document["tokens"]] == [0, 0]


def test_a_document_that_was_laid_out_anew_is_still_read() -> None:
    again = json.dumps(dict(reversed(json.loads(WHOLE).items())), indent=8)
    found = tokens_in_handover(f"\n{again}", "x")
    assert found is not None
    assert [one.secret for one in found] == [ONE, TWO]


def test_other_json_is_none_of_it() -> None:
    for other in ([], {}, "text", {"refreshToken": FORMAT}, [{"format": FORMAT}], {"a": [FORMAT]}):
        assert read(other) is None
    assert tokens_in_handover(f'{{"{FORMAT}" no json', "x") is None


def test_more_than_can_be_imported_is_not_written() -> None:
    for entries in (
        [Entry(replace(APP, note="n" * 10_000), TWO)] * (MOST_SEALED // 10_000),
        [Entry(APP, TWO)] * (MOST_ROWS + 1),
    ):
        with pytest.raises(InputError) as told:
            handover(entries, NOW)
        assert told.value.problem is Problem.TOO_MANY_TOKENS


def test_what_is_written_can_always_be_imported_again() -> None:
    entries = [Entry(replace(APP, note="n" * 9_500), TWO)] * (MOST_SEALED // 10_000)
    content = handover(entries, NOW)
    assert MOST_SEALED * 0.9 < len(content) <= MOST_SEALED < MOST_BYTES
    assert decoded(content, "x")


# ---- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize("version", [2, 3, 10**30])
def test_a_newer_version_is_said_in_words(version: int) -> None:
    error = reason(changed(version=version, tokens="of another shape"))
    assert error.reason is Unusable.NEWER_HANDOVER
    assert "newer version of Partner Tokens" in error.title


@pytest.mark.parametrize("version", [True, "1", 1.0, None, [1]])
def test_a_version_that_is_no_number_is_refused(version: object) -> None:
    error = reason(changed(version=version))
    assert (error.reason, error.details) == (Unusable.NO_HANDOVER, "version")


SAMPLES: tuple[Any, ...] = (None, 1.5, [], {}, True, 1, "text", "x" * (LONGEST_TEXT + 1))


def spoilt() -> Iterator[tuple[str, dict[str, Any]]]:
    """The document with one field each that is not as it is written here, and where."""
    for part in ("organizations", "tokens"):
        for key, good in json.loads(WHOLE)[part][0].items():
            for value in SAMPLES:
                if type(value) is not type(good) or value == SAMPLES[-1]:
                    document = json.loads(WHOLE)
                    document[part][0][key] = value
                    yield f"{part}[0].{key}", document
    for number in (-1, 2, 10**30):
        document = json.loads(WHOLE)
        document["tokens"][0]["organization"] = number
        yield "tokens[0].organization", document


def test_a_field_of_another_type_spoils_the_whole_and_only_its_place_is_told() -> None:
    documents = list(spoilt())
    assert len(documents) > 80
    for place, document in documents:
        error = reason(document)
        assert (error.reason, error.details) == (Unusable.NO_HANDOVER, place)


def test_what_is_no_list_and_what_is_no_object_is_refused() -> None:
    values: tuple[Any, ...] = (None, {}, "x", 1, [1], [[]], [None])
    for part in ("organizations", "tokens"):
        for value in values:
            assert reason(changed(**{part: value})).reason is Unusable.NO_HANDOVER
    assert reason(changed(tokens=[{}] * (MOST_ROWS + 1))).reason is Unusable.TOO_MANY_ROWS


def test_an_unknown_kind_is_refused_and_an_unknown_colour_is_none() -> None:
    document = json.loads(WHOLE)
    document["organizations"][0]["colour"] = "mauve"
    found = read(document)
    assert found is not None
    assert found[0].colour is Colour.NONE
    document["tokens"][0]["kind"] = "magic"
    assert reason(document).details == "tokens[0].kind"


def test_a_deep_document_is_refused() -> None:
    deep = f'{{"format": "{FORMAT}", "version": {"[" * 200_000}'
    with pytest.raises(Unimportable) as told:
        tokens_in_handover(deep, "x")
    assert told.value.reason is Unusable.TOO_DEEP


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)
KEYS = sorted({key for part in ("organizations", "tokens") for key in json.loads(WHOLE)[part][0]})
OBJECTS = st.dictionaries(st.sampled_from(KEYS), JSON)


@given(
    st.fixed_dictionaries(
        {"format": st.just(FORMAT), "version": st.just(1) | JSON},
        optional={
            "organizations": st.lists(OBJECTS, max_size=3) | JSON,
            "tokens": st.lists(OBJECTS, max_size=3) | JSON,
        },
    )
)
def test_whatever_calls_itself_a_hand_over_is_read_or_refused_in_words(document: object) -> None:
    with suppress(Unimportable):
        for found in read(document) or ():
            assert all(isinstance(getattr(found, key), str) for key in ("name", "note", "expires"))
            assert {type(found.pinned), type(found.production)} == {bool}


@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=4), st.integers(0, 40))
def test_a_document_with_any_part_overwritten_is_read_or_refused_in_words(
    at: int, junk: bytes, cut: int
) -> None:
    with suppress(Unimportable):
        read_content(WHOLE[:at] + junk + WHOLE[at + cut :], "x")
