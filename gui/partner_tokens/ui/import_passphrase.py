"""The page of an import that asks for the passphrase of an encrypted file."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.ui.form_field import FormField
from partner_tokens.ui.look import Look, scale_font
from partner_tokens.ui.notices import announce
from partner_tokens.ui.passphrase_dialog import passphrase_line

WIDTH = 440
ICON = 40


class PassphrasePage(QWidget):
    """Emits what was typed and waits: then call `show_error`, `ask` for the next, or leave."""

    given = Signal(object)
    """The passphrase, a Secret."""
    skipped = Signal()
    """This file is not to be imported."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon = QLabel()
        self._title = QLabel()
        self._title.setObjectName("pageTitle")
        scale_font(self._title, 1.2)
        self.line = passphrase_line()
        self.field = FormField(_("P&assphrase"), self.line)
        self.open = QPushButton(_("&Open"))
        self.open.setProperty("primary", True)
        self.skip = QPushButton(_("&Skip this file"))
        self.skip.setAutoDefault(False)  # it has the keyboard after a hasty second Enter
        self._lay_out()
        self.open.clicked.connect(self._give)
        self.line.returnPressed.connect(self._give)
        self.line.textEdited.connect(self.field.clear_problem)
        self.skip.clicked.connect(self.skipped)
        look.changed.connect(self._dress)
        self._dress()

    def _lay_out(self) -> None:
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        for label in (self._icon, self._title):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(self.open)
        choices.addWidget(self.skip)
        choices.addStretch()
        middle = QWidget()
        middle.setFixedWidth(WIDTH)
        rows = QVBoxLayout(middle)
        rows.setSpacing(16)
        rows.addStretch()
        for widget in (self._icon, self._title, self.field):
            rows.addWidget(widget)
        rows.addLayout(choices)
        rows.addStretch()
        column = QHBoxLayout(self)
        column.addWidget(middle)

    def ask(self, name: str) -> None:
        """Asks for that of the file with this name, empty where it was pasted."""
        title = _("{file} is encrypted.").format(file=name) if name else _("This is encrypted.")
        self._title.setText(title)
        self.forget()
        self.line.setFocus()
        announce(self.line, title)

    def show_error(self, error: AppError) -> None:
        """Says why it did not open; the user may type again."""
        self._wait(waiting=False)
        self.field.show_problem(error)
        self.line.setFocus()
        self.line.selectAll()

    def forget(self) -> None:
        """Nothing is typed any more."""
        self.line.clear()
        self.field.clear_problem()
        self._wait(waiting=False)

    def _give(self) -> None:
        if not self.line.text():
            self.line.setFocus()
            return
        self.field.clear_problem()
        self._wait(waiting=True)
        self.given.emit(Secret(self.line.text()))

    def _wait(self, *, waiting: bool) -> None:
        for widget in (self.field, self.open):
            widget.setEnabled(not waiting)
        # Stretching a passphrase takes a second, on purpose.
        words = _("The one it was made with, by Partner Tokens or by age.")
        self.field.set_remark(_("Opening…") if waiting else words)
        if waiting:
            self.skip.setFocus()

    def _dress(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(self._look.pixmap("lock", "dim", ICON, ratio))
