"""Instants as HTTP writes them."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def http_date(text: str) -> datetime | None:
    """The instant in a header such as Date or Retry-After; None for anything absurd.

    Bounded, so that whoever reckons with it stays within the calendar.
    """
    try:
        told = parsedate_to_datetime(text)
        told = told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return told if EARLIEST <= told <= LATEST else None
