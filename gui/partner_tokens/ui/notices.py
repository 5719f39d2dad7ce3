"""The quiet bar below the list: what just happened, for whom, until when, and what can be done."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from partner_tokens.core.errors import InputError
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import clean_passcode
from partner_tokens.ui.look import Look

Deed = tuple[str, Callable[[], None]]
"""A button: its words, and what it does."""


def announce(widget: QWidget, words: str, *, urgent: bool = False) -> None:
    """Tells a screen reader, without moving the focus."""
    event = QAccessibleAnnouncementEvent(widget, words)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)


class NoticeBar(QWidget):
    """Shows one notice at a time; a newer one takes its place."""

    closed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = ("check", "fine")
        self.setObjectName("noticeBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = QLabel()
        self._title = QLabel()
        self._title.setObjectName("noticeTitle")
        self._text = QLabel()
        for label in (self._title, self._text):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._passcode = PasscodeField()
        self._passcode.mistyped.connect(self._say_mistyped)
        self._buttons = (QPushButton(), QPushButton())
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setAccessibleName(_("Close this notice"))
        self._close.setToolTip(_("Close"))
        self._close.clicked.connect(self.clear)
        self._deeds: tuple[Deed, ...] = ()
        self.number = 0
        """How many notices there have been: tells whether one is still the last."""
        for place, button in enumerate(self._buttons):
            button.clicked.connect(lambda _on=False, place=place: self._deeds[place][1]())
        self._lay_out()
        look.changed.connect(self._dress)
        self.hide()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self._title)
        row.addWidget(self._text, 1)
        row.addWidget(self._passcode)
        for button in self._buttons:
            row.addWidget(button)
        row.addWidget(self._close)

    def tell(self, title: str, text: str = "", *, deeds: tuple[Deed, ...] = ()) -> None:
        """Good news."""
        self._show("fine", ("check", "fine"), title, text, deeds)

    def warn(self, title: str, text: str = "", *, deeds: tuple[Deed, ...] = ()) -> None:
        """Something failed: what, and the next step."""
        self._show("over", ("warning", "over"), title, text, deeds)

    def remark(self, title: str, text: str = "", *, deeds: tuple[Deed, ...] = ()) -> None:
        """Neither good nor bad: waiting, removed, changed elsewhere."""
        self._show("plain", ("info", "plain"), title, text, deeds)

    def ask_passcode(self, title: str, text: str, answered: Callable[[Secret], None]) -> None:
        """Asks for six digits, in place; one submit is one attempt."""
        self._show("plain", ("key", "soon"), title, text, ())
        self._passcode.ask(answered)

    def _say_mistyped(self, error: InputError) -> None:
        self._text.setText(f"{error.title} {error.hint}")
        announce(self, str(error), urgent=True)

    def set_text(self, text: str) -> None:
        """Changes the second half, without announcing it: a countdown."""
        self._text.setText(text)

    def clear(self) -> None:
        """Takes the notice away."""
        if self.isVisible():
            self.hide()
            self._passcode.close_field()
            self.closed.emit()

    def button(self, place: int) -> QPushButton:
        """The button of a deed, from 0."""
        return self._buttons[place]

    def words(self) -> str:
        """What the bar says now; empty while it is hidden."""
        return f"{self._title.text()} {self._text.text()}".strip() if self.isVisible() else ""

    def _show(
        self, tone: str, icon: tuple[str, str], title: str, text: str, deeds: tuple[Deed, ...]
    ) -> None:
        self._passcode.close_field()
        self.number += 1
        self._icon_name = icon
        self._deeds = deeds
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(deeds))
            if place < len(deeds):
                button.setText(deeds[place][0])
        self._title.setText(title)
        self._text.setText(text)
        self.setProperty("tone", tone)
        for widget in (self, self._title):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self._dress()
        self.show()
        announce(self, f"{title} {text}".strip(), urgent=tone == "over")

    def _dress(self) -> None:
        name, shade = self._icon_name
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(self._look.pixmap(name, shade, 16, ratio))
        self._close.setIcon(self._look.icon("close", "dim"))


class PasscodeField(QLineEdit):
    """Six digits; what was typed is cleared as soon as it was handed over."""

    mistyped = Signal(object)
    """An InputError: what was typed cannot be a passcode; nothing was sent."""

    def __init__(self) -> None:
        super().__init__()
        self._answered: Callable[[Secret], None] | None = None
        self._before: QWidget | None = None
        self.setAccessibleName(_("Passcode"))
        self.setPlaceholderText(_("six digits"))
        self.setMaxLength(12)
        self.setFixedWidth(120)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.returnPressed.connect(self._submit)
        self.hide()

    def ask(self, answered: Callable[[Secret], None]) -> None:
        """Opens the field and takes the keyboard: the user has just asked for it."""
        self._answered = answered
        self._before = self.window().focusWidget()
        self.clear()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_field(self) -> None:
        """Forgets what was typed, and gives the keyboard back."""
        self._answered = None
        self.clear()
        if self._before is not None and self.hasFocus():
            self._before.setFocus()
        self._before = None
        self.hide()

    def _submit(self) -> None:
        try:
            passcode = clean_passcode(self.text())
        except InputError as error:
            self.selectAll()
            self.mistyped.emit(error)
            return
        answered = self._answered
        self.close_field()
        if answered:
            answered(passcode)
