"""The calendar: read back by a strict reader, with the same ids each time."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_reader import day_of, events_of
from partner_tokens.core.calendar_file import LONGEST_LINE, calendar_file, folded_line
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.tokens import ApiToken, Organization

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('\\;,:"='), min_size=1
)


def token(organization: str = "Contoso", days: float = 0, id: str = "1") -> ApiToken:
    return ApiToken(
        id=id,
        organization=Organization(organization),
        name="build",
        endpoint="https://console.navigator.vmware.com",
        added_at=NOW,
        expiry=Expiry(NOW + timedelta(days=days)),
    )


def test_each_day_has_one_event_with_a_count_and_each_organization_once() -> None:
    tokens = [token("Fabrikam", 3), token("Contoso", 3.2), token("Contoso", 3.1), token("Coho", 9)]
    first, second = events_of(calendar_file(tokens, "store", NOW, UTC))
    assert (day_of(first) - NOW.date()).days == 3
    assert first["SUMMARY"] == "3 API tokens run out"
    assert first["DESCRIPTION"] == "Contoso\nFabrikam"
    assert second["SUMMARY"] == "1 API token runs out"
    assert first["DTSTAMP"] == "20260601T120000Z"
    assert first["TRANSP"] == "TRANSPARENT"


def test_tokens_without_a_date_have_no_event() -> None:
    endless = replace(token(), expiry=Expiry.endless())
    unknown = replace(token(), expiry=Expiry.unknown())
    assert events_of(calendar_file([endless, unknown], "store", NOW, UTC)) == []


def test_what_is_imported_again_takes_the_place_of_what_was_there() -> None:
    before = events_of(calendar_file([token("Contoso", 3)], "store", NOW, UTC))
    later = NOW + timedelta(hours=5)
    grown = [token("Fabrikam", 3), token("Contoso", 3)]
    after = events_of(calendar_file(grown, "store", later, UTC))
    assert [event["UID"] for event in before] == [event["UID"] for event in after]
    assert after[0]["DTSTAMP"] > before[0]["DTSTAMP"]
    assert after[0]["SUMMARY"] == "2 API tokens run out"


def test_two_stores_and_two_days_do_not_share_an_id() -> None:
    files = [
        calendar_file([token(days=3), token(days=4)], store, NOW, UTC) for store in ("one", "two")
    ]
    assert len({event["UID"] for text in files for event in events_of(text)}) == 4


def test_a_day_begins_where_the_user_is() -> None:
    late = replace(token(), expiry=Expiry(datetime(2026, 6, 3, 23, 30, tzinfo=UTC)))
    here = timezone(timedelta(hours=2))
    (event,) = events_of(calendar_file([late], "store", NOW, here))
    assert event["DTSTART;VALUE=DATE"] == "20260604"


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_days_too(day: date) -> None:
    edge = replace(token(), expiry=Expiry(datetime.combine(day, time(12), UTC)))
    for hours in (-13, 13):
        zone = timezone(timedelta(hours=hours))
        (event,) = events_of(calendar_file([edge], "store", NOW, zone))
        assert abs(day_of(event) - day) <= timedelta(days=1)


@given(st.lists(st.tuples(NAMES, st.integers(-400, 4000)), max_size=12))
def test_whatever_organizations_are_called_they_are_read_back(
    made: list[tuple[str, int]],
) -> None:
    tokens = [token(name, days) for name, days in made]
    events = events_of(calendar_file(tokens, "store", NOW, UTC))
    found = {
        ((day_of(event) - NOW.date()).days, name)
        for event in events
        for name in event["DESCRIPTION"].split("\n")
    }
    assert found == {(days, name) for name, days in made}


@given(st.text(st.characters(codec="utf-8")))
def test_no_text_at_all_can_break_the_file(name: str) -> None:
    (event,) = events_of(calendar_file([token(name)], "store", NOW, UTC))
    kept = [c for c in name if c in "\t\n" or (c >= " " and c != "\x7f")]
    assert event["DESCRIPTION"] == "".join(kept)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=400))
def test_a_long_line_is_folded_between_characters(line: str) -> None:
    pieces = list(folded_line(line))
    assert all(len(piece.encode()) <= LONGEST_LINE for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == line
