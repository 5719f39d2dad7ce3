"""The one token that is meant, or an error that shows which may be."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from partner_tokens.core.choosing import all_of, meant_in
from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _
from partner_tokens.core.tokens import ApiToken

if TYPE_CHECKING:
    from partner_tokens.core.store import Store


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


class NotOneRemoved(NotOne):
    """As NotOne, of what is in the trash."""

    def _words(self) -> tuple[str, str]:
        if self.candidates:
            return super()._words()
        return (
            _("No removed token matches “{words}”.").format(words=self.words),
            _("`partner-tokens-cli list --removed` shows all of them."),
        )


def choose(tokens: Sequence[ApiToken], words: Sequence[str]) -> ApiToken:
    """The one token that is meant. Raises NotOne."""
    return _the_one(all_of(tokens, words), words)


def choose_removed(tokens: Sequence[ApiToken], words: Sequence[str]) -> ApiToken:
    """As `choose`, of removed tokens. Raises NotOneRemoved."""
    try:
        return choose(tokens, words)
    except NotOne as error:
        raise NotOneRemoved(error.words, error.candidates) from None


def choose_in(store: "Store", words: Sequence[str]) -> ApiToken:
    """As `choose`, of the tokens of a store. Raises NotOne and StoreError."""
    return _the_one(meant_in(store, words), words)


def _the_one(matches: Sequence[ApiToken], words: Sequence[str]) -> ApiToken:
    if len(matches) != 1:
        raise NotOne(" ".join(words), matches)
    return matches[0]
