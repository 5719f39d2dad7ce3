"""Guides through revoking in the portal; takes the rows away once the user says it is done."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui import revoke_words
from partner_tokens.ui.choice_box import TickBox
from partner_tokens.ui.growing_dialog import GrowingDialog
from partner_tokens.ui.long_words import breakable
from partner_tokens.ui.look import Look, scale_font
from partner_tokens.ui.message_panel import MessagePanel
from partner_tokens.ui.portal import Portal
from partner_tokens.ui.portal_field import PortalField
from partner_tokens.ui.trash_words import named

WIDTH = 560
AIR = 12
MOST_LINES = 6
"""More names than these are scrolled to."""


class RevokeDialog(GrowingDialog):
    """Open it with `open()`. It sends nothing itself: the portal alone can revoke a token.

    `siblings` are all tokens of the same user in the same organization, `token` among them.
    """

    confirmed = Signal(object)
    """The ApiTokens, a tuple, that the user says were revoked."""
    all_confirmed = Signal()
    """All siblings are said to be revoked: then call `settle` with those there are now."""

    def __init__(
        self,
        token: ApiToken,
        siblings: Sequence[ApiToken],
        portal: Portal,
        look: Look,
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.token = token
        self._siblings = tuple(siblings)
        self._look = look
        self.setWindowTitle(_("Revoke token"))
        self._title = QLabel(breakable(named((token,))))
        self._details = QLabel(breakable(revoke_words.details(token, clock())))
        self._sign, self._warning, self._steps = QLabel(), QLabel(), QLabel()
        self.portal = PortalField(portal, token.endpoint)
        self.all = TickBox(revoke_words.all_of(self._siblings), look) if self._siblings else None
        self.names = QTreeWidget()
        self._lives_on = QLabel(revoke_words.lives_on())
        self.panel = MessagePanel(look)
        box = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(box.Ok | box.Cancel)
        self.confirm = self._buttons.button(box.Ok)
        self.cancel = self._buttons.button(box.Cancel)
        self._prepare()
        self._lay_out()
        self._wire()
        self._show_choice()
        self.begin_at(WIDTH)
        self.portal.button.setFocus()

    def _prepare(self) -> None:
        self._title.setObjectName("pageTitle")
        scale_font(self._title, 1.2)
        self._warning.setObjectName("warningLabel")
        for label in (self._details, self._lives_on):
            label.setObjectName("hintLabel")
        for label in (self._title, self._details, self._warning, self._steps, self._lives_on):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self._list_names()
        self.names.setHeaderHidden(True)
        self.names.setRootIsDecorated(False)
        self.names.setAccessibleName(_("Tokens to revoke"))
        self.names.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.confirm.setProperty("primary", True)
        self.cancel.setText(_("Cancel"))
        self.portal.button.setAutoDefault(True)

    def _list_names(self) -> None:
        self.names.clear()
        for sibling in self._siblings:
            QTreeWidgetItem(self.names, [sibling.name])
        self.names.ensurePolished()  # the style sheet makes its lines taller
        lines = min(len(self._siblings), MOST_LINES)
        frame = 2 * self.names.frameWidth() + AIR
        self.names.setFixedHeight(self.names.sizeHintForRow(0) * lines + frame)

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._title)
        names.addWidget(self._details)
        warning = QHBoxLayout()
        warning.setSpacing(8)
        warning.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        warning.addWidget(self._warning, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(names)
        column.addLayout(warning)
        column.addWidget(self._steps)
        column.addWidget(self.portal)
        if self.all is not None:
            column.addWidget(self.all)
        column.addWidget(self.names)
        column.addWidget(self._lives_on)
        column.addStretch()
        column.addWidget(self.panel)
        column.addWidget(self._buttons)

    def _wire(self) -> None:
        self._look.changed.connect(self._dress)
        self._dress()
        self._buttons.accepted.connect(self._confirm)
        self._buttons.rejected.connect(self.reject)
        self.portal.opened.connect(self.confirm.setFocus)
        if self.all is not None:
            self.all.toggled.connect(self._show_choice)

    def _dress(self) -> None:
        self._sign.setPixmap(self._look.pixmap("warning", "urgent", 16, self.devicePixelRatioF()))

    @property
    def _is_all(self) -> bool:
        return self.all is not None and self.all.isChecked()

    @property
    def chosen(self) -> tuple[ApiToken, ...]:
        """What is to be revoked."""
        return self._siblings if self._is_all else (self.token,)

    def _show_choice(self) -> None:
        chosen = self.chosen
        self._warning.setText(revoke_words.warning(chosen))
        self._steps.setText(breakable(revoke_words.steps(chosen)))
        self.confirm.setText(revoke_words.confirm(len(chosen)))
        self.names.setVisible(len(chosen) > 1)
        self.panel.clear()

    def _confirm(self) -> None:
        if self._is_all:
            self.confirm.setEnabled(False)  # until they are counted anew
            self.all_confirmed.emit()
        else:
            self._finish((self.token,))

    def settle(self, siblings: Sequence[ApiToken]) -> None:
        """Takes those that were listed; where there are others now, lists them and asks again."""
        known = {token.id for token in self._siblings}
        added = [token for token in siblings if token.id not in known]
        if not added:
            self._finish(self._siblings)
            return
        self._siblings = tuple(siblings)
        self._list_names()
        if self.all is not None:
            self.all.setText(revoke_words.all_of(self._siblings))
        self._show_choice()
        self._ask_again(lambda: self.panel.say("urgent", "warning", *revoke_words.added(added)))

    def show_failure(self, error: AppError) -> None:
        """They could not be counted: nothing is taken away yet."""
        self._ask_again(lambda: self.panel.say_error(error))

    def _ask_again(self, say: Callable[[], None]) -> None:
        self.confirm.setEnabled(True)
        self.portal.button.setFocus()  # a second Enter must not confirm what nobody has read
        say()

    def _finish(self, tokens: tuple[ApiToken, ...]) -> None:
        self.accept()
        self.confirmed.emit(tokens)
