"""The portal's address, which may be corrected, and the button that opens it in the browser."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from partner_tokens.core.errors.desktop import NoBrowser
from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.language import _
from partner_tokens.ui.form_field import FormField
from partner_tokens.ui.portal import Portal


class PortalField(QWidget):
    """For one endpoint. What is typed is remembered once it was opened."""

    opened = Signal()
    """The browser was told to show the page."""

    def __init__(self, portal: Portal, endpoint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._portal = portal
        self._endpoint = endpoint
        self.line = QLineEdit(portal.address(endpoint))
        self.line.setCursorPosition(0)
        self.button = QPushButton(_("&Open the portal"))
        self.button.clicked.connect(self.open)
        row = QWidget()
        inner = QHBoxLayout(row)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self.line, 1)
        inner.addWidget(self.button)
        self.field = FormField(_("Portal &address"), row, focus=self.line)
        self.line.textEdited.connect(self.field.clear_problem)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)

    def open(self) -> None:
        """Opens the page that is typed here; an empty field means the endpoint's root."""
        try:
            self.line.setText(self._portal.set_address(self._endpoint, self.line.text()))
        except InputError as error:
            self.field.show_problem(error)
            self.line.setFocus()
            return
        self.field.clear_problem()
        if self._portal.open(self._endpoint):
            self.opened.emit()
        else:
            self.field.show_problem(NoBrowser())
