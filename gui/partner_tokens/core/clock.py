"""Where the time comes from: a function, so that a test can move it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present instant as an aware UTC datetime."""


def utc_now() -> datetime:
    """The machine's wall clock, aware, in UTC."""
    return datetime.now(UTC)
