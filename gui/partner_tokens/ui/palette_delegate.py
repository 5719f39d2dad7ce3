"""Paints a line of the quick palette: names at one side, what is left at the other."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from partner_tokens.core.marks import production_word
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.look import Look
from partner_tokens.ui.palette_model import TOKEN_ROLE, PaletteModel
from partner_tokens.ui.token_delegate import STATE_ICONS

Index = QModelIndex | QPersistentModelIndex

MARGIN = 14
GAP = 8
ICON = 16


class PaletteDelegate(QStyledItemDelegate):
    """Draws from the look's shades and the view's font only."""

    def __init__(self, model: PaletteModel, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, 2 * QFontMetrics(option.font).lineSpacing() + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        token: ApiToken = index.data(TOKEN_ROLE)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(option.rect, self._look.colour("selection" if chosen else "base"))
        line = _Line(painter, option, self._look)
        if chosen:
            line.mark()
        icon, tone = STATE_ICONS[token.result.state]
        line.icon(icon, tone)
        words, amiss = self._model.standing(token)
        if words:
            line.at_end(words, "text" if amiss else "dim")
        if token.organization.production:
            line.badge(production_word())
        line.names(token.organization.name, self._model.detail(token))
        painter.restore()


class _Line:
    """Draws from both edges inwards, mirrored where the language is."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem, look: Look) -> None:
        self._painter = painter
        self._rect = option.rect
        self._font = option.font
        self._direction = option.direction
        self._look = look
        self._from, self._to = MARGIN, option.rect.width() - MARGIN

    def mark(self) -> None:
        self._painter.fillRect(self._place(0, 3, 0, 1), self._look.colour("accent"))

    def icon(self, name: str, shade: str) -> None:
        ratio = self._painter.device().devicePixelRatioF()
        top = self._rect.center().y() - ICON // 2
        corner = self._place(self._from, ICON, 0, 1).left()
        self._painter.drawPixmap(corner, top, self._look.pixmap(name, shade, ICON, ratio))
        self._from += ICON + GAP

    def at_end(self, words: str, shade: str) -> None:
        width = QFontMetrics(self._font).horizontalAdvance(words)
        self._to -= width
        self._write(words, self._font, shade, self._place(self._to, width, 0, 1))
        self._to -= GAP

    def badge(self, words: str) -> None:
        room = QFontMetrics(self._font).horizontalAdvance(words)
        width = room + ICON + 14
        self._to -= width
        patch = self._place(self._to, width, 0, 1)
        height = QFontMetrics(self._font).lineSpacing() + 4
        patch = QRect(patch.left(), patch.center().y() - height // 2, width, height)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._look.colour("urgent_on"))
        self._painter.drawRoundedRect(patch, 4, 4)
        inside = patch.adjusted(4, 0, -6, 0)
        right = self._direction is Qt.LayoutDirection.RightToLeft
        corner = inside.right() - ICON + 1 if right else inside.left()
        ratio = self._painter.device().devicePixelRatioF()
        picture = self._look.pixmap("production", "urgent", ICON, ratio)
        self._painter.drawPixmap(corner, patch.center().y() - ICON // 2 + 1, picture)
        beside = (
            inside.adjusted(0, 0, -ICON - 4, 0) if right else inside.adjusted(ICON + 4, 0, 0, 0)
        )
        self._write(words, self._font, "urgent", beside)
        self._to -= GAP

    def names(self, organization: str, detail: str) -> None:
        bold = QFont(self._font)
        bold.setBold(True)
        for half, (text, font, shade) in enumerate(
            ((organization, bold, "text"), (detail, self._font, "dim"))
        ):
            room = max(self._to - self._from, 0)
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
            self._write(shown, font, shade, self._place(self._from, room, half, 2))

    def _place(self, start: int, width: int, part: int, parts: int) -> QRect:
        """A box from `start` on, in one of so many stripes of the line's height."""
        inner = self._rect.adjusted(0, 5, 0, -5) if parts > 1 else self._rect
        height = inner.height() // parts
        box = QRect(self._rect.left() + start, inner.top() + part * height, width, height)
        return QStyle.visualRect(self._direction, self._rect, box)

    def _write(self, text: str, font: QFont, shade: str, place: QRect) -> None:
        self._painter.setFont(font)
        self._painter.setPen(self._look.colour(shade))
        right = self._direction is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        self._painter.drawText(place, int(flags) | int(Qt.TextFlag.TextSingleLine), text)
