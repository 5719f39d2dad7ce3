"""Lends access tokens to the terminal: one cache and one exchange for both."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.errors import AppError, EditedMeanwhile
from partner_tokens.core.events import Event
from partner_tokens.core.formats import Format
from partner_tokens.core.relay import ALONE, LOCKED, Message, Wish, grant, is_of, refuse, wish_in
from partner_tokens.core.sealing import SlotKind
from partner_tokens.ui.session import Access, Core, Session

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


class Lending(QObject):
    """`answer` is called on a thread of its own, and may wait for an exchange."""

    lent = Signal(str)
    """The id of a token whose access token went to the terminal."""

    def __init__(self, parts: "Parts", session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._session = session

    def answer(self, message: Message) -> Message:
        """An access token, an error, or that the terminal is to do it alone."""
        wish = wish_in(message)
        if wish is None:
            return ALONE
        if self._session.access is Access.LOCKED:
            return LOCKED
        core = self._session.core
        if core is None or self._session.access is not Access.OPEN or not self._may():
            return ALONE
        try:
            return self._lend(core, wish)
        except AppError as error:
            return refuse(error)

    def _may(self) -> bool:
        """By the user's choice; without one, as long as the keyring opens the store anyway."""
        choice = self._parts.preferences.lend_to_terminal
        if choice in {"yes", "no"}:
            return choice == "yes"
        return SlotKind.KEYRING in self._session.slot_kinds

    def _lend(self, core: Core, wish: Wish) -> Message:
        token = self._parts.store.token(wish.token_id)
        if not is_of(wish, token):
            raise EditedMeanwhile
        access = core.broker.fresh(token, wish.min_life, passcode=wish.passcode)
        core.broker.mark_used(token.id, Event.HANDED_OUT, wish.form or Format.TOKEN)
        self.lent.emit(token.id)
        return grant(access)
