"""A provider's customers as a table: name, id, and how many tokens of each are stored."""

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from partner_tokens.core.language import _, _n
from partner_tokens.core.tokens import folded
from partner_tokens.ui.look import Look

if TYPE_CHECKING:
    from partner_tokens.core.coverage import Customer

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns, from the leading edge on."""

    NAME = 0
    TOKENS = 1
    ID = 2


class CoverageModel(QAbstractTableModel):
    """Those in whose name or id every typed word occurs; all, or those without a token alone."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._all: Sequence[Customer] = ()
        self._shown: list[Customer] = []
        self._words: tuple[str, ...] = ()
        self._only_uncovered = True

    def show_all(self, customers: "Sequence[Customer]") -> None:
        """Takes the whole list anew."""
        self._all = customers
        self._arrange()

    def filter(self, typed: str, *, only_uncovered: bool) -> None:
        """Shows those that were meant."""
        self._words = tuple(folded(typed).split())
        self._only_uncovered = only_uncovered
        self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        self._shown = [one for one in self._all if self._is_meant(one)]
        self.endResetModel()

    def _is_meant(self, customer: "Customer") -> bool:
        if self._only_uncovered and customer.tokens:
            return False
        text = folded(f"{customer.name}\n{customer.id}")
        return all(word in text for word in self._words)

    def customer_at(self, place: int) -> "Customer":
        """The one of a line."""
        return self._shown[place]

    def place_of(self, id: str) -> int | None:
        """The line of the customer with this id; None while it is filtered away."""
        return next((place for place, one in enumerate(self._shown) if one.id == id), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (_("Customer"), _("Stored here"), _("Organization id"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        customer, column = self._shown[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(customer, column)
            case Qt.ItemDataRole.DecorationRole if column is Column.TOKENS:
                icon = ("check", "fine") if customer.tokens else ("warning", "urgent")
                return self._look.icon(*icon)
            case Qt.ItemDataRole.AccessibleTextRole if column is Column.NAME:
                return ", ".join(self._text(customer, each) for each in Column)
            case Qt.ItemDataRole.ToolTipRole if column is Column.ID:
                return customer.id
            case _:
                return None

    def _text(self, customer: "Customer", column: Column) -> str:
        match column:
            case Column.NAME:
                return customer.name or _("(name not told)")
            case Column.ID:
                return customer.id
            case Column.TOKENS:
                if not customer.tokens:
                    return _("no token")
                words = _n("{count} token", "{count} tokens", customer.tokens)
                return words.format(count=customer.tokens)
