"""The list as a table for spreadsheet programs: every column but the secret."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime

from partner_tokens.core.instants import iso
from partner_tokens.core.tokens import ApiToken, folded

COLUMNS = (
    "organization",
    "organization_id",
    "name",
    "kind",
    "endpoint",
    "user",
    "expires_at",
    "expiry_from",
    "band",
    "state",
    "added_at",
    "last_tried_at",
    "last_used_at",
    "pinned",
    "note",
    "id",
)
"""The same words in every language: programs read them too."""

BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""By OWASP's page on CSV injection; the wide forms are read as the narrow ones in East Asia."""


def inventory(tokens: Iterable[ApiToken], now: datetime) -> str:
    """CSV by RFC 4180, by organization and name; times in UTC, `never` for an endless token."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for token in sorted(tokens, key=_place):
        writer.writerow(map(harmless, _cells(token, now)))
    return text.getvalue()


_BEGINS_CELL = re.compile(rf"(?<=[;\t\r\n])(?=\"*[{re.escape(''.join(BEGINS_FORMULA))}])")
"""Where commas are decimal signs, programs divide by semicolons, and take our quotes for text."""


def harmless(cell: str) -> str:
    """The text with an apostrophe wherever a spreadsheet program would begin to reckon with it."""
    cell = _BEGINS_CELL.sub("'", cell)
    return f"'{cell}" if cell.startswith(BEGINS_FORMULA) else cell


def _place(token: ApiToken) -> tuple[str, str, str]:
    return folded(token.organization.name), folded(token.name), token.id


def _cells(token: ApiToken, now: datetime) -> tuple[str, ...]:
    return (
        token.organization.name,
        token.organization.service_id,
        token.name,
        token.kind.value,
        token.endpoint,
        token.user,
        "never" if token.expiry.never else iso(token.expiry.at) or "",
        expiry_from(token),
        token.expiry.band(now).value,
        token.result.state.value,
        iso(token.added_at) or "",
        iso(token.result.at) or "",
        iso(token.last_used_at) or "",
        "yes" if token.pinned else "no",
        token.note,
        token.id,
    )


def expiry_from(token: ApiToken) -> str:
    """Who told when it ends: `service`, `user`, or nobody."""
    if token.expiry_told:
        return "service"
    return "user" if token.expiry.never or token.expiry.at else ""
