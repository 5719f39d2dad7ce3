"""A number to type, or to step through with the arrow keys."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSpinBox, QWidget


class NumberBox(QSpinBox):
    """The wheel scrolls the form and never changes a number that has no focus."""

    def __init__(self, bounds: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(*bounds)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(64)
        self.lineEdit().setTextMargins(6, 0, 6, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
