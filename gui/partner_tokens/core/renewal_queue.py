"""Which API tokens are to be renewed, in an order in which one switch in the portal serves many."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
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
