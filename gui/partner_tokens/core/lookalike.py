"""Knows at a glance what may be an API token, so that it is not stored in clear by mistake."""

import re

from partner_tokens.core.tokens import AROUND_TOKENS

SHORTEST = 40
"""The vendor speaks of 64 or 65 characters; a part of one is a secret too."""

MIXED = 13
"""So many letters and digits without a hyphen between: more than any part of a UUID has."""

HUMPS = 8
"""So many capitals right behind a small letter or a digit; a name has one a word at the most."""


def looks_like_api_token(text: str) -> bool:
    """Whether it is one long word of letters and digits as no name has it.

    Not a UUID, not words joined by hyphens, not the address of a page.
    """
    word = text.strip().strip(AROUND_TOKENS).strip()
    if not re.fullmatch(rf"[A-Za-z0-9+/=_-]{{{SHORTEST},}}", word):
        return False
    if len(re.findall("[a-z0-9][A-Z]", word)) >= HUMPS:
        return True  # where chance has put a hyphen every few signs
    return any(
        len(part) >= MIXED and re.search("[0-9]", part) and re.search("[A-Za-z]", part)
        for part in re.split("[+/=_-]", word)
    )


def holds_api_token(text: str) -> bool:
    """Whether any word of the text looks like an API token."""
    return any(map(looks_like_api_token, text.split()))
