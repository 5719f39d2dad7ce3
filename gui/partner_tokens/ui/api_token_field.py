"""Where an API token or another secret is pasted: hidden letters, no way to show it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import clean_api_token
from partner_tokens.ui.look import Look
from partner_tokens.ui.paste_watch import PasteWatch

SENSITIVE = (
    Qt.InputMethodHint.ImhSensitiveData
    | Qt.InputMethodHint.ImhNoPredictiveText
    | Qt.InputMethodHint.ImhNoAutoUppercase
    | Qt.InputMethodHint.ImhHiddenText
)

MISSING = frozenset({Problem.TOKEN_MISSING, Problem.CLIENT_SECRET_MISSING})


class ApiTokenField(QWidget):
    """White space and quotes around what is pasted are taken off; nothing else is changed."""

    edited = Signal()
    nothing_pasted = Signal()
    """The paste button was pressed while the clipboard held no text."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._clean: Callable[[str], Secret] = clean_api_token
        self._was_pasted = False
        self.line = QLineEdit()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setInputMethodHints(SENSITIVE)
        self.line.textChanged.connect(self.edited)
        PasteWatch(self.line, self._pastes)
        self.paste = QPushButton(_("&Paste"))
        self.paste.clicked.connect(self._take_clipboard)
        self.setFocusProxy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.paste)
        look.changed.connect(self._dress)
        self._dress()

    def take_as(
        self, clean: Callable[[str], Secret], *, paste_words: str, placeholder: str
    ) -> None:
        """Says what belongs in here: how it is cleaned, and in which words it is asked for."""
        self._clean = clean
        self.paste.setAccessibleName(paste_words)
        self.line.setPlaceholderText(placeholder)

    @property
    def is_empty(self) -> bool:
        """Whether nothing, or only white space, was typed."""
        return not self.line.text().strip()

    def secret(self) -> Secret:
        """The secret that was typed. Raises InputError."""
        return self._clean(self.line.text())

    def mistake(self) -> InputError | None:
        """What is plainly wrong with what was typed so far; an empty field is not wrong yet."""
        try:
            self.secret()
        except InputError as error:
            return None if error.problem in MISSING else error
        return None

    def clear(self) -> None:
        """Forgets what was typed."""
        self.line.clear()

    def take_pasted(self, text: str) -> None:
        """Puts what was pasted in the place of what was typed."""
        self._was_pasted = True
        try:
            self.line.setText(self._clean(text).reveal())
        except InputError:
            # Shown as it is, hidden by bullets: the form names the mistake below the field.
            self.line.setText(text.strip())

    def clear_clipboard(self) -> bool:
        """Empties the clipboard if what is typed was pasted here and still lies there.

        Gives whether it did. For a token that is stored now: nobody needs to paste it again.
        """
        clipboard = QGuiApplication.clipboard()
        if not self._was_pasted or not self.holds(clipboard.text()):
            return False
        clipboard.clear()
        return not self.holds(clipboard.text())

    def holds(self, text: str) -> bool:
        """Whether this is the secret that was typed."""
        try:
            return self._clean(text) == self.secret()
        except InputError:
            return False

    def _pastes(self, _text: str) -> bool:
        """Pasted into what is there already, maybe: that is left to the line itself."""
        self._was_pasted = True
        return False

    def _take_clipboard(self) -> None:
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self.take_pasted(text)
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.nothing_pasted.emit()

    def _dress(self) -> None:
        self.paste.setIcon(self._look.icon("paste"))
