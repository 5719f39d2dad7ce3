"""Tokens by organization, filtered and sorted, with the time that is left to each."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, IntEnum
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from partner_tokens.core.clock import Clock
from partner_tokens.core.kind_words import kind_words
from partner_tokens.core.language import _
from partner_tokens.core.lifetime import Band, Expiry
from partner_tokens.core.marks import production_word
from partner_tokens.core.stages import Stage
from partner_tokens.core.tokens import AccessToken, ApiToken, Kind, State, folded, search_text
from partner_tokens.core.wording import (
    countdown,
    exact,
    expiry_labelled,
    expiry_words,
    mark_words,
    pause_words,
    result_words,
    row_sentence,
    when_words,
)
from partner_tokens.ui.plain_tip import plain_tip

RECOUNT = timedelta(seconds=10)
"""How long counts hold while only single tokens change."""

Index = QModelIndex | QPersistentModelIndex
AtHand = Callable[[ApiToken], AccessToken | None]
"""The cached access token of an API token, or None; never waits."""


class Column(IntEnum):
    """The columns, in their usual order."""

    ORGANIZATION = 0
    EXPIRES = 1
    ACCESS = 2
    RESULT = 3
    USED = 4


class Chip(Enum):
    """The counts above the list; each is a filter."""

    ALL = "all"
    REMINDED = "reminded"
    ATTENTION = "attention"
    EXPIRED = "expired"
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    HELD = "held"
    WEEK = "week"
    MONTH = "month"
    PASSCODE = "passcode"
    UNREACHABLE = "unreachable"
    UNPROVEN = "unproven"
    NO_DATE = "no date"
    FINE = "fine"
    PINNED = "pinned"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list. `leads` is the first of its organization and carries its name."""

    token: ApiToken
    leads: bool
    last: bool


class Keys(NamedTuple):
    """What a token is sorted by, searched in and grouped by: made once, compared at each key."""

    sorting: str
    text: str
    group: tuple[bool, int]
    """Whether it stands below the pinned ones, and its organization."""


NEEDS_ATTENTION = frozenset({State.REFUSED, State.UNREADABLE, State.HELD})
OF_STATE = {
    State.REFUSED: Chip.REFUSED,
    State.UNREADABLE: Chip.UNREADABLE,
    State.HELD: Chip.HELD,
    State.PASSCODE: Chip.PASSCODE,
    State.UNREACHABLE: Chip.UNREACHABLE,
    State.UNPROVEN: Chip.UNPROVEN,
}
OF_BAND = {
    Band.OVER: (Chip.EXPIRED, Chip.ATTENTION),
    Band.URGENT: (Chip.WEEK, Chip.MONTH),
    Band.SOON: (Chip.MONTH,),
    Band.UNKNOWN: (Chip.NO_DATE,),
}
PAUSABLE = frozenset({State.READY, State.UNPROVEN, State.UNREACHABLE})
TIMED = (Column.EXPIRES, Column.ACCESS, Column.RESULT, Column.USED)
"""The columns whose words time alone can change."""

ROW_ROLE = Qt.ItemDataRole.UserRole


def chips_of(token: ApiToken, now: datetime) -> frozenset[Chip]:
    """Every chip that counts the token, by cause and by band; fine is what has neither."""
    band = token.expiry.band(now)
    return _chips_for(band, token.result.state, token.interactive, token.pinned)


@cache
def _chips_for(band: Band, state: State, interactive: bool, pinned: bool) -> frozenset[Chip]:
    """One set for all tokens that have these in common: thousands share a few dozen."""
    chips = set(OF_BAND.get(band, ()))
    if state in OF_STATE:
        chips.add(OF_STATE[state])
    if state in NEEDS_ATTENTION:
        chips.add(Chip.ATTENTION)
    if interactive:
        chips.add(Chip.PASSCODE)
    chips = chips or {Chip.FINE}
    chips.add(Chip.ALL)
    if pinned:
        chips.add(Chip.PINNED)
    return frozenset(chips)


class TokenModel(QAbstractTableModel):
    """The list as the view shows it. Lives on the GUI thread and never waits for anything."""

    arranged = Signal()
    """Rows came, went or moved: heights and selection must be set anew."""
    counted = Signal()
    """Tokens came, went or changed: the counts are others."""

    def __init__(self, clock: Clock, at_hand: AtHand) -> None:
        super().__init__()
        self._clock = clock
        self._at_hand = at_hand
        self._tokens: dict[str, ApiToken] = {}
        self._keys: dict[str, Keys] = {}
        self._by_name: list[str] = []
        """The ids of all tokens in the usual order, so that a filter need not sort."""
        self._in_groups = True
        """Whether that order keeps organizations together: unless two have the same name."""
        self._rows: list[str] = []
        """The ids of the tokens that are shown, from top to bottom; replaced, never changed."""
        self._places: dict[str, int] = {}
        self._fetching: frozenset[str] = frozenset()
        self._words: tuple[str, ...] = ()
        self._chip = Chip.ALL
        self._reminded: frozenset[str] = frozenset()
        self._pending: frozenset[str] = frozenset()
        self._sorted_by = Column.ORGANIZATION
        self._descending = False
        self._shown: dict[tuple[str, Column], str] = {}
        self._counted: dict[str, frozenset[Chip]] = {}
        self._counts = dict.fromkeys(Chip, 0)
        self._counted_at: datetime | None = None

    # ---- what is in it ----

    def set_tokens(self, tokens: Iterable[ApiToken]) -> None:
        """Takes the whole list anew; where nothing came, went or was renamed, nothing moves."""
        fresh = {token.id: token for token in tokens}
        known = self._tokens  # of 20,000 tokens all but a few are the same as before
        keys = {
            id: self._keys[id] if known.get(id) is token else _keys_of(token)
            for id, token in fresh.items()
        }
        self._counted_at = None
        if keys == self._keys:
            self._tokens = fresh
            self._refresh_in_place()
        else:
            self.beginResetModel()  # who hears of it still finds the lines of before
            self._tokens, self._keys = fresh, keys
            self._by_name = sorted(keys, key=lambda id: (keys[id].group[0], keys[id].sorting))
            groups = [keys[id].group for id in self._by_name]
            self._in_groups = sum(_changes(groups)) == len(set(groups))
            self._end_reset(self._found())
        self.counted.emit()

    def _refresh_in_place(self) -> None:
        self._shown.clear()
        if self._rows:
            self.dataChanged.emit(
                self.index(0, 0), self.index(len(self._rows) - 1, len(Column) - 1)
            )

    def put(self, token: ApiToken) -> None:
        """Takes one token, new or changed; only its own line is looked at where it stays there."""
        known = self._tokens.get(token.id)
        if known is None or not self._stays_in_place(known, token):
            self.set_tokens({**self._tokens, token.id: token}.values())
            return
        self._tokens[token.id], self._keys[token.id] = token, _keys_of(token)
        if token.id in self._places:
            for column in Column:
                self._shown.pop((token.id, column), None)
            self._repaint(token.id)
        self._count(token)
        self.counted.emit()

    def _stays_in_place(self, known: ApiToken, token: ApiToken) -> bool:
        before, after = self._keys[known.id], _keys_of(token)
        return (before.group, before.sorting) == (after.group, after.sorting) and self._has_words(
            before.text
        ) == self._has_words(after.text)

    def _has_words(self, text: str) -> bool:
        return all(word in text for word in self._words)

    def drop(self, token_id: str) -> None:
        """Leaves one token out."""
        self.set_tokens(t for t in self._tokens.values() if t.id != token_id)

    def set_fetching(self, token_ids: Iterable[str]) -> None:
        """The tokens whose header is on its way: their rows say so."""
        before, self._fetching = self._fetching, frozenset(token_ids)
        for token_id in before ^ self._fetching:
            self._repaint(token_id)

    def set_reminded(self, token_ids: Iterable[str]) -> None:
        """The tokens of the last reminder."""
        self._reminded = frozenset(token_ids)
        self._counted_at = None
        self.counted.emit()

    def set_pending(self, token_ids: Iterable[str]) -> None:
        """The tokens whose new secret was pasted and is not in place yet: their rows say so."""
        before, self._pending = self._pending, frozenset(token_ids)
        for token_id in before ^ self._pending:
            self._repaint(token_id)

    def filter(self, words: str, chip: Chip) -> None:
        """Shows the tokens in which every typed word occurs, of those the chip counts."""
        fresh = tuple(folded(words).split())
        if (fresh, chip) != (self._words, self._chip):
            self._words, self._chip = fresh, chip
            found = self._found()
            if found == self._rows:  # as with the first letters of a word that all have
                self.arranged.emit()
            else:
                self.beginResetModel()
                self._end_reset(found)

    def counts(self) -> dict[Chip, int]:
        """How many tokens each chip counts; time moves them on within RECOUNT."""
        now = self._clock()
        if self._counted_at is None or not timedelta(0) <= now - self._counted_at < RECOUNT:
            self._counted_at = now
            self._counted = {id: self._chips_of(t, now) for id, t in self._tokens.items()}
            self._counts = dict.fromkeys(Chip, 0)
            for chips, tokens in Counter(self._counted.values()).items():
                for chip in chips:
                    self._counts[chip] += tokens
        return dict(self._counts)

    def _count(self, token: ApiToken) -> None:
        """Counts one token, anew if it was counted before."""
        for chip in self._counted.get(token.id, ()):
            self._counts[chip] -= 1
        self._counted[token.id] = self._chips_of(token, self._clock())
        for chip in self._counted[token.id]:
            self._counts[chip] += 1

    def _chips_of(self, token: ApiToken, now: datetime) -> frozenset[Chip]:
        chips = chips_of(token, now)
        return chips | {Chip.REMINDED} if token.id in self._reminded else chips

    def __len__(self) -> int:
        return len(self._tokens)

    def token(self, token_id: str) -> ApiToken | None:
        """The token of this id, shown or filtered away."""
        return self._tokens.get(token_id)

    def tokens(self) -> tuple[ApiToken, ...]:
        """All tokens, shown or filtered away."""
        return tuple(self._tokens.values())

    @property
    def shown(self) -> Sequence[str]:
        """The ids of the lines, from top to bottom: as they are now, also after a reset."""
        return self._rows

    @property
    def sought(self) -> tuple[tuple[str, ...], Chip]:
        """The typed words and the chip: what the user wants to see."""
        return self._words, self._chip

    @property
    def order(self) -> tuple[Column, bool]:
        """The column it is sorted by, and whether from the end."""
        return self._sorted_by, self._descending

    def row_at(self, row: int) -> Row:
        """The line at this place."""
        id = self._rows[row]
        above, here, below = (
            self._keys[self._rows[place]].group if 0 <= place < len(self._rows) else None
            for place in (row - 1, row, row + 1)
        )
        return Row(self._tokens[id], above != here, below != here)

    def leading(self) -> list[bool]:
        """Of each line, whether it is the first of its organization."""
        return _changes([self._keys[id].group for id in self._rows])

    def place_of(self, token_id: str) -> int | None:
        """The place of a token, or None while it is filtered away."""
        return self._places.get(token_id)

    # ---- order ----

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sorts organizations by their first token in this order, and tokens inside them."""
        self._sorted_by = Column(column)
        self._descending = order is Qt.SortOrder.DescendingOrder
        self.arrange()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def arrange(self) -> None:
        """Filters, sorts and groups anew. Called for deeds of the user, never by the clock."""
        self.beginResetModel()
        self._end_reset(self._found())

    def _end_reset(self, found: list[str]) -> None:
        self._rows = found
        self._places = {id: place for place, id in enumerate(found)}
        self._shown.clear()
        self.endResetModel()
        self.arranged.emit()

    def _found(self) -> list[str]:
        """What is to be shown, in its order."""
        found, keys = self._by_name, self._keys
        for word in self._words:
            found = [id for id in found if word in keys[id].text]
        if self._chip is not Chip.ALL:
            self.counts()
            found = [id for id in found if self._chip in self._counted[id]]
        if self._sorted_by is not Column.ORGANIZATION or self._descending:
            # Both sorts are stable: what ranks alike stays in the usual order, either way.
            found = sorted(found, key=lambda id: keys[id].sorting, reverse=self._descending)
            if self._sorted_by is not Column.ORGANIZATION:
                found.sort(key=self._rank(), reverse=self._descending)
        elif self._in_groups:
            return found
        groups: dict[tuple[bool, int], list[str]] = {}
        for id in found:
            groups.setdefault(keys[id].group, []).append(id)
        pinned_first = sorted(groups, key=lambda group: group[0])
        return list(chain.from_iterable(groups[group] for group in pinned_first))

    def _rank(self) -> Callable[[str], Any]:
        """What a token is sorted by in the chosen column; alike ones are in their usual order."""
        tokens = self._tokens
        match self._sorted_by:
            case Column.EXPIRES:
                return lambda id: _end(tokens[id].expiry)
            case Column.ACCESS:
                return lambda id: _soonest_last(self._at_hand(tokens[id]))
            case Column.RESULT:
                rank = cache(_rank_of_result)
                return lambda id: rank(tokens[id].result.state, tokens[id].result.stage)
            case _:
                return lambda id: _latest_first(tokens[id].last_used_at)

    # ---- time ----

    def tick(self, first: int, last: int) -> None:
        """Announces the lines from `first` to `last` whose words changed since they were shown."""
        for place in range(max(first, 0), min(last + 1, len(self._rows))):
            token = self._tokens[self._rows[place]]
            for column in TIMED:
                known = self._shown.get((token.id, column))
                if known is not None and known != self._text(token, column):
                    index = self.index(place, column)
                    self.dataChanged.emit(index, index)

    def _repaint(self, token_id: str) -> None:
        place = self._places.get(token_id)
        if place is not None:
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(Column) - 1))

    # ---- what the view asks ----

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        is_sorted = section == self._sorted_by
        match role:
            case Qt.ItemDataRole.DisplayRole:
                arrow = ("  ▾" if self._descending else "  ▴") if is_sorted else ""
                return column_label(Column(section)) + arrow
            case Qt.ItemDataRole.AccessibleTextRole:
                return column_label(Column(section))
            case Qt.ItemDataRole.AccessibleDescriptionRole if is_sorted:
                return _("sorted, descending") if self._descending else _("sorted, ascending")
            case _:
                return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        token = self._tokens[self._rows[index.row()]]
        column = Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                text = self._text(token, column)
                self._shown[token.id, column] = text
                return text
            case Qt.ItemDataRole.ToolTipRole:
                return self._tooltip(token, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                if column is Column.ORGANIZATION:
                    return self.sentence(token)
                return self._text(token, column)
            case _ if role == ROW_ROLE:
                return self.row_at(index.row())
            case _:
                return None

    def sentence(self, token: ApiToken) -> str:
        """The whole line as it is read aloud."""
        now = self._clock()
        access = self._at_hand(token)
        words = row_sentence(token, access.left(now) if access else None, now)
        return f"{words}, {_('new token waits')}" if self.is_pending(token) else words

    def access(self, token: ApiToken) -> tuple[float, str] | None:
        """What is left of the cached access token: a share of its life, and m:ss."""
        access = self._at_hand(token)
        if access is None:
            return None
        left = access.left(self._clock())
        return max(0.0, min(1.0, left / access.life)), countdown(left)

    def is_fetching(self, token: ApiToken) -> bool:
        """Whether a header for this token is on its way."""
        return token.id in self._fetching

    def shows_pause(self, token: ApiToken) -> bool:
        """Whether its row tells of a pause: only where else the background would exchange it."""
        home = token.organization
        if home.paused_until is None or token.result.state not in PAUSABLE:
            return False
        return home.is_paused(self._clock())

    def is_pending(self, token: ApiToken) -> bool:
        """Whether a new secret waits to take its place."""
        return token.id in self._pending

    def band(self, token: ApiToken) -> Band:
        """The band of the token's expiry now."""
        return token.expiry.band(self._clock())

    def _text(self, token: ApiToken, column: Column) -> str:
        now = self._clock()
        match column:
            case Column.ORGANIZATION:
                return token.organization.name
            case Column.EXPIRES:
                return expiry_words(token.expiry, now)
            case Column.ACCESS:
                if token.id in self._fetching:
                    return _("fetching…")
                access = self.access(token)
                return access[1] if access else "–"
            case Column.RESULT if self.is_pending(token):
                return _("New token waits")
            case Column.RESULT:
                if self.shows_pause(token):
                    words = pause_words(token.organization, now)
                    return words[:1].upper() + words[1:]
                return result_words(token.result.state, token.result.stage)
            case Column.USED:
                return when_words(token.last_used_at, now)

    def _tooltip(self, token: ApiToken, column: Column) -> str | None:
        match column:
            case Column.ORGANIZATION:
                home = token.organization
                marks = ", ".join(mark_words(home))
                kind = "" if token.kind is Kind.NAVIGATOR else kind_words(token.kind)
                place = (home.service_id, kind, token.endpoint)
                return plain_tip(home.name, marks, home.note, *place, token.note)
            case Column.EXPIRES:
                return expiry_labelled(token)
            case Column.RESULT:
                return self._result_tooltip(token)
            case Column.USED:
                return exact(token.last_used_at) if token.last_used_at else None
            case _:
                return None

    def _result_tooltip(self, token: ApiToken) -> str:
        words = result_words(token.result.state, token.result.stage)
        told = f"{words}\n{exact(token.result.at)}" if token.result.at else words
        pause = pause_words(token.organization, self._clock())
        return f"{told}\n{pause}" if pause else told


def column_label(column: Column) -> str:
    """What stands above a column."""
    return {
        Column.ORGANIZATION: _("Organization"),
        Column.EXPIRES: _("API token expires"),
        Column.ACCESS: _("Access token"),
        Column.RESULT: _("Last result"),
        Column.USED: _("Last used"),
    }[column]


def _keys_of(token: ApiToken) -> Keys:
    home = token.organization
    text = search_text(token)
    if home.production:
        text = f"{text}\n{folded(production_word())}"  # as the row says it, in any language
    return Keys(folded(f"{home.name}\0{token.name}"), text, (not token.pinned, home.key))


def _changes(groups: list[tuple[bool, int]]) -> list[bool]:
    """Of each, whether it is another than the one before."""
    return [before != here for before, here in zip([None, *groups], groups, strict=False)]


def _end(expiry: Expiry) -> float:
    return expiry.at.timestamp() if expiry.at else 1e12 + expiry.never


def _soonest_last(access: AccessToken | None) -> float:
    return -access.expires_at.timestamp() if access else 0


def _rank_of_result(state: State, stage: Stage | None) -> tuple[bool, str]:
    return state not in NEEDS_ATTENTION, result_words(state, stage)


def _latest_first(at: datetime | None) -> float:
    return -at.timestamp() if at else 0
