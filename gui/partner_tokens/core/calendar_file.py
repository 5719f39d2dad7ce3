"""The days on which API tokens run out, as a file that calendars import (RFC 5545)."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, tzinfo

from partner_tokens.core.instants import local_day
from partner_tokens.core.tokens import ApiToken, folded
from partner_tokens.core.wording import event_title

LONGEST_LINE = 75
"""Octets, without the line's end."""

OURS = uuid.UUID("6f4f0a52-6d0c-5f0e-9b0f-0d6a4c1c7a11")
"""The name space of the events' ids."""


def calendar_file(
    tokens: Iterable[ApiToken], store_id: str, now: datetime, zone: tzinfo | None = None
) -> str:
    """One all-day event for each day on which tokens run out: a count, and the organizations.

    An event's id depends on the store and the day alone, so what is imported again takes the place
    of what was there. `zone` says where a day begins and is the machine's own where it is None.
    """
    days: dict[date, list[ApiToken]] = {}
    for token in tokens:
        if token.expiry.at is not None:
            days.setdefault(local_day(token.expiry.at, zone), []).append(token)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Partner Tokens//EN", "CALSCALE:GREGORIAN"]
    for day, ending in sorted(days.items()):
        lines += _event(day, ending, store_id, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in folded_line(line))


def _event(day: date, tokens: list[ApiToken], store_id: str, now: datetime) -> list[str]:
    names = sorted({token.organization.name for token in tokens}, key=lambda n: (folded(n), n))
    stamp = now.astimezone(UTC)
    return [
        "BEGIN:VEVENT",
        f"UID:{uuid.uuid5(OURS, f'{store_id} {day.isoformat()}')}",
        f"DTSTAMP:{_compact(stamp.date())}T{stamp:%H%M%S}Z",
        f"DTSTART;VALUE=DATE:{_compact(day)}",
        f"SUMMARY:{escaped(event_title(len(tokens)))}",
        f"DESCRIPTION:{escaped(chr(10).join(names))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _compact(day: date) -> str:
    return day.isoformat().replace("-", "")


def escaped(text: str) -> str:
    """A text as a value: its own marks escaped, characters that no calendar takes left out."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return "".join(c for c in text.replace("\n", "\\n") if c == "\t" or (c >= " " and c != "\x7f"))


def folded_line(line: str) -> Iterator[str]:
    """The line in pieces that are short enough; each but the first begins with a blank."""
    piece, octets = "", 0
    for character in line:
        size = len(character.encode())
        if octets + size > LONGEST_LINE:
            yield piece
            piece, octets = " ", 1
        piece, octets = piece + character, octets + size
    yield piece
