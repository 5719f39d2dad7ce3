"""What each column of a table is, to be corrected before the import."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from partner_tokens.core.columns import Meaning
from partner_tokens.core.language import _
from partner_tokens.core.sheets import Sheet
from partner_tokens.ui.choice_box import ChoiceBox
from partner_tokens.ui.look import Look

LONGEST_HEADING = 24


class ImportColumns(QScrollArea):
    """A box for each column, under its heading; a meaning chosen anew leaves its old place."""

    corrected = Signal(object)
    """The Sheet, read as the user says."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._sheet: Sheet | None = None
        self._boxes: list[ChoiceBox] = []
        self.setObjectName("tallScroll")
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_sheet(self, sheet: Sheet) -> None:
        """Makes the boxes for another table."""
        self._sheet = sheet
        self._boxes = []
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for place, meaning in enumerate(sheet.meanings):
            row.addLayout(self._column(place, sheet.heading(place), meaning))
        row.addStretch()
        self.setWidget(inside)
        self._fit()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize}:
            self._fit()  # the boxes have heard of the style sheet by now
        return super().viewportEvent(event)

    def _fit(self) -> None:
        """As high as the boxes, and as a scroll bar with some air, where one is needed."""
        inside = self.widget()
        if inside is not None:
            wanted = inside.sizeHint()
            bar = self.horizontalScrollBar().sizeHint().height() + 4
            self.setFixedHeight(wanted.height() + (bar if wanted.width() > self.width() else 0))

    def box(self, place: int) -> ChoiceBox:
        """The box of a column, from 0."""
        return self._boxes[place]

    def _column(self, place: int, heading: str, meaning: Meaning) -> QVBoxLayout:
        words = _shortened(heading) or _("Column {number}").format(number=place + 1)
        label = QLabel(words)
        label.setObjectName("hintLabel")
        label.setTextFormat(Qt.TextFormat.PlainText)
        box = ChoiceBox(self._look)
        box.setAccessibleName(_("Meaning of the column {heading}").format(heading=words))
        for each, says in meaning_words().items():
            box.addItem(says, each)
        box.setCurrentIndex(box.findData(meaning))
        box.activated.connect(lambda _index: self._choose(place))
        label.setBuddy(box)
        self._boxes.append(box)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(label)
        column.addWidget(box)
        return column

    def _choose(self, place: int) -> None:
        if self._sheet is None:
            return
        chosen = Meaning(self._boxes[place].currentData())
        for other, box in enumerate(self._boxes):
            if other != place and box.currentData() == chosen:
                box.setCurrentIndex(box.findData(Meaning.IGNORED))
        self._sheet = self._sheet.read_as([Meaning(box.currentData()) for box in self._boxes])
        self.corrected.emit(self._sheet)


def meaning_words() -> dict[Meaning, str]:
    """What a user calls each meaning of a column."""
    return {
        Meaning.IGNORED: _("not used"),
        Meaning.TOKEN: _("API token"),
        Meaning.ORGANIZATION: _("Organization"),
        Meaning.NAME: _("Token name"),
        Meaning.ENDPOINT: _("Endpoint"),
        Meaning.EXPIRES: _("Expires"),
        Meaning.SERVICE_ID: _("Organization id"),
        Meaning.NOTE: _("Note"),
        Meaning.KIND: _("Kind"),
        Meaning.CLIENT_ID: _("Client id"),
        Meaning.CLIENT_SECRET: _("Client secret"),
    }


def _shortened(line: str) -> str:
    return line if len(line) <= LONGEST_HEADING else line[: LONGEST_HEADING - 1].rstrip() + "…"
