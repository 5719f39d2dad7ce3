"""The few tokens that the quick palette offers, the likeliest first."""

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from partner_tokens.core.clock import Clock
from partner_tokens.core.language import _
from partner_tokens.core.ranking import Ranking
from partner_tokens.core.tokens import AccessToken, ApiToken, State
from partner_tokens.core.wording import countdown, expiry_words, result_words, row_sentence

Index = QModelIndex | QPersistentModelIndex
AtHand = Callable[[ApiToken], AccessToken | None]

MOST = 50
"""More than anybody reads; a further letter is quicker."""

TOKEN_ROLE = Qt.ItemDataRole.UserRole


class PaletteModel(QAbstractListModel):
    """Lives on the GUI thread; every key press asks `find`."""

    def __init__(self, clock: Clock, at_hand: AtHand) -> None:
        super().__init__()
        self._clock = clock
        self._at_hand = at_hand
        self._ranking = Ranking((), clock())
        self._typed = ""
        self._tokens: list[ApiToken] = []
        self._fetching: frozenset[str] = frozenset()
        self.count = 0
        """How many tokens match, shown or not."""

    def set_tokens(self, tokens: Iterable[ApiToken]) -> None:
        """Takes all tokens there are."""
        self._ranking = Ranking(tokens, self._clock())
        self.find(self._typed)

    def find(self, typed: str) -> None:
        """Offers what was likely meant by the words."""
        self._typed = typed
        self.beginResetModel()
        self._tokens, self.count = self._ranking.find(typed, MOST)
        self.endResetModel()

    def set_fetching(self, token_ids: frozenset[str]) -> None:
        """The tokens whose header is on its way: their rows say so."""
        self._fetching = token_ids
        self.tick()

    def tick(self) -> None:
        """Time passed: what is left of access tokens is less."""
        if self._tokens:
            self.dataChanged.emit(self.index(0), self.index(len(self._tokens) - 1))

    def token_at(self, place: int) -> ApiToken:
        """The token of a line."""
        return self._tokens[place]

    def place_of(self, token_id: str) -> int | None:
        """The line of a token; None where it is not offered."""
        return next((n for n, token in enumerate(self._tokens) if token.id == token_id), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._tokens)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        token = self._tokens[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return token.organization.name
            case Qt.ItemDataRole.AccessibleTextRole:
                now = self._clock()
                access = self._at_hand(token)
                return row_sentence(token, access.left(now) if access else None, now)
            case _ if role == TOKEN_ROLE:
                return token
            case _:
                return None

    def detail(self, token: ApiToken) -> str:
        """The second line of a row: the token's name, and its user where it is known."""
        return f"{token.name}  ·  {token.user}" if token.user else token.name

    def standing(self, token: ApiToken) -> tuple[str, bool]:
        """What stands at the end of a row: what is left, or what is amiss; True where it is amiss.

        A header at hand says how long it lives; without one, the last result or the expiry says
        what to expect.
        """
        if token.id in self._fetching:
            return _("fetching…"), False
        now = self._clock()
        if token.result.state not in {State.READY, State.UNPROVEN}:
            return result_words(token.result.state, token.result.stage), True
        access = self._at_hand(token)
        if access is not None:
            return countdown(access.left(now)), False
        is_over = token.expiry.at is not None and token.expiry.at <= now
        return (expiry_words(token.expiry, now), True) if is_over else ("", False)
