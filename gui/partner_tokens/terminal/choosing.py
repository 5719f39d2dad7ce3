"""Which token is meant: by its id, or by words that single it out."""

from collections.abc import Sequence

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _
from partner_tokens.core.tokens import ApiToken, folded, search_text

SHORTEST_ID = 6
"""Characters of an id that may stand for all of it."""

SHOWN_ID = 8


class NotOne(AppError):
    """Nothing matches, or more than one token does: nothing is guessed."""

    def __init__(self, words: str, candidates: Sequence[ApiToken]) -> None:
        super().__init__()
        self.words = words
        self.candidates = tuple(candidates)

    def _words(self) -> tuple[str, str]:
        if not self.candidates:
            return (
                _("No token matches “{words}”.").format(words=self.words),
                _("`partner-tokens-cli list` shows all of them."),
            )
        return (
            _("More than one token matches “{words}”.").format(words=self.words),
            _("Give another word, or the id."),
        )


def choose(tokens: Sequence[ApiToken], words: Sequence[str]) -> ApiToken:
    """The one token that is meant. Raises NotOne.

    It is looked for as by `all_of`.
    """
    matches = all_of(tokens, words)
    if len(matches) != 1:
        raise NotOne(" ".join(words), matches)
    return matches[0]


def all_of(tokens: Sequence[ApiToken], words: Sequence[str]) -> list[ApiToken]:
    """The tokens that may be meant.

    A whole id stands for itself. Otherwise each word must occur, without case and accents, in
    organization, token name, note, organization id or user; a single word of six characters may
    also begin an id.
    """
    meant = " ".join(words)
    for token in tokens:
        if token.id == meant:
            return [token]
    wanted = folded(meant).split()
    return [
        token
        for token in tokens
        if (wanted and all(word in search_text(token) for word in wanted))
        or (len(meant) >= SHORTEST_ID and token.id.startswith(meant))
    ]


def short_ids(tokens: Sequence[ApiToken]) -> list[str]:
    """Beginnings of the ids, as long as it takes to tell all of them apart."""
    length = SHOWN_ID
    different = len({token.id for token in tokens})
    while len({token.id[:length] for token in tokens}) < different:
        length += 1
    return [token.id[:length] for token in tokens]
