"""What can be taken out of the program as a file: the inventory, and the days of expiry."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import assert_never

from partner_tokens.core.tokens import ApiToken


class Export(StrEnum):
    """A kind of file. None of them holds a secret; all of them name customers."""

    CSV = "csv"
    ICS = "ics"


def exported(
    kind: Export,
    tokens: Iterable[ApiToken],
    store_id: str,
    now: datetime,
    zone: tzinfo | None = None,
) -> str:
    """The text of the file, with the line ends its readers want.

    `store_id` tells the store from others, so that its events are known again.
    """
    match kind:
        case Export.CSV:
            from partner_tokens.core.inventory import inventory

            return inventory(tokens, now)
        case Export.ICS:
            from partner_tokens.core.calendar_file import calendar_file

            return calendar_file(tokens, store_id, now, zone)
    assert_never(kind)


def as_file(kind: Export, text: str) -> bytes:
    """The bytes of the file; spreadsheet programs know UTF-8 by the mark at its beginning."""
    return text.encode("utf-8-sig" if kind is Export.CSV else "utf-8")
