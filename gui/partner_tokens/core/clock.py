"""Where the time comes from: a function, so that a test can move it; is it set back?"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

CLOCK_SLACK = timedelta(minutes=1)
"""A clock that is put right by so little is still believed."""

Clock = Callable[[], datetime]
"""Gives the present instant as an aware UTC datetime."""


def utc_now() -> datetime:
    """The machine's wall clock, aware, in UTC."""
    return datetime.now(UTC)


class Setbacks:
    """Notices that a clock was set back, so that what was reckoned on it before is not believed.

    A clock that ran 25 minutes ahead and is put right shows every end that was reckoned before 25
    minutes too late: a token with two minutes left has 27. The clock alone does not tell, once it
    has passed the instant of the reckoning again: that looks like time that went by. So it is held
    against a steady clock, which nobody can set. That one may stand still while the machine sleeps,
    and is never asked how old something is: it only says how far the other must have come at least.
    """

    def __init__(self, clock: Clock, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._furthest = self._lead(clock())

    def notices(self, now: datetime) -> bool:
        """Whether the clock, which says `now`, was set back by more than CLOCK_SLACK; told once."""
        lead = self._lead(now)
        is_back = lead < self._furthest - CLOCK_SLACK
        self._furthest = lead if is_back else max(lead, self._furthest)
        return is_back

    def _lead(self, now: datetime) -> datetime:
        """How far the clock is ahead of the steady one, whose zero is anywhere."""
        return now - timedelta(seconds=self._steady())
