"""What the broker keeps in memory of each API token: headers at hand, uses, failures and rests."""

from collections.abc import Callable
from datetime import datetime, timedelta

from partner_tokens.core.backoff import rest_until
from partner_tokens.core.clock import CLOCK_SLACK, Clock, Setbacks
from partner_tokens.core.errors.service import ServiceError
from partner_tokens.core.strangers import Stranger
from partner_tokens.core.tokens import AccessToken, ApiToken

IN_USE_FOR = timedelta(minutes=30)
"""How long after a copy a token counts as in use, and is refreshed ahead of time."""

NOTHING = timedelta(0)

Version = tuple[bytes, str]


class Kept:
    """All of it by the ids of rows. It has no lock: whoever calls holds the broker's."""

    def __init__(self, clock: Clock, steady: Callable[[], float]) -> None:
        self._clock = clock
        self._setbacks = Setbacks(clock, steady)
        self.cached: dict[str, tuple[Version, AccessToken]] = {}
        """Each with the version of the row it was made from."""
        self.strangers: dict[str, Stranger] = {}
        self._used_at: dict[str, datetime] = {}
        self._failures: dict[str, int] = {}
        self._rests_until: dict[str, datetime] = {}

    # ---- time ---------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The time; a clock that was set back says no more when a token, a use or a rest ends."""
        now = self._clock()
        if self._setbacks.notices(now):
            self.cached.clear()
            self.strangers.clear()
            self._rests_until.clear()
            self._used_at = {id: min(at, now) for id, at in self._used_at.items()}
        return now

    def drop_ended(self, now: datetime) -> None:
        """What has ended is no use, and is not kept in memory."""
        for id in [i for i, (_, access) in self.cached.items() if access.left(now) <= NOTHING]:
            del self.cached[id]
        for id in [i for i, one in self.strangers.items() if one.access.left(now) <= NOTHING]:
            del self.strangers[id]

    def in_use(self, now: datetime) -> list[str]:
        """The tokens that were copied within the last 30 minutes."""
        return [id for id, at in self._used_at.items() if now - at <= IN_USE_FOR]

    def is_resting(self, token_id: str, now: datetime) -> bool:
        """Whether a failure is too recent to try again unasked."""
        return now < self._rests_until.get(token_id, now)

    def hangs_on_time(self, now: datetime) -> bool:
        """Whether an access token is kept that will end, or an API token is in use."""
        return bool(self.in_use(now) or self.cached or self.strangers)

    # ---- what happened ------------------------------------------------------------------------

    def note_use(self, token_id: str, at: datetime) -> None:
        """Its header was copied or handed out."""
        self._used_at[token_id] = at

    def hold(self, token: ApiToken, access: AccessToken) -> None:
        """The row has a new access token; earlier failures are over.

        One that came by a clock set back since is not kept: nobody knows when it ends.
        """
        if self._came_by_this_clock(access):
            self.cached[token.id] = token.version, access
        self._failures.pop(token.id, None)
        self._rests_until.pop(token.id, None)

    def hold_stranger(self, token_id: str, stranger: Stranger) -> None:
        """The row's access token is another organization's; kept as by `hold`."""
        self.stop_refreshing(token_id)
        if self._came_by_this_clock(stranger.access):
            self.strangers[token_id] = stranger

    def _came_by_this_clock(self, access: AccessToken) -> bool:
        return access.received_at <= self.now() + CLOCK_SLACK

    def rest(
        self, token_id: str, error: ServiceError, now: datetime, chance: Callable[[], float]
    ) -> None:
        """The service could not be reached: the more often in a row, the longer it is left."""
        count = self._failures[token_id] = self._failures.get(token_id, 0) + 1
        self._rests_until[token_id] = rest_until(error, count, now, chance)

    def stop_refreshing(self, token_id: str) -> None:
        """A person must act first: not refreshed ahead, even where no disk remembers why."""
        self.cached.pop(token_id, None)
        self._used_at.pop(token_id, None)

    def forget(self, token_id: str) -> None:
        """The row was edited or removed; that it was in use stays known."""
        for known in (self.cached, self._failures, self._rests_until, self.strangers):
            known.pop(token_id, None)

    def forget_all(self) -> None:
        """As `forget`, of all rows."""
        for known in (self.cached, self._failures, self._rests_until, self.strangers):
            known.clear()
