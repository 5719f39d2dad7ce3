"""Instants as HTTP, as programs and as calendars write them."""

from datetime import UTC, date, datetime, tzinfo

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def http_date(text: str) -> datetime | None:
    """The instant in a header such as Date or Retry-After; None for anything absurd.

    Bounded, so that whoever reckons with it stays within the calendar.
    """
    from email.utils import parsedate_to_datetime  # 11 ms that no start of the window must pay

    try:
        told = parsedate_to_datetime(text)
        told = told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return told if EARLIEST <= told <= LATEST else None


def iso(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, whole seconds: `2027-01-31T22:59:00Z`."""
    if at is None:
        return None
    return f"{at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def local_day(at: datetime, zone: tzinfo | None = None) -> date:
    """The day on the user's calendar; `zone` is the machine's own where it is None."""
    try:
        return at.astimezone(zone).date()
    except (OverflowError, OSError):  # the last hours of the year 9999; on Windows from 3001 on
        return at.date()
