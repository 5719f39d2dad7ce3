"""A scroll area that would rather be as tall as what it holds, and a window that follows."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

MARGIN = 48
"""What is left of the screen's height for the window's frame."""


class TallScroll(QScrollArea):
    """Shows its content whole where there is room, and scrolls it up and down where not."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.setObjectName("tallScroll")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)

    def sizeHint(self) -> QSize:
        hint = self._content.sizeHint()
        if self.isVisible() and self._content.hasHeightForWidth():
            hint.setHeight(self._content.heightForWidth(self.viewport().width()))
        return hint

    def minimumSizeHint(self) -> QSize:
        return QSize(self._content.minimumSizeHint().width(), 120)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._content and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def grow_to_fit(window: QWidget) -> None:
    """Makes a window as tall as it wants to be, as far as its screen goes; never smaller."""
    layout = window.layout()
    if layout is None or not window.isVisible():
        return
    width = window.width()
    wanted = layout.sizeHint().height()
    if layout.hasHeightForWidth():
        wanted = layout.totalHeightForWidth(width)
    room = window.screen().availableGeometry().height() - MARGIN
    if window.height() < min(wanted, room):
        window.resize(width, min(wanted, room))
