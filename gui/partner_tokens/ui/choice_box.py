"""Boxes to choose from and to tick, with arrow and tick in the colours of the look."""

from datetime import datetime

from PySide6.QtCore import QDate, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QToolButton,
    QWidget,
)

from partner_tokens.core.instants import local_day
from partner_tokens.ui.look import Look

ARROW = 12
DROP = 24
"""How wide the part with the arrow is; the style sheet says the same."""


class ChoiceBox(QComboBox):
    """A combo box. The wheel scrolls the form and never changes a choice that has no focus."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setItemDelegate(QStyledItemDelegate(self))  # the only kind a style sheet can space
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def be_as_wide_as_there_is_room(self) -> None:
        """For names: a long one is cut, and makes no dialog wider than the screen."""
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(20)

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
        # Where all runs from right to left, Qt would turn the format round, and the text with it.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setDisplayFormat("yyyy-MM-dd")
        self.unsetLayoutDirection()
        self.lineEdit().setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setCalendarPopup(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        calendar = self.calendarWidget()
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        letter = self.fontMetrics().averageCharWidth()
        calendar.setMinimumSize(7 * 6 * letter, 10 * self.fontMetrics().lineSpacing() + 56)
        look.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        """Weekends as any other day: Qt's red is too dark on dark paper."""
        plain, dim = QTextCharFormat(), QTextCharFormat()
        plain.setForeground(self._look.colour("text"))
        dim.setForeground(self._look.colour("dim"))
        calendar = self.calendarWidget()
        calendar.setHeaderTextFormat(dim)
        for day in Qt.DayOfWeek:
            calendar.setWeekdayTextFormat(day, plain)
        for name, icon in (("prev", "chevron-left"), ("next", "chevron-right")):
            button = calendar.findChild(QToolButton, f"qt_calendar_{name}month")
            if button is not None:
                button.setIcon(self._look.icon(icon))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _draw_arrow(self, self._look)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class TickBox(QCheckBox):
    """A check box; the style sheet draws the box, this the tick."""

    def __init__(self, words: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isChecked():
            option = QStyleOptionButton()
            self.initStyleOption(option)
            box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
            _draw(self, self._look, "check", "accent_text", box.center())


def _draw_arrow(box: QWidget, look: Look) -> None:
    whole = box.rect()
    drop = QRect(whole.right() - DROP - 2, 0, DROP, whole.height())
    place = QStyle.visualRect(box.layoutDirection(), whole, drop)
    _draw(box, look, "chevron-down", "text" if box.isEnabled() else "dim", place.center())


def _draw(box: QWidget, look: Look, icon: str, shade: str, center: QPoint) -> None:
    place = QRect(0, 0, ARROW, ARROW)
    place.moveCenter(center)
    painter = QPainter(box)
    painter.drawPixmap(place.topLeft(), look.pixmap(icon, shade, ARROW, box.devicePixelRatioF()))
    painter.end()


def date_of(at: datetime) -> QDate:
    """The day on the user's calendar, as a date box takes it."""
    day = local_day(at)
    return QDate(day.year, day.month, day.day)
