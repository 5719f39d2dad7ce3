"""The old token and the new one, side by side."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

from partner_tokens.core.language import _
from partner_tokens.ui.long_words import breakable
from partner_tokens.ui.look import Look


@dataclass(frozen=True, slots=True)
class Line:
    """What is compared; `differs` says that the new one is not what one would expect."""

    label: str
    old: str
    new: str
    differs: bool = False


class Comparison(QFrame):
    """A small table of labels: what, before, after. What differs has a sign and words, too."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("comparison")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 12, 12, 12)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self._lines: tuple[Line, ...] = ()
        look.changed.connect(self._fill)

    def show_lines(self, *lines: Line) -> None:
        """Compares these, from top to bottom."""
        self._lines = lines
        self._fill()
        self.show()

    def words(self) -> str:
        """All that is said, a line each: label, old, new."""
        lines = (f"{each.label}: {each.old} → {each.new}" for each in self._lines)
        return "\n".join(line.replace("\n", ", ") for line in lines)

    def _fill(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for column, words in enumerate((_("Old token"), _("New token")), start=1):
            self._grid.addWidget(_label(words, "messageTitle"), 0, column)
        top = Qt.AlignmentFlag.AlignTop
        for row, line in enumerate(self._lines, start=1):
            self._grid.addWidget(_label(line.label, "hintLabel"), row, 0, top)
            self._grid.addWidget(_label(line.old, ""), row, 1, top)
            self._grid.addWidget(self._new(line), row, 2, top)

    def _new(self, line: Line) -> QWidget:
        words = _label(line.new, "warningLabel" if line.differs else "")
        words.setAccessibleDescription(f"{line.label}: {line.old}")
        if not line.differs:
            return words
        words.setText(breakable(_("{value} (another one)").format(value=line.new)))
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        sign = QLabel()
        sign.setPixmap(self._look.pixmap("warning", "urgent", 16, self.devicePixelRatioF()))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        return whole


def _label(words: str, name: str) -> QLabel:
    label = QLabel(breakable(words))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setObjectName(name)
    return label
