"""Counts that are filters: attention, running out this week, this month, passcode, pinned."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from partner_tokens.core.language import _
from partner_tokens.ui.flow_layout import FlowLayout
from partner_tokens.ui.token_model import Chip


def chip_label(chip: Chip) -> str:
    """What stands on a chip."""
    return {
        Chip.ALL: _("All"),
        Chip.ATTENTION: _("Needs attention"),
        Chip.WEEK: _("Runs out this week"),
        Chip.MONTH: _("This month"),
        Chip.PASSCODE: _("Wants a passcode"),
        Chip.PINNED: _("Pinned"),
    }[chip]


class Chips(QWidget):
    """One chip is on at a time; a chip without tokens is not shown."""

    chosen = Signal(Chip)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = FlowLayout(self, gap=8)
        self._group = QButtonGroup(self)
        self._buttons: dict[Chip, QPushButton] = {}
        for chip in Chip:
            button = QPushButton()
            button.setProperty("chip", True)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _on, chip=chip: self.chosen.emit(chip))
            self._group.addButton(button)
            self._buttons[chip] = button
            row.addWidget(button)
        self._buttons[Chip.ALL].setChecked(True)

    def words(self) -> str:
        """What the chips say, those that are shown."""
        return " | ".join(b.text() for b in self._buttons.values() if not b.isHidden())

    @property
    def chip(self) -> Chip:
        """The chip that is on."""
        return next(chip for chip, button in self._buttons.items() if button.isChecked())

    def choose(self, chip: Chip) -> None:
        """Turns a chip on."""
        self._buttons[chip].click()

    def show_counts(self, counts: dict[Chip, int]) -> None:
        """Writes the counts; a chip that has become empty and is on gives way to All."""
        for chip, button in self._buttons.items():
            button.setText(f"{chip_label(chip)}  {counts[chip]}")
            button.setVisible(bool(counts[chip]) or chip is Chip.ALL)
        if not counts[self.chip] and self.chip is not Chip.ALL:
            self.choose(Chip.ALL)
