"""The dialog with all organizations, and a form for the one that is chosen."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.organizations import (
    OrganizationEdited,
    OrganizationIdTaken,
    OrganizationNameTaken,
)
from partner_tokens.core.language import _
from partner_tokens.core.tokens import Organization
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import MessagePanel
from partner_tokens.ui.organization_form import OrganizationForm
from partner_tokens.ui.organization_list import OrganizationList
from partner_tokens.ui.organization_model import OrganizationModel
from partner_tokens.ui.pages import StatePage
from partner_tokens.ui.screen_room import bounded
from partner_tokens.ui.session import Core
from partner_tokens.ui.tall_scroll import TallScroll

if TYPE_CHECKING:
    from partner_tokens.core.organizations import Counted

WIDTH, HEIGHT = 860, 600


class OrganizationsDialog(QDialog):
    """Open it with `open()`. Nothing that was typed is lost without a question."""

    saved = Signal(object)
    """The Organization as it is stored now."""
    compare_wanted = Signal(object)
    """What the service shows is to be compared, with a token of this Organization."""

    def __init__(
        self,
        core: Core,
        background: Background,
        look: Look,
        clock: Clock,
        *,
        first: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Organizations"))
        self._core = core
        self._background = background
        self._wanted = first
        """The key of the organization that is to be shown as soon as it is there."""
        self._seen: Organization | None = None
        self._after: Callable[[], None] | None = None
        """What was asked for while something typed was not stored yet."""
        self._is_busy = False
        self._had_focus: QWidget | None = None
        """What had the keyboard before it became busy."""
        self.model = OrganizationModel(clock, self)
        self.filter = QLineEdit()
        self.list = OrganizationList(self.model, look)
        self.form = OrganizationForm(look, clock)
        self.panel = MessagePanel(look)
        self.compare = QPushButton(_("Compare &with the service…"))
        self.save = QPushButton(_("&Save"))
        self.shut = QPushButton(_("&Close"))
        self.empty = StatePage(look, "building")
        self._sides = QStackedWidget()
        self._lay_out()
        self._wire()
        self._show_choices()
        self.reload()

    def _lay_out(self) -> None:
        self.filter.setPlaceholderText(_("Find an organization"))
        self.filter.setAccessibleName(_("Find an organization"))
        self.filter.setClearButtonEnabled(True)
        self.compare.setToolTip(_("Lists a provider's customers, and marks those without a token"))
        self.save.setProperty("primary", True)
        self.save.setDefault(True)
        for button in (self.compare, self.shut):
            button.setAutoDefault(False)
        self.empty.say(_("No organizations yet"), _("They come with the first token you add."))
        left = QVBoxLayout()
        left.setContentsMargins(16, 16, 0, 8)
        left.setSpacing(8)
        left.addWidget(self.filter)
        left.addWidget(self.list, 1)
        self._scroll = TallScroll(self.form)
        both = QWidget()
        sides = QHBoxLayout(both)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(0)
        sides.addLayout(left)
        sides.addWidget(self._scroll, 1)
        for page in (QWidget(), both, self.empty):
            self._sides.addWidget(page)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.compare, self.save, self.shut):
            buttons.addWidget(button)
        buttons.insertStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 16)
        foot.setSpacing(16)
        foot.addWidget(self.panel)
        foot.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._sides, 1)
        column.addLayout(foot)
        self.resize(bounded(self, WIDTH, HEIGHT))

    def _wire(self) -> None:
        self.filter.textChanged.connect(self._filter)
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self.form.edited.connect(self._edited)
        self.save.clicked.connect(self._save)
        self.shut.clicked.connect(self.reject)
        self.compare.clicked.connect(self._compare)
        for keys in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(Qt.Modifier.CTRL | keys), self, self._save)

    # ---- what is in it ------------------------------------------------------------------------

    def reload(self) -> None:
        """Shows the organizations as they are now: another window may have changed them."""
        self._background.run(
            self, self._core.organizations.all, done=self._show, failed=self._fail, lane=Lane.STORE
        )

    def _show(self, counted: "Sequence[Counted]") -> None:
        is_first = not self._sides.currentIndex()
        self.model.show_all(counted)
        self._sides.setCurrentIndex(1 if counted else 2)
        if is_first:
            (self.filter if counted else self.shut).setFocus()
        for button in (self.compare, self.save):
            button.setVisible(bool(counted))
        self._settle()

    def _filter(self, typed: str) -> None:
        self.model.filter(typed)
        self._settle()

    def _settle(self) -> None:
        """After the list was made anew: the same organization is current, else the first."""
        if self.form.is_edited and self._seen is not None:
            self._point_at(self._seen.key)
            return
        key = self._wanted or (self._seen.key if self._seen else 0)
        if self.model.place_of(key) is None and self.model.rowCount():
            key = self.model.organization_at(0).key
        self._point_at(key)
        found = self.model.organization(key)
        if found is not None:
            self._wanted = 0
            if found != self._seen:
                self._show_one(found)
        self._show_choices()

    def _point_at(self, key: int) -> None:
        """Makes a line current, without asking what is in the form."""
        place = self.model.place_of(key)
        self.list.selectionModel().blockSignals(True)
        index = self.model.index(place) if place is not None else QModelIndex()
        self.list.setCurrentIndex(index)
        self.list.selectionModel().blockSignals(False)
        self.list.viewport().update()

    def _chosen(self, current: QModelIndex) -> None:
        if not current.isValid():
            return
        wanted = self.model.organization_at(current.row())
        if self._seen is not None and wanted.key != self._seen.key:
            if self.form.is_edited:
                self._point_at(self._seen.key)
            self._once_stored(lambda: self._turn_to(wanted.key))
        elif self._seen is None:
            self._turn_to(wanted.key)

    def _turn_to(self, key: int) -> None:
        self._point_at(key)
        found = self.model.organization(key)
        if found is not None:
            self.panel.clear()
            self._show_one(found)

    def _show_one(self, organization: Organization) -> None:
        self._seen = organization
        self.form.show_one(organization)
        self._scroll.setAccessibleName(organization.name)
        self._show_choices()

    def _show_choices(self) -> None:
        self.form.setEnabled(self._seen is not None and not self._is_busy)
        self.save.setEnabled(self.form.is_edited and not self._is_busy)
        self.compare.setEnabled(self._seen is not None and not self._is_busy)

    # ---- saving -------------------------------------------------------------------------------

    def _edited(self) -> None:
        self._after = None
        self.panel.clear()
        self._show_choices()

    def _save(self) -> None:
        seen = self._seen
        if seen is None or self._is_busy or not self.form.is_edited:
            return
        wanted = self.form.wanted()
        if wanted is None:
            self._after = None
            return
        self._become_busy(True)
        self._background.run(
            self,
            lambda: self._core.organizations.edit(seen, wanted),
            done=self._stored,
            failed=self._fail,
            lane=Lane.STORE,
        )

    def _stored(self, organization: Organization) -> None:
        self._become_busy(False)
        self._show_one(organization)
        words = _("{organization} is saved.").format(organization=organization.name)
        self.panel.say("fine", "check", words)
        self.saved.emit(organization)
        self.reload()
        after, self._after = self._after, None
        if after is not None:
            after()

    def _fail(self, error: AppError) -> None:
        self._become_busy(False)
        self._after = None
        places = {OrganizationNameTaken: "name", OrganizationIdTaken: "id"}
        place = places.get(type(error))
        if place is not None:
            self.panel.clear()
            self.form.fields[place].show_problem(error)
            self.form.fields[place].focus_widget.setFocus()
        elif isinstance(error, OrganizationEdited):
            self.panel.say_error(error, deeds=((_("Begin &anew"), self._begin_anew),))
        else:
            self.panel.say_error(error)

    def _begin_anew(self) -> None:
        """Gives up what was typed."""
        self.panel.clear()
        if self._seen is not None:
            self._wanted = self._seen.key
            self.form.show_one(self._seen)
        self._seen = None
        self.reload()

    def _become_busy(self, busy: bool) -> None:
        if busy:
            self._had_focus = self.focusWidget()
        self._is_busy = busy
        self._show_choices()
        if self._had_focus is not None and not busy and self.focusWidget() is None:
            self._had_focus.setFocus()

    # ---- what was typed is not lost -----------------------------------------------------------

    def _once_stored(self, deed: Callable[[], None]) -> None:
        """Does it at once where nothing was typed; else asks first."""
        seen = self._seen
        if seen is None or not self.form.is_edited:
            deed()
            return

        def discard() -> None:
            self.panel.clear()
            self.form.show_one(seen)
            self._show_choices()
            self._after = None
            deed()

        self._after = deed
        title = _("Save what you changed of {organization}?").format(organization=seen.name)
        deeds = ((_("Sa&ve changes"), self._save), (_("&Discard changes"), discard))
        self.panel.say("urgent", "warning", title, deeds=deeds)
        self.panel.buttons[0].setFocus()

    def _compare(self) -> None:
        def compare() -> None:
            if self._seen is not None:
                self.compare_wanted.emit(self._seen)

        self._once_stored(compare)

    def done(self, result: int) -> None:
        """Lets go of what was to be done after a question."""
        self._after = None
        self.panel.clear()
        super().done(result)

    def reject(self) -> None:
        """Closes, after a question where something was typed."""
        if not self._is_busy:
            self._once_stored(super().reject)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Cancel) and self._after is not None:
            self._edited()  # the question is taken back, what was typed stays
            self.form.name.setFocus()
        elif event.matches(QKeySequence.StandardKey.Cancel) and self.filter.text():
            self.filter.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.filter.hasFocus():
            self.list.setFocus()
            self.list.keyPressEvent(event)
        else:
            super().keyPressEvent(event)
