"""Hears of a paste from the clipboard, by keys or by menu, before it happens."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

Editor = QLineEdit | QPlainTextEdit

MENU_PASTE = "edit-paste"
"""What Qt calls the action in an editor's own menu."""


class PasteWatch(QObject):
    """Hands the text to `takes`; where that says no, the editor pastes as it always does.

    Dropped text and the middle button's primary selection are no paste in this sense.
    """

    def __init__(self, editor: Editor, takes: Callable[[str], bool]) -> None:
        super().__init__(editor)
        self._editor = editor
        self._takes = takes
        editor.installEventFilter(self)
        if isinstance(editor, QPlainTextEdit):
            editor.viewport().installEventFilter(self)  # its menu is asked for there

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QContextMenuEvent):
            self._open_menu(event)
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            is_paste = event.matches(QKeySequence.StandardKey.Paste)
            return is_paste and self._is_taken()
        return super().eventFilter(watched, event)

    def _is_taken(self) -> bool:
        return self._takes(QGuiApplication.clipboard().text())

    def _paste(self) -> None:
        if not self._is_taken():
            self._editor.paste()

    def _open_menu(self, event: QContextMenuEvent) -> None:
        menu = self._editor.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for theirs in menu.actions():
            if theirs.objectName() == MENU_PASTE:
                ours = QAction(theirs.icon(), theirs.text(), menu)
                ours.setEnabled(theirs.isEnabled())
                ours.triggered.connect(self._paste)
                menu.insertAction(theirs, ours)
                menu.removeAction(theirs)
        menu.popup(event.globalPos())
