"""The table of removed tokens, and the keys that act on its lines."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from partner_tokens.core.language import _
from partner_tokens.ui.trash_model import Column, TrashModel

WIDTHS = {Column.NAME: 150, Column.REMOVED: 190, Column.ERASED: 130}
LINE = 36
INSET = 14
"""So far in, the first column stands below its title."""


class TrashTable(QTableView):
    """Enter restores the selected lines, Delete erases them."""

    restore_wanted = Signal()
    erase_wanted = Signal()

    def __init__(self, model: TrashModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setAccessibleName(_("Removed tokens"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        down, across = self.verticalHeader(), self.horizontalHeader()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(LINE)
        down.hide()
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setSectionResizeMode(Column.ORGANIZATION, QHeaderView.ResizeMode.Stretch)
        for column, width in WIDTHS.items():
            across.resizeSection(column, width)

        self.setItemDelegateForColumn(Column.ORGANIZATION, _Inset(self))

    def lines(self) -> list[int]:
        """The selected lines, top to bottom."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def select_lines(self, lines: Sequence[int]) -> None:
        """Selects these lines, one at least; the first is current, whatever keys are held down."""
        selection, model = QItemSelection(), self.model()
        for line in lines:
            index = model.index(line, 0)
            selection.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        chosen = self.selectionModel()
        chosen.setCurrentIndex(model.index(lines[0], 0), flags.NoUpdate)
        chosen.select(selection, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(model.index(lines[0], 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.restore_wanted.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.erase_wanted.emit()
        else:
            super().keyPressEvent(event)


class _Inset(QStyledItemDelegate):
    """Text that does not begin at the very edge of the dialog."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
        option.decorationSize = QSize(INSET - 6, 1)
