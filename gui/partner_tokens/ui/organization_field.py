"""Where an organization is named: completes the known ones, whatever their case and accents."""

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QStyledItemDelegate, QWidget

from partner_tokens.core.tokens import folded

FOLDED = Qt.ItemDataRole.UserRole


class OrganizationField(QLineEdit):
    """A line edit with a completer over names."""

    def __init__(self, names: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCompleter(_FoldingCompleter(names, self))


class _FoldingCompleter(QCompleter):
    """Compares without case and accents, and completes the name as it is written."""

    def __init__(self, names: Iterable[str], parent: QLineEdit) -> None:
        super().__init__(parent)
        model = QStandardItemModel(self)
        for name in sorted(set(names), key=folded):
            item = QStandardItem(name)
            item.setData(folded(name), FOLDED)
            model.appendRow(item)
        self.setModel(model)
        self.setCompletionRole(FOLDED)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setMaxVisibleItems(8)
        popup = QListView()
        popup.setObjectName("completions")
        self.setPopup(popup)
        popup.setItemDelegate(QStyledItemDelegate(popup))  # a style sheet can space its items

    def splitPath(self, path: str) -> list[str]:
        return [folded(path)]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        return str(index.data(Qt.ItemDataRole.DisplayRole))
