"""A clock that a test moves by hand."""

from datetime import UTC, datetime, timedelta


class MovableClock:
    """Gives the same instant until it is moved."""

    def __init__(self, now: datetime = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **parts: float) -> None:
        """Moves on by a timedelta's parts: `forward(minutes=5)`."""
        self.now += timedelta(**parts)
