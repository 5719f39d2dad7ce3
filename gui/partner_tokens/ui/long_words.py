"""Words too long for a line get places where it may end: a label is never narrower than a word."""

import re
from unicodedata import combining

BREAK = "\u200b"
LONGEST = 24
"""Words of more characters are broken; most names of hosts and people have fewer."""

PIECE = 4


def breakable(text: str) -> str:
    """The text, with places that are not seen to end a line at in its long words."""
    return re.sub(rf"\S{{{LONGEST + 1},}}", lambda word: _broken(word[0]), text)


def _broken(word: str) -> str:
    parts, start = [], 0
    for place in range(1, len(word)):
        if place - start >= PIECE and not combining(word[place]):
            parts.append(word[start:place])
            start = place
    return BREAK.join((*parts, word[start:]))
