"""Which tokens a few typed words mean most likely: by how well they match, then by use."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from heapq import nsmallest

from partner_tokens.core.tokens import ApiToken, folded, search_text

HALF_LIFE = timedelta(days=7)
"""After a week a use counts half as much: often used and lately used both come first."""


def weight_after_use(weight: float, last_used_at: datetime | None, now: datetime) -> float:
    """The weight of a token's uses after one more, now."""
    return 1.0 + _faded(weight, last_used_at, now)


def _faded(weight: float, since: datetime | None, now: datetime) -> float:
    if since is None:
        return 0.0
    return weight * math.pow(0.5, max(now - since, timedelta(0)) / HALF_LIFE)


class Ranking:
    """Tokens made ready to be searched at each key press."""

    def __init__(self, tokens: Iterable[ApiToken], now: datetime) -> None:
        self._entries = [
            (
                folded(token.organization.name),
                folded(token.name),
                search_text(token),
                (-_faded(token.use_weight, token.last_used_at, now), not token.pinned),
                token,
            )
            for token in tokens
        ]

    def find(self, typed: str, most: int) -> tuple[list[ApiToken], int]:
        """The best matches, at most so many, and how many match at all.

        Every word must occur. A name that begins with what was typed comes before one in which a
        word begins with it, and that before any other; among equals what is used most.
        """
        words = folded(typed).split()
        found = [
            (_fit(words, organization, name), *use, organization, name, place)
            for place, (organization, name, text, use, _token) in enumerate(self._entries)
            if all(word in text for word in words)
        ]
        best = nsmallest(most, found)
        return [self._entries[entry[-1]][-1] for entry in best], len(found)


def _fit(words: list[str], organization: str, name: str) -> int:
    if not words or organization.startswith(" ".join(words)):
        return 0
    parts = f"{organization} {name}".split()
    return 1 if all(any(part.startswith(word) for part in parts) for word in words) else 2
