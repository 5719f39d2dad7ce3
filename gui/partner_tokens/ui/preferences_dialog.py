"""The dialog of preferences: sections at the left, the fields of one of them beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.service import CaFileUnusable
from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.language import _
from partner_tokens.core.preferences import Preferences
from partner_tokens.core.secret import Secret
from partner_tokens.ui.form_field import FormField
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import MessagePanel
from partner_tokens.ui.network_page import NetworkPage
from partner_tokens.ui.preferences_page import PreferencesPage, Unfit
from partner_tokens.ui.preferences_pages import CopyingPage, LockPage, ProgramPage, RemindersPage
from partner_tokens.ui.screen_room import bounded
from partner_tokens.ui.tall_scroll import TallScroll
from partner_tokens.ui.templates_page import TemplatesPage

WIDTH, HEIGHT = 720, 580
SECTIONS_WIDTH = 190
SECTION_MARGIN = 18


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was changed in the dialog."""

    changes: Mapping[str, object]
    """Preferences that have other values, by their names."""
    login: tuple[str, Secret] | None
    """User and password of the proxy, both empty for none; None for no change."""
    starts: bool | None
    """Whether the desktop is to start the program; None for no change."""


class PreferencesDialog(QDialog):
    """Nothing is changed before OK, which asks for the changed values only and waits.

    Then close it with `accept`, or call `show_error`.
    """

    wanted = Signal(object)
    """What is to be changed: Wishes."""

    def __init__(self, preferences: Preferences, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Preferences"))
        self.copying = CopyingPage(look)
        self.templates = TemplatesPage(look)
        self.reminders = RemindersPage(look)
        self.network = NetworkPage(look)
        self.lock = LockPage(look)
        self.program = ProgramPage(look)
        self._pages: tuple[PreferencesPage, ...] = (
            self.copying,
            self.templates,
            self.reminders,
            self.network,
            self.lock,
            self.program,
        )
        self.sections = QListWidget()
        self._stack = QStackedWidget()
        self.panel = MessagePanel(look)
        self._buttons = QDialogButtonBox()
        self.ok = self._buttons.addButton(_("OK"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel = self._buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        for page in self._pages:
            page.show_values(preferences)
        self.copying.offer(self.templates.drafts, preferences.format)
        self._before = self._read()
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        self.sections.setObjectName("sectionList")
        self.sections.setAccessibleName(_("Sections"))
        self.sections.setFixedWidth(SECTIONS_WIDTH)
        self.sections.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack.setFrameShape(QFrame.Shape.NoFrame)
        for page in self._pages:
            line = QListWidgetItem(page.title, self.sections)
            line.setSizeHint(QSize(0, self.fontMetrics().lineSpacing() + SECTION_MARGIN))
            page.setAccessibleName(page.title)
            self._stack.addWidget(TallScroll(page))
        self.ok.setProperty("primary", True)
        self.cancel.setAutoDefault(False)
        sides = QHBoxLayout()
        sides.setSpacing(0)
        sides.addWidget(self.sections)
        sides.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(sides, 1)
        column.addWidget(self.panel)
        column.addWidget(self._buttons)
        self.ok.setDefault(True)  # a button can be that only once it stands in the dialog
        self.resize(bounded(self, WIDTH, HEIGHT))

    def _wire(self) -> None:
        self.templates.changed.connect(lambda: self.copying.offer(self.templates.drafts))
        self.sections.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.sections.setCurrentRow(0)
        self.sections.setFocus()
        self._buttons.accepted.connect(self._save)
        self._buttons.rejected.connect(self.reject)

    def _read(self) -> dict[str, object]:
        found: dict[str, object] = {}
        for page in self._pages:
            found |= page.values()
        return found

    def _save(self) -> None:
        self.panel.clear()
        try:
            typed = self._read()
            login = self.network.typed_login()
        except Unfit as unfit:
            self._go_to(unfit.field, unfit.error)
            return
        changes = {name: value for name, value in typed.items() if value != self._before[name]}
        starts = self.program.wanted_starts()
        if changes or login is not None or starts is not None:
            self.ok.setEnabled(False)
            self.wanted.emit(Wishes(changes, login, starts))
        else:
            self.accept()

    def show_error(self, error: AppError) -> None:
        """Nothing was stored; what was typed may be corrected."""
        self.ok.setEnabled(True)
        if isinstance(error, CaFileUnusable):
            self._go_to(self.network.ca_field, error)
        elif isinstance(error, InputError):
            self._go_to(self.network.password_field, error)
        else:
            self.panel.say_error(error)

    def done(self, result: int) -> None:
        """The password is not kept longer than the dialog."""
        self.network.password.clear()
        super().done(result)

    def _go_to(self, field: FormField, error: AppError) -> None:
        """Shows what is wrong where it is, with the keyboard there."""
        place = next(n for n, page in enumerate(self._pages) if field in page.fields)
        self.sections.setCurrentRow(place)
        field.show_problem(error)
        field.focus_widget.setFocus()
