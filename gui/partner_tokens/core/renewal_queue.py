"""Which API tokens are to be renewed, in an order in which one switch in the portal serves many."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import Enum

from partner_tokens.core.instants import local_day
from partner_tokens.core.tokens import ApiToken, State


class Cause(Enum):
    """Why a token is to be renewed; the first that fits."""

    PENDING = "pending"
    """Its successor was pasted already, and waits."""
    REFUSED = "refused"
    OVER = "over"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class Due:
    """A token to renew."""

    token: ApiToken
    cause: Cause


_FIRST = datetime.min.replace(tzinfo=UTC)


def due(
    tokens: Iterable[ApiToken],
    now: datetime,
    days: int,
    pending: Collection[str] = (),
    zone: tzinfo | None = None,
) -> tuple[Due, ...]:
    """The tokens that are refused, over, or over within so many days of the user's calendar.

    Those whose id is in `pending` come first. Of the others, those of one organization at one
    endpoint stand together; the organization with the nearest end comes first.
    """
    today = local_day(now, zone)
    found: list[Due] = []
    for token in tokens:
        at = token.expiry.at
        if token.id in pending:
            found.append(Due(token, Cause.PENDING))
        elif token.result.state is State.REFUSED:
            found.append(Due(token, Cause.REFUSED))
        elif at is not None and at <= now:
            found.append(Due(token, Cause.OVER))
        elif at is not None and (local_day(at, zone) - today).days <= days:
            found.append(Due(token, Cause.SOON))
    groups: dict[tuple[bool, str, int], list[Due]] = {}
    for one in sorted(found, key=_end):
        key = (one.cause is not Cause.PENDING, *place_of(one.token))
        groups.setdefault(key, []).append(one)
    ordered = sorted(groups.items(), key=lambda group: (group[0][0], _end(group[1][0])))
    return tuple(one for _key, members in ordered for one in members)


def place_of(token: ApiToken) -> tuple[str, int]:
    """Where in a portal a token is made: the endpoint and the organization to switch to."""
    return token.endpoint, token.organization.key


def counts(found: Iterable[Due]) -> dict[Cause, int]:
    """How many there are of each cause."""
    return Counter(one.cause for one in found)


def _end(one: Due) -> tuple[datetime, str, str]:
    """What is refused has ended, whatever its date says."""
    token = one.token
    at = _FIRST if one.cause is Cause.REFUSED else token.expiry.at or _FIRST
    return at, token.organization.name, token.name


@dataclass(slots=True)
class Round:
    """One sitting: what was done and skipped in it is not asked for again."""

    days: int
    renewed: set[str] = field(default_factory=set)
    """The ids of the rows that were dealt with, and of those that took their place."""
    done: int = 0
    skipped: set[str] = field(default_factory=set)
    here: tuple[str, int] | None = None
    """Where in a portal the last one was."""

    def left(
        self, tokens: Iterable[ApiToken], now: datetime, pending: Collection[str]
    ) -> tuple[Due, ...]:
        """What is still to be renewed, computed anew from the rows as they are.

        As long as there is more to do at the place where the last one was, that comes first.
        """
        gone = self.renewed | self.skipped
        found = [one for one in due(tokens, now, self.days, pending) if one.token.id not in gone]
        found.sort(
            key=lambda one: (one.cause is not Cause.PENDING, place_of(one.token) != self.here)
        )
        return tuple(found)

    def finish(self, *ids: str) -> None:
        """One token was renewed: the ids of its old and its new row."""
        self.renewed.update(ids)
        self.done += 1

    def skip(self, id: str) -> None:
        """One token is left for another sitting."""
        self.skipped.add(id)

    @property
    def behind(self) -> int:
        """How many this sitting has dealt with."""
        return self.done + len(self.skipped)
