"""The preview of an import as a table: which rows are taken, what is wrong with the others."""

from collections.abc import Sequence
from dataclasses import replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from partner_tokens.core.errors.tokens import RepeatedToken
from partner_tokens.core.kind_words import kind_words
from partner_tokens.core.language import _, _n
from partner_tokens.core.lookalike import holds_api_token
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import Kind, host_of
from partner_tokens.core.wording import expiry_words
from partner_tokens.ui.look import Look
from partner_tokens.ui.plain_tip import plain_tip

if TYPE_CHECKING:
    from partner_tokens.core.clock import Clock
    from partner_tokens.core.columns import Found
    from partner_tokens.core.importing import Origin
    from partner_tokens.core.intake import Row
    from partner_tokens.core.tokens import Organization

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class Column(IntEnum):
    """What a column of the preview shows."""

    TAKEN = 0
    ORGANIZATION = 1
    NAME = 2
    SECRET = 3
    ENDPOINT = 4
    EXPIRES = 5
    MARK = 6


EDITABLE = {
    Column.ORGANIZATION: "organization",
    Column.NAME: "name",
    Column.ENDPOINT: "endpoint",
    Column.EXPIRES: "expires",
}
HIDDEN = "••••"
LONGEST_SHOWN = 400
"""Letters of a cell; more would keep the table from being painted in time."""
LOOKS = {
    "new": ("check", "fine"),
    "duplicate": ("copy", "dim"),
    "malformed": ("warning", "over"),
    "other organization": ("warning", "urgent"),
}
"""The icon and the shade of a mark."""


class ImportModel(QAbstractTableModel):
    """Rows that need attention come first. No role tells anything of a token but its length."""

    edited = Signal(int, object)
    """The place of a row in the source, and its Found as the user corrected it."""
    chosen = Signal()
    """The user ticked a row, or unticked it."""

    def __init__(self, look: Look, clock: "Clock", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._clock = clock
        self._rows: tuple[Row, ...] = ()
        self._origins: tuple[Origin, ...] = ()
        self._order: list[int] = []
        self._skipped: set[Origin] = set()
        self._wanted: dict[Origin, Organization] = {}
        """Of another organization than is stored, and taken all the same."""

    def begin(self, skipped: frozenset["Origin"]) -> None:
        """Other sources are to be shown; some of their rows are skipped from the beginning."""
        self._skipped = set(skipped)
        self._wanted = {}

    def show_rows(self, rows: "Sequence[Row]", origins: "Sequence[Origin]", *, anew: bool) -> None:
        """Shows judged rows, each with where it stands; else than `anew`, the order stays."""
        is_same = tuple(origins) == self._origins
        self._origins = tuple(origins)
        if not anew and is_same:
            self._rows = tuple(rows)
            last = self.index(len(rows) - 1, Column.MARK)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._rows = tuple(rows)
        self._order = sorted(range(len(rows)), key=lambda place: (_rank(rows[place]), place))
        self.endResetModel()

    # ---- asking ----

    def row_at(self, line: int) -> "Row":
        """The judged row that a line shows."""
        return self._rows[self._order[line]]

    def is_taken(self, line: int) -> bool:
        """Whether the row will be stored."""
        return self._takes(self._order[line])

    def taken(self) -> "tuple[Row, ...]":
        """All rows that will be stored, as the source has them."""
        return tuple(row for place, row in enumerate(self._rows) if self._takes(place))

    def counts(self) -> dict[str, int]:
        """How many rows have each mark; duplicates within the source are "repeated"."""
        counts = dict.fromkeys(("new", "duplicate", "repeated", *LOOKS), 0)
        for row in self._rows:
            is_repeated = isinstance(row.problem, RepeatedToken)
            counts["repeated" if is_repeated else row.mark.value] += 1
        return counts

    def left_out(self) -> int:
        """How many rows hold something that will not be in the list afterwards."""
        counts = self.counts()
        there = len(self.taken()) + counts["duplicate"] + counts["repeated"]
        return len(self._rows) - there

    def toggle(self, line: int) -> None:
        """Takes a row or skips it; one that cannot be stored stays out."""
        place = self._order[line]
        if self._rows[place].can_be_stored:
            self._choose(place, taken=not self._takes(place))
            self.dataChanged.emit(self.index(line, 0), self.index(line, Column.MARK))
            self.chosen.emit()

    def replace_secret(self, line: int, secret: Secret) -> None:
        """Takes an API token that was pasted anew into a row."""
        found = self.row_at(line).found
        if secret != found.secret:
            self.edited.emit(self._order[line], replace(found, secret=secret))

    def line_of(self, place: int) -> int:
        """The line that shows this place in the source."""
        return self._order.index(place)

    def untaken(self) -> frozenset["Origin"]:
        """Where the rows stand that will not be stored."""
        places = enumerate(self._origins)
        return frozenset(origin for place, origin in places if not self._takes(place))

    def found_at(self, place: int) -> "Found":
        """What is shown of this place in the source."""
        return self._rows[place].found

    def skipped(self) -> frozenset["Origin"]:
        """Where the rows stand that the user does not want."""
        return frozenset(self._skipped)

    def _choose(self, place: int, *, taken: bool) -> None:
        row, origin = self._rows[place], self._origins[place]
        self._skipped.discard(origin)
        self._wanted.pop(origin, None)
        if not taken:
            self._skipped.add(origin)
        elif row.mark.value != "new":
            self._wanted[origin] = row.organization

    def _takes(self, place: int) -> bool:
        """A row of another organization only where it was taken as one of just that."""
        row, origin = self._rows[place], self._origins[place]
        if not row.can_be_stored or origin in self._skipped:
            return False
        return row.mark.value == "new" or self._wanted.get(origin) == row.organization

    # ---- the model ----

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (
                "",
                _("Organization"),
                _("Token"),
                _("API token"),
                _("Endpoint"),
                _("Expires"),
                _("What will happen"),
            )[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() in EDITABLE or index.column() == Column.SECRET:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line, column = index.row(), Column(index.column())
        row = self.row_at(line)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._words(row, column, line)
            case Qt.ItemDataRole.EditRole if column in EDITABLE:
                return _unless_secret(getattr(row.found, EDITABLE[column]), "")
            case Qt.ItemDataRole.CheckStateRole if column is Column.TAKEN:
                return Qt.CheckState.Checked if self.is_taken(line) else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.AccessibleTextRole if column is Column.TAKEN:
                return _("to be imported") if self.is_taken(line) else _("skipped")
            case Qt.ItemDataRole.DecorationRole if column is Column.MARK:
                return self._look.icon(*LOOKS[row.mark.value])
            case Qt.ItemDataRole.ForegroundRole:
                return self._colour(row, column, line)
            case Qt.ItemDataRole.ToolTipRole if row.problem is not None:
                return plain_tip(f"{row.problem.title} {row.problem.hint}")
            case Qt.ItemDataRole.AccessibleDescriptionRole if row.problem and column is Column.MARK:
                return row.problem.hint
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        column = Column(index.column())
        if role != Qt.ItemDataRole.EditRole or column not in EDITABLE:
            return False
        row = self.row_at(index.row())
        if value != getattr(row.found, EDITABLE[column]):
            corrected: Any = {EDITABLE[column]: str(value)}
            self.edited.emit(self._order[index.row()], replace(row.found, **corrected))
        return True

    def _words(self, row: "Row", column: Column, line: int) -> str | None:
        match column:
            case Column.ORGANIZATION:
                return _unless_secret(row.found.organization, HIDDEN)
            case Column.NAME:
                return _unless_secret(row.found.name, HIDDEN)
            case Column.SECRET:
                return _length_words(len(row.found.secret.reveal().strip()))
            case Column.ENDPOINT:
                return host_of(row.endpoint) or _unless_secret(row.found.endpoint, HIDDEN)
            case Column.EXPIRES:
                if row.can_be_stored:
                    return expiry_words(row.expiry, self._clock())
                return _unless_secret(row.found.expires, HIDDEN)
            case Column.MARK:
                return self._fate(row, line)
        return None

    def _fate(self, row: "Row", line: int) -> str:
        if row.problem is not None:
            return row.problem.title
        if not self.is_taken(line):
            return _("skipped")
        if row.kind is Kind.NAVIGATOR:
            return _("new")
        return _("new: {kind}").format(kind=kind_words(row.kind))

    def _colour(self, row: "Row", column: Column, line: int) -> Any:
        if column is Column.MARK:
            return self._look.colour(LOOKS[row.mark.value][1])
        return None if self.is_taken(line) else self._look.colour("dim")


def counts_words(counts: dict[str, int]) -> str:
    """How many rows have each mark, in words; empty where there is no row."""
    words = (
        _n("{count} new", "{count} new", counts["new"]),
        _n("{count} stored already", "{count} stored already", counts["duplicate"]),
        _n("{count} twice in the source", "{count} twice in the source", counts["repeated"]),
        _n("{count} cannot be used", "{count} cannot be used", counts["malformed"]),
        _n(
            "{count} of another organization",
            "{count} of another organization",
            counts["other organization"],
        ),
    )
    told = zip(words, counts.values(), strict=True)
    return " · ".join(text.format(count=number) for text, number in told if number)


def _length_words(length: int) -> str:
    words = _n("{count} character", "{count} characters", length).format(count=length)
    return words if length else _("missing")


def _unless_secret(text: str, instead: str) -> str:
    """The text; a token that a wrong column has brought here is not shown, nor half a book."""
    return instead if len(text) > LONGEST_SHOWN or holds_api_token(text) else text


def _rank(row: "Row") -> int:
    return ("malformed", "other organization", "new", "duplicate").index(row.mark.value)
