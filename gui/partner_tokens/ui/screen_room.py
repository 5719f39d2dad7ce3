"""How large a window may be so that its frame and its buttons stay on the screen."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

FRAME = QSize(16, 48)
"""What a window manager draws around a window, a panel of the desktop left out."""


def room_for(window: QWidget) -> QSize:
    """The most that a window may take of the screen it is on, or will be on."""
    return window.screen().availableSize() - FRAME


def bounded(window: QWidget, width: int, height: int) -> QSize:
    """The size that is wished for, as far as there is room."""
    return QSize(width, height).boundedTo(room_for(window))
