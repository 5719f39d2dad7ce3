"""Paints a rung of the ladder: icon, name and word, the time it took, and below what was found."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from partner_tokens.core.ladder import Outcome
from partner_tokens.ui.line_ground import paint_ground
from partner_tokens.ui.look import Look

Index = QModelIndex | QPersistentModelIndex

RUNG_ROLE = Qt.ItemDataRole.UserRole
MARGIN = 16
PAD = 9
ICON = 16
GAP = 10
WRAP = int(Qt.TextFlag.TextWrapAnywhere | Qt.TextFlag.TextWordWrap)

MARKS = {
    Outcome.OK: ("check-circle", "fine"),
    Outcome.WARNING: ("warning", "urgent"),
    Outcome.FAILED: ("cross-circle", "over"),
    Outcome.SKIPPED: ("skip", "dim"),
    None: ("clock", "dim"),
}


@dataclass(frozen=True, slots=True)
class RungView:
    """What is shown of a rung; `outcome` is None while it is climbed."""

    name: str
    word: str
    fact: str = ""
    elapsed: str = ""
    outcome: Outcome | None = None


def usual_height(font: QFont, rungs: int) -> int:
    """How tall so many rungs are that each have one line of facts."""
    return rungs * (2 * PAD + 2 * QFontMetrics(font).lineSpacing() + 2)


class LadderDelegate(QStyledItemDelegate):
    """As tall as the fact needs; draws from the look's shades and the view's font only."""

    def __init__(self, look: Look, view: QListView) -> None:
        super().__init__(view)
        self._look = look
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        rung: RungView = index.data(RUNG_ROLE)
        metrics = QFontMetrics(option.font)
        room = self._view.viewport().width() - 2 * MARGIN - ICON - GAP
        fact = metrics.boundingRect(QRect(0, 0, room, 10_000), WRAP, rung.fact).height()
        height = usual_height(option.font, 1) + max(fact - metrics.lineSpacing(), 0)
        return QSize(100, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rung: RungView = index.data(RUNG_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, option)
        line = QFontMetrics(option.font).lineSpacing()
        whole = option.rect.adjusted(MARGIN, PAD, -MARGIN, -PAD)
        if not rung.fact:
            whole.setTop(option.rect.center().y() - line // 2)
        icon, tone = MARKS[rung.outcome]
        mark = QRect(whole.left(), whole.top() + (line - ICON) // 2, ICON, ICON)
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(
            self._place(option, mark).topLeft(), self._look.pixmap(icon, tone, ICON, ratio)
        )
        left = whole.left() + ICON + GAP
        top = QRect(left, whole.top(), whole.right() - left + 1, line)
        below = QRect(left, top.bottom() + 3, top.width(), whole.bottom() - top.bottom())
        self._heading(painter, option, rung, top, tone)
        painter.setPen(self._look.colour("text" if tone == "over" else "dim"))
        self._write(painter, option, below, rung.fact, WRAP | int(Qt.AlignmentFlag.AlignTop))
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        here = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus
        is_here = option.state & here == here
        paint_ground(painter, option, self._look, chosen=is_here)
        rect = option.rect
        painter.fillRect(
            QRect(rect.left(), rect.bottom(), rect.width(), 1), self._look.colour("line")
        )

    def _heading(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        rung: RungView,
        place: QRect,
        tone: str,
    ) -> None:
        bold = QFont(option.font)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(self._look.colour("text"))
        self._write(painter, option, place, rung.name)
        width = QFontMetrics(bold).horizontalAdvance(rung.name) + GAP
        painter.setFont(option.font)
        painter.setPen(self._look.colour(tone))
        self._write(painter, option, place.adjusted(width, 0, 0, 0), rung.word)
        painter.setPen(self._look.colour("dim"))
        self._write(painter, option, place, rung.elapsed, trailing=True)

    def _write(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        place: QRect,
        text: str,
        flags: int = int(Qt.AlignmentFlag.AlignVCenter),
        *,
        trailing: bool = False,
    ) -> None:
        mirrored = option.direction is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored != trailing else Qt.AlignmentFlag.AlignLeft
        where = self._place(option, place)
        painter.drawText(where, flags | int(side | Qt.AlignmentFlag.AlignAbsolute), text)

    def _place(self, option: QStyleOptionViewItem, place: QRect) -> QRect:
        return QStyle.visualRect(option.direction, option.rect, place)
