"""Ctrl+Z: the last deed of this run that can be undone, whoever did it."""

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.language import _
from partner_tokens.ui.actions import Act
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.notices import Deed


class Undoing(QObject):
    """The stack. What was done stays on it until its owner drops it.

    It holds no owner, only what the owner knows its deed by: a cycle of QObjects would wait for a
    collection, on whichever thread.
    """

    wanted = Signal(object)
    """This is to be undone; its owner does it."""
    erased = Signal(object)
    """The ids of tokens that are gone for good; owners drop what only they were part of."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._done: list[object] = []
        self._offered: tuple[object, Deed] | None = None
        self._show_whether_undoable()
        window.wanted.connect(self._do)

    def offered(self, done: object) -> tuple[Deed, ...]:
        """The button of a notice that undoes this; it goes when that is dropped.

        None where Ctrl+Z is for something later by now.
        """
        if not self._done or self._done[-1] is not done:
            return ()
        deed = _("&Undo"), self._window.acts[Act.UNDO].trigger
        self._offered = done, deed
        return (deed,)

    def push(self, done: object) -> None:
        """The next Ctrl+Z is for this, also where letters were typed before.

        It may still be under way; its owner undoes it after that.
        """
        self._done.append(done)
        self._window.search.yields_undo = True
        self._show_whether_undoable()

    def drop(self, done: object) -> None:
        """It was undone, or cannot be any more."""
        self._done = [other for other in self._done if other is not done]
        if self._offered is not None and self._offered[0] is done:
            self._window.notices.withdraw(self._offered[1])
            self._offered = None
        self._show_whether_undoable()

    def _do(self, act: Act) -> None:
        if act is Act.UNDO and self._done:
            self.wanted.emit(self._done[-1])

    def _show_whether_undoable(self) -> None:
        self._window.acts[Act.UNDO].setEnabled(bool(self._done))
        if not self._done:
            self._window.search.yields_undo = False
