"""Proves many tokens in the background at a gentle rate: four at a time, and patiently."""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.keys import SecretStorageError, SecretUnreadable
from partner_tokens.core.errors.service import Throttled, Unreachable
from partner_tokens.core.errors.tokens import NoSuchToken
from partner_tokens.core.tokens import ApiToken, State
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.session import Core, Failed, Session
from partner_tokens.ui.shelf import Shelf
from partner_tokens.ui.timing import timer
from partner_tokens.ui.watch import Watch

AT_ONCE = 4
FIRST_REST = timedelta(seconds=2)
LONGEST_REST = timedelta(minutes=5)
MOST_RESTS = 6
"""How often an endpoint may ask for patience, or fail though it can be reached, in a row."""


def is_untried(token: ApiToken) -> bool:
    """Whether nobody knows yet if this token works, and it can be tried without a person."""
    if token.interactive:
        return False
    state = token.result.state
    never = state is State.UNPROVEN and token.result.at is None
    is_told = bool(token.user) and not token.kind.is_app  # an app's user is its own id
    return never or (state is State.UNREACHABLE and not is_told and token.last_used_at is None)


@dataclass(slots=True)
class _Rest:
    """How long an endpoint is left alone."""

    until: datetime | None = None
    seen_at: datetime | None = None
    """The latest time at which it was looked whether it is over."""
    count: int = 0
    offline: bool = False


class Proving(QObject):
    """One round at a time. A refusal is final; what cannot be asked now is asked later.

    It looks again when a rest should be over. Call `look` besides, for what a timer does not know:
    that the computer slept, that its clock was set.
    """

    changed = Signal()
    """Progress, a pause, or the end of the round."""

    def __init__(
        self,
        session: Session,
        background: Background,
        shelf: Shelf,
        watch: Watch,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self._shelf = shelf
        self._watch = watch
        self._clock = clock
        self._waiting: deque[ApiToken] = deque()
        self._under_way: dict[str, ApiToken] = {}
        self._rests: dict[str, _Rest] = {}
        self._round = 0
        self._rested = timer(self, FIRST_REST, self.look, once=True)
        watch.changed.connect(self.look)
        self.outcomes: dict[str, tuple[ApiToken, AppError | None]] = {}
        """What came of each token of the last round; None for one that works."""
        self.total = 0

    # ---- asking ----

    @property
    def is_running(self) -> bool:
        """Whether a round is under way."""
        return bool(self._waiting or self._under_way)

    @property
    def is_paused(self) -> bool:
        """Whether all that is left waits for the network or for the service."""
        return bool(self._waiting) and not self._under_way

    @property
    def is_offline(self) -> bool:
        """Whether it waits because an endpoint cannot be reached."""
        return self.is_paused and any(rest.offline for rest in self._rests.values())

    @property
    def left(self) -> int:
        """How many of the last round were not tried."""
        return self.total - len(self.outcomes)

    def untried(self, tokens: Iterable[ApiToken]) -> list[ApiToken]:
        """Those that nobody has tried, and that may be tried now."""
        return [token for token in tokens if is_untried(token) and self._may_try(token)]

    def _may_try(self, token: ApiToken) -> bool:
        return not (token.interactive or token.organization.is_paused(self._clock()))

    # ---- doing ----

    def start(self, tokens: Iterable[ApiToken]) -> None:
        """Begins a round, or adds to the one under way.

        Tokens that want a passcode, or whose organization is paused, are skipped.
        """
        known = {*self._under_way, *(token.id for token in self._waiting)}
        added = [token for token in tokens if self._may_try(token) and token.id not in known]
        if not self.is_running:
            self._round += 1
            self.outcomes = {}
            self._rests = {}
            self.total = 0
        self.total += len(added)
        self._waiting.extend(added)
        self._session.when_open(lambda _core: self._go_on(), self._give_up)

    def stop(self) -> None:
        """Tries no more; what is under way is not waited for."""
        self._waiting.clear()
        self._under_way.clear()
        self._round += 1
        self._rested.stop()
        self.changed.emit()

    def look(self) -> None:
        """Goes on with what may be asked by now; nobody else may watch the network meanwhile."""
        if self.is_offline:
            self._watch.tick()
        if self.is_running:
            self._go_on()

    def _go_on(self) -> None:
        was_paused = self.is_paused
        for _turn in range(len(self._waiting)):
            if len(self._under_way) >= AT_ONCE or not self._waiting:
                break
            token = self._waiting.popleft()
            rest = self._rests.get(token.endpoint)
            if rest is not None and not self._is_over(token.endpoint, rest):
                self._waiting.append(token)
            else:
                self._prove(token)
        self._await_rests()
        if was_paused != self.is_paused:
            self.changed.emit()

    def _prove(self, token: ApiToken) -> None:
        self._under_way[token.id] = token
        number = self._round

        def ask(core: Core, failed: Failed) -> None:
            self._background.run(
                self,
                lambda: core.broker.refresh(token.id),
                done=lambda _access: self._ended(number, token, None),
                failed=failed,
                lane=Lane.ASIDE,
            )

        self._session.attempt_twice(ask, lambda error: self._ended(number, token, error))

    def _ended(self, number: int, token: ApiToken, error: AppError | None) -> None:
        self._shelf.refresh(token.id)
        if number != self._round:
            return
        self._under_way.pop(token.id, None)
        if isinstance(error, SecretStorageError) and not isinstance(error, SecretUnreadable):
            self._give_up(error)
            return
        if isinstance(error, Throttled | Unreachable) and error.passes:
            self._rest(token, error)
        elif isinstance(error, NoSuchToken):
            self.total -= 1  # removed meanwhile
        else:
            self._rests.pop(token.endpoint, None)
            self.outcomes[token.id] = (token, error)
        self._go_on()
        self.changed.emit()

    # ---- patience ----

    def _await_rests(self) -> None:
        now = self._clock()
        ends = [rest.until for rest in self._rests.values() if rest.until is not None]
        ahead = [end - now for end in ends if end > now] if self._waiting else []
        if ahead:
            self._rested.start(math.ceil(min(ahead) / timedelta(milliseconds=1)))
        else:
            self._rested.stop()

    def _rest(self, token: ApiToken, error: Throttled | Unreachable) -> None:
        """The endpoint is left alone for a while, and the token tried again afterwards."""
        now = self._clock()
        rest = self._rests.setdefault(token.endpoint, _Rest())
        if rest.until is None or now >= rest.until:  # else others of the same flight told it
            rest.count += 1
            rest.until = now + min(FIRST_REST * (1 << (rest.count - 1)), LONGEST_REST)
        rest.offline = isinstance(error, Unreachable)
        if isinstance(error, Throttled) and error.again_at is not None:
            rest.until = max(rest.until, error.again_at)
        if rest.count > MOST_RESTS:
            self._drop(token, error)
            return
        self._waiting.appendleft(token)
        if rest.offline:
            self._watch.check_now(token.endpoint)

    def _drop(self, token: ApiToken, error: AppError) -> None:
        """The endpoint answers checks and fails exchanges: the round goes on without it."""
        self.outcomes[token.id] = (token, error)
        others = [one for one in self._waiting if one.endpoint == token.endpoint]
        self._waiting = deque(one for one in self._waiting if one.endpoint != token.endpoint)
        self.outcomes |= {other.id: (other, error) for other in others}

    def _is_over(self, endpoint: str, rest: "_Rest") -> bool:
        now = self._clock()
        if rest.seen_at is not None and now < rest.seen_at:
            rest.until = None  # the clock was set back: it says no more when the rest is over
        rest.seen_at = now
        if rest.until is not None and now < rest.until:
            return False
        return not rest.offline or self._watch.is_reachable(endpoint)

    def _give_up(self, _error: AppError) -> None:
        self.stop()
