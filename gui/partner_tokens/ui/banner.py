"""One banner above the list for trouble that all rows share."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from partner_tokens.ui.long_words import breakable
from partner_tokens.ui.look import Look
from partner_tokens.ui.notices import Deed, announce


@dataclass(frozen=True, slots=True)
class _Subject:
    rank: int
    title: str
    text: str
    actions: tuple[Deed, ...]
    names: bool


class Banner(QWidget):
    """Says what is wrong and the next step. The subject with the highest rank is shown."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._subjects: dict[str, _Subject] = {}
        self._actions: tuple[Deed, ...] = ()
        self._is_discreet = False
        self.setObjectName("banner")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = QLabel()
        self._title = QLabel()
        self._title.setObjectName("bannerTitle")
        self._text = QLabel()
        self._text.setObjectName("bannerText")
        self._text.setWordWrap(True)
        self._labels = (self._title, self._text)
        for label in self._labels:
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._words = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._words.setContentsMargins(0, 0, 0, 0)
        self._words.addWidget(self._title)
        self._words.addWidget(self._text, 1)
        self._buttons = (QPushButton(), QPushButton(), QPushButton())
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addLayout(self._words, 1)
        for place, button in enumerate(self._buttons):
            button.clicked.connect(lambda _on=False, place=place: self._actions[place][1]())
            row.addWidget(button)
        look.changed.connect(self._dress)
        self.hide()

    def raise_subject(
        self,
        subject: str,
        title: str,
        text: str,
        *,
        rank: int,
        actions: tuple[Deed, ...] = (),
        urgent: bool = True,
        names: bool = False,
    ) -> None:
        """Takes up a subject, or changes its words; the highest rank is shown.

        What is not `urgent` is read aloud when the screen reader has nothing else to say. What
        `names` tokens or organizations waits while the list is hidden.
        """
        before = self._subjects.get(subject)
        self._subjects[subject] = _Subject(rank, title, text, actions, names)
        if (before is None or before.title != title) and not (names and self._is_discreet):
            announce(self, f"{title} {text}", urgent=urgent)
        self._show()

    def settle(self, subject: str) -> None:
        """The subject is over."""
        if self._subjects.pop(subject, None):
            self._show()

    def be_discreet(self, discreet: bool) -> None:
        """Names nobody, until it may again: the list is hidden."""
        self._is_discreet = discreet
        self._show()

    def button(self, place: int) -> QPushButton:
        """The button of an action, from 0."""
        return self._buttons[place]

    def words(self) -> str:
        """What the banner says now; empty while it is hidden."""
        return f"{self._title.text()} {self._text.text()}".strip() if self.isVisible() else ""

    def _show(self) -> None:
        fit = [one for one in self._subjects.values() if not (one.names and self._is_discreet)]
        if not fit:
            self.hide()
            return
        subject = max(fit, key=lambda subject: subject.rank)
        self._title.setText(breakable(subject.title))
        self._text.setText(breakable(subject.text))
        self._actions = subject.actions
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(subject.actions))
            if place < len(subject.actions):
                button.setText(subject.actions[place][0])
        self._dress()
        self.show()
        self._fit()

    def _fit(self) -> None:
        """Title and text stand side by side where there is room, else one below the other."""
        wanted = sum(label.fontMetrics().horizontalAdvance(label.text()) for label in self._labels)
        others = (self._icon, *self._buttons)
        taken = sum(w.sizeHint().width() + 10 for w in others if not w.isHidden()) + 48
        fits = wanted + taken <= self.width()
        direction = QBoxLayout.Direction
        self._title.setWordWrap(not fits)
        self._words.setDirection(direction.LeftToRight if fits else direction.TopToBottom)
        self._words.setSpacing(10 if fits else 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _dress(self) -> None:
        self._icon.setPixmap(self._look.pixmap("warning", "urgent", 16, self.devicePixelRatioF()))
