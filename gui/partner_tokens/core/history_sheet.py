"""The history of one token as a table for spreadsheet programs."""

import csv
import io
from collections.abc import Iterable

from partner_tokens.core.events import Entry
from partner_tokens.core.instants import iso
from partner_tokens.core.inventory import harmless
from partner_tokens.core.tokens import ApiToken

COLUMNS = (
    "at",
    "event",
    "detail",
    "times",
    "since",
    "request_id",
    "organization",
    "name",
    "token_id",
)
"""The same words in every language: programs read them too."""


def history_sheet(token: ApiToken, entries: Iterable[Entry]) -> str:
    """CSV by RFC 4180 in the order of the entries, with the words of Event and times in UTC."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for entry in entries:
        cells = (
            iso(entry.at) or "",
            entry.event.value,
            entry.detail,
            str(entry.times),
            iso(entry.since or entry.at) or "",
            entry.request_id,
            token.organization.name,
            token.name,
            token.id,
        )
        writer.writerow(map(harmless, cells))
    return text.getvalue()
