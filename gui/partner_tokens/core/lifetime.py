"""From an instant and a clock to a band: how near is the end?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

URGENT_WITHIN = timedelta(days=7)
SOON_WITHIN = timedelta(days=30)


class Band(StrEnum):
    """How urgent the end of an API token is."""

    OVER = "over"
    URGENT = "urgent"
    SOON = "soon"
    FINE = "fine"
    NEVER = "never"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Expiry:
    """When an API token ends: at an instant, never, or nobody knows."""

    at: datetime | None = None
    never: bool = False

    def __post_init__(self) -> None:
        if self.at is not None and (self.never or self.at.tzinfo is None):
            raise ValueError("an expiry is an aware instant, never, or unknown")

    @classmethod
    def unknown(cls) -> Self:
        """Nobody has said when."""
        return cls()

    @classmethod
    def endless(cls) -> Self:
        """The token was made without an end."""
        return cls(never=True)

    def band(self, now: datetime) -> Band:
        """The band this expiry falls into at the instant `now`."""
        if self.never:
            return Band.NEVER
        if self.at is None:
            return Band.UNKNOWN
        left = self.at - now
        if left <= timedelta(0):
            return Band.OVER
        if left <= URGENT_WITHIN:
            return Band.URGENT
        return Band.SOON if left <= SOON_WITHIN else Band.FINE
