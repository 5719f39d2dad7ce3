"""Opens the organizations and their comparison with the service; the list follows the changes."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.tokens import ApiToken, Organization, State
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.session import Access, Session
from partner_tokens.ui.shelf import Shelf
from partner_tokens.ui.token_model import TokenModel

Add = Callable[[str, QWidget], None]
"""Opens the dialog that adds a token, for an organization's name, in front of a dialog."""


class Organizing(QObject):
    """Listens to the window; the dialog is imported when it is first opened."""

    def __init__(
        self,
        window: MainWindow,
        model: TokenModel,
        session: Session,
        shelf: Shelf,
        add: Add,
        background: Background,
        look: Look,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._add = add
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
            self._window.notices.warn_of(error)
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
        dialog.saved.connect(lambda _organization: self._shelf.reload())
        dialog.compare_wanted.connect(lambda organization: self._compare(organization, dialog))
        self._shelf.loaded.connect(dialog.reload)
        dialog.open()

    def _compare(self, organization: Organization, parent: QWidget) -> None:
        """Asks with the token of the current line, if it is this organization's, else the best.

        Where it has none, one is to be chosen among all.
        """
        from partner_tokens.ui.coverage_dialog import CoverageDialog

        current = self._window.table.selected()
        tokens = self._model.tokens()
        own = (token for token in tokens if token.organization.key == organization.key)
        token = min(own, key=lambda token: _rank(token, current), default=None)
        dialog = CoverageDialog(
            organization,
            tokens,
            token,
            self._session,
            self._background,
            self._look,
            parent,
        )
        dialog.add_wanted.connect(lambda name: self._add(name, dialog))
        dialog.finished.connect(lambda _result: self._refresh(dialog.asked))
        self._shelf.loaded.connect(dialog.compare)
        dialog.open()

    def _refresh(self, asked: set[str]) -> None:
        """Results and uses of these tokens may be new."""
        for token_id in asked:
            self._shelf.refresh(token_id)


def _rank(token: ApiToken, current: ApiToken | None) -> tuple[bool, bool, bool]:
    is_current = current is not None and token.id == current.id
    return not is_current, token.interactive, token.result.state is not State.READY
