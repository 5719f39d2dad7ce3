"""Knows at a glance what may be an API token, so that it is not stored in clear by mistake."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from partner_tokens.core.redaction import JWT, gives_away
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AROUND_TOKENS

SHORTEST = 40
"""The vendor speaks of 64 or 65 characters; a part of one is a secret too."""

MIXED = 13
"""So many letters and digits without a hyphen between: more than any part of a UUID has."""

HUMPS = 8
"""So many capitals right behind a small letter or a digit; a name has one a word at the most."""

WORD = re.compile(
    r"""(?<![\w./%+-])(?P<word>[A-Za-z0-9+/_-]{40,128}+={0,2}+)(?!\w|\.\w)""", re.ASCII
)
"""What stands alone: not a part of an address, nor of an access token, which has dots."""

KEY = re.compile(r"""([\w.-]{1,60}+)["']?[ \t]{0,9}[:=][ \t]{0,9}["']?\Z""")


class Lookalike(NamedTuple):
    """A word of a text that looks like an API token; `key` is what it is set to, if anything."""

    word: str
    key: str
    line: int


def lookalikes(text: str) -> Iterator[Lookalike]:
    """Each such word, with its line from 1."""
    for number, line in enumerate(text.split("\n"), 1):
        for match in WORD.finditer(line):
            if looks_like_api_token(match["word"]):
                key = KEY.search(line[max(match.start() - 80, 0) : match.start()])
                yield Lookalike(match["word"], key[1] if key else "", number)


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
    if len(text) < SHORTEST:  # so that a large table takes no time
        return False
    return any(len(word) >= SHORTEST and looks_like_api_token(word) for word in text.split())


def unless_given_away(text: str, *secrets: Secret | None) -> str:
    """A name or an id that is kept, or nothing where it looks like a token or holds such a piece.

    Not so for a short end of a secret, nor for words that only stand where a token is usual:
    "Bearer Technologies" is a name.
    """
    looks_like_one = JWT.search(text) or holds_api_token(text)
    return "" if looks_like_one or gives_away(text, *secrets) else text
