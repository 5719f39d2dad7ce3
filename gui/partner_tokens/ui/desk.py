"""Does what the window is asked for: copy, add, edit, pin, check."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QWidget

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.formats import Form
from partner_tokens.core.language import _
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.copying import Copying
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.session import Core, Session
from partner_tokens.ui.shelf import Shelf
from partner_tokens.ui.token_model import TokenModel
from partner_tokens.ui.watch import Watch

T = TypeVar("T")


class Desk(QObject):
    """Joins the window's wishes to the parts that grant them. Dialogs are imported when opened."""

    saved = Signal(object)
    """An ApiToken was added or changed in its dialog."""

    def __init__(
        self,
        window: MainWindow,
        model: TokenModel,
        session: Session,
        shelf: Shelf,
        copying: Copying,
        watch: Watch,
        background: Background,
        look: Look,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._session = session
        self._shelf = shelf
        self._copying = copying
        self._watch = watch
        self._background = background
        self._look = look
        self._clock = clock
        window.wanted.connect(self._do)
        window.formats_wanted.connect(self._offer_formats)
        window.status.ladder_wanted.connect(self.open_ladder)
        window.token_pasted.connect(lambda: self.open_dialog(None, pastes=True))

    def _do(self, act: Act) -> None:
        token = self._window.table.selected()
        match act:
            case Act.ADD:
                self.open_dialog(None)
            case Act.CHECK:
                self._window.status.show_checking()
                self._watch.check_now()
            case _ if token is None:
                return
            case Act.COPY:
                self._copying.copy(token)
            case _ if len(self._window.table.selected_all()) > 1:
                return  # see bulk_editing
            case Act.EDIT:
                self.open_dialog(token)
            case Act.PIN:
                self._pin(token)

    def _offer_formats(self, place: QPoint) -> None:
        token = self._window.table.selected()
        if token is None:
            return
        from partner_tokens.ui.formats_menu import formats_menu

        def chosen(form: Form) -> None:
            self._copying.copy(token, form)

        menu = formats_menu(self._window, chosen, self._copying.own_forms)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def open_dialog(
        self,
        token: ApiToken | None,
        organization: str = "",
        parent: QWidget | None = None,
        *,
        pastes: bool = False,
    ) -> None:
        """Opens the dialog that adds a token, or edits one; in front of `parent`.

        With `pastes` what is on the clipboard is pasted as its secret.
        """
        from partner_tokens.ui.token_dialog import TokenDialog

        dialog = TokenDialog(
            self._session,
            self._background,
            self._look,
            self._clock,
            tokens=self._model.tokens(),
            token=token,
            organization=organization,
            parent=parent or self._window,
        )
        dialog.saved.connect(self._saved)
        dialog.chosen.connect(self._window.go_to)
        dialog.open()
        if pastes:
            dialog.form.secret.paste.click()

    def _saved(self, token: ApiToken, words: str) -> None:
        self._model.put(token)
        self._window.go_to(token.id)
        self.saved.emit(token)
        self._window.notices.tell(
            _("{organization}, {name} saved.").format(
                organization=token.organization.name, name=token.name
            ),
            words,
        )
        self._shelf.reload()

    def open_ladder(self, endpoint: str) -> None:
        """Opens the page that shows how far the connection to an endpoint comes."""
        from partner_tokens.ui.ladder_dialog import LadderDialog

        self._watch.check_now(endpoint)
        for open_one in self._window.findChildren(LadderDialog):
            if open_one.endpoint == endpoint:
                open_one.raise_()
                open_one.activateWindow()
                return
        LadderDialog(self._session, self._background, self._look, endpoint, self._window).show()

    def _pin(self, token: ApiToken) -> None:
        def pinned(changed: ApiToken) -> None:
            self._model.put(changed)
            name = f"{changed.organization.name}, {changed.name}"
            words = _("{token} is pinned.") if changed.pinned else _("{token} is no longer pinned.")
            self._window.notices.tell(words.format(token=name))

        self._change(lambda core: core.registry.pin(token.id, not token.pinned), pinned)

    def _change(self, deed: Callable[[Core], T], done: Callable[[T], None]) -> None:
        core = self._session.core
        if core is not None:
            self._background.run(
                self, lambda: deed(core), done=done, failed=self.tell_failure, lane=Lane.STORE
            )

    def tell_failure(self, error: AppError) -> None:
        """Tells of a deed that failed, and shows the list as it is on disk."""
        self._window.notices.warn_of(error)
        self._shelf.reload()
