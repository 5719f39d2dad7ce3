"""The day's one reminder: which API tokens have come nearer to their end than a lead time."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from partner_tokens.core.instants import local_day
from partner_tokens.core.lifetime import URGENT_WITHIN
from partner_tokens.core.tokens import ApiToken

OVER = -1
"""The lead time of a token that has run out: the day after its last."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Counts and names only. `counts` holds days and how many, what is over first."""

    token_ids: frozenset[str] = frozenset()
    counts: tuple[tuple[int, int], ...] = ()
    organizations: tuple[str, ...] = ()
    """Each once, the one with the nearest end first."""


def digest_of(
    tokens: Iterable[ApiToken],
    now: datetime,
    lead_days: Sequence[int],
    last: date | None,
    zone: tzinfo | None = None,
) -> Digest:
    """The tokens that passed a lead time after the day of the `last` digest, up to today.

    Days are counted on the user's calendar. Without a last digest, all that are within the longest
    lead time are told. So is one that was added on a later day than the last digest and ends within
    a week: it may have passed its lead times elsewhere, as one that was just made or renewed for
    some weeks has not. A token is counted under the shortest lead time it is within.
    """
    today = local_day(now, zone)
    leads = sorted({OVER, *lead_days})
    found: list[tuple[datetime, int, ApiToken]] = []
    for token in tokens:
        at = token.expiry.at
        if at is None:
            continue
        left = (local_day(at, zone) - today).days
        is_near = left <= URGENT_WITHIN.days
        is_new = is_near and last is not None and local_day(token.added_at, zone) > last
        before = None if last is None or is_new else left + (today - last).days
        lead = next((lead for lead in leads if left <= lead), None)
        if lead is not None and (before is None or any(left <= n < before for n in leads)):
            found.append((at, lead, token))
    found.sort(key=lambda each: each[0])
    return Digest(
        frozenset(token.id for _at, _lead, token in found),
        tuple(sorted(Counter(lead for _at, lead, _token in found).items())),
        tuple(dict.fromkeys(token.organization.name for _at, _lead, token in found)),
    )
