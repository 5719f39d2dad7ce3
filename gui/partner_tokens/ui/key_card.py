"""One line of the dialog of keys: an icon, what it is, what it does, and its buttons."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from partner_tokens.ui.form_field import Deed
from partner_tokens.ui.look import Look

MOST_DEEDS = 2
PICTURE = 20


class KeyCard(QWidget):
    """Shows whether something opens the tokens, in words and by its icon's shade."""

    def __init__(self, look: Look, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = icon
        self._shade = "dim"
        self._deeds: tuple[Deed, ...] = ()
        self.setObjectName("keyCard")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = QLabel()
        self._title = QLabel()
        self._title.setObjectName("cardTitle")
        self._text = QLabel()
        self._text.setObjectName("hintLabel")
        for label in (self._title, self._text):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.buttons = tuple(QPushButton() for _place in range(MOST_DEEDS))
        for place, button in enumerate(self.buttons):
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, place=place: self._deeds[place][1]())
        self._lay_out()
        look.changed.connect(self._dress)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        words.addStretch()
        deeds = QHBoxLayout()
        deeds.setContentsMargins(0, 8, 0, 0)
        deeds.setSpacing(8)
        for button in self.buttons:
            deeds.addWidget(button)
        deeds.addStretch()
        words.insertLayout(2, deeds)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def say(self, words: tuple[str, str], deeds: tuple[Deed, ...], *, is_on: bool) -> None:
        """Sets title, text and buttons; `is_on` is shown by the icon, and told by the text."""
        self._title.setText(words[0])
        self._text.setText(words[1])
        self._deeds = deeds
        for place, button in enumerate(self.buttons):
            button.setVisible(place < len(deeds))
            button.setText(deeds[place][0] if place < len(deeds) else "")
        for button in self.buttons:
            button.setAccessibleDescription(f"{words[0]}. {words[1]}")
        self._shade = "fine" if is_on else "dim"
        self._dress()

    def words(self) -> str:
        """What the card says."""
        return f"{self._title.text()} {self._text.text()}"

    def _dress(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(self._look.pixmap(self._icon_name, self._shade, PICTURE, ratio))
