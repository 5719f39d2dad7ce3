"""What the sections of the preferences have in common: fields, their values, and what is wrong."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from partner_tokens.core.errors import AppError
from partner_tokens.core.preferences import Preferences
from partner_tokens.ui.choice_box import ChoiceBox, TickBox
from partner_tokens.ui.form_field import FormField
from partner_tokens.ui.look import Look
from partner_tokens.ui.number_box import NumberBox

NARROW = 260


class Unfit(Exception):
    """What stands in a field cannot be used."""

    def __init__(self, field: FormField, error: AppError) -> None:
        super().__init__()
        self.field = field
        self.error = error


class PreferencesPage(QWidget):
    """One section. A subclass makes its fields, shows preferences in them and reads them."""

    title = ""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(16)
        self.fields: list[FormField] = []

    def show_values(self, preferences: Preferences) -> None:
        """Puts the values into the fields."""
        raise NotImplementedError

    def values(self) -> Mapping[str, object]:
        """What the fields say, by the names of the preferences. Raises Unfit."""
        raise NotImplementedError

    # ---- for subclasses ----

    def _add(self, label: str, editor: QWidget, remark: str = "", **more: QWidget) -> FormField:
        field = FormField(label, editor, remark=remark, **more)
        self.fields.append(field)
        self._column.addWidget(field)
        return field

    def _add_number(
        self, label: str, bounds: tuple[int, int], unit: str, remark: str = "", zero: str = ""
    ) -> NumberBox:
        """`zero` is what is said instead of the least number."""
        box = NumberBox(bounds)
        box.setSuffix(f" {unit}")
        box.setSpecialValueText(zero)
        self._add(label, narrow(box), remark, focus=box)
        return box

    def _add_choice(
        self, label: str, choices: Sequence[tuple[str, str]], remark: str = ""
    ) -> ChoiceBox:
        """`choices`: the value of each, and its words."""
        box = ChoiceBox(self._look)
        for value, words in choices:
            box.addItem(words, value)
        self._add(label, narrow(box), remark, focus=box)
        return box

    def _add_tick(self, words: str, remark: str = "") -> TickBox:
        box = TickBox(words, self._look)
        field = self._add("", box, remark)
        box.setAccessibleName(words.replace("&", ""))
        field.setContentsMargins(0, 0, 0, 0)
        return box

    def _end(self) -> None:
        self._column.addStretch(1)


def choose(box: ChoiceBox, value: str) -> None:
    """Selects the choice with this value."""
    box.setCurrentIndex(max(box.findData(value), 0))


def narrow(box: QWidget) -> QWidget:
    """A row of its own: a box for a number or a few words need not be as wide as the page."""
    box.setMinimumWidth(NARROW)
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(box, 0, Qt.AlignmentFlag.AlignLeading)
    line.addStretch(1)
    return row
