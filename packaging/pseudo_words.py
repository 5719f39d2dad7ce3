"""A language that nobody speaks, by which is seen what cannot be translated, and what has no room.

`LANGUAGE=en_XA` makes each word longer and strange, in brackets; `LANGUAGE=ar_XB` writes it from
right to left as well. What is plain English then was never given to the translators; what lacks its
closing bracket was cut.
"""

import re

from babel.messages.catalog import Catalog

PSEUDO = ("en_XA", "ar_XB")

STRANGE = str.maketrans("ACDEGHIKLNORSTUYZacdeghiklnorstuyz", "ÅÇÐÉĜĤÎĶĻÑÖŔŠŢÛÝŽåçðéĝĥîķļñöŕšţûýž")
KEPT = re.compile(r"(`[^`]*`|--[a-z-]+|\{[^}]*\}|%\([a-z_]+\)[sr]|%[sr]|%%|<[^>]+>|&[a-z]+;)")
"""Placeholders, commands, options and marks of text: they are no words."""

LONGER = 0.4
"""By how much: Spanish and German need about a third more than English."""

RIGHT_TO_LEFT, POP = "\u202e", "\u202c"
FROM_THE_RIGHT = "\u200f"
"""A letter without a shape, by which Qt takes the whole for Arabic."""


def pseudo(source: Catalog, name: str) -> Catalog:
    """The catalogue of one of PSEUDO."""
    made = Catalog(locale="en", fuzzy=False)
    for message in source:
        if message.id:
            forms = (message.id,) if isinstance(message.id, str) else message.id
            strings = tuple(_strange(text, turned=name == "ar_XB") for text in forms)
            made.add(message.id, strings[0] if isinstance(message.id, str) else strings)
    return made


def _strange(text: str, *, turned: bool) -> str:
    inner = text.strip()
    before, after = text[: text.index(inner)], text[text.index(inner) + len(inner) :]
    pieces = KEPT.split(inner)
    pieces[::2] = [piece.translate(STRANGE) for piece in pieces[::2]]
    if turned:
        pieces[::2] = [f"{RIGHT_TO_LEFT}{piece}{POP}" if piece else "" for piece in pieces[::2]]
    start = FROM_THE_RIGHT if turned else ""
    more = "~" * round(LONGER * sum(map(len, KEPT.split(inner)[::2])))
    return f"{before}{start}[{''.join(pieces)}{more}]{after}"
