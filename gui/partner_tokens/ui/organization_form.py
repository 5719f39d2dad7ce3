"""What can be said of an organization: name, id, colour, production, pause, note."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from partner_tokens.core.clock import Clock
from partner_tokens.core.credentials import clean_organization_id
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.instants import instant_of
from partner_tokens.core.language import _
from partner_tokens.core.lookalike import holds_api_token
from partner_tokens.core.marks import colour_word
from partner_tokens.core.tokens import Colour, Organization, clean_name, clean_note
from partner_tokens.ui.choice_box import ChoiceBox, DateBox, TickBox, date_of
from partner_tokens.ui.form_field import FormField
from partner_tokens.ui.look import Look
from partner_tokens.ui.mark_colours import dot_icon

Read = TypeVar("Read")

USUAL_PAUSE = timedelta(days=7)


class OrganizationForm(QWidget):
    """Knows nothing of stores; compares with what it was filled with."""

    edited = Signal()
    """Something was typed or chosen."""

    def __init__(self, look: Look, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._clock = clock
        self._seen = Organization("")
        self._before: tuple[object, ...] = ()
        self.name = QLineEdit()
        self.service_id = QLineEdit()
        self.colour = ChoiceBox(look)
        self.production = TickBox(_("&Production: its tokens reach live customers"), look)
        self.pauses = TickBox(_("Pa&use until"), look)
        self.until = DateBox(look)
        self.note = QPlainTextEdit()
        for colour in Colour:
            self.colour.addItem(colour_word(colour), colour)
        self.fields = {
            "name": FormField(_("&Name"), self.name),
            "id": FormField(_("Organization &id"), self.service_id),
            "colour": FormField(_("C&olour"), self.colour),
            "note": FormField(_("No&te"), self.note),
        }
        self._lay_out()
        self._wire()
        look.changed.connect(self._dress)
        self._dress()

    def _lay_out(self) -> None:
        self.until.setAccessibleName(_("Pause until"))
        self.pauses.setAccessibleDescription(_pause_remark())
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(3 * self.note.fontMetrics().lineSpacing() + 18)
        pause = QHBoxLayout()
        pause.setSpacing(8)
        pause.addWidget(self.pauses)
        pause.addWidget(self.until)
        pause.addStretch()
        remark = QLabel(_pause_remark())
        remark.setObjectName("hintLabel")
        remark.setWordWrap(True)
        pausing = QVBoxLayout()
        pausing.setSpacing(4)
        pausing.addLayout(pause)
        pausing.addWidget(remark)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 8)
        column.setSpacing(12)
        for widget in (self.fields["name"], self.fields["colour"], self.production):
            column.addWidget(widget)
        column.addLayout(pausing)
        column.addWidget(self.fields["note"])
        column.addWidget(self.fields["id"])
        column.addStretch(1)

    def _wire(self) -> None:
        self.name.textChanged.connect(self._on_edit)
        self.service_id.textChanged.connect(self._on_edit)
        self.colour.currentIndexChanged.connect(self._on_edit)
        self.production.toggled.connect(self._on_edit)
        self.pauses.toggled.connect(self.until.setEnabled)
        self.pauses.toggled.connect(self._on_edit)
        self.until.dateChanged.connect(self._on_edit)
        self.note.textChanged.connect(self._on_edit)

    def _dress(self) -> None:
        for place in range(self.colour.count()):
            self.colour.setItemIcon(place, dot_icon(self._look, self.colour.itemData(place)))

    def _on_edit(self) -> None:
        for field in self.fields.values():
            field.clear_problem()
        self.edited.emit()

    # ---- its value ----

    def show_one(self, organization: Organization) -> None:
        """Fills the fields."""
        self._seen = organization
        blockers = [QSignalBlocker(self), QSignalBlocker(self.until)]
        self.name.setText(organization.name)
        self.name.setCursorPosition(0)
        self.service_id.setText(organization.service_id)
        self.service_id.setCursorPosition(0)
        self._explain_id(known=bool(organization.service_id))
        self.colour.setCurrentIndex(self.colour.findData(organization.colour))
        self.production.setChecked(organization.production)
        now = self._clock()
        until = organization.paused_until
        paused = until is not None and organization.is_paused(now)
        tomorrow = now + timedelta(days=1)
        ends = until if until and paused else now + USUAL_PAUSE
        self.until.setMinimumDate(date_of(min(tomorrow, ends)))  # a pause until today is none
        self.until.setDate(date_of(ends))
        self.pauses.setChecked(paused)
        self.until.setEnabled(paused)
        self.note.setPlainText(organization.note)
        del blockers
        for field in self.fields.values():
            field.clear_problem()
        self._before = self._snapshot()

    def _explain_id(self, *, known: bool) -> None:
        self.service_id.setReadOnly(known)
        self.service_id.setPlaceholderText("" if known else _("not known yet"))
        self.fields["id"].set_remark(
            _("Cannot be changed: it tells this organization from all others.")
            if known
            else _("The first exchange tells it. An OAuth app's first exchange needs it.")
        )

    def _snapshot(self) -> tuple[object, ...]:
        return (
            self.name.text(),
            self.service_id.text(),
            self.colour.currentData(),
            self.production.isChecked(),
            self.pauses.isChecked() and self.until.date(),
            self.note.toPlainText(),
        )

    @property
    def is_edited(self) -> bool:
        """Whether anything differs from what it was filled with."""
        return self._snapshot() != self._before

    def wanted(self) -> Organization | None:
        """What was typed, clean; None if a field cannot be used: it says so and has the focus."""
        wrong: list[FormField] = []
        name = self._read("name", self._name, wrong)
        note = self._read("note", self._note, wrong)
        id = self._read("id", self._service_id, wrong)
        if wrong:
            wrong[0].focus_widget.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        return replace(
            self._seen,
            name=name or "",
            note=note or "",
            service_id=id or "",
            colour=Colour(self.colour.currentData()),
            production=self.production.isChecked(),
            paused_until=self._paused_until(),
        )

    def _read(self, name: str, clean: Callable[[], Read], wrong: list[FormField]) -> Read | None:
        try:
            return clean()
        except InputError as error:
            self.fields[name].show_problem(error, aloud=not wrong)
            wrong.append(self.fields[name])
            return None

    def _name(self) -> str:
        return _in_clear(clean_name(self.name.text(), Problem.ORGANIZATION_MISSING))

    def _note(self) -> str:
        return _in_clear(clean_note(self.note.toPlainText()))

    def _service_id(self) -> str:
        text = self.service_id.text()
        if self._seen.service_id or not text.strip():
            return self._seen.service_id
        return clean_organization_id(text)

    def _paused_until(self) -> datetime | None:
        if not self.pauses.isChecked():
            return None
        seen, chosen = self._seen.paused_until, self.until.date()
        if seen is not None and date_of(seen) == chosen:
            return seen
        wall = datetime(chosen.year(), chosen.month(), chosen.day())  # noqa: DTZ001  # local
        return instant_of(wall)


def _in_clear(text: str) -> str:
    """A text that is stored unencrypted. Raises InputError where an API token is in it."""
    if holds_api_token(text):
        raise InputError(Problem.TEXT_IS_TOKEN)
    return text


def _pause_remark() -> str:
    return _("Before that day nothing is exchanged by itself. Copying a header still works.")
