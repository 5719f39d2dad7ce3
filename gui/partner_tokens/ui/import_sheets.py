"""The tables of an import: what their columns are, one table at a time where there are several."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from partner_tokens.core.language import _
from partner_tokens.core.sheets import Sheet
from partner_tokens.ui.choice_box import ChoiceBox
from partner_tokens.ui.import_columns import ImportColumns
from partner_tokens.ui.look import Look


class ImportSheets(QWidget):
    """Hidden where no source is a table."""

    corrected = Signal()
    """The user said what a column is: `sheets` have other rows."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheets: list[Sheet] = []
        self.columns = ImportColumns(look)
        self.file = ChoiceBox(look)
        self.file.setAccessibleName(_("Table whose columns are shown"))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(QLabel(_("What the columns are")))
        head.addWidget(self.file)
        head.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.columns)
        self.file.activated.connect(self._show)
        self.columns.corrected.connect(self._correct)

    def show_sheets(self, sheets: Sequence[Sheet]) -> None:
        """Shows other tables; first one whose tokens were not found, if there is one."""
        self._sheets = list(sheets)
        self.file.clear()
        self.file.addItems([sheet.source for sheet in sheets])
        self.file.setVisible(len(sheets) > 1)
        self.setVisible(bool(sheets))
        if sheets:
            unread = (place for place, sheet in enumerate(sheets) if not sheet.is_read)
            self.file.setCurrentIndex(next(unread, 0))
            self._show(self.file.currentIndex())

    def sheets(self) -> tuple[Sheet, ...]:
        """All tables, as their columns are read now."""
        return tuple(self._sheets)

    def _show(self, place: int) -> None:
        self.columns.show_sheet(self._sheets[place])

    def _correct(self, sheet: Sheet) -> None:
        self._sheets[self.file.currentIndex()] = sheet
        self.corrected.emit()
