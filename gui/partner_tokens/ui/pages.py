"""What stands where the list would be: nothing yet, no match, locked, no keyring, unreadable."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from partner_tokens.ui.look import Look, scale_font
from partner_tokens.ui.notices import Deed

PICTURE = 48
WIDTH = 440


class StatePage(QWidget):
    """A picture, a title, a sentence, one action, and at times quieter ones below it."""

    def __init__(self, look: Look, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon = self._usual_icon = icon
        self._deeds: tuple[Deed, ...] = ()
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = QLabel()
        self.title.setObjectName("pageTitle")
        scale_font(self.title, 1.4)
        self._text = QLabel()
        self._text.setObjectName("pageText")
        for label in (self.title, self._text):
            label.setWordWrap(True)
            label.setFixedWidth(WIDTH)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.action = QPushButton()
        self.action.setProperty("primary", True)
        self.second, self.third = QPushButton(), QPushButton()
        self._buttons = (self.action, self.second, self.third)
        for place, button in enumerate(self._buttons):
            button.clicked.connect(lambda _on=False, place=place: self._act(place))
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (self._picture, self.title, self._text, *self._buttons):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        look.changed.connect(self._dress)

    def say(self, title: str, text: str, *deeds: Deed, icon: str = "") -> None:
        """Sets the words and what can be done, at most three things, the likeliest first.

        `icon` is a picture for this alone, instead of the page's own.
        """
        for label, words in ((self.title, title), (self._text, text)):
            label.ensurePolished()
            label.setText(words)
            # A centred label is not asked for its height at its width by the layout.
            label.setFixedHeight(label.heightForWidth(WIDTH))
        self._icon = icon or self._usual_icon
        if self.isVisible():
            self._dress()
        self._deeds = deeds
        for place, button in enumerate(self._buttons):
            button.setText(deeds[place][0] if place < len(deeds) else "")
            button.setVisible(place < len(deeds))

    def words(self) -> str:
        """What the page says."""
        return f"{self.title.text()} {self._text.text()}"

    def _act(self, place: int) -> None:
        self._deeds[place][1]()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._dress()  # most are never shown

    def _dress(self) -> None:
        ratio = self.devicePixelRatioF()
        self._picture.setPixmap(self._look.pixmap(self._icon, "dim", PICTURE, ratio))
