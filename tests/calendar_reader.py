"""A strict reader of calendar files, by RFC 5545: sections 3.1, 3.3.11, 3.4 and 3.6.1."""

import re
from datetime import UTC, date, datetime


class Broken(AssertionError):
    """The file is not as the standard wants it."""


def events_of(text: str) -> list[dict[str, str]]:
    """The events, by property; values as a calendar shows them."""
    lines = _unfolded(text)
    if (lines[0], lines[-1]) != ("BEGIN:VCALENDAR", "END:VCALENDAR"):
        raise Broken("no calendar")
    heads, at = [], 1
    while not lines[at].startswith(("BEGIN:", "END:")):
        heads.append(lines[at])
        at += 1
    if "VERSION:2.0" not in heads or not any(head.startswith("PRODID:") for head in heads):
        raise Broken("VERSION and PRODID must be there")
    events = []
    while lines[at] == "BEGIN:VEVENT":
        end = lines.index("END:VEVENT", at)
        events.append(_event(lines[at + 1 : end]))
        at = end + 1
    if at != len(lines) - 1:
        raise Broken(lines[at])
    uids = [event["UID"] for event in events]
    if len(set(uids)) != len(uids):
        raise Broken("one UID, two events")
    return events


def day_of(event: dict[str, str]) -> date:
    """The whole day an event takes."""
    return datetime.strptime(event["DTSTART;VALUE=DATE"], "%Y%m%d").replace(tzinfo=UTC).date()


def _unfolded(text: str) -> list[str]:
    if not text.endswith("\r\n"):
        raise Broken("the last line has no end")
    pieces = text[:-2].split("\r\n")
    lines: list[str] = []
    for piece in pieces:
        if len(piece.encode()) > 75:
            raise Broken(f"{len(piece.encode())} octets: {piece}")
        if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", piece):
            raise Broken(f"a control character: {piece!r}")
        if piece.startswith(" "):
            lines[-1] += piece[1:]
        else:
            lines.append(piece)
    return lines


def _event(lines: list[str]) -> dict[str, str]:
    event: dict[str, str] = {}
    for line in lines:
        found = re.fullmatch(r"([A-Z-]+(?:;[A-Z-]+=[A-Z]+)*):(.*)", line, re.DOTALL)
        if found is None or found[1] in event:
            raise Broken(line)
        event[found[1]] = _value(found[2]) if found[1] in {"SUMMARY", "DESCRIPTION"} else found[2]
    if not re.fullmatch(r"[0-9]{8}T[0-9]{6}Z", event["DTSTAMP"]) or not event["UID"]:
        raise Broken("DTSTAMP and UID must be there")
    day_of(event)
    return event


def _value(text: str) -> str:
    plain = re.sub(r"\\[\\;,nN]", "", text)
    if re.search(r"[\\;,]", plain):
        raise Broken(f"not escaped: {text}")
    return re.sub(r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], text)
