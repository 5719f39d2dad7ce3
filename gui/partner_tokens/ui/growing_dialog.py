"""A dialog that grows with what it has to say, as far as its screen goes."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QWidget

from partner_tokens.ui.screen_room import bounded, room_for


class GrowingDialog(QDialog):
    """Never shrinks by itself, so that nothing jumps; deleted when it is closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def begin_at(self, width: int) -> None:
        """The first size: so wide, and as tall as is wanted."""
        self.resize(bounded(self, width, self.sizeHint().height()))

    def setVisible(self, visible: bool) -> None:
        """Grows before it comes up: a window manager may not hear of a size asked for meanwhile."""
        layout = self.layout()
        if visible and not self.isVisible() and layout is not None:
            for widget in (self, *self.findChildren(QWidget)):
                widget.ensurePolished()  # the style sheet makes most of them larger
            layout.activate()
            self._grow()
        super().setVisible(visible)

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
        wanted = min(wanted, room_for(self).height())
        if self.height() < wanted:
            self.resize(self.width(), wanted)
