"""A text without the secrets in it: for whatever others have written that we show or write down."""

import re

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


def _without(text: str, secret: str) -> str:
    """Strikes out each longest run shared with the secret: from the left, without overlaps."""
    kept, at = [], 0
    while at < len(text):
        length = _shared(text, at, secret)
        kept.append(STRUCK if length else text[at])
        at += length or 1
    return "".join(kept)


def _shared(text: str, at: int, secret: str) -> int:
    """How many characters from `at` on give the secret away; 0 if none do."""
    longest = min(len(secret), len(text) - at)
    for length in range(longest, min(SHORTEST_END, len(secret)) - 1, -1):
        piece = text[at : at + length]
        is_end = secret.startswith(piece) or secret.endswith(piece)
        if is_end or (length >= SHORTEST_PIECE and piece in secret):
            return length
    return 0
