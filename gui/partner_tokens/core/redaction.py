"""A text without the secrets in it: for whatever others have written that we show or write down."""

import html
import re
from base64 import b64encode
from bisect import bisect
from collections.abc import Iterator
from urllib.parse import unquote

from partner_tokens.core.secret import Secret

STRUCK = "…"

JWT = re.compile(r"eyJ[\w-]{4,}(?:\.[\w-]*){0,2}")

TAIL = re.compile(r"(?<=\.\.\.)[\w-]{4,}")
"""The service names a refused token by dots and its last five characters."""

BEARER = re.compile(r"(?i)\b(bearer)\s+[\w.~+/=-]{12,}")

NAMED = re.compile(
    r"""(?ix)
    ( \b (?: csp-auth-token | (?:proxy-)?authorization | (?:refresh|access|api|id)_?token
           | pass_?code | passphrase | password | client_?secret )
      \\? ["']? \s* [:=] \s* )                                 # a header, a field, an argument
    (?: (?:bearer|basic) \s+ )?
    (?: \\? " (?: [^"\\] | \\. )* "? | ' (?: [^'\\] | \\. )* '? | [^\s,;&"'}\])]+ )
    """
)

LONG = re.compile(r"[^\s'\"]{20,}")
"""A word as long as this may be a secret in some disguise."""

SHORTEST_END, SHORTEST_PIECE = 4, 8
"""From how many characters on an end of a secret, or any piece of it, gives it away."""


def redact(text: str, *secrets: Secret | None) -> str:
    """The text without these secrets, beginnings, ends and longer pieces of them.

    Everything that looks like a token, or stands where one is usual, is struck out as well: access
    tokens, headers, the fields of an exchange, passcodes and passphrases.
    """
    for secret in secrets:
        if secret:
            text = _without(text, secret.reveal())
    text = NAMED.sub(rf"\1{STRUCK}", text)
    text = BEARER.sub(rf"\1 {STRUCK}", text)
    text = JWT.sub(STRUCK, text)
    return TAIL.sub(STRUCK, text)


def redact_long(text: str) -> str:
    """As `redact`, and without any word of 20 characters or more."""
    return redact(LONG.sub(STRUCK, text))


def gives_away(text: str, *secrets: Secret | None) -> bool:
    """Whether a longer piece of one of these secrets is in the text, in some usual disguise.

    Plain or backwards, in hex, base64, percent signs or HTML entities, in any case, with dashes.
    What is left of a secret of few signs is in any text: that does not count.
    """
    shown = _folded(html.unescape(unquote(text)))
    every = (form for secret in secrets if secret for form in _forms(secret.reveal()))
    forms = [form for form in every if len(form) >= SHORTEST_END]
    if any(form in shown for form in forms if len(form) < SHORTEST_PIECE):
        return True
    longer = "\n".join(form for form in forms if len(form) >= SHORTEST_PIECE)
    pieces = (shown[at : at + SHORTEST_PIECE] for at in range(len(shown) - SHORTEST_PIECE + 1))
    return any(piece in longer for piece in pieces)


def _forms(secret: str) -> Iterator[str]:
    """The secret as it may be written, folded. base64 depends on how many bytes stand before it."""
    data = secret.encode("utf-8", "surrogatepass")
    for text in (secret, data.hex(), *(b64encode(b"\0" * n + data).decode() for n in range(3))):
        yield _folded(text)
        yield _folded(text[::-1])


def _folded(text: str) -> str:
    """What stays the same when case changes and dashes are put in or taken out."""
    return re.sub(r"[\s_=+/-]", "", text).casefold()


def _without(text: str, secret: str) -> str:
    """Strikes out each longest run shared with the secret: from the left, without overlaps."""
    kept, at = [], 0
    while at < len(text):
        length = _shared(text, at, secret)
        kept.append(STRUCK if length else text[at])
        at += length or 1
    return "".join(kept)


def _shared(text: str, at: int, secret: str) -> int:
    """How many characters from `at` on give the secret away; 0 if none do.

    Whoever answers chooses the text, and may know the secret: so it takes no time that grows with
    both. A piece that is in the secret has all shorter ones in it.
    """
    shortest, longest = min(SHORTEST_END, len(secret)), min(len(secret), len(text) - at)
    if longest < shortest or text[at : at + shortest] not in secret:
        return 0
    within = bisect(range(1, longest + 1), False, key=lambda n: text[at : at + n] not in secret)
    if within >= SHORTEST_PIECE:
        return within
    ends = range(within, shortest - 1, -1)
    pieces = (text[at : at + length] for length in ends)
    return next((len(p) for p in pieces if secret.startswith(p) or secret.endswith(p)), 0)
