"""What runs out, as the day's one reminder tells it."""

from collections.abc import Sequence

from partner_tokens.core.digest import OVER, Digest
from partner_tokens.core.language import _, _n

MOST_NAMES = 3


def digest_words(digest: Digest, *, names: bool) -> tuple[str, str]:
    """A title, and counts by time left, with the first organizations where `names` may be told."""
    count = len(digest.token_ids)
    title = _n("{count} API token to look after", "{count} API tokens to look after", count)
    text = ", ".join(_lead_words(*each) for each in digest.counts)
    if names:
        text += f": {_some_names(digest.organizations)}"
    return title.format(count=count), f"{text}."


def _some_names(names: Sequence[str]) -> str:
    named, more = ", ".join(names[:MOST_NAMES]), len(names) - MOST_NAMES
    if more <= 0:
        return named
    return _n("{names} and {count} more", "{names} and {count} more", more).format(
        names=named, count=more
    )


def _lead_words(days: int, count: int) -> str:
    if days == OVER:
        return _n("{count} has run out", "{count} have run out", count).format(count=count)
    if days == 0:
        return _n("{count} runs out today", "{count} run out today", count).format(count=count)
    span = _n("{count} day", "{count} days", days).format(count=days)
    return _("{count} within {span}").format(count=count, span=span)
