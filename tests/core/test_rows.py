"""Rows that no column's rule has kept in order: read as what they are, or named as damage."""

from datetime import UTC, datetime

import pytest

from partner_tokens.core.rows import (
    RowDamaged,
    entry_from,
    instant,
    organization_from,
    sealed_from,
    slot_from,
    token_from,
    tokens_from,
)
from partner_tokens.core.tokens import Colour

GOOD = (
    "t1", "ci", "https://a.example", "", "", 0, 0, "at", 1_800_000_000, "ready", None, None, "",
    1_700_000_000, None, "key-1", b"nonce", "api-token", 0, None, "", None, None, 0.0,
    1, "Contoso", "", "", 0, "", None,
)  # fmt: skip
SLOT = ("passphrase", "key-1", "v1", b"n", b"w", 1_700_000_000, "", b"s" * 16, 17)


def changed(row: tuple[object, ...], place: int, cell: object) -> tuple[object, ...]:
    return (*row[:place], cell, *row[place + 1 :])


def test_a_row_as_we_write_it_is_a_token() -> None:
    token = token_from(GOOD, {})
    assert (token.id, token.organization.name) == ("t1", "Contoso")
    assert token.expiry.at == datetime(2027, 1, 15, 8, tzinfo=UTC)


@pytest.mark.parametrize("cell", [None, 5, 1.5, b"\0"])
@pytest.mark.parametrize("place", [0, 1, 2, 3, 4, 7, 9, 12, 15, 17, 20, 25, 26, 27, 29])
def test_a_text_that_is_none_is_damage(place: int, cell: object) -> None:
    with pytest.raises(RowDamaged):
        token_from(changed(GOOD, place, cell), {})


@pytest.mark.parametrize("cell", ["x", 1.5])
@pytest.mark.parametrize("place", [5, 6, 8, 11, 13, 14, 16, 18, 19, 21, 22, 24, 28, 30])
def test_a_number_or_nonce_that_is_none_is_damage(place: int, cell: object) -> None:
    with pytest.raises(RowDamaged):
        token_from(changed(GOOD, place, cell), {})


@pytest.mark.parametrize(
    "endpoint", ["", "https://[", "https://a:99999999", "http://a", "https://A", "a", "https://a/x"]
)
def test_an_endpoint_that_is_none_is_damage(endpoint: str) -> None:
    with pytest.raises(RowDamaged):
        token_from(changed(GOOD, 2, endpoint), {})


def test_an_id_given_twice_is_damage() -> None:
    other = changed(GOOD, 0, "t2")
    assert len(tokens_from([GOOD, other])) == 2
    with pytest.raises(RowDamaged):
        tokens_from([GOOD, other, GOOD])


def test_a_kind_that_is_none_is_damage() -> None:
    with pytest.raises(RowDamaged):
        token_from(changed(GOOD, 17, "password"), {})


def test_a_colour_yet_to_come_is_none() -> None:
    assert token_from(changed(GOOD, 27, "mauve"), {}).organization.colour is Colour.NONE


def test_an_id_beyond_bounds_is_damage() -> None:
    with pytest.raises(RowDamaged):
        token_from(changed(GOOD, 0, "x" * 65), {})


@pytest.mark.parametrize("place", range(len(SLOT)))
def test_a_slot_with_a_cell_of_another_type_is_damage(place: int) -> None:
    for cell in (None, 1.5):
        with pytest.raises(RowDamaged):
            slot_from(changed(SLOT, place, cell))


LINE = ("exchanged", 1_800_000_000, "", "r-1", 1_700_000_000, 2)


@pytest.mark.parametrize("place", range(len(LINE)))
def test_a_line_of_a_history_with_a_cell_of_another_type_is_damage(place: int) -> None:
    assert entry_from(LINE).times == 2
    for cell in (None, 1.5, b"x"):
        with pytest.raises(RowDamaged):
            entry_from(changed(LINE, place, cell))


def test_a_slot_of_a_kind_yet_to_come_is_passed_over() -> None:
    assert slot_from(SLOT) is not None
    assert slot_from(changed(SLOT, 0, "smart card")) is None


def test_an_organization_and_a_secret_are_looked_at_as_well() -> None:
    organization = (1, "a", "", "red", 1, "", None)
    assert organization_from(organization).production
    for place, cell in enumerate(("x", None, None, 5, None, None, "x")):
        with pytest.raises(RowDamaged):
            organization_from(changed(organization, place, cell))
    for cells in ((None, b"n", b"c"), ("k", "n", b"c"), ("k", b"n", None)):
        with pytest.raises(RowDamaged):
            sealed_from(cells)


@pytest.mark.parametrize("seconds", [None, 2**62, -(2**62)])
def test_a_number_that_no_date_can_hold_is_none(seconds: int | None) -> None:
    assert instant(seconds) is None
