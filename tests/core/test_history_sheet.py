"""The history as a table: read back by a CSV reader, and harmless in a spreadsheet program."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from partner_tokens.core.events import Entry, Event
from partner_tokens.core.history_sheet import COLUMNS, history_sheet
from partner_tokens.core.tokens import ApiToken, Organization

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
TOKEN = ApiToken("t1", Organization("Contoso"), "ci", "https://a.example", NOW)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_every_line_is_written_in_its_order() -> None:
    entries = (
        Entry(Event.UNREACHABLE, NOW, "dns", since=NOW - timedelta(hours=1), times=12),
        Entry(Event.REFUSED, NOW - timedelta(days=1), request_id="r-1"),
    )
    first, second = rows_of(history_sheet(TOKEN, entries))
    assert first == {
        "at": "2026-06-01T12:00:00Z",
        "event": "unreachable",
        "detail": "dns",
        "times": "12",
        "since": "2026-06-01T11:00:00Z",
        "request_id": "",
        "organization": "Contoso",
        "name": "ci",
        "token_id": "t1",
    }
    assert (second["event"], second["request_id"]) == ("refused", "r-1")
    assert second["since"] == second["at"]


def test_a_formula_is_text_wherever_it_stands() -> None:
    evil = '=HYPERLINK("http://evil.example")'
    token = replace(TOKEN, name=evil, organization=Organization("@SUM(1)"))
    (row,) = rows_of(history_sheet(token, [Entry(Event.MOVED, NOW, evil, "+1")]))
    for column in ("detail", "request_id", "organization", "name"):
        assert row[column].startswith("'")


def test_a_token_without_history_is_a_heading_only() -> None:
    assert history_sheet(TOKEN, ()).splitlines() == [",".join(f'"{c}"' for c in COLUMNS)]
