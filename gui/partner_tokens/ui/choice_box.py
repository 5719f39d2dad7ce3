"""Boxes to choose from, with an arrow in the colour of the look."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QDateEdit, QStyle, QWidget

from partner_tokens.ui.look import Look

ARROW = 12
DROP = 24
"""How wide the part with the arrow is; the style sheet says the same."""


class ChoiceBox(QComboBox):
    """A combo box. The wheel scrolls the form and never changes a choice that has no focus."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _draw_arrow(self, self._look)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class DateBox(QDateEdit):
    """A date with a calendar to choose it from, written as the terminal takes it: 2027-01-31."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setDisplayFormat("yyyy-MM-dd")
        self.setCalendarPopup(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _draw_arrow(self, self._look)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def _draw_arrow(box: QWidget, look: Look) -> None:
    whole = box.rect()
    drop = QRect(whole.right() - DROP - 2, 0, DROP, whole.height())
    place = QRect(0, 0, ARROW, ARROW)
    place.moveCenter(QStyle.visualRect(box.layoutDirection(), whole, drop).center())
    painter = QPainter(box)
    shade = "text" if box.isEnabled() else "dim"
    painter.drawPixmap(
        place.topLeft(), look.pixmap("chevron-down", shade, ARROW, box.devicePixelRatioF())
    )
    painter.end()
