"""Ctrl+Z: the last deed of this run that can be undone, whoever did it."""

from typing import Protocol

from PySide6.QtCore import QObject

from partner_tokens.core.language import _
from partner_tokens.ui.actions import Act
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.notices import Deed


class Undoable(Protocol):
    """A deed that was done."""

    def undo(self) -> None:
        """Undoes it, and drops it from the stack once that is sure, or can never be."""


class Undoing(QObject):
    """The stack. A deed stays on it until its owner drops it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._deeds: list[Undoable] = []
        self._show_whether_undoable()
        window.wanted.connect(self._do)

    @property
    def deed(self) -> Deed:
        """The button of a notice that undoes the last deed."""
        return _("&Undo"), self._window.acts[Act.UNDO].trigger

    def push(self, deed: Undoable) -> None:
        """The next Ctrl+Z is for this, also where letters were typed before."""
        self._deeds.append(deed)
        self._window.search.yields_undo = True
        self._show_whether_undoable()

    def drop(self, deed: Undoable) -> None:
        """It was undone, or cannot be any more."""
        self._deeds = [other for other in self._deeds if other is not deed]
        self._show_whether_undoable()

    def _do(self, act: Act) -> None:
        if act is Act.UNDO and self._deeds:
            self._deeds[-1].undo()

    def _show_whether_undoable(self) -> None:
        self._window.acts[Act.UNDO].setEnabled(bool(self._deeds))
        if not self._deeds:
            self._window.search.yields_undo = False
