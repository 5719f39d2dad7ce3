"""Paints a line of the list: names, a pill where time matters, a pie for an access token."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from partner_tokens.core.lifetime import Band
from partner_tokens.core.marks import production_word
from partner_tokens.core.tokens import Colour, State
from partner_tokens.ui.look import TONES, Look
from partner_tokens.ui.mark_colours import mark_colour
from partner_tokens.ui.token_model import ROW_ROLE, Column, Row, TokenModel

Index = QModelIndex | QPersistentModelIndex

MARGIN = 16
GAP = 6
ICON = 16
PIE = 16
INDENT = 16
BAR_FROM_EDGE, BAR = 6, 4
"""The bar in an organization's colour, beside all its lines."""

BADGE_WORDS_FROM = 280
"""In a column narrower than this the badge is its icon alone: the name comes first."""

LOW_SHARE = 1 / 6
"""Below this share of its life the pie takes the colour of urgency: 5 of 30 minutes."""

BAND_ICONS = {
    Band.OVER: "cross-circle",
    Band.URGENT: "warning",
    Band.SOON: "clock",
    Band.FINE: "check-circle",
    Band.NEVER: "infinity",
    Band.UNKNOWN: "question",
}
STATE_ICONS = {
    State.UNPROVEN: ("unproven", "dim"),
    State.READY: ("check", "fine"),
    State.REFUSED: ("cross-circle", "over"),
    State.PASSCODE: ("key", "soon"),
    State.UNREACHABLE: ("offline", "urgent"),
    State.UNREADABLE: ("lock", "over"),
    State.HELD: ("warning", "over"),
}


class TokenDelegate(QStyledItemDelegate):
    """Draws from the look's shades and the view's font only."""

    def __init__(self, model: TokenModel, look: Look, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self._model = model
        self._look = look
        self.covered = QRect()
        """Where the Copy button lies, in front of the selected line."""

    def heights(self, font: QFont) -> tuple[int, int]:
        """How high a line is that carries the organization's name, and one that follows."""
        line = QFontMetrics(font).lineSpacing()
        return 2 * line + 20, line + 22

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        leading, following = self.heights(option.font)
        row: Row = index.data(ROW_ROLE)
        return QSize(80, leading if row.leads else following)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW_ROLE)
        column = Column(index.column())
        text: str = index.data(Qt.ItemDataRole.DisplayRole)
        painter.save()
        painter.setFont(option.font)
        brush = _Brush(painter, option, self._look)
        if brush.selected:
            brush.is_current = self._has_keyboard(index)
        brush.ground(row, first=column is Column.ORGANIZATION)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)  # not of grounds: seams at 150 %
        brush.leave_free(self.covered)
        match column:
            case Column.ORGANIZATION:
                self._names(brush, row, text)
            case Column.EXPIRES:
                band = self._model.band(row.token)
                brush.pill(text, BAND_ICONS[band], TONES[band])
            case Column.ACCESS:
                self._access(brush, row, text)
            case Column.RESULT:
                icon, tone = STATE_ICONS[row.token.result.state]
                calm = row.token.result.state in {State.READY, State.UNPROVEN}
                if self._model.shows_pause(row.token):
                    icon, tone, calm = "pause", "dim", True
                if self._model.is_pending(row.token):
                    icon, tone, calm = "renew", "soon", False
                brush.icon_and_text(icon, tone, text, "dim" if calm else "text")
            case Column.USED:
                brush.text(text, "dim")
        painter.restore()

    def _has_keyboard(self, index: Index) -> bool:
        view = self.parent()
        if not isinstance(view, QAbstractItemView) or not view.hasFocus():
            return False
        return view.currentIndex().row() == index.row()

    def _names(self, brush: "_Brush", row: Row, organization: str) -> None:
        token = row.token
        detail = f"{token.name}  ·  {token.user}" if token.user else token.name
        star = "star" if token.pinned else ""
        home = token.organization
        if home.colour:
            brush.bar(home.colour, row)
        if row.leads:
            badge = production_word() if home.production else ""
            brush.line(organization, 0, "text", bold=True, icon=star, badge=badge)
            brush.line(detail, 1, "dim")
        else:
            brush.elbow()
            brush.line(detail, None, "dim", icon=star, indent=INDENT, marked=home.production)

    def _access(self, brush: "_Brush", row: Row, text: str) -> None:
        left = None if self._model.is_fetching(row.token) else self._model.access(row.token)
        if left is None:
            brush.text(text, "dim")
            return
        share, words = left
        brush.pie(share, words, "urgent" if share < LOW_SHARE else "accent")


class _Brush:
    """Draws pieces of one cell, from its leading edge on, mirrored where the language is."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem, look: Look) -> None:
        self._painter = painter
        self._rect = option.rect
        self._look = look
        self._font = option.font
        self._direction = option.direction
        self.selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self.is_current = False
        """Whether the keyboard is on this line."""
        self._metrics = QFontMetrics(option.font)

    def ground(self, row: Row, *, first: bool) -> None:
        """The background, the line below the organization, and the mark of the selected line."""
        shade = "selection" if self.selected else "base"
        self._painter.fillRect(self._rect, self._look.colour(shade))
        if row.last:
            below = QRect(self._rect.left(), self._rect.bottom(), self._rect.width(), 1)
            self._painter.fillRect(below, self._look.colour("line"))
        if self.is_current:
            for top in (self._rect.top(), self._rect.bottom()):
                edge = QRect(self._rect.left(), top, self._rect.width(), 1)
                self._painter.fillRect(edge, self._look.colour("accent"))
        if first and self.selected:
            mark = self._place(0, self._rect.top(), 3, self._rect.height())
            self._painter.fillRect(mark, self._look.colour("accent"))

    def leave_free(self, covered: QRect) -> None:
        """What is drawn from now on ends where this begins."""
        if not self.selected or not self._rect.intersects(covered):
            return
        if self._direction is Qt.LayoutDirection.RightToLeft:
            self._rect = self._rect.adjusted(covered.right() + GAP - self._rect.left(), 0, 0, 0)
        else:
            self._rect = self._rect.adjusted(0, 0, covered.left() - GAP - self._rect.right(), 0)

    def line(
        self, text: str, line: int | None, shade: str, *, bold: bool = False, icon: str = "",
        indent: int = 0, badge: str = "", marked: bool = False,
    ) -> None:  # fmt: skip
        """A line of text, the first or second of two, or alone in the middle.

        Behind it an icon, and the production mark: as a badge with words, or its icon alone.
        """
        font = QFont(self._font)
        font.setBold(bold)
        metrics = QFontMetrics(font)
        height = metrics.lineSpacing()
        middle = self._rect.top() + (self._rect.height() - height) // 2
        top = middle if line is None else self._rect.center().y() - height + line * (height + 1)
        tail = self._badge_width(badge) if badge else ICON + GAP if marked else 0
        room = self._rect.width() - MARGIN - indent - (ICON + GAP if icon else 0) - GAP - tail
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        self._painter.setFont(font)
        self._write(shown, self._place(MARGIN + indent, top, room, height), shade)
        after = MARGIN + indent + metrics.horizontalAdvance(shown) + GAP + 2
        icon_top = top + (height - ICON) // 2
        if icon:
            self._icon(icon, "accent", self._place(after, icon_top, ICON, ICON))
            after += ICON + GAP
        if badge:
            self._badge(badge, after, top, height)
        elif marked:
            self._icon("production", "urgent", self._place(after, icon_top, ICON, ICON))

    def _badge_width(self, words: str) -> int:
        if self._rect.width() < BADGE_WORDS_FROM:
            return ICON + GAP
        return self._metrics.horizontalAdvance(words) + ICON + 3 * GAP

    def _badge(self, words: str, after: int, top: int, height: int) -> None:
        """The mark of production: an icon and a word on a patch of their own."""
        patch = self._place(after, top, self._badge_width(words) - GAP, height)
        icon_top = top + (height - ICON + 1) // 2
        if self._rect.width() < BADGE_WORDS_FROM:
            self._icon("production", "urgent", self._place(after, icon_top, ICON, ICON))
            return
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._look.colour("urgent_on"))
        self._painter.drawRoundedRect(QRectF(patch.adjusted(0, -1, 0, 1)), 4, 4)
        self._icon("production", "urgent", self._place(after + 4, icon_top, ICON, ICON))
        self._painter.setFont(self._font)
        room = self._metrics.horizontalAdvance(words) + 2
        self._write(words, self._place(after + 4 + ICON + 3, top, room, height), "urgent")

    def bar(self, colour: Colour, row: Row) -> None:
        """The organization's colour along all its lines."""
        above, below = (6 if row.leads else 0), (6 if row.last else 0)
        height = self._rect.height() - above - below
        place = self._place(BAR_FROM_EDGE, self._rect.top() + above, BAR, height)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._painter.fillRect(place, mark_colour(self._look, colour))
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def elbow(self) -> None:
        """The little branch that ties a further token to its organization."""
        self._painter.setPen(QPen(self._look.colour("line"), 1))
        top = self._place(MARGIN + 3, self._rect.top(), 8, self._rect.height() // 2)
        side = top.left() if self._direction is Qt.LayoutDirection.LeftToRight else top.right()
        self._painter.drawLine(side, top.top() - 6, side, top.bottom())
        self._painter.drawLine(top.left(), top.bottom(), top.right(), top.bottom())

    def pill(self, text: str, icon: str, tone: str) -> None:
        """A rounded patch with an icon and words in the colours of a tone."""
        width = min(
            self._metrics.horizontalAdvance(text) + ICON + 24, max(self._rect.width() - GAP, 0)
        )
        height = self._metrics.lineSpacing() + 6
        patch = self._place(2, self._rect.center().y() - height // 2, width, height)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._look.colour(f"{tone}_on"))
        self._painter.drawRoundedRect(QRectF(patch), height / 2, height / 2)
        top = patch.top() + (height - ICON + 1) // 2
        self._icon(icon, tone, self._place(10, top, ICON, ICON))
        room = width - ICON - 24
        shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room + 2)
        self._write(shown, self._place(12 + ICON, patch.top(), room + 4, height), tone)

    def icon_and_text(self, icon: str, tone: str, text: str, shade: str) -> None:
        """An icon in a tone with words beside it."""
        self._icon(icon, tone, self._place(2, self._rect.center().y() - ICON // 2, ICON, ICON))
        self.text(text, shade, ICON + GAP)

    def text(self, text: str, shade: str, indent: int = 0) -> None:
        """Words in the middle of the cell's height."""
        room = max(self._rect.width() - indent - 2 - GAP, 0)
        shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        place = self._place(2 + indent, self._rect.top(), room, self._rect.height())
        self._write(shown, place, shade)

    def pie(self, share: float, words: str, tone: str) -> None:
        """What is left of a life, as a share of a full circle, clockwise from the top."""
        circle = QRectF(self._place(2, self._rect.center().y() - PIE // 2, PIE, PIE))
        colour: QColor = self._look.colour(tone)
        self._painter.setPen(QPen(colour, 1.5))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawEllipse(circle.adjusted(0.75, 0.75, -0.75, -0.75))
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        self._painter.drawPie(circle.adjusted(3, 3, -3, -3), 90 * 16, -round(share * 360 * 16))
        self.text(words, "text", PIE + GAP + 2)

    def _place(self, from_edge: int, top: int, width: int, height: int) -> QRect:
        there = QRect(self._rect.left() + from_edge, top, width, height)
        return QStyle.visualRect(self._direction, self._rect, there)

    def _icon(self, name: str, shade: str, place: QRect) -> None:
        ratio = self._painter.device().devicePixelRatioF()
        self._painter.drawPixmap(
            place.topLeft(), self._look.pixmap(name, shade, place.width(), ratio)
        )

    def _write(self, text: str, place: QRect, shade: str) -> None:
        self._painter.setPen(self._look.colour(shade))
        right = self._direction is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        self._painter.drawText(place, int(flags) | int(Qt.TextFlag.TextSingleLine), text)
