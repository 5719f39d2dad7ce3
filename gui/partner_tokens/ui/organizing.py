"""Opens the organizations, and lets the list follow what is changed there."""

from PySide6.QtCore import QObject

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import Locked
from partner_tokens.core.tokens import Organization
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.session import Access, Session
from partner_tokens.ui.shelf import Shelf


class Organizing(QObject):
    """Listens to the window; the dialog is imported when it is first opened."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        shelf: Shelf,
        background: Background,
        look: Look,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._shelf = shelf
        self._background = background
        self._look = look
        self._clock = clock
        window.wanted.connect(self._do)

    def _do(self, act: Act) -> None:
        if act is Act.ORGANIZATIONS:
            self.open()

    def open(self) -> None:
        """Opens the dialog at the organization of the current line; not while it is locked."""
        core = self._session.core
        if core is None or self._session.access is Access.LOCKED:
            error = Locked()
            self._window.notices.warn(error.title, error.hint)
            return
        from partner_tokens.ui.organizations_dialog import OrganizationsDialog

        token = self._window.table.selected()
        dialog = OrganizationsDialog(
            core,
            self._background,
            self._look,
            self._clock,
            first=token.organization.key if token else 0,
            parent=self._window,
        )
        dialog.saved.connect(self._saved)
        self._shelf.loaded.connect(dialog.reload)
        dialog.open()

    def _saved(self, _organization: Organization) -> None:
        self._shelf.reload()
