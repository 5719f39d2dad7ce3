"""The preview's table: ticks, editing in place, and the keys for both."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.ui.import_cure import cell_that_mends
from partner_tokens.ui.import_model import Column, ImportModel
from partner_tokens.ui.import_secret import SecretEditing
from partner_tokens.ui.look import Look

WIDTHS = {
    Column.TAKEN: 40,
    Column.ORGANIZATION: 160,
    Column.NAME: 116,
    Column.SECRET: 112,
    Column.ENDPOINT: 180,
    Column.EXPIRES: 100,
}
LINE = 36
BOX = 16
TICK = 12


class ImportTable(QTableView):
    """A click on its box or Space takes a row or skips it; a double click edits a cell.

    F2 edits it too, but where the row cannot be stored, it edits the cell that is wrong.
    A single API token that is pasted while the cell of an unusable one is current goes there.
    """

    uneditable = Signal()
    """F2 was pressed where no cell can be edited that would help."""
    closed = Signal()
    """No cell is open for editing any more; what was typed was taken before."""

    def __init__(self, model: ImportModel, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self.setModel(model)
        self.setItemDelegateForColumn(Column.TAKEN, _TickPainter(look, self))
        self.setItemDelegateForColumn(Column.SECRET, SecretEditing(self))
        self.setAccessibleName(_("Rows to import"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.DoubleClicked | trigger.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(LINE)
        self.verticalHeader().hide()
        across = self.horizontalHeader()
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in WIDTHS.items():
            across.resizeSection(column, width)
        across.setStretchLastSection(True)
        self.clicked.connect(self._clicked)

    @property
    def is_edited(self) -> bool:
        """Whether a cell is open for editing."""
        return self.state() is QAbstractItemView.State.EditingState

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        if not self.is_edited:
            self.closed.emit()

    def event(self, event: QEvent) -> bool:
        is_shortcut = event.type() == QEvent.Type.ShortcutOverride
        if is_shortcut and isinstance(event, QKeyEvent) and self._is_paste_of_token(event):
            event.accept()  # else the dialog takes it for another table
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if self._is_paste_of_token(event):
            self._rows.replace_secret(index.row(), Secret(self._pasted_token()))
        elif event.key() == Qt.Key.Key_Space and index.isValid():
            self._rows.toggle(index.row())
        elif event.key() == Qt.Key.Key_F2 and index.isValid():
            self._correct(index)
        else:
            super().keyPressEvent(event)

    def _correct(self, index: QModelIndex) -> None:
        """Edits the cell, or the one that is wrong in a row that is not to be had as it stands."""
        row = self._rows.row_at(index.row())
        is_editable = bool(index.flags() & Qt.ItemFlag.ItemIsEditable)
        if row.can_be_stored and is_editable:
            self.edit(index)
            return
        column = cell_that_mends(row)
        if column is None:
            self.uneditable.emit()
            return
        cell = self._rows.index(index.row(), column)
        self.setCurrentIndex(cell)
        self.edit(cell)

    def _is_paste_of_token(self, event: QKeyEvent) -> bool:
        return event.matches(QKeySequence.StandardKey.Paste) and bool(self._pasted_token())

    def _pasted_token(self) -> str:
        """The one word on the clipboard, where the current cell wants one; else empty."""
        index = self.currentIndex()
        if index.column() != Column.SECRET or self._rows.row_at(index.row()).can_be_stored:
            return ""
        words = QGuiApplication.clipboard().text().split()
        return words[0] if len(words) == 1 else ""

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == Column.TAKEN:
            self._rows.toggle(index.row())


class _TickPainter(QStyledItemDelegate):
    """Paints the box of a row as the form's boxes look."""

    def __init__(self, look: Look, parent: QTableView) -> None:
        super().__init__(parent)
        self._look = look

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect: QRect = option.rect
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        model = index.model()
        can_be_taken = isinstance(model, ImportModel) and model.row_at(index.row()).can_be_stored
        box = QRect(0, 0, BOX, BOX)
        box.moveCenter(rect.center())
        checked = state == Qt.CheckState.Checked
        if not can_be_taken:
            return  # nothing to tick: its last column says why
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if checked:
            painter.setBrush(self._look.colour("accent"))
        painter.setPen(QPen(self._look.colour("accent" if checked else "dim"), 1))
        painter.drawRoundedRect(box.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if checked:
            ratio = painter.device().devicePixelRatio()
            tick = self._look.pixmap("check", "accent_text", TICK, ratio)
            painter.drawPixmap(box.x() + (BOX - TICK) // 2, box.y() + (BOX - TICK) // 2, tick)
        painter.restore()
