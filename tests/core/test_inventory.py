"""The inventory: read back by the csv module, and harmless in a spreadsheet program."""

import csv
import io
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_tokens.core.inventory import BEGINS_FORMULA, COLUMNS, inventory
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.tokens import ApiToken, Organization, Result, State

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
CONTOSO = ApiToken(
    id="0123",
    organization=Organization("Contoso", "id-7"),
    name="build",
    endpoint="https://console.navigator.vmware.com",
    added_at=NOW - timedelta(days=9, microseconds=5),
    expiry=Expiry(NOW + timedelta(days=3)),
    user="ana@partner.example",
    note="two\nlines",
    pinned=True,
    result=Result(State.READY, None, NOW - timedelta(hours=1)),
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0")) | st.builds(
    str.__add__, st.sampled_from(BEGINS_FORMULA), st.text(st.characters(codec="ascii"))
)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_a_row_has_every_column_with_times_in_utc() -> None:
    assert read(inventory([CONTOSO], NOW)) == [
        {
            "organization": "Contoso",
            "organization_id": "id-7",
            "name": "build",
            "kind": "api-token",
            "endpoint": "https://console.navigator.vmware.com",
            "user": "ana@partner.example",
            "expires_at": "2026-06-04T12:00:00Z",
            "expiry_from": "user",
            "band": "urgent",
            "state": "ready",
            "added_at": "2026-05-23T11:59:59Z",
            "last_tried_at": "2026-06-01T11:00:00Z",
            "last_used_at": "",
            "pinned": "yes",
            "note": "two\nlines",
            "id": "0123",
        }
    ]


def test_an_empty_list_is_a_heading() -> None:
    assert inventory([], NOW) == ",".join(f'"{name}"' for name in COLUMNS) + "\r\n"


def test_rows_stand_by_organization_and_name() -> None:
    names = [("fabrikam", "a"), ("Contoso", "b"), ("Contoso", "A")]
    tokens = [
        replace(CONTOSO, organization=Organization(organization), name=name)
        for organization, name in names
    ]
    rows = read(inventory(tokens, NOW))
    assert [(row["organization"], row["name"]) for row in rows] == [
        ("Contoso", "A"), ("Contoso", "b"), ("fabrikam", "a")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("expiry", "words", "band"),
    [(Expiry.endless(), "never", "never"), (Expiry.unknown(), "", "unknown")],
)
def test_an_end_that_is_no_date_is_said(expiry: Expiry, words: str, band: str) -> None:
    (row,) = read(inventory([replace(CONTOSO, expiry=expiry)], NOW))
    assert (row["expires_at"], row["band"]) == (words, band)


@pytest.mark.parametrize("begin", BEGINS_FORMULA)
def test_a_cell_that_would_be_reckoned_with_is_text(begin: str) -> None:
    (row,) = read(inventory([replace(CONTOSO, note=f"{begin}1+1")], NOW))
    assert row["note"] == f"'{begin}1+1"


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_whatever_was_typed_is_read_back_and_never_a_formula(
    organization: str, name: str, user: str, note: str
) -> None:
    token = replace(
        CONTOSO, organization=Organization(organization), name=name, user=user, note=note
    )
    (row,) = read(inventory([token], NOW))
    typed = {"organization": organization, "name": name, "user": user, "note": note}
    for column, text in typed.items():
        assert row[column].replace("'", "") == text.replace("'", "")
        assert not row[column].startswith(BEGINS_FORMULA)


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize(
    "name", ["x;=cmd|' /C calc'!A0;y", 'x;"=1+1;y', "x\n=1+1;y", "x\t=1+1\ty", "x;\t@a;y", "x;;＝1"]
)
def test_a_program_that_divides_by_other_signs_finds_no_formula_either(
    name: str, delimiter: str
) -> None:
    text = inventory([replace(CONTOSO, note=name)], NOW)
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        assert not [cell for cell in row if cell.lstrip('"\t').startswith(BEGINS_FORMULA)]


def test_what_a_token_has_is_in_the_inventory_or_left_out_on_purpose() -> None:
    inside = {"id", "organization", "name", "endpoint", "added_at", "expiry", "user", "note"}
    inside |= {"pinned", "result", "last_used_at", "kind", "expiry_told"}
    assert {field.name for field in fields(ApiToken)} - inside == {
        "interactive",
        "key_id",
        "nonce",
        "particulars",
        "use_weight",
    }
