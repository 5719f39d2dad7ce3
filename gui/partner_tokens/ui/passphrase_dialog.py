"""The dialog in which a passphrase is chosen, or typed to open the tokens."""

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.errors import AppError, InputError, Problem
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.ui.api_token_field import SENSITIVE
from partner_tokens.ui.form_field import FormField
from partner_tokens.ui.growing_dialog import GrowingDialog
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import MessagePanel

SHORTEST = 8
WIDTH = 440


class Purpose(Enum):
    """What a passphrase is asked for."""

    CHOOSE = "choose"
    OPEN = "open"


class PassphraseDialog(GrowingDialog):
    """Emits `given` and waits: then call `accept`, or `show_error` and the user may try again."""

    given = Signal(object)
    """The passphrase, a Secret."""

    def __init__(self, look: Look, purpose: Purpose, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._purpose = purpose
        choosing = purpose is Purpose.CHOOSE
        self.setWindowTitle(_("Choose a passphrase") if choosing else _("Open your tokens"))
        self.first = passphrase_line()
        self.second = passphrase_line()
        self.first_field = FormField(_("&Passphrase"), self.first)
        self.second_field = FormField(_("The same passphrase &again"), self.second)
        self.second_field.setVisible(choosing)
        if choosing:
            self.first_field.set_remark(
                _("At least {count} characters; a few words are easy to keep in mind.").format(
                    count=SHORTEST
                )
            )
        self.panel = MessagePanel(look)
        box = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(box.Ok | box.Cancel)
        self.submit = self._buttons.button(box.Ok)
        self.cancel = self._buttons.button(box.Cancel)
        self.submit.setText(_("&Use this passphrase") if choosing else _("&Open"))
        self.cancel.setText(_("Cancel"))
        self.submit.setProperty("primary", True)
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        about = QLabel(self._about())
        about.setTextFormat(Qt.TextFormat.PlainText)
        about.setWordWrap(True)
        for widget in (about, self.first_field, self.second_field, self.panel):
            column.addWidget(widget)
        column.addStretch()
        column.addWidget(self._buttons)
        self.submit.setDefault(True)
        self.begin_at(WIDTH)

    def _about(self) -> str:
        if self._purpose is Purpose.OPEN:
            return _("Your tokens are kept by a passphrase. Type it to use them.")
        return _(
            "Your tokens will be kept by this passphrase. It is stored nowhere and cannot be "
            "recovered: without it, each token has to be pasted again."
        )

    def _wire(self) -> None:
        self._buttons.accepted.connect(self._submit)
        self._buttons.rejected.connect(self.reject)
        for line, field in ((self.first, self.first_field), (self.second, self.second_field)):
            line.textEdited.connect(field.clear_problem)
            line.textEdited.connect(self.panel.clear)

    def _submit(self) -> None:
        passphrase = self.first.text()
        if self._purpose is Purpose.CHOOSE:
            if len(passphrase) < SHORTEST:
                self._refuse(self.first_field, Problem.PASSPHRASE_SHORT)
                return
            if passphrase != self.second.text():
                self._refuse(self.second_field, Problem.PASSPHRASE_DIFFERS)
                return
        elif not passphrase:
            self.first.setFocus()
            return
        self._wait(waiting=True)
        self.given.emit(Secret(passphrase))

    def _refuse(self, field: FormField, problem: Problem) -> None:
        field.show_problem(InputError(problem))
        field.focus_widget.setFocus()

    def show_error(self, error: AppError) -> None:
        """Says in place why it did not work; the user may type again."""
        self._wait(waiting=False)
        self.panel.say_error(error)
        self.first.setFocus()
        self.first.selectAll()

    def _wait(self, *, waiting: bool) -> None:
        if waiting:
            # Deriving a key from a passphrase takes about a second, on purpose.
            choosing = self._purpose is Purpose.CHOOSE
            words = _("Making your key…") if choosing else _("Opening your tokens…")
            self.panel.say("plain", "clock", words)
            self.cancel.setFocus()
        for widget in (self.first_field, self.second_field, self.submit):
            widget.setEnabled(not waiting)

    def done(self, result: int) -> None:
        """Forgets what was typed."""
        self.first.clear()
        self.second.clear()
        super().done(result)


def passphrase_line() -> QLineEdit:
    """Where a passphrase is typed: never shown, never learned by an input method."""
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setInputMethodHints(SENSITIVE)
    return line
