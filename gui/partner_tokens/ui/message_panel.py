"""What a dialog has to say, in place: a title, a sentence, a passcode to type, and choices."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import clean_passcode
from partner_tokens.ui.form_field import Deed, FormField
from partner_tokens.ui.long_words import breakable, short
from partner_tokens.ui.look import Look
from partner_tokens.ui.notices import announce

MOST_CHOICES = 3


class MessagePanel(QWidget):
    """Shows one message at a time, in a tone of the look: over, urgent, plain or fine."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = ("info", "plain")
        self._deeds: tuple[Deed, ...] = ()
        self.setObjectName("messagePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = QLabel()
        self._title = QLabel()
        self._title.setObjectName("messageTitle")
        self._text = QLabel()
        for label in (self._title, self._text):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self._digits = QLineEdit()
        self._digits.setPlaceholderText(_("six digits"))
        self._digits.setInputMethodHints(
            Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData
        )
        self._digits.setMaxLength(12)
        self._digits.setMaximumWidth(160)
        self.passcode_field = FormField(_("Pass&code"), self._digits)
        self.passcode_field.setContentsMargins(0, 8, 0, 0)
        self._digits.textEdited.connect(self.passcode_field.clear_problem)
        self.buttons = tuple(QPushButton() for _place in range(MOST_CHOICES))
        for place, button in enumerate(self.buttons):
            button.clicked.connect(lambda _on=False, place=place: self._act(place))
        self._lay_out()
        look.changed.connect(self._dress)
        self.clear()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 12, 12, 12)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        choices = QHBoxLayout()
        choices.setContentsMargins(0, 8, 0, 0)
        choices.setSpacing(8)
        for button in self.buttons:
            choices.addWidget(button)
        choices.addStretch()
        self._choices = QWidget()
        self._choices.setLayout(choices)
        for row, widget in enumerate((self._title, self._text, self.passcode_field, self._choices)):
            grid.addWidget(widget, row, 1)
        grid.setColumnStretch(1, 1)

    @property
    def asks_passcode(self) -> bool:
        """Whether the field for a passcode is open."""
        return not self.passcode_field.isHidden()

    def say(
        self,
        tone: str,
        icon: str,
        title: str,
        text: str = "",
        *,
        deeds: tuple[Deed, ...] = (),
        quiet: bool = False,
    ) -> None:
        """Shows a message; `quiet` is for one that a screen reader hears from elsewhere."""
        self._close_field()
        self._show(tone, icon, title, text, deeds, quiet=quiet)

    def say_error(self, error: AppError, *, deeds: tuple[Deed, ...] = ()) -> None:
        """Shows what went wrong and the next step."""
        self.say("over", "warning", error.title, error.hint, deeds=deeds)

    def ask_passcode(self, title: str, text: str, *, deeds: tuple[Deed, ...] = ()) -> None:
        """Opens the field for six digits and gives it the keyboard."""
        self._close_field()
        self.passcode_field.show()
        self._show("plain", "key", title, text, deeds, quiet=False)
        self._digits.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_passcode(self) -> Secret | None:
        """What was typed; None, with the problem said, if that is no passcode. Clears the field."""
        try:
            passcode = clean_passcode(self._digits.text())
        except InputError as error:
            self.passcode_field.show_problem(error)
            self._digits.setFocus(Qt.FocusReason.OtherFocusReason)
            self._digits.selectAll()
            return None
        self._digits.clear()
        return passcode

    def clear(self) -> None:
        """Takes the message away and forgets what was typed."""
        self._close_field()
        self._deeds = ()
        self.hide()

    def words(self) -> str:
        """What the panel says now; empty while it is hidden."""
        return "" if self.isHidden() else f"{self._title.text()} {self._text.text()}".strip()

    def _close_field(self) -> None:
        self._digits.clear()
        self.passcode_field.clear_problem()
        self.passcode_field.hide()

    def _show(
        self, tone: str, icon: str, title: str, text: str, deeds: tuple[Deed, ...], *, quiet: bool
    ) -> None:
        self._icon_name = (icon, tone)
        self._deeds = deeds
        self._title.setText(breakable(title))
        self._text.setText(breakable(text))
        self._text.setVisible(bool(text))
        self._choices.setVisible(bool(deeds))
        for place, button in enumerate(self.buttons):
            button.setVisible(place < len(deeds))
            button.setText(deeds[place][0] if place < len(deeds) else "")
        self.setProperty("tone", tone)
        for widget in (self, self._title):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self._dress()
        self.show()
        if not quiet:
            announce(self, f"{title} {text}".strip(), urgent=tone == "over")

    def _dress(self) -> None:
        name, shade = self._icon_name
        self._icon.setPixmap(self._look.pixmap(name, shade, 16, self.devicePixelRatioF()))

    def _act(self, place: int) -> None:
        self._deeds[place][1]()


def button_words(words: str, organization: str) -> str:
    """The words of a choice, with a name."""
    return words.format(organization=short(organization))
