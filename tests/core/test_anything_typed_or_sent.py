"""Small parsers meet anything: each reads it, or refuses it in its own words."""

import csv
import io
import json
import re
from argparse import ArgumentTypeError
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.events import Entry, Event
from partner_tokens.core.history_sheet import COLUMNS, history_sheet
from partner_tokens.core.hotkeys import hotkey_in
from partner_tokens.core.instants import http_date
from partner_tokens.core.inventory import BEGINS_FORMULA
from partner_tokens.core.portals import clean_address
from partner_tokens.core.preferences import load, save
from partner_tokens.core.proxy_address import clean_proxy
from partner_tokens.core.replies import (
    LONGEST_RETRY,
    json_object,
    read_object,
    request_id,
    retry_at,
)
from partner_tokens.core.secret import Secret
from partner_tokens.core.stages import Flaw
from partner_tokens.core.tokens import ApiToken, Organization
from partner_tokens.core.transport import Reply
from partner_tokens.terminal.parser import span

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ADDRESSES = st.text() | st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "http://", "HTTPS://", "ftp://", "//"]),
    st.sampled_from(["", "ana@", "a:b@", "["]),
    st.text(st.sampled_from("aZ0.-_:%[]ßé。 \t"), max_size=400),
    st.sampled_from(["", ":", ":0", ":3128", ":99999", "]:1", "]"]),
    st.sampled_from(["", "/", "/x", "?y", "#z"]),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def reply(body: bytes = b"", offset: timedelta | None = None, **headers: str) -> Reply:
    return Reply(
        status=200,
        headers=CaseInsensitiveDict({k.replace("_", "-"): v for k, v in headers.items()}),
        body=body,
        url="https://service.example/",
        round_trip=timedelta(0),
        clock_offset=offset,
        received_at=NOW,
    )


# ---- typed ------------------------------------------------------------------------------------


@given(ADDRESSES)
@example("a." * 145 + "aa")
def test_a_proxy_that_is_taken_is_read_back_as_it_is_kept(typed: str) -> None:
    try:
        kept = clean_proxy(typed)
    except InputError:
        return
    assert clean_proxy(kept) == kept
    assert "@" not in kept


@given(ADDRESSES)
def test_a_portal_that_is_taken_is_read_back_as_it_is_kept(typed: str) -> None:
    try:
        kept = clean_address(typed)
    except InputError:
        return
    assert clean_address(kept) == kept


@given(
    st.text() | st.lists(st.sampled_from(["Ctrl", "Alt", "T", "F25", "", "Space"])).map("+".join)
)
def test_a_hotkey_is_one_key_with_others_held_or_none(typed: str) -> None:
    found = hotkey_in(typed)
    assert found is None or {*found.held, found.key} == set(typed.split("+"))


@given(st.text() | st.from_regex("[0-9]{1,8}[smhdSMHD]?\n?", fullmatch=True))
@example("999999d")
@example("\N{FULLWIDTH DIGIT NINE}m")
@example("-5m")
def test_a_span_of_time_is_read_or_refused(typed: str) -> None:
    try:
        found = span(typed)
    except ArgumentTypeError:
        assert re.fullmatch("[0-9]{1,6}[smhd]", typed) is None
        return
    units = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1)}
    assert found == int(typed[:-1]) * units.get(typed[-1], timedelta(days=1))


# ---- sent -------------------------------------------------------------------------------------


@given(
    st.text() | st.integers().map(str) | st.datetimes().map("{:%a, %d %b %Y %H:%M:%S} GMT".format),
    st.none() | st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001
)
def test_whatever_retry_after_says_it_is_heeded_for_an_hour(told: str, date: Any) -> None:
    offset = date and date.replace(tzinfo=UTC) - NOW
    again = retry_at(reply(offset=offset, Retry_After=told))
    assert again is None or again <= NOW + LONGEST_RETRY


@given(st.text() | st.datetimes().map("{:%a, %d %b %Y %H:%M:%S} +2300".format))
def test_an_http_date_is_an_instant_within_reason_or_none(text: str) -> None:
    found = http_date(text)
    assert found is None or (found.tzinfo is not None and 1970 <= found.year <= 2200)


@given(st.binary() | JSON.map(lambda content: json.dumps(content).encode()))
@example(b'{"a": 1, "a": 2}')
@example(b"\xff\xfe{}")
@example(b'{"a": ' + b"9" * 5000 + b"}")
def test_a_body_is_an_object_or_a_flaw(body: bytes) -> None:
    strict, lax = read_object(reply(body)), json_object(reply(body))
    assert isinstance(strict, (dict, Flaw))
    if isinstance(strict, dict):
        assert lax is None or json.dumps(lax) == json.dumps(strict)


@given(st.dictionaries(st.sampled_from(["requestId", "traceId"]), JSON), st.text(max_size=80))
def test_what_support_asks_for_is_a_plain_id(fields: dict[str, Any], told: str) -> None:
    secret = Secret("marker-1234-abcdefghijklmnop")
    found = request_id(reply(x_request_id=told), fields, secret)
    assert found == "" or (found.isascii() and found.replace("-", "").isalnum() and len(found) < 65)


# ---- kept -------------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "preferences.json"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary() | JSON.map(lambda content: json.dumps(content).encode()))
def test_any_file_of_preferences_is_read_and_written_again_or_let_alone(
    kept: Path, body: bytes
) -> None:
    kept.write_bytes(body)
    load(kept)
    if save(kept, min_life=7):
        assert load(kept)[0].min_life == 7
    else:
        assert kept.read_bytes() == body  # a user may be at work on it


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0")) | st.builds(
    str.__add__, st.sampled_from(BEGINS_FORMULA), st.text(st.characters(codec="ascii"))
)


@given(NAMES, NAMES, st.datetimes(timezones=st.just(UTC)), st.integers(1, 10**9))
def test_a_history_is_read_back_and_never_a_formula(
    name: str, detail: str, at: datetime, times: int
) -> None:
    token = ApiToken("1", Organization(name), name, "https://service.example", NOW)
    entry = Entry(at=at, event=Event.COPIED, detail=detail, times=times, since=None, request_id="")
    (row,) = csv.DictReader(io.StringIO(history_sheet(token, [entry]), newline=""), strict=True)
    assert set(row) == set(COLUMNS)
    assert row["times"] == str(times)
    for cell in row.values():
        assert not cell.startswith(BEGINS_FORMULA)
