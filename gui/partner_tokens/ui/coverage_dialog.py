"""The dialog that compares a provider's customers, as the service shows them, with the store."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.service import PasscodeNeeded
from partner_tokens.core.language import _, _n
from partner_tokens.core.tokens import ApiToken, Organization, host_of
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.choice_box import TickBox
from partner_tokens.ui.coverage_model import Column, CoverageModel
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import MessagePanel, button_words
from partner_tokens.ui.notices import announce
from partner_tokens.ui.screen_room import bounded
from partner_tokens.ui.session import Core, Session
from partner_tokens.ui.token_choice import TokenChoice

if TYPE_CHECKING:
    from partner_tokens.core.coverage import Comparison
    from partner_tokens.core.tenants import Tenancy

WIDTH, HEIGHT = 760, 560
LINE = 34


class CoverageDialog(QDialog):
    """Asks at once where there is a token to ask with, and with another one once it is chosen.

    A token that was added is found without asking again.
    """

    add_wanted = Signal(str)
    """A token is to be added for a customer of this name; empty where nobody has told it."""

    def __init__(
        self,
        organization: Organization,
        tokens: Sequence[ApiToken],
        token: ApiToken | None,
        session: Session,
        background: Background,
        look: Look,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Compare with the service"))
        self._token = token
        self.asked: set[str] = set()
        """The ids of the tokens that were asked with."""
        self._session = session
        self._background = background
        self._tenancy: Tenancy | None = None
        self.model = CoverageModel(look, self)
        self.summary = QLabel()
        self.choice = TokenChoice(tokens, token, look)
        self.filter = QLineEdit()
        self.only_uncovered = TickBox(_("&Only those without a token"), look)
        self.table = QTableView()
        self.panel = MessagePanel(look)
        self.add = QPushButton()
        self.shut = QPushButton(_("&Close"))
        self._lay_out()
        self._wire()
        if token is None:
            self._say_whose(organization, has_others=bool(tokens))
        else:
            self._ask_with(token)

    def _lay_out(self) -> None:
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setWordWrap(True)
        self.summary.hide()
        self.summary.setObjectName("messageTitle")
        self.filter.setPlaceholderText(_("Find a customer"))
        self.filter.setAccessibleName(_("Find a customer"))
        self.filter.setClearButtonEnabled(True)
        self.only_uncovered.setChecked(True)
        self._set_up_table()
        self.add.setProperty("primary", True)
        self.shut.setAutoDefault(False)
        search = QHBoxLayout()
        search.setSpacing(16)
        search.addWidget(self.filter, 1)
        search.addWidget(self.only_uncovered)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.add)
        buttons.addWidget(self.shut)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.choice)
        column.addWidget(self.summary)
        column.addLayout(search)
        column.addWidget(self.table, 1)
        column.addWidget(self.panel)
        column.addLayout(buttons)
        self.resize(bounded(self, WIDTH, HEIGHT))

    def _set_up_table(self) -> None:
        table = self.table
        table.setObjectName("coverageTable")
        table.setModel(self.model)
        table.setAccessibleName(_("Customers"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setCornerButtonEnabled(False)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(LINE)
        table.verticalHeader().hide()
        across = table.horizontalHeader()
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        across.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        across.resizeSection(Column.TOKENS, 136)
        across.resizeSection(Column.ID, 296)

    def _wire(self) -> None:
        self.choice.wanted.connect(self._ask_with)
        self.filter.textChanged.connect(self._filter)
        self.only_uncovered.toggled.connect(self._filter)
        self.table.selectionModel().currentRowChanged.connect(self._show_choice)
        self.table.doubleClicked.connect(self._add)
        self.add.clicked.connect(self._add)
        self.shut.clicked.connect(self.reject)

    # ---- asking -------------------------------------------------------------------------------

    def _say_whose(self, organization: Organization, *, has_others: bool) -> None:
        """There is none of the organization's own: another one is to be chosen by name."""
        self._become_ready(False)
        title = _("{organization} has no token to ask with.").format(organization=organization.name)
        hint = _("Add a provider's token first; it shows the provider's customers.")
        if has_others:
            hint = _("Choose a provider's token above, and press Ask.")
        self.panel.say("plain", "key", title, hint)
        (self.choice.box if has_others else self.shut).setFocus()

    def _ask_with(self, token: ApiToken) -> None:
        self._token = token
        self._tenancy = None
        self.asked.add(token.id)
        self.summary.clear()
        self.summary.hide()
        self.model.show_all(())
        host = host_of(token.endpoint)
        self.panel.say("plain", "clock", _("Asking {host}…").format(host=host))
        self._become_ready(False)

        def ask(core: Core) -> None:
            self._background.run(
                self,
                lambda: core.coverage.ask(token),
                done=lambda tenancy: self._answered(token, tenancy),
                failed=failed,
            )

        def failed(error: AppError) -> None:
            if token is self._token:  # else another one was asked with meanwhile
                self._say_failure(error)

        self._session.when_open(ask, failed)

    def _ask_again(self) -> None:
        if self._token is not None:
            self._ask_with(self._token)

    def _answered(self, token: ApiToken, tenancy: "Tenancy") -> None:
        if token is not self._token:
            return
        self._tenancy = tenancy
        self.panel.clear()
        self.compare()

    def compare(self) -> None:
        """Compares what the service has shown with what is stored now; nothing is asked."""
        tenancy, core = self._tenancy, self._session.core
        if tenancy is not None and core is not None:
            self._background.run(
                self,
                lambda: core.coverage.compare(tenancy),
                done=lambda comparison: self._show(tenancy, comparison),
                failed=self._say_failure,
                lane=Lane.STORE,
            )

    def _say_failure(self, error: AppError) -> None:
        self._become_ready(False)
        if not self.choice.box.hasFocus():
            self.shut.setFocus()
        if isinstance(error, PasscodeNeeded):
            hint = _("Copy its header first, with the passcode; then compare again.")
            self.panel.say("plain", "key", error.title, hint)
            return
        deeds = ((_("Try &again"), self._ask_again),) if error.passes else ()
        self.panel.say_error(error, deeds=deeds)

    # ---- what came of it ----------------------------------------------------------------------

    def _show(self, tenancy: "Tenancy", comparison: "Comparison") -> None:
        if tenancy is not self._tenancy:
            return
        count, missing = len(comparison.customers), comparison.uncovered
        words = _n("{count} customer", "{count} customers", count).format(count=count)
        if missing:
            without = _n("{count} without a token", "{count} without a token", missing)
            words = f"{words}, {without.format(count=missing)}"
        else:
            words = _("{customers}, each with a token").format(customers=words)
        if comparison.is_cut:
            more = _("The service lists more than are shown here.")
            self.panel.say("urgent", "warning", more)
        if words != self.summary.text():
            self.summary.setText(words)
            self.summary.show()
            announce(self.table, words)
        was_ready, chosen = self.table.isEnabled(), self.table.currentIndex()
        id = self.model.customer_at(chosen.row()).id if chosen.isValid() else ""
        self._become_ready(True)
        self.model.show_all(comparison.customers)
        if not missing and not was_ready:
            self.only_uncovered.setChecked(False)
        self._choose(self.model.place_of(id) or 0)
        if not was_ready:
            self.filter.setFocus()

    def _become_ready(self, ready: bool) -> None:
        for widget in (self.filter, self.only_uncovered, self.table):
            widget.setEnabled(ready)
        self._show_choice()

    def _filter(self) -> None:
        self.model.filter(self.filter.text(), only_uncovered=self.only_uncovered.isChecked())
        self._choose(0)

    def _choose(self, place: int) -> None:
        if self.model.rowCount():
            self.table.selectRow(place)
        self._show_choice()

    def _show_choice(self) -> None:
        index = self.table.currentIndex()
        words = _("&Add a token…")
        if index.isValid():
            name = self.model.customer_at(index.row()).name
            if name:
                words = button_words(_("&Add a token for {organization}…"), name)
        self.add.setText(words)
        self.add.setEnabled(index.isValid() and self.table.isEnabled())

    def _add(self) -> None:
        index = self.table.currentIndex()
        if index.isValid() and self.add.isEnabled():
            self.add_wanted.emit(self.model.customer_at(index.row()).name)

    def done(self, result: int) -> None:
        """Lets go of what a message offered."""
        self.panel.clear()
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.filter.hasFocus():
            self.table.setFocus()
            self.table.keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Cancel) and self.filter.text():
            self.filter.clear()
        else:
            super().keyPressEvent(event)
