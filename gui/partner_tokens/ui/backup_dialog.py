"""The dialog of a backup: which tokens, under what passphrase, into which file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.language import _, _n
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.choice_box import ChoiceBox
from partner_tokens.ui.file_to_write import ask_for_file
from partner_tokens.ui.form_field import FormField
from partner_tokens.ui.growing_dialog import GrowingDialog
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import MessagePanel
from partner_tokens.ui.passphrase_dialog import SHORTEST, passphrase_line

WIDTH = 520


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be handed over: ids of tokens, and under what, and where to."""

    ids: frozenset[str]
    passphrase: Secret
    file: Path


class BackupDialog(GrowingDialog):
    """Emits `wished` and waits: then call `accept`, or `show_error` and the user may try again."""

    wished = Signal(object)
    """A Wish."""

    def __init__(
        self,
        look: Look,
        clock: Clock,
        selected: Sequence[ApiToken],
        shown: Sequence[ApiToken],
        tokens: Sequence[ApiToken],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self.setWindowTitle(_("Back up or hand over"))
        self.what = ChoiceBox(look)
        self.what.be_as_wide_as_there_is_room()
        self._meant: list[frozenset[str]] = []
        self.first, self.second = passphrase_line(), passphrase_line()
        self._what_field = FormField(_("W&hat"), self.what)
        self.first_field = FormField(
            _("&Passphrase for the file"),
            self.first,
            remark=_(
                "At least {count} characters; better five or six words that nobody would guess. "
                "It is stored nowhere. Pass it on by another way than the file."
            ).format(count=SHORTEST),
        )
        self.second_field = FormField(_("The same passphrase &again"), self.second)
        self.panel = MessagePanel(look)
        box = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(box.Ok | box.Cancel)
        self.submit = self._buttons.button(box.Ok)
        self.cancel = self._buttons.button(box.Cancel)
        self.submit.setText(_("&Write to file…"))
        self.cancel.setText(_("Cancel"))
        self.submit.setProperty("primary", True)
        self._offer(selected, shown, tokens)
        self._lay_out()
        self._wire()

    def _offer(
        self, selected: Sequence[ApiToken], shown: Sequence[ApiToken], tokens: Sequence[ApiToken]
    ) -> None:
        """What is filtered stands first, else all of them: the usual backup."""
        count = len(tokens)
        words = _n("The only token", "All {count} tokens", count).format(count=count)
        choices = [(words, tokens)]
        count = len(shown)
        if 0 < count < len(tokens):
            words = _n("The token in the list", "The {count} tokens in the list", count)
            words = _("{tokens} as it is filtered now").format(tokens=words.format(count=count))
            choices.insert(0, (words, shown))
        count = len(selected)
        if count > 1:
            words = _n("The selected token", "The {count} selected tokens", count)
            choices.append((words.format(count=count), selected))
        elif selected and len(tokens) > 1:
            name = f"{selected[0].organization.name}, {selected[0].name}"
            choices.append((_("Only {token}").format(token=name), selected))
        for words, meant in choices:
            self.what.addItem(words)
            self._meant.append(frozenset(token.id for token in meant))

    def _lay_out(self) -> None:
        about = QLabel(
            _(
                "The file will hold the API tokens themselves, encrypted. Whoever has the file "
                "and knows its passphrase can use them."
            )
        )
        about.setTextFormat(Qt.TextFormat.PlainText)
        about.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        fields = (self._what_field, self.first_field, self.second_field)
        for widget in (about, *fields, self.panel):
            column.addWidget(widget)
        column.addStretch()
        column.addWidget(self._buttons)
        self.submit.setDefault(True)
        self.first.setFocus()
        self.begin_at(WIDTH)

    def _wire(self) -> None:
        self._buttons.accepted.connect(self._submit)
        self._buttons.rejected.connect(self.reject)
        for line, field in ((self.first, self.first_field), (self.second, self.second_field)):
            line.textEdited.connect(field.clear_problem)
            line.textEdited.connect(self.panel.clear)

    def _submit(self) -> None:
        if len(self.first.text()) < SHORTEST:
            self._refuse(self.first_field, Problem.PASSPHRASE_SHORT)
        elif self.first.text() != self.second.text():
            self._refuse(self.second_field, Problem.PASSPHRASE_DIFFERS)
        else:
            ask_for_file(
                self,
                _("Back up or hand over"),
                _("Files encrypted by age (*.age)"),
                "age",
                self._clock,
                self._write_to,
            )

    def _refuse(self, field: FormField, problem: Problem) -> None:
        field.show_problem(InputError(problem))
        field.focus_widget.setFocus()

    def _write_to(self, file: Path) -> None:
        self._wait(waiting=True)
        self.wished.emit(
            Wish(self._meant[self.what.currentIndex()], Secret(self.first.text()), file)
        )

    def show_error(self, error: AppError) -> None:
        """Says in place why it did not work; what was typed stays."""
        self._wait(waiting=False)
        self.panel.say_error(error)
        self.submit.setFocus()

    def _wait(self, *, waiting: bool) -> None:
        if waiting:
            # Stretching a passphrase takes some seconds, on purpose.
            self.panel.say("plain", "clock", _("Encrypting…"))
            self.cancel.setText(_("Close"))
            self.cancel.setFocus()
        else:
            self.cancel.setText(_("Cancel"))
        for widget in (self._what_field, self.first_field, self.second_field, self.submit):
            widget.setEnabled(not waiting)

    def done(self, result: int) -> None:
        """Forgets what was typed."""
        self.first.clear()
        self.second.clear()
        super().done(result)
