"""Whether to ask again after a failure, and how long to wait before it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from partner_tokens.core.deadlines import DEADLINE
from partner_tokens.core.errors.service import ServiceError, Throttled, Unreachable
from partner_tokens.core.stages import Stage

RETRIES = 2
"""In the foreground, where somebody waits; failed exchanges show in the customer's audit log."""

LONGEST_WAIT = timedelta(seconds=30)
"""The longest Retry-After that somebody at the window is made to wait for."""

FIRST_PAUSE = timedelta(seconds=0.5)
LONGEST_EXCHANGE = (RETRIES + 1) * DEADLINE + RETRIES * (LONGEST_WAIT + FIRST_PAUSE)
"""In the foreground, where the service says each time to come back later."""

FIRST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(minutes=15)

PASSING_STATUS = frozenset({"408", "502", "503", "504"})
PASSING_STAGES = frozenset({Stage.PROXY, Stage.DNS, Stage.TCP, Stage.REPLY})
"""A time-out has taken its fifteen seconds already, and a certificate does not heal in one."""

UNSENT_STAGES = frozenset({Stage.PROXY, Stage.DNS, Stage.TCP})
"""Where a conversation fails before anything of it is sent to the service."""


def pause_before_retry(
    error: ServiceError,
    attempt: int,
    now: datetime,
    chance: Callable[[], float],
    *,
    has_passcode: bool = False,
) -> timedelta | None:
    """How long to wait before the retry after the failed `attempt` (0 is the first).

    None: give up. `chance` gives 0 to 1, so that many copies of the program do not march in step.
    A passcode that may have reached the service is spent: it is not sent again.
    """
    if attempt >= RETRIES or (has_passcode and error.stage not in UNSENT_STAGES):
        return None
    pause = FIRST_PAUSE * (1 << attempt) * (0.5 + chance())
    if isinstance(error, Throttled):
        if error.again_at is None:
            return pause * 4
        told = max(error.again_at - now, timedelta(0))
        return None if told > LONGEST_WAIT else told + FIRST_PAUSE * chance()
    if not isinstance(error, Unreachable) or error.cause == "407":
        return None
    passing = error.stage in PASSING_STAGES or error.cause in PASSING_STATUS
    return pause if passing else None


def rest_until(
    error: ServiceError, failures: int, now: datetime, chance: Callable[[], float]
) -> datetime:
    """When the background may try again after its `failures`-th failure in a row (1 is the first).

    From one minute to fifteen, each twice the last, or when the service says.
    """
    doubled = FIRST_REST * (1 << min(failures - 1, 10))
    rest = now + min(doubled, LONGEST_REST) * (0.75 + chance() / 2)
    if isinstance(error, Throttled) and error.again_at is not None:
        return max(rest, error.again_at)
    return rest
