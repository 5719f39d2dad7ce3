"""The trash: what was removed, to be brought back or erased for good."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _
from partner_tokens.ui import trash_words
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import MessagePanel
from partner_tokens.ui.pages import StatePage
from partner_tokens.ui.screen_room import bounded
from partner_tokens.ui.session import Core
from partner_tokens.ui.trash_model import TrashModel
from partner_tokens.ui.trash_table import TrashTable

if TYPE_CHECKING:
    from partner_tokens.core.trash import Erasure, Removed, Restored

WIDTH, HEIGHT = 760, 520
T = TypeVar("T")


class TrashDialog(QDialog):
    """Open it with `open()`. Restoring is done at once; erasing is asked about, in place."""

    restored = Signal(object)
    """A Restored: what is in the list again, and what could not be."""
    erased = Signal(object)
    """The ids, a frozenset, of what was erased for good."""

    def __init__(
        self,
        core: Core,
        background: Background,
        look: Look,
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Trash"))
        self._core = core
        self._background = background
        self._is_busy = False
        self._is_leaving = False
        """It is to be closed as soon as it is busy no more."""
        self._asked: frozenset[str] = frozenset()
        """The ids of those that it is asking about."""
        self._asks_whole = False
        self.model = TrashModel(clock, self)
        self.table = TrashTable(self.model)
        self.empty = StatePage(look, "trash")
        self.panel = MessagePanel(look)
        self.restore = QPushButton(_("&Restore"))
        self.erase = QPushButton(_("&Erase now…"))
        self.empty_all = QPushButton(_("E&mpty trash…"))
        self.shut = QPushButton(_("&Close"))
        self._pages = QStackedWidget()
        self._lay_out()
        self._wire()
        self.reload()

    def _lay_out(self) -> None:
        self.empty.say(
            _("The trash is empty"), _("What you remove can be brought back from here for 30 days.")
        )
        for page in (QWidget(), self.table, self.empty):
            self._pages.addWidget(page)
        self._hint = QLabel(
            _(
                "Removed tokens can be restored for 30 days. Until they are revoked or regenerated "
                "in the portal, they still work."
            )
        )
        self._hint.setObjectName("hintLabel")
        self._hint.setWordWrap(True)
        self._hint.setContentsMargins(16, 16, 16, 12)
        self.restore.setProperty("primary", True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.restore, self.erase, self.empty_all, self.shut):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.insertStretch(2)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 16, 16, 16)
        foot.setSpacing(16)
        foot.addWidget(self.panel)
        foot.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._hint)
        column.addWidget(self._pages, 1)
        column.addLayout(foot)
        self.resize(bounded(self, WIDTH, HEIGHT))

    def _wire(self) -> None:
        self.restore.clicked.connect(self._restore)
        self.erase.clicked.connect(self._ask_to_erase)
        self.empty_all.clicked.connect(self._ask_to_empty)
        self.shut.clicked.connect(self.reject)
        self.table.restore_wanted.connect(self._restore)
        self.table.doubleClicked.connect(self._restore)
        self.table.erase_wanted.connect(self._ask_to_erase)
        self.table.selectionModel().selectionChanged.connect(self._selection_changed)

    # ---- what is in it ------------------------------------------------------------------------

    def reload(self) -> None:
        """Shows the trash as it is now: another window may have changed it."""
        self._background.run(
            self, self._core.trash.tokens, done=self._show, failed=self._say, lane=Lane.STORE
        )

    def _show(self, rows: "Sequence[Removed]") -> None:
        first = not self._pages.currentIndex()
        line = self.table.currentIndex().row()
        chosen = {row.token.id for row in self._chosen()}
        asked, self._asked = self._asked, frozenset()  # what is selected below answers nothing
        changed = self.model.show_rows(rows)
        self._pages.setCurrentWidget(self.table if rows else self.empty)
        self._hint.setVisible(bool(rows))
        if rows and (changed or first):
            lines = [place for place, row in enumerate(rows) if row.token.id in chosen]
            self.table.select_lines(lines or [min(max(line, 0), len(rows) - 1)])
        self._asked = asked
        if changed:
            self._ask_of_what_is_left(frozenset(row.token.id for row in rows))
        if rows and (first or self.focusWidget() is None):
            self.table.setFocus()
        elif not rows:
            self.shut.setFocus()
        self._show_choices()

    def _ask_of_what_is_left(self, there: frozenset[str]) -> None:
        """A question stays, unless one that it is about is gone: no key answers another then."""
        if not self._asked <= there:
            self._forget_question()
            self.shut.setFocus()
        elif self._asked and self._asks_whole:
            self._ask_to_empty()

    def _show_choices(self) -> None:
        chosen = self.table.selectionModel().hasSelection() and bool(len(self.model))
        self.restore.setEnabled(chosen and not self._is_busy)
        self.erase.setEnabled(chosen and not self._is_busy)
        self.empty_all.setEnabled(bool(len(self.model)) and not self._is_busy)
        for button in (self.restore, self.erase, self.empty_all):
            button.setVisible(bool(len(self.model)))

    def _selection_changed(self) -> None:
        self._forget_question()
        self._show_choices()

    def _chosen(self) -> "list[Removed]":
        return [self.model.row_at(line) for line in self.table.lines()]

    # ---- restoring ----------------------------------------------------------------------------

    def _restore(self) -> None:
        ids = [row.token.id for row in self._chosen()]
        if ids:
            self.table.setFocus()  # the button rests meanwhile
            self._run(lambda: self._core.trash.restore(ids), self._restored)

    def _restored(self, restored: "Restored") -> None:
        self.restored.emit(restored)
        if restored.refused:
            title = trash_words.kept([token for token, _error in restored.refused])
            text = restored.refused[0][1].title
            self.panel.say("urgent", "warning", title, text, quiet=True)
        else:  # the window says it aloud
            self.panel.say("fine", "check", trash_words.back(restored.tokens), quiet=True)
        self.reload()

    # ---- erasing ------------------------------------------------------------------------------

    def _ask_to_erase(self) -> None:
        rows = self._chosen()
        ids = [row.token.id for row in rows]
        if ids:
            self._ask(rows, lambda: self._core.trash.erase(ids), whole=False)

    def _ask_to_empty(self) -> None:
        rows = [self.model.row_at(line) for line in range(len(self.model))]
        if rows:
            self._ask(rows, self._core.trash.empty, whole=True)

    def _ask(
        self, rows: "Sequence[Removed]", deed: "Callable[[], Erasure]", *, whole: bool
    ) -> None:
        if self._is_busy:
            return
        ids = frozenset(row.token.id for row in rows)
        title, text = trash_words.question([row.token for row in rows], whole=whole)

        def erase() -> None:
            self._asked = frozenset()
            self.table.setFocus()
            self.panel.say("plain", "clock", _("Erasing…"))
            self._run(deed, lambda erasure: self._erased(erasure, ids))

        deeds = ((_("Erase for &good"), erase), (_("&Keep"), self._forget_question))
        self.panel.say("urgent", "warning", title, text, deeds=deeds)
        self._asked, self._asks_whole = ids, whole
        self.panel.buttons[1].setFocus()

    def _erased(self, erasure: "Erasure", ids: frozenset[str]) -> None:
        is_done = erasure.is_clean and not erasure.kept
        tone, icon = ("fine", "check") if is_done else ("urgent", "warning")
        self.panel.say(tone, icon, *trash_words.erased(erasure))
        self.erased.emit(ids)
        self.reload()

    def _forget_question(self) -> None:
        if self._asked:
            self._asked = frozenset()
            self.panel.clear()
            self.table.setFocus()

    # ---- inside -------------------------------------------------------------------------------

    def _run(self, deed: Callable[[], T], done: Callable[[T], None]) -> None:
        if self._is_busy:
            return

        def ended(outcome: T) -> None:
            self._become_busy(False)
            done(outcome)
            if self._is_leaving:
                self.reject()

        def failed(error: AppError) -> None:
            self._is_leaving = False
            self._become_busy(False)
            self._say(error)
            self.reload()

        self._become_busy(True)
        self._background.run(self, lambda: deed(), done=ended, failed=failed, lane=Lane.STORE)

    def _become_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self._show_choices()

    def _say(self, error: AppError) -> None:
        self.panel.say_error(error)

    def reject(self) -> None:
        """Closes; where something is under way, once the window has heard what came of it."""
        self._is_leaving = self._is_busy
        if not self._is_busy:
            super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._asked and event.matches(QKeySequence.StandardKey.Cancel):
            self._forget_question()
        else:
            super().keyPressEvent(event)
