"""Counts that are filters: what needs attention, what runs out, what stands in the way."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from partner_tokens.core.language import _
from partner_tokens.ui.flow_layout import FlowLayout
from partner_tokens.ui.token_model import Chip


def chip_label(chip: Chip) -> str:
    """What stands on a chip."""
    return {
        Chip.ALL: _("All"),
        Chip.REMINDED: _("Last reminder"),
        Chip.ATTENTION: _("Needs attention"),
        Chip.EXPIRED: _("Expired"),
        Chip.REFUSED: _("Refused"),
        Chip.UNREADABLE: _("Unreadable"),
        Chip.HELD: _("Another organization's"),
        Chip.WEEK: _("This week"),
        Chip.MONTH: _("This month"),
        Chip.PASSCODE: _("Wants a passcode"),
        Chip.UNREACHABLE: _("Unreachable"),
        Chip.UNPROVEN: _("Unproven"),
        Chip.NO_DATE: _("No date"),
        Chip.FINE: _("Fine"),
        Chip.PINNED: _("Pinned"),
    }[chip]


def chip_hint(chip: Chip) -> str:
    """What a chip counts, where its label is too short to say so."""
    return {
        Chip.ATTENTION: _("Expired, refused, unreadable or another organization's"),
        Chip.WEEK: _("Run out within 7 days"),
        Chip.MONTH: _("Run out within 30 days"),
        Chip.NO_DATE: _("Nobody has said when they run out"),
    }.get(chip, "")


SAID_BY = {
    Chip.ATTENTION: (Chip.EXPIRED, Chip.REFUSED, Chip.UNREADABLE, Chip.HELD),
    Chip.MONTH: (Chip.WEEK,),
    Chip.FINE: (Chip.ALL,),
}
"""A chip that counts the same tokens as one of these adds nothing, and stays away."""


class Chips(QWidget):
    """One chip is on at a time; a chip without tokens, or that adds nothing, is not shown."""

    chosen = Signal(Chip)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = FlowLayout(self, gap=8)
        self._group = QButtonGroup(self)
        self._buttons: dict[Chip, QPushButton] = {}
        for chip in Chip:
            button = QPushButton(chip_label(chip))
            button.setProperty("chip", True)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setToolTip(chip_hint(chip))
            button.clicked.connect(lambda _on, chip=chip: self._clicked(chip))
            self._group.addButton(button)
            self._buttons[chip] = button
            self._lines.addWidget(button)
        self._buttons[Chip.ALL].setChecked(True)
        self._counts = dict.fromkeys(Chip, 0)
        self._show_needed()

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

    def _clicked(self, chip: Chip) -> None:
        self._show_needed()
        self.chosen.emit(chip)

    def show_counts(self, counts: dict[Chip, int]) -> None:
        """Writes the counts; a chip that has become empty and is on gives way to All."""
        for chip, button in self._buttons.items():
            button.setText(f"{chip_label(chip)}  {counts[chip]}")
        self._counts = counts
        self._show_needed()
        if not counts[self.chip] and self.chip is not Chip.ALL:
            self.choose(Chip.ALL)

    def _show_needed(self) -> None:
        for chip, button in self._buttons.items():
            is_offered = button.isChecked() or self._adds(chip)
            button.setVisible(chip is Chip.ALL or (bool(self._counts[chip]) and is_offered))
        self._claim_lines()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._claim_lines()

    def _claim_lines(self) -> None:
        """A low window would rather cut the last line of chips than shorten the list."""
        self.setMinimumHeight(self._lines.heightForWidth(self.width()))

    def _adds(self, chip: Chip) -> bool:
        """Whether the chip says something that no other says; the reminder leads to its own."""
        said = {self._counts[other] for other in SAID_BY.get(chip, ())}
        return chip is not Chip.REMINDED and self._counts[chip] not in said
