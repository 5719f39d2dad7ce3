"""Exports: which text, and which bytes in a file."""

from datetime import UTC, datetime

from calendar_reader import events_of
from partner_tokens.core.export import Export, as_file, exported
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.tokens import ApiToken, Organization

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
TOKEN = ApiToken("1", Organization("Café"), "build", "https://x.example", NOW, Expiry(NOW))


def test_the_inventory_is_marked_as_utf_8_for_spreadsheet_programs() -> None:
    text = exported(Export.CSV, [TOKEN], "store", NOW)
    assert as_file(Export.CSV, text) == b"\xef\xbb\xbf" + text.encode()
    assert "Café" in text


def test_a_calendar_has_no_mark() -> None:
    text = exported(Export.ICS, [TOKEN], "store", NOW, UTC)
    assert as_file(Export.ICS, text).startswith(b"BEGIN:VCALENDAR\r\n")


def test_another_store_has_other_events() -> None:
    first, again, other = (
        events_of(exported(Export.ICS, [TOKEN], store_id, NOW, UTC))[0]["UID"]
        for store_id in ("one", "one", "other")
    )
    assert first == again != other
