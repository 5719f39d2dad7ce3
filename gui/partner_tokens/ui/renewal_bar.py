"""Above the token in the renewal window: how many are left and why, within how many days."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from partner_tokens.core.language import _, _n
from partner_tokens.core.renewal_queue import Cause
from partner_tokens.ui import renewal_words
from partner_tokens.ui.choice_box import ChoiceBox
from partner_tokens.ui.look import Look
from partner_tokens.ui.notices import announce


class RenewalBar(QWidget):
    """Tells how far a sitting has come, and lets the user choose how far it looks ahead."""

    days_chosen = Signal(int)

    def __init__(self, look: Look, days: Sequence[int], chosen: int) -> None:
        super().__init__()
        self.days = ChoiceBox(look)
        for each in sorted({*days, chosen}):
            self.days.addItem(_n("{count} day", "{count} days", each).format(count=each), each)
        self.days.setCurrentIndex(self.days.findData(chosen))
        self.days.activated.connect(lambda _at: self.days_chosen.emit(self.days.currentData()))
        label = QLabel(_("&What runs out within"))
        label.setBuddy(self.days)
        self.days.setAccessibleName(_("What runs out within"))
        self._place = QLabel()
        self._place.setObjectName("messageTitle")
        self._counts = QLabel()
        self._counts.setObjectName("hintLabel")
        self._counts.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.days)
        row.addStretch()
        row.addWidget(self._place)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.progress)
        column.addWidget(self._counts)

    def show_place(self, done: int, total: int, counts: Mapping[Cause, int]) -> None:
        """So many are done of so many in all; `counts` are those that are left."""
        has_next = done < total
        words = renewal_words.place(done + 1, total) if has_next else ""
        self._place.setText(words)
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self.progress.setAccessibleName(words)
        self._counts.setText(renewal_words.to_renew(counts, self.days.currentData()))
        self._counts.setVisible(has_next or not done)
        announce(self, self.words())

    def words(self) -> str:
        """All that it says."""
        shown = (label.text() for label in (self._place, self._counts) if not label.isHidden())
        return " ".join(shown).strip()
