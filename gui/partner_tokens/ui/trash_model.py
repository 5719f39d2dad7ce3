"""Removed tokens as a table: whose, since when, and how long they can be brought back."""

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from partner_tokens.core.clock import Clock
from partner_tokens.core.language import _
from partner_tokens.core.wording import days_left_words, exact, removed_words

if TYPE_CHECKING:
    from partner_tokens.core.trash import Removed

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class Column(IntEnum):
    """What a column shows."""

    ORGANIZATION = 0
    NAME = 1
    REMOVED = 2
    ERASED = 3


class TrashModel(QAbstractTableModel):
    """The last removed stands first."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._rows: tuple[Removed, ...] = ()

    def show_rows(self, rows: "Sequence[Removed]") -> bool:
        """Takes the trash as it is now; False where it is as it was, and nothing moves."""
        if tuple(rows) == self._rows:
            return False
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()
        return True

    def row_at(self, line: int) -> "Removed":
        """What a line shows."""
        return self._rows[line]

    def __len__(self) -> int:
        return len(self._rows)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _label(Column(section))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, column)
            case Qt.ItemDataRole.AccessibleTextRole if column is Column.ORGANIZATION:
                return self._sentence(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._text(row, column)
            case Qt.ItemDataRole.ToolTipRole if column is Column.REMOVED:
                return exact(row.removed_at)
            case Qt.ItemDataRole.ToolTipRole if column is Column.ERASED:
                return exact(row.erased_at)
            case _:
                return None

    def _text(self, row: "Removed", column: Column) -> str:
        match column:
            case Column.ORGANIZATION:
                return row.token.organization.name
            case Column.NAME:
                return row.token.name
            case Column.REMOVED:
                return removed_words(row.removed_at, row.why, self._clock())
            case Column.ERASED:
                return days_left_words(row.erased_at, self._clock())

    def _sentence(self, row: "Removed") -> str:
        """The whole line as it is read aloud."""
        words = _("{organization}, {name}, removed {when}, erased {then}")
        return words.format(
            organization=row.token.organization.name,
            name=row.token.name,
            when=self._text(row, Column.REMOVED),
            then=self._text(row, Column.ERASED),
        )


def _label(column: Column) -> str:
    match column:
        case Column.ORGANIZATION:
            return _("Organization")
        case Column.NAME:
            return _("Token")
        case Column.REMOVED:
            return _("Removed")
        case Column.ERASED:
            return _("Erased")
