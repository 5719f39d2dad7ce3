"""The dialog that changes endpoint, end or note of several tokens at once."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.bulk_change import Wanted
from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.language import _, _n
from partner_tokens.core.lookalike import holds_api_token
from partner_tokens.core.tokens import ApiToken, clean_endpoint, clean_note
from partner_tokens.ui.choice_box import ChoiceBox, TickBox
from partner_tokens.ui.expiry_field import ExpiryField
from partner_tokens.ui.form_field import FormField
from partner_tokens.ui.growing_dialog import GrowingDialog
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import MessagePanel
from partner_tokens.ui.proposals import endpoints, usual_endpoint

WIDTH = 520
INDENT = 24
"""The editors stand below the words of their box, not below the box."""

Read = TypeVar("Read")


class BulkDialog(GrowingDialog):
    """Open it with `open()`. Only what is ticked is changed.

    Closed while it waits, it does not stop the change.
    """

    change_wanted = Signal(object)
    """A Wanted, clean; the dialog waits to be told what came of it."""

    def __init__(
        self,
        tokens: Sequence[ApiToken],
        known: Sequence[ApiToken],
        look: Look,
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        count = len(tokens)
        words = _n("Change {count} token", "Change {count} tokens", count)
        self.setWindowTitle(words.format(count=count))
        self.endpoint = ChoiceBox(look)
        self.expiry = ExpiryField(clock, look)
        self.note = QPlainTextEdit()
        self.ticks = {
            "endpoint": TickBox(_("Change the &endpoint"), look),
            "expiry": TickBox(_("Change when they e&xpire"), look),
            "note": TickBox(_("Change the no&te"), look),
        }
        self._fill(tokens, known)
        self.fields = {
            "endpoint": FormField(
                "",
                self.endpoint,
                focus=self.endpoint.lineEdit(),
                remark=_("Each token is unproven afterwards, until it is exchanged there."),
            ),
            "expiry": FormField("", self.expiry, focus=self.expiry.kind),
            "note": FormField("", self.note, remark=_("It takes the place of all their notes.")),
        }
        self.panel = MessagePanel(look)
        box = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(box.Save | box.Cancel)
        self.save = self._buttons.button(box.Save)
        self.cancel = self._buttons.button(box.Cancel)
        self._count = count
        self.save.setText(words.format(count=count))
        self.save.setProperty("primary", True)
        self._lay_out(tokens, look)
        self._wire()
        self._show_choices()

    def _fill(self, tokens: Sequence[ApiToken], known: Sequence[ApiToken]) -> None:
        """What all of them have in common; else what is usual."""
        self.endpoint.setEditable(True)
        self.endpoint.setInsertPolicy(ChoiceBox.InsertPolicy.NoInsert)
        kinds = dict.fromkeys(token.kind for token in tokens)
        proposed = dict.fromkeys(one for kind in kinds for one in endpoints(known, kind))
        self.endpoint.addItems(list(proposed))
        used = {token.endpoint for token in tokens}
        usual = used.pop() if len(used) == 1 else usual_endpoint(known, next(iter(kinds)))
        self.endpoint.setCurrentText(usual)
        ends = {token.expiry for token in tokens}
        if len(ends) == 1:
            self.expiry.set_expiry(ends.pop())
        notes = {token.note for token in tokens}
        self.note.setPlainText(notes.pop() if len(notes) == 1 else "")
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(3 * self.note.fontMetrics().lineSpacing() + 18)

    def _lay_out(self, tokens: Sequence[ApiToken], look: Look) -> None:
        names = {
            "endpoint": _("New endpoint"),
            "expiry": _("New expiry"),
            "note": _("New note"),
        }
        hint = QLabel(_("What is ticked will be the same for all of them."))
        hint.setObjectName("hintLabel")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(hint)
        live = sum(token.organization.production for token in tokens)
        if live:
            words = _n("{count} of them is production.", "{count} of them are production.", live)
            warning = QLabel(words.format(count=live))
            warning.setObjectName("warningLabel")
            icon = QLabel()
            icon.setPixmap(look.pixmap("production", "urgent", 16, self.devicePixelRatioF()))
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(icon)
            line.addWidget(warning, 1)
            column.addLayout(line)
        for name, tick in self.ticks.items():
            field = self.fields[name]
            field.focus_widget.setAccessibleName(names[name])
            inner = QHBoxLayout()
            inner.setContentsMargins(INDENT, 0, 0, 0)
            inner.addWidget(field)
            part = QVBoxLayout()
            part.setSpacing(6)
            part.addWidget(tick)
            part.addLayout(inner)
            column.addLayout(part)
        column.addStretch(1)
        column.addWidget(self.panel)
        column.addWidget(self._buttons)
        self.save.setDefault(True)
        self.cancel.setText(_("Cancel"))
        self.begin_at(WIDTH)

    def _wire(self) -> None:
        for name, tick in self.ticks.items():
            tick.toggled.connect(self._show_choices)
            tick.toggled.connect(self.fields[name].clear_problem)
        self.endpoint.editTextChanged.connect(self.fields["endpoint"].clear_problem)
        self.note.textChanged.connect(self.fields["note"].clear_problem)
        self._buttons.accepted.connect(self._change)
        self._buttons.rejected.connect(self.reject)

    def _show_choices(self) -> None:
        for name, tick in self.ticks.items():
            self.fields[name].setEnabled(tick.isChecked())
        self.save.setEnabled(any(tick.isChecked() for tick in self.ticks.values()))

    # ---- what was typed -----------------------------------------------------------------------

    def _change(self) -> None:
        wrong: list[FormField] = []
        endpoint = self._read("endpoint", self._endpoint, wrong)
        note = self._read("note", self._note, wrong)
        expiry = self._read("expiry", self.expiry.expiry, wrong)
        if wrong:
            wrong[0].focus_widget.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._wait(waiting=True)
        self.change_wanted.emit(Wanted(endpoint, expiry, note))

    def _read(self, name: str, clean: Callable[[], Read], wrong: list[FormField]) -> Read | None:
        if not self.ticks[name].isChecked():
            return None
        try:
            return clean()
        except InputError as error:
            self.fields[name].show_problem(error, aloud=not wrong)
            wrong.append(self.fields[name])
            return None

    def _endpoint(self) -> str:
        return clean_endpoint(self.endpoint.currentText())

    def _note(self) -> str:
        note = clean_note(self.note.toPlainText())
        if holds_api_token(note):
            raise InputError(Problem.TEXT_IS_TOKEN)
        return note

    # ---- what came of it ----------------------------------------------------------------------

    def say(self, error: AppError) -> None:
        """Nothing was changed, and why."""
        self._wait(waiting=False)
        self.panel.say_error(error)
        self.save.setFocus()

    def _wait(self, *, waiting: bool) -> None:
        if waiting:
            words = _n("Changing {count} token…", "Changing {count} tokens…", self._count)
            self.panel.say("plain", "clock", words.format(count=self._count))
            self.cancel.setFocus()
        self.cancel.setText(_("Close") if waiting else _("Cancel"))
        for tick in self.ticks.values():
            tick.setEnabled(not waiting)
        if waiting:
            for widget in (*self.fields.values(), self.save):
                widget.setEnabled(False)
        else:
            self._show_choices()
