"""One field of a form: its label, its editor, a quiet remark, and what is wrong with it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from partner_tokens.core.errors import AppError
from partner_tokens.ui.long_words import breakable
from partner_tokens.ui.notices import announce

Deed = tuple[str, Callable[[], None]]
"""A button: its words, and what it does."""


class FormField(QWidget):
    """Label above, editor, remark and problem below; the label's letter moves to the editor.

    `focus` is the part of the editor that takes the keyboard, if that is not the editor itself.
    """

    def __init__(
        self, label: str, editor: QWidget, *, focus: QWidget | None = None, remark: str = ""
    ) -> None:
        super().__init__()
        self.editor = editor
        self.focus_widget = focus or editor
        self._remark_words = remark
        self._deed: Callable[[], None] | None = None
        self._label = QLabel(label)
        self._label.setBuddy(self.focus_widget)
        if not label:
            self._label.hide()  # something else stands for it
        self.focus_widget.setAccessibleName(label.replace("&", ""))
        self._remark = QLabel(remark)
        self._remark.setObjectName("hintLabel")
        self._remark.setVisible(bool(remark))
        self._problem = QLabel()
        self._problem.setObjectName("errorLabel")
        self._problem.hide()
        self._button = QPushButton()
        self._button.clicked.connect(self._act)
        self._button.hide()
        for text in (self._remark, self._problem):
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self._label, editor, self._problem, self._remark):
            column.addWidget(widget)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeading)
        self._describe()

    @property
    def problem(self) -> str:
        """What is said to be wrong with the field; empty when nothing is."""
        return self._problem.text()

    @property
    def button(self) -> QPushButton:
        """The way out that is offered below a problem."""
        return self._button

    def set_label(self, words: str) -> None:
        """Changes what stands above."""
        self._label.setText(words)
        self.focus_widget.setAccessibleName(words.replace("&", ""))

    def set_remark(self, words: str) -> None:
        """Changes the quiet words below."""
        self._remark_words = words
        self._remark.setText(words)
        self._remark.setVisible(bool(words) and not self.problem)
        self._describe()

    def show_problem(
        self,
        error: AppError,
        deed: Deed | None = None,
        *,
        hint: str | None = None,
        aloud: bool = True,
    ) -> None:
        """Says what is wrong below the field, and `aloud` to a screen reader; the focus stays.

        `hint` takes the place of the error's own where the place makes another next step right.
        """
        words = f"{error.title} {error.hint if hint is None else hint}"
        self._problem.setText(breakable(words))
        self._deed = deed[1] if deed else None
        self._button.setText(deed[0] if deed else "")
        self._mark()
        if aloud:
            name = self._label.text().replace("&", "")
            announce(self.focus_widget, f"{name}: {self.problem}", urgent=True)

    def clear_problem(self) -> None:
        """Nothing is wrong any more."""
        if self.problem:
            self._problem.clear()
            self._deed = None
            self._mark()

    def _mark(self) -> None:
        wrong = bool(self.problem)
        self._problem.setVisible(wrong)
        self._remark.setVisible(bool(self._remark_words) and not wrong)
        self._button.setVisible(self._deed is not None)
        for widget in {self.editor, self.focus_widget}:
            widget.setProperty("invalid", wrong)
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self._describe()

    def _describe(self) -> None:
        self.focus_widget.setAccessibleDescription(self.problem or self._remark_words)

    def _act(self) -> None:
        if self._deed:
            self._deed()
