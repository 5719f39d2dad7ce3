"""Paints a line of a history: icon, what happened, and below it when."""

from math import ceil

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from partner_tokens.core.events import Entry
from partner_tokens.ui.history_words import MARKS, below_words, event_words
from partner_tokens.ui.line_ground import paint_ground
from partner_tokens.ui.look import Look

Index = QModelIndex | QPersistentModelIndex

ENTRY_ROLE = Qt.ItemDataRole.UserRole
MARGIN, PAD, ICON, GAP, BETWEEN = 16, 8, 16, 10, 2


class HistoryDelegate(QStyledItemDelegate):
    """As tall as the words need in the width there is."""

    def __init__(self, look: Look, view: QListView) -> None:
        super().__init__(view)
        self._look = look
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        entry: Entry = index.data(ENTRY_ROLE)
        above, below = self._heights(option, entry, self._view.viewport().width())
        return QSize(100, above + BETWEEN + below + 2 * PAD + 1)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        above, below = self._heights(option, entry, option.rect.width())
        left, top = option.rect.left() + MARGIN, option.rect.top() + PAD
        room = option.rect.width() - 2 * MARGIN - ICON - GAP
        icon, shade = MARKS[entry.event]
        ratio = painter.device().devicePixelRatioF()
        line = QFontMetrics(option.font).lineSpacing()
        mark = QRect(left, top + (line - ICON) // 2, ICON, ICON)
        words = QRect(left + ICON + GAP, top, room, above)
        when = QRect(words.left(), words.bottom() + 1 + BETWEEN, room, below)
        painter.save()
        self._ground(painter, option)
        painter.drawPixmap(
            self._place(option, mark).topLeft(), self._look.pixmap(icon, shade, ICON, ratio)
        )
        self._write(painter, option, words, event_words(entry), "text")
        self._write(painter, option, when, below_words(entry), "dim")
        painter.restore()

    def _heights(self, option: QStyleOptionViewItem, entry: Entry, width: int) -> tuple[int, int]:
        room = max(width - 2 * MARGIN - ICON - GAP, 40)
        above, below = (
            self._wrapped(option, text, room).boundingRect().height()
            for text in (event_words(entry), below_words(entry))
        )
        return ceil(above), ceil(below)

    def _wrapped(self, option: QStyleOptionViewItem, text: str, room: int) -> QTextLayout:
        """The text in lines that end at words, where words are not too long for that."""
        choices = QTextOption()
        choices.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        choices.setTextDirection(option.direction)
        mirrored = option.direction is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        choices.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
        layout = QTextLayout(text, option.font)
        layout.setTextOption(choices)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room)
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        here = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus
        is_here = option.state & here == here
        rect = option.rect
        paint_ground(painter, option, self._look, chosen=is_here)
        painter.fillRect(
            QRect(rect.left(), rect.bottom(), rect.width(), 1), self._look.colour("line")
        )

    def _write(
        self, painter: QPainter, option: QStyleOptionViewItem, place: QRect, text: str, shade: str
    ) -> None:
        painter.setPen(self._look.colour(shade))
        where = QPointF(self._place(option, place).topLeft())
        self._wrapped(option, text, place.width()).draw(painter, where)

    def _place(self, option: QStyleOptionViewItem, place: QRect) -> QRect:
        return QStyle.visualRect(option.direction, option.rect, place)
