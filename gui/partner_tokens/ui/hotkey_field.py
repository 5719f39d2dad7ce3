"""A field that takes a key as it is pressed, or says by which command the desktop can do it."""

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit, QLineEdit

PLAIN = Qt.KeyboardModifier.NoModifier
CLEARING = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
OF_THE_DIALOG = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class HotkeyField(QKeySequenceEdit):
    """Takes one key with what is held. Backspace takes it away; Tab, Enter and Esc do as ever."""

    def __init__(self) -> None:
        super().__init__()
        self.setMaximumSequenceLength(1)
        self.setClearButtonEnabled(True)
        self.setFinishingKeyCombinations(
            [QKeyCombination(PLAIN, key) for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)]
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_plain = event.modifiers() == PLAIN
        if is_plain and event.key() in CLEARING:
            self.clear()
        elif is_plain and event.key() in OF_THE_DIALOG:
            event.ignore()
        else:
            super().keyPressEvent(event)

    @property
    def text(self) -> str:
        """The key in the way that is the same on every platform; empty for none."""
        return self.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def show_text(self, text: str) -> None:
        """Shows a key that is written so."""
        self.setKeySequence(QKeySequence(text, QKeySequence.SequenceFormat.PortableText))


def command_field() -> QLineEdit:
    """For a command that is to be copied; nothing can be typed."""
    field = QLineEdit()
    field.setReadOnly(True)
    return field
