"""Revokes tokens with the user's help: the portal does it, here the rows and headers go."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from partner_tokens.core.clock import Clock
from partner_tokens.core.tokens import AccessToken, ApiToken
from partner_tokens.ui import revoke_words
from partner_tokens.ui.actions import Act
from partner_tokens.ui.clipboard import Clipboard
from partner_tokens.ui.copying import Copying, Wish
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.notices import Deed
from partner_tokens.ui.portal import Portal
from partner_tokens.ui.retiring import Retiring
from partner_tokens.ui.shelf import Shelf
from partner_tokens.ui.token_model import TokenModel

if TYPE_CHECKING:
    from partner_tokens.ui.revoke_dialog import RevokeDialog


class Revoking(QObject):
    """A header of a revoked token that is still on the clipboard, and ours, is taken off."""

    def __init__(
        self,
        window: MainWindow,
        model: TokenModel,
        retiring: Retiring,
        shelf: Shelf,
        copying: Copying,
        clipboard: Clipboard,
        portal: Portal,
        look: Look,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._retiring = retiring
        self._shelf = shelf
        self._copying = copying
        self._clipboard = clipboard
        self._portal = portal
        self._look = look
        self._clock = clock
        self._last_copied = ""
        window.wanted.connect(self._do)
        copying.copied.connect(self._copied)

    def _do(self, act: Act) -> None:
        token = self._window.table.selected()
        if act is Act.REVOKE and token is not None:
            self.open(token)

    def _copied(self, wish: Wish, _access: AccessToken) -> None:
        self._last_copied = wish.token.id

    def open(self, token: ApiToken) -> None:
        """Opens the dialog that explains it and opens the portal."""
        from partner_tokens.ui.revoke_dialog import RevokeDialog

        dialog = RevokeDialog(
            token, self._siblings(token), self._portal, self._look, self._clock, self._window
        )
        dialog.confirmed.connect(self._revoked)
        dialog.all_confirmed.connect(lambda: self._count_anew(dialog))
        dialog.open()

    def _count_anew(self, dialog: "RevokeDialog") -> None:
        """Others may have been added since it was opened: they would stay, and still work."""

        def counted() -> None:
            dialog.settle(self._siblings(dialog.token))

        self._shelf.reload_for(dialog, counted, dialog.show_failure)

    def _siblings(self, token: ApiToken) -> tuple[ApiToken, ...]:
        """All of the same user's in the same organization, if there are others; by name."""
        if not token.user or token.kind.is_app:
            return ()
        found = [
            other
            for other in self._model.tokens()
            if other.organization.key == token.organization.key
            and other.user == token.user
            and not other.kind.is_app
        ]
        return tuple(sorted(found, key=lambda t: t.name.casefold())) if len(found) > 1 else ()

    def _revoked(self, tokens: tuple[ApiToken, ...]) -> None:
        ids = {token.id for token in tokens}
        self._copying.withdraw(ids)
        if self._last_copied in ids:
            self._clipboard.clear_now()
        self._retiring.take_away(tokens, self._tell)

    def _tell(self, taken: tuple[ApiToken, ...], undo: tuple[Deed, ...]) -> None:
        self._window.notices.remark(
            revoke_words.revoked(taken), revoke_words.lives_on(), deeds=undo
        )
