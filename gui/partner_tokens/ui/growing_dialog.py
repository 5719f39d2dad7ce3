"""A dialog that grows with what it has to say, as far as its screen goes."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QWidget

FRAME = 48
"""What is left of the screen's height for the frame."""


class GrowingDialog(QDialog):
    """Never shrinks by itself, so that nothing jumps; deleted when it is closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def begin_at(self, width: int) -> None:
        """The first size: so wide, and as tall as is wanted."""
        self.resize(width, min(self.sizeHint().height(), self._room()))

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._grow()
        return handled

    def _grow(self) -> None:
        layout = self.layout()
        if layout is None:
            return
        wanted = layout.sizeHint().height()
        if layout.hasHeightForWidth():
            wanted = layout.totalHeightForWidth(self.width())
        if self.height() < min(wanted, self._room()):
            self.resize(self.width(), min(wanted, self._room()))

    def _room(self) -> int:
        return self.screen().availableGeometry().height() - FRAME
