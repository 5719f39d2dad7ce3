"""Paints a line of the sheet of shortcuts: what it does at one side, its keys at the other."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from partner_tokens.ui.line_ground import paint_ground
from partner_tokens.ui.look import Look
from partner_tokens.ui.shortcuts import Shortcut

Index = QModelIndex | QPersistentModelIndex

SHORTCUT_ROLE = Qt.ItemDataRole.UserRole
"""The Shortcut of a line; None on a heading."""

MARGIN, GAP, PAD = 16, 6, 8


class ShortcutDelegate(QStyledItemDelegate):
    """Draws from the look's shades and the view's font only."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = QFontMetrics(option.font).lineSpacing()
        is_heading = index.data(SHORTCUT_ROLE) is None
        return QSize(80, line + (22 if is_heading else 14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shortcut: Shortcut | None = index.data(SHORTCUT_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if shortcut is None:
            self._heading(painter, option, str(index.data()))
        else:
            self._line(painter, option, shortcut)
        painter.restore()

    def _heading(self, painter: QPainter, option: QStyleOptionViewItem, words: str) -> None:
        font = QFont(option.font)
        font.setBold(True)
        painter.setFont(font)
        box = option.rect.adjusted(MARGIN, 8, -MARGIN, 0)
        self._write(painter, option, box, words, "text")

    def _line(self, painter: QPainter, option: QStyleOptionViewItem, shortcut: Shortcut) -> None:
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        paint_ground(painter, option, self._look, chosen=is_chosen)
        right = self._keys(painter, option, shortcut.keys)
        box = option.rect.adjusted(MARGIN, 0, 0, 0)
        box.setRight(right - GAP)
        metrics = QFontMetrics(option.font)
        words = metrics.elidedText(shortcut.words, Qt.TextElideMode.ElideRight, box.width())
        self._write(painter, option, box, words, "text")

    def _keys(self, painter: QPainter, option: QStyleOptionViewItem, keys: tuple[str, ...]) -> int:
        """Each as the cap of a key, up to the edge; how far left they reach."""
        metrics = QFontMetrics(option.font)
        height = metrics.lineSpacing() + 4
        right = option.rect.right() - MARGIN
        top = option.rect.center().y() - height // 2
        for key in reversed(keys):
            width = metrics.horizontalAdvance(key) + 2 * PAD
            cap = self._mirrored(option, QRect(right - width, top, width, height))
            painter.setPen(QPen(self._look.colour("edge"), 1))
            painter.setBrush(self._look.colour("window"))
            painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setPen(self._look.colour("text"))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
            right -= width + GAP
        return right

    def _mirrored(self, option: QStyleOptionViewItem, box: QRect) -> QRect:
        return QStyle.visualRect(option.direction, option.rect, box)

    def _write(
        self, painter: QPainter, option: QStyleOptionViewItem, box: QRect, words: str, shade: str
    ) -> None:
        painter.setPen(self._look.colour(shade))
        mirrored = option.direction is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self._mirrored(option, box), int(flags), words)
