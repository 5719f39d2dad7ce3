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


BEYOND = (OverflowError, OSError, ValueError)
"""What the system raises for an instant that it cannot tell in local time: at both ends of the
calendar; on Windows before 1970 and from 3001 on, too."""


def local(at: datetime, zone: tzinfo | None = None) -> datetime:
    """The instant on the user's clock; `zone` is the machine's own where it is None.

    As it was given, with its own zone, where the system knows no local time for it.
    """
    try:
        return at.astimezone(zone)
    except BEYOND:
        return at


def local_day(at: datetime, zone: tzinfo | None = None) -> date:
    """The day on the user's calendar, see `local`."""
    return local(at, zone).date()


def instant_of(wall: datetime) -> datetime:
    """The instant, in UTC, at which the user's clock shows this; `wall` has no zone.

    Where the system cannot tell, the clock is taken for one that shows UTC, as `local` does.
    """
    try:
        return wall.astimezone(UTC)
    except BEYOND:
        return wall.replace(tzinfo=UTC)
