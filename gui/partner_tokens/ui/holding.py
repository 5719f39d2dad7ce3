"""A row whose token is another organization's: says so at its copy, and offers the two ways on."""

from PySide6.QtCore import QObject

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.tokens import AnotherOrganization
from partner_tokens.core.language import _
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.copying import Copying, Wish
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.session import Session
from partner_tokens.ui.shelf import Shelf
from partner_tokens.ui.token_model import TokenModel


class Holding(QObject):
    """Moves the row, or copies once for the organization that was found, by its name.

    Each is a deed of its own: a second Enter only tells the same again.
    """

    def __init__(
        self,
        window: MainWindow,
        model: TokenModel,
        session: Session,
        shelf: Shelf,
        copying: Copying,
        background: Background,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._session = session
        self._shelf = shelf
        self._copying = copying
        self._background = background
        copying.failed.connect(self._failed)

    def _failed(self, wish: Wish, error: AppError) -> None:
        if not isinstance(error, AnotherOrganization):
            return
        if error.found_id:
            self._ask(wish, error)
        else:  # held since an earlier start: only the service can tell whose it is
            self._copying.copy(wish.token, wish.form, again=True)

    def _ask(self, wish: Wish, error: AnotherOrganization) -> None:
        from partner_tokens.ui.message_panel import button_words

        move = button_words(_("&Move it to {organization}"), error.found)
        copy = button_words(_("Copy for {organization} &anyway"), error.found)
        self._window.notices.warn(
            error.title,
            _("Nothing was copied."),
            deeds=(
                (move, lambda: self._move(wish, error)),
                (copy, lambda: self._copying.copy_for(wish, error)),
            ),
            answers=True,
        )

    def _move(self, wish: Wish, error: AnotherOrganization) -> None:
        core = self._session.core
        if core is not None:
            self._window.notices.make_room()
            self._background.run(
                self,
                lambda: core.settlement.move(wish.token, error),
                done=lambda moved: self._moved(moved, wish),
                failed=self._tell_failure,
                lane=Lane.STORE,
            )

    def _moved(self, token: ApiToken, wish: Wish) -> None:
        self._model.put(token)
        if self._model.place_of(token.id) is None:
            self._window.clear_filter()
        self._window.table.select(token.id)
        self._shelf.reload()
        words = _("{token} now belongs to {organization}.")
        self._window.notices.tell(
            words.format(token=token.name, organization=token.organization.name),
            deeds=((_("&Copy its header"), lambda: self._copying.copy(token, wish.form)),),
        )

    def _tell_failure(self, error: AppError) -> None:
        self._window.notices.warn_of(error)
        self._shelf.reload()
