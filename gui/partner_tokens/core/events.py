"""The nouns of a token's history: what can happen to it, and one line of what did."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Event(StrEnum):
    """What happened to a stored API token; the values stand in the store and in exports."""

    ADDED = "added"
    IMPORTED = "imported"
    PROVEN = "exchanged"
    """The service gave an access token for it."""
    REFUSED = "refused"
    PASSCODE = "passcode-wanted"
    UNREACHABLE = "unreachable"
    """The detail is the stage at which the way to the service ended last."""
    HELD = "held"
    EDITED = "edited"
    """The detail names what was changed, by the words of `Change`."""
    MOVED = "moved"
    """To another organization; the detail is the name of the former one."""
    REPLACED = "replaced"
    """Another secret took the place of the former one."""
    COPIED = "copied"
    """By the window; the detail is the format."""
    HANDED_OUT = "handed-out"
    """By the terminal; the detail is the format."""
    DENIED = "denied"
    """The terminal asked while the window was locked, and got nothing; the detail is the format."""
    ASKED = "asked"
    """The service told the token's own name, days and last use; the detail: what that changed."""
    REMOVED = "removed"
    """The detail is REVOKED where the user has said so, SUPERSEDED after a renewal."""
    RESTORED = "restored"
    OTHER = "other"
    """What a newer version of the program has noted; never written."""


REVOKED = "revoked"
"""The detail of a removal: the token was revoked in the portal."""
SUPERSEDED = "replaced"
"""The detail of a removal: a new token took its place."""


class Change(StrEnum):
    """What an edit can change; several stand side by side in a detail, parted by blanks."""

    ORGANIZATION = "organization"
    """Its name, for all its tokens."""
    NAME = "name"
    ENDPOINT = "endpoint"
    KIND = "kind"
    EXPIRY = "expiry"
    NOTE = "note"
    PASSCODE = "passcode"
    """Whether its exchange wants one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a history. The same thing, happening again and again, is one line."""

    event: Event
    at: datetime
    """When it happened; the last time, where it happened several times."""
    detail: str = ""
    request_id: str = ""
    """The service's own, of the last time."""
    since: datetime | None = None
    """When it happened first, where that was another time than `at`."""
    times: int = 1
