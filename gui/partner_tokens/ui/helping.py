"""Opens what helps: the sheet of shortcuts, and what the program says of itself."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from partner_tokens.ui.actions import Act
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow


class Helping(QObject):
    """One window of each kind at a time; asked for again, it comes forward."""

    def __init__(self, window: MainWindow, look: Look) -> None:
        super().__init__(window)
        self._window = window
        self._look = look
        self._sheet: QDialog | None = None
        window.wanted.connect(self._do)

    def _do(self, act: Act) -> None:
        if act is Act.SHORTCUTS:
            self._sheet = self._sheet or self._make_sheet()
            self._sheet.show()
            self._sheet.raise_()
            self._sheet.activateWindow()

    def _make_sheet(self) -> QDialog:
        from partner_tokens.ui.shortcut_sheet import ShortcutSheet
        from partner_tokens.ui.shortcuts import groups

        sheet = ShortcutSheet(groups(self._window.acts), self._look, self._window)
        sheet.finished.connect(self._forget_sheet)
        return sheet

    def _forget_sheet(self) -> None:
        self._sheet = None
