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

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.ui.api_token_field import SENSITIVE
from partner_tokens.ui.form_field import Deed, FormField
from partner_tokens.ui.growing_dialog import GrowingDialog
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import MessagePanel

SHORTEST = 8
WIDTH = 440


class Purpose(Enum):
    """What a passphrase is asked for."""

    CHOOSE = "choose"
    OPEN = "open"
    ADD = "add"
    """It is to open the tokens beside the keyring."""
    CHANGE = "change"
    ALONE = "alone"
    """It is to open the tokens in the place of the keyring."""
    CONFIRM = "confirm"
    """It opens them beside the keyring, and is to do so alone."""
    RENEW = "renew"
    """It is to open the renewed key as well."""

    @property
    def is_choice(self) -> bool:
        """Whether a new passphrase is chosen, and so typed twice."""
        return self in {Purpose.CHOOSE, Purpose.ADD, Purpose.CHANGE, Purpose.ALONE}


class PassphraseDialog(GrowingDialog):
    """Emits `given` and waits: then call `accept`, or `show_error` and the user may try again."""

    given = Signal(object)
    """The passphrase, a Secret."""

    def __init__(self, look: Look, purpose: Purpose, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._purpose = purpose
        choosing = purpose.is_choice
        title, self._about_words, submit, self._busy_words = _words(purpose)
        self.setWindowTitle(title)
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
        self.submit.setText(submit)
        self.cancel.setText(_("Cancel"))
        self.submit.setProperty("primary", True)
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        about = QLabel(self._about_words)
        about.setTextFormat(Qt.TextFormat.PlainText)
        about.setWordWrap(True)
        for widget in (about, self.first_field, self.second_field, self.panel):
            column.addWidget(widget)
        column.addStretch()
        column.addWidget(self._buttons)
        self.submit.setDefault(True)
        self.begin_at(WIDTH)

    def _wire(self) -> None:
        self._buttons.accepted.connect(self._submit)
        self._buttons.rejected.connect(self.reject)
        for line, field in ((self.first, self.first_field), (self.second, self.second_field)):
            line.textEdited.connect(field.clear_problem)
            line.textEdited.connect(self.panel.clear)

    def _submit(self) -> None:
        passphrase = self.first.text()
        if self._purpose.is_choice:
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

    def show_waiting(self, title: str, text: str, deeds: tuple[Deed, ...]) -> None:
        """Says in place what keeps the user waiting."""
        self.panel.say("plain", "clock", title, text, deeds=deeds)

    def _wait(self, *, waiting: bool) -> None:
        if waiting:
            # Deriving a key from a passphrase takes about a second, on purpose.
            self.panel.say("plain", "clock", self._busy_words)
            self.cancel.setFocus()
        self.cancel.setText(_("Close") if waiting else _("Cancel"))  # it ends nothing
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


def _words(purpose: Purpose) -> tuple[str, str, str, str]:
    """Title, what it is about, the button, and what is said while the key is being made."""
    making = _("Making your key…")
    match purpose:
        case Purpose.CHOOSE:
            about = _(
                "Your tokens will be kept by this passphrase. It is stored nowhere and cannot be "
                "recovered: without it, each token has to be pasted again."
            )
            return _("Choose a passphrase"), about, _("&Use this passphrase"), making
        case Purpose.OPEN:
            about = _("Your tokens are kept by a passphrase. Type it to use them.")
            return _("Open your tokens"), about, _("&Open"), _("Opening your tokens…")
        case Purpose.ADD:
            about = _(
                "This passphrase will open your tokens too, should the keyring be lost. It is "
                "stored nowhere: keep it where you find it without this computer."
            )
            return _("Add a recovery passphrase"), about, _("&Add this passphrase"), making
        case Purpose.CHANGE:
            about = _(
                "The new passphrase takes the place of the one before, which then opens nothing "
                "any more."
            )
            return _("Change the passphrase"), about, _("&Use this passphrase"), making
        case Purpose.ALONE:
            about = _(
                "Only this passphrase will open your tokens; their entry in the keyring is deleted."
                " It is stored nowhere and cannot be recovered."
            )
            return _("Use only a passphrase"), about, _("&Use only this passphrase"), making
        case Purpose.CONFIRM:
            about = _(
                "Type the passphrase, to be sure that it opens your tokens. From then on it alone "
                "does; their entry in the keyring is deleted."
            )
            return _("Use only the passphrase"), about, _("&Use only this passphrase"), making
        case Purpose.RENEW:
            about = _("Type the passphrase, so that it opens the renewed key as well.")
            return _("Renew the key"), about, _("&Renew the key"), _("Sealing your tokens anew…")
