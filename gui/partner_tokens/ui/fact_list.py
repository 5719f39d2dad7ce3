"""Pairs of label and text: selectable, reachable by Tab, and never wider than there is room."""

from math import ceil

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QTextEdit, QWidget

from partner_tokens.ui.token_facts import Facts

LABEL_WIDTH = 96


class FactText(QTextEdit):
    """A text of any length that can be selected but not changed; as tall as it needs to be."""

    def __init__(self) -> None:
        super().__init__()
        self._said = ""
        self.setObjectName("factText")
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        choices = self.document().defaultTextOption()
        choices.setTextDirection(self.layoutDirection())  # as in the list, whatever the script
        self.document().setDefaultTextOption(choices)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())

    def say(self, text: str) -> None:
        """Shows this text; what is selected stays so as long as the text is the same."""
        if text != self._said:  # what it gives back has other spaces
            self._said = text
            self.setPlainText(text)

    def sizeHint(self) -> QSize:
        return QSize(80, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.height())

    def _fit(self) -> None:
        margins = self.contentsMargins()
        tall = ceil(self.document().size().height()) + margins.top() + margins.bottom()
        if tall != self.minimumHeight():
            self.setFixedHeight(tall)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Ctrl+C copies what is selected here, and not the header."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.matches(QKeySequence.StandardKey.Copy) and self.textCursor().hasSelection():
                event.accept()
                return True
            return False
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # what scrolls is the whole panel


class FactList(QWidget):
    """A heading with its pairs; hidden while there is nothing to say."""

    def __init__(self, heading: str, remark: str = "") -> None:
        super().__init__()
        self._rows: list[tuple[QLabel, FactText]] = []
        title = QLabel(heading)
        title.setObjectName("factHeading")
        title.setWordWrap(True)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(title, 0, 0, 1, 2)
        if remark:
            words = QLabel(remark)
            words.setObjectName("factRemark")
            words.setWordWrap(True)
            self._grid.addWidget(words, 1, 0, 1, 2)
        self.hide()

    def show_facts(self, facts: Facts) -> None:
        """Shows the pairs that have a text, and nothing where none has."""
        told = [(label, text) for label, text in facts if text]
        while len(self._rows) < len(told):
            self._add_row()
        for place, (label, value) in enumerate(self._rows):
            is_used = place < len(told)
            if is_used:
                label.setText(told[place][0])
                value.setAccessibleName(told[place][0])
            value.say(told[place][1] if is_used else "")
            label.setVisible(is_used)
            value.setVisible(is_used)
        self.setVisible(bool(told))

    def facts(self) -> dict[str, str]:
        """What is shown now."""
        return {
            label.text(): value.toPlainText() for label, value in self._rows if not label.isHidden()
        }

    def take_focus(self) -> None:
        """Gives the keyboard to the first text."""
        self._rows[0][1].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _add_row(self) -> None:
        label, value = QLabel(), FactText()
        label.setObjectName("factLabel")
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setMaximumWidth(LABEL_WIDTH)
        label.setBuddy(value)
        row = len(self._rows) + 2
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(label, row, 0, top)
        self._grid.addWidget(value, row, 1, top)
        self._rows.append((label, value))
