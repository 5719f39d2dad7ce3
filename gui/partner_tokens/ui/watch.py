"""Watches the endpoints in use: every minute while somebody looks, at once after a failure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.session import Session

if TYPE_CHECKING:
    from partner_tokens.core.errors.service import ServiceError
    from partner_tokens.core.ladder import Health

EVERY = timedelta(seconds=60)
SLOWEST = timedelta(minutes=5)
JUMP = timedelta(seconds=10)
"""Two ticks further apart than this: the computer slept, or its clock was set."""


@dataclass(slots=True)
class _Post:
    """One endpoint under watch."""

    tokens: int
    paused_until: datetime | None = None
    """All its tokens are of paused organizations: until then only the user asks."""
    health: "Health | None" = None
    due_at: datetime | None = None
    failures: int = 0
    is_checking: bool = False
    is_outdated: bool = False
    """What is being asked goes another way than the next one will."""

    def is_paused(self, now: datetime) -> bool:
        """Whether nobody but the user may ask."""
        return self.paused_until is not None and now < self.paused_until


class Watch(QObject):
    """Knows the health of each endpoint; asks on the network lane, keeps to the GUI thread."""

    changed = Signal()

    def __init__(
        self,
        session: Session,
        background: Background,
        clock: Clock,
        parent: QObject | None = None,
        *,
        every: Callable[[], timedelta] = lambda: EVERY,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self._clock = clock
        self._every = every
        self._posts: dict[str, _Post] = {}
        self._ticked_at = clock()
        self._is_held = False

    def follow(self, tokens: Iterable[ApiToken]) -> None:
        """Watches the endpoints of these tokens, and no others."""
        used = Counter[str]()
        pauses: dict[str, datetime | None] = {}
        for token in tokens:
            used[token.endpoint] += 1
            pauses[token.endpoint] = _shorter(pauses, token)
        posts = {}
        for endpoint, count in used.most_common():
            posts[endpoint] = self._posts.get(endpoint, _Post(count))
            posts[endpoint].tokens = count
            posts[endpoint].paused_until = pauses[endpoint]
        changed = list(posts) != list(self._posts)
        self._posts = posts
        if changed:
            self.changed.emit()
            self.tick()

    def hold(self, held: bool) -> None:
        """Only the user asks while it is held; what is due is checked as soon as it is not."""
        self._is_held = held
        self.tick()

    def tick(self) -> None:
        """Checks what is due. Called once a second while the window can be seen."""
        if self._is_held:
            return
        now = self._clock()
        jumped = not timedelta(0) <= now - self._ticked_at < JUMP
        self._ticked_at = now
        for endpoint, post in self._posts.items():
            is_due = jumped or post.due_at is None or post.due_at <= now
            if is_due and not post.is_paused(now):
                self._check(endpoint, post)

    def hurry(self) -> None:
        """Another interval was chosen: nothing is put off for longer than that."""
        latest = self._clock() + self._every()
        for post in self._posts.values():
            if post.due_at is not None:
                post.due_at = min(post.due_at, latest)

    def start_over(self) -> None:
        """The way to the services is another one now: what is under way does not count."""
        now = self._clock()
        for endpoint, post in self._posts.items():
            post.is_outdated = post.is_checking
            if not post.is_paused(now):
                self._check(endpoint, post)

    def check_now(self, endpoint: str | None = None) -> None:
        """Checks one endpoint, or all, without waiting for its time."""
        for name, post in self._posts.items():
            if endpoint in (None, name):
                self._check(name, post)

    def exchanged(self, endpoint: str, error: AppError | None) -> None:
        """An exchange ended: one that could not reach the service asks for a check at once."""
        from partner_tokens.core.errors.service import Unreachable  # after the first paint

        if isinstance(error, Unreachable):
            self.check_now(endpoint)

    def healths(self) -> tuple["Health", ...]:
        """What is known, the endpoint with the most tokens first."""
        return tuple(post.health for post in self._posts.values() if post.health is not None)

    def is_reachable(self, endpoint: str) -> bool:
        """Whether the last check of an endpoint came through."""
        post = self._posts.get(endpoint)
        return post is not None and post.health is not None and post.health.failure is None

    def endpoints(self) -> tuple[str, ...]:
        """The endpoints under watch, the one with the most tokens first."""
        return tuple(self._posts)

    def common_failure(self) -> "ServiceError | None":
        """The failure that all endpoints share, where there are two or more tokens to tell of."""
        now = self._clock()
        posts = [post for post in self._posts.values() if not post.is_paused(now)]
        failures = [post.health.failure for post in posts if post.health is not None]
        if not failures or len(failures) < len(posts) or None in failures:
            return None
        stages = {failure.stage for failure in failures if failure}
        return failures[0] if len(stages) == 1 else None

    def _check(self, endpoint: str, post: _Post) -> None:
        core = self._session.core
        if core is None or post.is_checking:
            return
        post.is_checking = True
        self._background.run(
            self,
            lambda: core.diagnosis.check(endpoint),
            done=lambda health: self._checked(endpoint, health),
            failed=lambda _error: self._not_checked(endpoint),
            lane=Lane.CHECKS,
        )

    def _not_checked(self, endpoint: str) -> None:
        """A fault of ours: the log has it, and the next check is made in its time."""
        post = self._posts.get(endpoint)
        if post is not None:
            post.is_checking = post.is_outdated = False
            post.due_at = self._clock() + self._every()

    def _checked(self, endpoint: str, health: "Health") -> None:
        post = self._posts.get(endpoint)
        if post is None:
            return
        post.is_checking = False
        if post.is_outdated:
            post.is_outdated = False
            self._check(endpoint, post)
            return
        post.health = health
        post.failures = post.failures + 1 if health.failure else 0
        every = self._every()
        pause = min(every * 2 ** max(post.failures - 1, 0), max(every, SLOWEST))
        post.due_at = self._clock() + pause
        self.changed.emit()


def _shorter(pauses: Mapping[str, datetime | None], token: ApiToken) -> datetime | None:
    """Until when this token and those before it at its endpoint are paused, all of them."""
    until = token.organization.paused_until
    if token.endpoint not in pauses:
        return until
    before = pauses[token.endpoint]
    return None if before is None or until is None else min(before, until)
