"""The list of organizations: a dot in the colour, the name, the production mark, the tokens."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from partner_tokens.core.language import _
from partner_tokens.core.tokens import Organization
from partner_tokens.ui.line_ground import paint_ground
from partner_tokens.ui.look import Look
from partner_tokens.ui.mark_colours import DOT, paint_dot
from partner_tokens.ui.organization_model import ORGANIZATION_ROLE, OrganizationModel

Index = QModelIndex | QPersistentModelIndex

MARGIN = 12
GAP = 10
ICON = 16
WIDTH = 300


class OrganizationList(QListView):
    """One line an organization; one of them is current."""

    def __init__(self, model: OrganizationModel, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("organizationList")
        self.setModel(model)
        self.setItemDelegate(_Delegate(model, look, self))
        self.setAccessibleName(_("Organizations"))
        self.setUniformItemSizes(True)
        self.setMinimumWidth(WIDTH)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        look.changed.connect(self.viewport().update)


class _Delegate(QStyledItemDelegate):
    """Draws from the look's shades and the view's font only."""

    def __init__(self, model: OrganizationModel, look: Look, parent: QListView) -> None:
        super().__init__(parent)
        self._model = model
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, 2 * QFontMetrics(option.font).lineSpacing() + 16)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        organization: Organization = index.data(ORGANIZATION_ROLE)
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        line = QFontMetrics(option.font).lineSpacing()

        def place(start: int, top: int, width: int, height: int) -> QRect:
            there = QRect(rect.left() + start, rect.top() + top, width, height)
            return QStyle.visualRect(option.direction, rect, there)

        painter.save()
        paint_ground(painter, option, self._look, chosen=chosen)
        dot = place(MARGIN, 8 + (line - DOT) // 2, DOT, DOT)
        paint_dot(painter, QRectF(dot), self._look, organization.colour)
        names = MARGIN + DOT + GAP
        room = rect.width() - names - MARGIN
        if organization.production:
            room -= ICON + GAP
            at = place(names + room + GAP, 8 + (line - ICON) // 2, ICON, ICON)
            ratio = painter.device().devicePixelRatioF()
            painter.drawPixmap(at.topLeft(), self._look.pixmap("production", "urgent", ICON, ratio))
        bold = QFont(option.font)
        bold.setBold(True)
        self._write(painter, place(names, 8, room, line), organization.name, bold, "text")
        below = rect.width() - names - MARGIN
        detail = self._model.detail(index)
        self._write(painter, place(names, 8 + line, below, line), detail, option.font, "dim")
        painter.restore()

    def _write(self, painter: QPainter, place: QRect, text: str, font: QFont, shade: str) -> None:
        painter.setFont(font)
        painter.setPen(self._look.colour(shade))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, int(flags) | int(Qt.TextFlag.TextSingleLine), shown)
