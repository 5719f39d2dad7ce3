"""Which token is meant: by its id, or by words that single it out."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from partner_tokens.core.errors.tokens import NoSuchToken
from partner_tokens.core.tokens import ApiToken, folded, naming_text

if TYPE_CHECKING:
    from partner_tokens.core.store import Store

SHORTEST_ID = 6
"""Characters of an id that may stand for all of it."""

SHOWN_ID = 8


def meant_in(store: "Store", words: Sequence[str]) -> list[ApiToken]:
    """As `all_of`, of the tokens of a store: not all are read where the id is whole. StoreError."""
    meant = " ".join(words)
    if meant.isascii():  # as each id; half a character could not even be looked up
        with suppress(NoSuchToken):
            return [store.token(meant)]
    return all_of(store.tokens(), words)


def all_of(tokens: Sequence[ApiToken], words: Sequence[str]) -> list[ApiToken]:
    """The tokens that may be meant.

    A whole id stands for itself. Otherwise each word must occur, without case and accents, in
    organization, its id or mark, or the token's name; a single word of six characters may also
    begin an id.
    """
    meant = " ".join(words)
    for token in tokens:
        if token.id == meant:
            return [token]
    wanted = folded(meant).split()
    return [
        token
        for token in tokens
        if (wanted and all(word in naming_text(token) for word in wanted))
        or (len(meant) >= SHORTEST_ID and token.id.startswith(meant))
    ]


def short_ids(tokens: Sequence[ApiToken]) -> list[str]:
    """Beginnings of the ids, as long as it takes to tell all of them apart."""
    length = SHOWN_ID
    different = len({token.id for token in tokens})
    while len({token.id[:length] for token in tokens}) < different:
        length += 1
    return [token.id[:length] for token in tokens]
