"""The ground of a line in a list: selected or not, told by more than a tint."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from partner_tokens.ui.look import Look

MARK = 3
"""How wide the mark at the leading edge is: the tint alone is too faint for some eyes."""


def paint_ground(
    painter: QPainter, option: QStyleOptionViewItem, look: Look, *, chosen: bool
) -> None:
    """Fills the line; a chosen one has a tint, and a mark at its leading edge."""
    rect: QRect = option.rect
    painter.fillRect(rect, look.colour("selection" if chosen else "base"))
    if chosen:
        mark = QRect(rect.left(), rect.top(), MARK, rect.height())
        mark = QStyle.visualRect(option.direction, rect, mark)
        painter.fillRect(mark, look.colour("accent"))
