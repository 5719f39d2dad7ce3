"""Long names: in a text they get places where a line may end, on buttons and in menus they are cut.

A label is never narrower than a word, nor a button than its words, whatever the screen's width.
"""

import re
from unicodedata import combining

BREAK = "\u200b"
LONGEST = 40
"""Words of more characters are broken; names of hosts and people have fewer, and so have the parts
of a path: behind a slash or a hyphen a line may end anyway.
"""

PIECE = 4

ON_A_BUTTON, IN_A_MENU = 28, 40


def breakable(text: str) -> str:
    """The text, with places that are not seen to end a line at in its long words."""
    return re.sub(rf"[^\s/-]{{{LONGEST + 1},}}", lambda word: _broken(word[0]), text)


def _broken(word: str) -> str:
    parts, start = [], 0
    for place in range(1, len(word)):
        if place - start >= PIECE and not combining(word[place]):
            parts.append(word[start:place])
            start = place
    return BREAK.join((*parts, word[start:]))


def short(name: str, longest: int = ON_A_BUTTON) -> str:
    """A name on a button or in a menu: cut where it is long; ampersands stand for themselves."""
    if len(name) > longest:
        name = name[: longest - 1].rstrip() + "…"
    return name.replace("&", "&&")
