"""The bar that offers to prove tokens, and shows how far it has come."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from partner_tokens.ui.look import Look
from partner_tokens.ui.notices import Deed, announce


class ProvingBar(QWidget):
    """One line of words, a bar while something is under way, and up to two deeds."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._deeds: tuple[Deed, ...] = ()
        self.setObjectName("provingBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = QLabel()
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self._buttons = (QPushButton(), QPushButton())
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(10)
        for widget in (self._icon, self._words):
            row.addWidget(widget)
        row.addWidget(self.progress, 1)
        row.addStretch()
        for place, button in enumerate(self._buttons):
            button.clicked.connect(lambda _on=False, place=place: self._deeds[place][1]())
            row.addWidget(button)
        look.changed.connect(self._dress)
        self._dress()
        self.hide()

    def say(self, words: str, *, deeds: tuple[Deed, ...], progress: tuple[int, int] | None) -> None:
        """Shows words and deeds; `progress` is how many of how many, None where nothing runs."""
        is_news = not self.isVisible() or progress is None
        self._deeds = deeds
        self._words.setText(words)
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(deeds))
            if place < len(deeds):
                button.setText(deeds[place][0])
        self.progress.setVisible(progress is not None)
        if progress is not None:
            self.progress.setRange(0, progress[1])
            self.progress.setValue(progress[0])
            self.progress.setAccessibleName(words)
        self.show()
        if is_news:
            announce(self, words)

    def button(self, place: int) -> QPushButton:
        """The button of a deed, from 0."""
        return self._buttons[place]

    def words(self) -> str:
        """What the bar says now; empty while it is hidden."""
        return self._words.text() if self.isVisible() else ""

    def _dress(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(self._look.pixmap("shield", "plain", 16, ratio))
