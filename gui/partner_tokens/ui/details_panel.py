"""The panel beside the list: what is known of the selected token, and what happened to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QClipboard, QFont, QKeyEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.events import Entry
from partner_tokens.core.language import _
from partner_tokens.core.tokens import AccessToken, ApiToken
from partner_tokens.core.wording import named_with_mark
from partner_tokens.ui.fact_list import FactList, FactText
from partner_tokens.ui.history_list import HistoryList
from partner_tokens.ui.look import Look
from partner_tokens.ui.tall_scroll import TallScroll
from partner_tokens.ui.token_facts import (
    access_facts,
    note_facts,
    particulars_facts,
    result_facts,
    statement_facts,
    token_facts,
)

if TYPE_CHECKING:
    from partner_tokens.core.claims import Statement

NARROWEST, LOWEST = 280, 160


class DetailsPanel(QWidget):
    """Shows what it is given; others find it out. Two pages: the facts, and the history."""

    closed = Signal()
    """The user wants the panel away."""
    left = Signal()
    """The user wants to go back to the list, by Esc."""
    export_wanted = Signal()

    def __init__(self, look: Look, clipboard: QClipboard) -> None:
        super().__init__()
        self._look = look
        self._is_below = False
        self.setObjectName("detailsPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(NARROWEST, LOWEST)
        self.setAccessibleName(_("Details"))
        self.title, self.subtitle = FactText(), FactText()
        self.token = FactList(_("API token"))
        self.particulars = FactList(_("What the service says of it"))
        self.result = FactList(_("Last result"))
        self.notes = FactList(_("Notes"))
        self.access = FactList(_("Access token"))
        self.statement = FactList(
            _("What the access token says of itself"),
            _("Not verified: it is read from the token, and nobody has checked the signature."),
        )
        self.history = HistoryList(look, clipboard)
        self.trouble = QLabel()
        self.export = QPushButton(_("E&xport…"))
        self.tabs = QTabWidget()
        self._close = QToolButton()
        self._nothing = QLabel(_("No token is selected."))
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._lay_out()
        self._close.clicked.connect(self.closed)
        self.export.clicked.connect(self.export_wanted)
        look.changed.connect(self._dress)
        self._dress()
        self.clear()

    def _lists(self) -> tuple[FactList, ...]:
        return (*self._stored, *self._told)

    @property
    def _stored(self) -> tuple[FactList, ...]:
        return self.token, self.result, self.notes

    @property
    def _told(self) -> tuple[FactList, ...]:
        return self.particulars, self.access, self.statement

    def _lay_out(self) -> None:
        bold = QFont(self.title.font())
        bold.setBold(True)
        self.title.setFont(bold)
        self.title.setAccessibleName(_("Organization"))
        self.subtitle.setAccessibleName(_("Token"))
        self.subtitle.setObjectName("factQuiet")
        self._close.setObjectName("panelClose")
        self._close.setAccessibleName(_("Close the details"))
        self._close.setToolTip(_("Close the details (Alt+Return)"))
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self.subtitle)
        names.setContentsMargins(15, 12, 8, 4)
        self.tabs.setAccessibleName(_("Details"))
        self.tabs.setDocumentMode(True)
        self.tabs.setCornerWidget(self._close)
        self.tabs.addTab(self._facts_page(), _("&Facts"))
        self.tabs.addTab(self._history_page(), _("&History"))
        self._head = QWidget()
        self._head.setLayout(names)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.tabs, 1)

    def _facts_page(self) -> QWidget:
        content = QWidget()
        self._nothing.setObjectName("hintLabel")
        self._nothing.setWordWrap(True)
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 12, 16, 16)
        column.addWidget(self._nothing)
        column.addLayout(self._columns)
        column.addStretch()
        self._columns.setSpacing(16)
        for lists in (self._stored, self._told):
            part = QVBoxLayout()
            part.setSpacing(16)
            for facts in lists:
                part.addWidget(facts)
            part.addStretch()
            self._columns.addLayout(part, 1)
        self._facts = TallScroll(content)
        return self._facts

    def _history_page(self) -> QWidget:
        page = QWidget()
        self.trouble.setObjectName("errorLabel")
        self.trouble.setWordWrap(True)
        self.trouble.setContentsMargins(16, 8, 16, 8)
        self.trouble.hide()
        below = QHBoxLayout()
        below.setContentsMargins(16, 8, 16, 8)
        below.addStretch()
        below.addWidget(self.export)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.trouble)
        column.addWidget(self.history, 1)
        column.addLayout(below)
        return page

    def _dress(self) -> None:
        self._close.setIcon(self._look.icon("close", "dim"))

    # ---- what is shown ----

    def clear(self) -> None:
        """Shows no token, and keeps nothing of the last one."""
        self.title.say("")
        self.subtitle.say("")
        for facts in self._lists():
            facts.show_facts(())
        self.show_history(())
        self._nothing.show()
        self._show_head()

    def show_token(self, token: ApiToken, now: datetime) -> None:
        """Shows what is stored of a token."""
        self._nothing.hide()
        self._show_head()
        self.title.say(named_with_mark(token.organization))
        self.subtitle.say(" · ".join(filter(None, (token.name, token.user))))
        self.token.show_facts(token_facts(token, now))
        self.particulars.show_facts(particulars_facts(token, now))
        self.result.show_facts(result_facts(token, now))
        self.notes.show_facts(note_facts(token))

    def show_access(self, access: AccessToken | None, now: datetime) -> None:
        """Shows how long the access token at hand lives on."""
        self.access.show_facts(access_facts(access, now))

    def show_statement(self, statement: "Statement | None") -> None:
        """Shows what the access token at hand says of itself."""
        self.statement.show_facts(() if statement is None else statement_facts(statement))

    def show_history(self, entries: Sequence[Entry]) -> None:
        """Shows what happened to the token, the newest first."""
        self.trouble.hide()
        self.history.show_entries(entries)
        self.export.setEnabled(bool(entries))

    def show_trouble(self, words: str) -> None:
        """Says why there is no history to be seen."""
        self.show_history(())
        self.trouble.setText(words)
        self.trouble.show()

    def stand(self, *, below: bool) -> None:
        """Below the list there is little height, and the names stand in the line above anyway."""
        self._is_below = below
        self._show_head()
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.LeftToRight if below else directions.TopToBottom)
        self.setProperty("below", below)
        self.style().unpolish(self)
        self.style().polish(self)

    def _show_head(self) -> None:
        self._head.setVisible(self._nothing.isHidden() and not self._is_below)

    def scroll_up(self) -> None:
        """Another token is read from its beginning."""
        self._facts.verticalScrollBar().setValue(0)

    def take_focus(self) -> None:
        """Gives the keyboard to the page in front."""
        if self._nothing.isVisible():
            self._close.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self.tabs.currentIndex():
            self.history.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.token.take_focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
