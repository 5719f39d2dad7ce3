"""The field that owns the keyboard: letters filter, arrows move the list, Enter copies."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from partner_tokens.core.language import _
from partner_tokens.ui.look import Look, scale_font
from partner_tokens.ui.paste_watch import PasteWatch

LIST_KEYS = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
CONTROL = Qt.KeyboardModifier.ControlModifier
LIST_KEYS_WITH_CONTROL = frozenset({Qt.Key.Key_Home, Qt.Key.Key_End})


class SearchField(QLineEdit):
    """A line edit whose caret stays while the list moves."""

    list_key = Signal(Qt.Key)
    copy_wanted = Signal()
    escaped = Signal()
    tokens_pasted = Signal()
    """What is on the clipboard holds an API token: it is no word to find, nor to be shown."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.yields_undo = False
        """Something was removed since the last letter was typed: Ctrl+Z is for that first."""
        self.textEdited.connect(self._typed)
        self.setObjectName("searchField")
        scale_font(self, 1.1)
        self.setAccessibleName(_("Find"))
        self.setPlaceholderText(_("Type to find an organization, token, user or id"))
        self._magnifier = QAction(self)
        self.addAction(self._magnifier, QLineEdit.ActionPosition.LeadingPosition)
        PasteWatch(self, self._takes)
        look.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self._magnifier.setIcon(self._look.icon("search", "dim"))

    def _takes(self, pasted: str) -> bool:
        from partner_tokens.core.lookalike import holds_api_token

        is_secret = holds_api_token(pasted)
        if is_secret:
            self.tokens_pasted.emit()
        return is_secret

    def take(self, event: QKeyEvent) -> None:
        """Takes a key that was pressed in the list."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._is_for_the_window(event):
            event.ignore()  # Ctrl+Delete removes a token; Ctrl+Z undoes that, or later typing
            return False
        return super().event(event)

    def _is_for_the_window(self, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.modifiers() != CONTROL:
            return False
        return event.key() == Qt.Key.Key_Delete or (
            event.key() == Qt.Key.Key_Z and (self.yields_undo or not self.isUndoAvailable())
        )

    def _typed(self) -> None:
        self.yields_undo = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key in LIST_KEYS or (control and key in LIST_KEYS_WITH_CONTROL):
            self.list_key.emit(Qt.Key(key))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.copy_wanted.emit()
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif event.matches(QKeySequence.StandardKey.Copy) and not self.hasSelectedText():
            self.copy_wanted.emit()
        else:
            super().keyPressEvent(event)


def is_typing(event: QKeyEvent) -> bool:
    """Whether a key means a letter to be written, not a command."""
    commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    return (
        bool(event.text().strip())
        and event.text().isprintable()
        and not (event.modifiers() & commands)
    )
