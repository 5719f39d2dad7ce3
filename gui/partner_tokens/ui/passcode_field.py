"""The field for the six digits that a user's device shows for half a minute."""

from collections.abc import Callable

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import clean_passcode


class PasscodeField(QLineEdit):
    """Six digits; what was typed is cleared as soon as it was handed over."""

    mistyped = Signal(object)
    """An InputError: what was typed cannot be a passcode; nothing was sent."""
    dismissed = Signal()
    left = Signal()
    """The keyboard went elsewhere in this window; the field is still open."""

    def __init__(self) -> None:
        super().__init__()
        self._answered: Callable[[Secret], None] | None = None
        self._before: QWidget | None = None
        self.setAccessibleName(_("Passcode"))
        self.setPlaceholderText(_("six digits"))
        self.setMaxLength(12)
        self.setFixedWidth(120)
        self.setValidator(QRegularExpressionValidator(QRegularExpression(r"[0-9 ]*"), self))
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData
        )
        self.returnPressed.connect(self.submit)
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        stays = {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}
        if self._answered is not None and event.reason() not in stays:
            self.left.emit()

    def submit(self) -> None:
        """Hands the passcode over, once; what cannot be one is said and stays."""
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
