"""The section of the preferences where the user makes formats of their own."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.errors.templates import PlaceholderUnquoted
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.formats import HEADER, Template
from partner_tokens.core.instants import iso
from partner_tokens.core.language import _
from partner_tokens.core.preferences import Preferences
from partner_tokens.core.templates import (
    LONGEST_NAME,
    MOST_TEMPLATES,
    QUOTINGS,
    VALUES,
    clean_template,
    filled,
)
from partner_tokens.ui.fact_list import FactText
from partner_tokens.ui.form_field import FormField
from partner_tokens.ui.look import Look
from partner_tokens.ui.preferences_page import PreferencesPage, Unfit

LINES_SHOWN, LINES_OF_TEXT = 4, 4
ROW_MARGIN = 10

TOKEN = "eyJhbGci.eyJzdWI.c2ln"
SAMPLE = {
    "token": TOKEN,
    "header": f"{HEADER}: {TOKEN}",
    "endpoint": "https://console.navigator.vmware.com",
    "host": "console.navigator.vmware.com",
    "organization": "Contoso Ltd",
    "organization_id": "5f1c0a52",
    "name": "billing",
    "user": "ana@contoso.example",
    "expires_at": iso(datetime(2027, 1, 31, 9, 30, tzinfo=UTC)) or "",
}
"""What the placeholders stand for in the example below the text."""


@dataclass(eq=False, slots=True)
class Draft:
    """A format as it is being typed."""

    name: str
    text: str


class TemplatesPage(PreferencesPage):
    """A list of formats, and the name and the text of the selected one."""

    changed = Signal()
    """A format was added, removed or named."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.title = _("Own formats")
        self.drafts: list[Draft] = []
        self.list = QListWidget()
        self.add, self.remove = QPushButton(_("&Add")), QPushButton(_("&Remove"))
        self.name, self.text = QLineEdit(), QPlainTextEdit()
        self.insert = QPushButton(_("&Insert a placeholder"))
        self.example = FactText()
        """It breaks a line anywhere: what is made for a program often has no spaces."""
        self._lay_out()
        self._wire()
        self._show()

    def _lay_out(self) -> None:
        line = self.fontMetrics().lineSpacing()
        self.list.setObjectName("plainList")
        self.list.setFixedHeight(LINES_SHOWN * (line + ROW_MARGIN) + 2)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list_field = self._add(
            _("&Formats of your own"),
            _beside(self.list, (self.add, self.remove)),
            _("“Copy as”, the quick copy and the terminal take them."),
            focus=self.list,
        )
        self.name.setMaxLength(LONGEST_NAME)
        self.name_field = self._add(_("&Name"), self.name)
        self.text.setTabChangesFocus(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setFixedHeight(LINES_OF_TEXT * line + 16)
        self.text_field = self._add(
            _("&Text"),
            self.text,
            _("A colon says how it is quoted, as in {example}. There are: {names}.").format(
                example="{organization:bash}", names=", ".join(QUOTINGS)
            ),
        )
        self._column.addWidget(self.insert, 0, Qt.AlignmentFlag.AlignLeading)
        self.example.setFont(self.text.font())
        self.example_field = self._add(_("Example"), self.example)
        menu = QMenu(self.insert)
        for value in VALUES:
            action = menu.addAction(f"{{{value}}}")
            action.triggered.connect(partial(self._insert, action.text()))
        self.insert.setMenu(menu)
        for button in (self.add, self.remove, self.insert):
            button.setAutoDefault(False)
        self._end()

    def _wire(self) -> None:
        self.list.currentRowChanged.connect(self._show)
        self.add.clicked.connect(self._add_one)
        self.remove.clicked.connect(self._remove_one)
        self.name.textEdited.connect(self._rename)
        self.text.textChanged.connect(self._retype)

    # ---- the values ----

    def show_values(self, preferences: Preferences) -> None:
        """Puts the values into the fields."""
        self.drafts = [Draft(name, text) for name, text in preferences.templates.items()]
        self.list.clear()
        for draft in self.drafts:
            self._add_line(draft.name)
        self.list.setCurrentRow(0 if self.drafts else -1)
        self._show()

    def values(self) -> Mapping[str, object]:
        """What the fields say. Raises Unfit, with the format in sight that is meant."""
        kept: dict[str, str] = {}
        taken: set[str] = set()
        for row, draft in enumerate(self.drafts):
            try:
                template = clean_template(draft.name, draft.text)
                if template.name.casefold() in taken:
                    raise InputError(Problem.TEMPLATE_NAME_TAKEN)
            except InputError as error:
                self.list.setCurrentRow(row)
                raise Unfit(self._field_of(error), error) from None
            taken.add(template.name.casefold())
            kept[template.name] = template.text
        return {"templates": kept}

    def _field_of(self, error: InputError) -> FormField:
        draft = self._selected()
        of_name = {
            Problem.NAME_MISSING,
            Problem.TEMPLATE_NAME_INVALID,
            Problem.TEMPLATE_NAME_TAKEN,
            Problem.TEMPLATE_NAME_IS_SECRET,
        }
        if error.problem in of_name or (draft is not None and not draft.name.isprintable()):
            return self.name_field
        return self.text_field

    # ---- the selected one ----

    def _selected(self) -> Draft | None:
        row = self.list.currentRow()
        return self.drafts[row] if 0 <= row < len(self.drafts) else None

    def _show(self) -> None:
        draft = self._selected()
        for field in (self.name_field, self.text_field):
            field.clear_problem()
        for widget in (self.name_field, self.text_field, self.insert):
            widget.setVisible(draft is not None)
        self.remove.setEnabled(draft is not None)
        self.add.setEnabled(len(self.drafts) < MOST_TEMPLATES)
        self.name.setText(draft.name if draft else "")
        self.text.blockSignals(True)
        self.text.setPlainText(draft.text if draft else "")
        self.text.blockSignals(False)
        self._show_example()

    def _show_example(self) -> None:
        draft, words = self._selected(), ""
        if draft is not None:
            with suppress(InputError):  # told when it is to be kept, not while it is typed
                words = _as_copied(clean_template("x", draft.text))
        self.example.say(words)
        self.example_field.setVisible(bool(words))

    def _add_one(self) -> None:
        taken = {draft.name.casefold() for draft in self.drafts}
        name, number = _("My format"), 1
        while name.casefold() in taken:
            number += 1
            name = _("My format {number}").format(number=number)
        self.drafts.append(Draft(name, "{header}"))
        self._add_line(name)
        self.list.setCurrentRow(len(self.drafts) - 1)
        self.name.setFocus()
        self.name.selectAll()
        self.changed.emit()

    def _add_line(self, name: str) -> None:
        line = QListWidgetItem(name, self.list)
        line.setSizeHint(QSize(0, self.fontMetrics().lineSpacing() + ROW_MARGIN))

    def _remove_one(self) -> None:
        row = self.list.currentRow()
        if self._selected() is not None:
            del self.drafts[row]
            self.list.takeItem(row)
            self._show()
            self.changed.emit()

    def _rename(self, name: str) -> None:
        draft = self._selected()
        if draft is not None:
            draft.name = name
            self.list.currentItem().setText(name)
            self.name_field.clear_problem()
            self.changed.emit()

    def _retype(self) -> None:
        draft = self._selected()
        if draft is not None:
            draft.text = self.text.toPlainText()
            self.text_field.clear_problem()
            self._show_example()

    def _insert(self, placeholder: str, _on: bool = False) -> None:
        self.text.insertPlainText(placeholder)
        self.text.setFocus()


def _as_copied(template: Template) -> str:
    """The example, or what a copy of it would be told."""
    try:
        return filled(template, SAMPLE)
    except PlaceholderUnquoted as error:
        return f"{error.title} {error.hint}"


def _beside(wide: QWidget, buttons: Iterable[QPushButton]) -> QWidget:
    """The widget with a column of buttons at its side."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(wide, 1)
    column = QVBoxLayout()
    column.setSpacing(8)
    for button in buttons:
        column.addWidget(button)
    column.addStretch(1)
    row.addLayout(column)
    return both
