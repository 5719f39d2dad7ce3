"""Lends access tokens to the terminal: one cache and one exchange for both."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.choosing import meant_in
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.tokens import EditedMeanwhile
from partner_tokens.core.events import Event
from partner_tokens.core.formats import Format, render
from partner_tokens.core.relay import (
    ALONE,
    LOCKED,
    MAY_OPEN,
    Message,
    Wish,
    grant,
    hand_out_in,
    handed_out,
    is_of,
    refuse,
    wish_in,
)
from partner_tokens.core.sealing import SlotKind
from partner_tokens.ui.background import Background
from partner_tokens.ui.session import Access, Core, Session

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


class Lending(QObject):
    """`answer` is called on a thread of its own, and may wait for an exchange."""

    lent = Signal(str)
    """The id of a token whose access token went to the terminal."""
    came_late = Signal()
    """It was asked of a window that ought to be locked by now: no timer had told it yet."""

    def __init__(
        self,
        parts: "Parts",
        session: Session,
        background: Background,
        is_late: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """`is_late`: whether the window ought to be locked by now; asked on any thread."""
        super().__init__(parent)
        self._parts = parts
        self._session = session
        self._background = background
        self._is_late = is_late

    def answer(self, message: Message) -> Message:
        """An access token, an error, or that the terminal is to do it alone."""
        plain = hand_out_in(message)
        if plain is not None:
            return ALONE if self._is_shut() else self._at_hand(*plain)
        wish = wish_in(message)
        if wish is None and message != MAY_OPEN:
            return ALONE
        if self._is_shut():
            self._note_denied(wish)
            return LOCKED
        core = self._session.core
        if core is None or wish is None:
            return ALONE
        if self._session.access is not Access.OPEN or not self._may():
            return ALONE
        try:
            return self._lend(core, wish)
        except AppError as error:
            return refuse(error.with_traceback(None))  # by that it would hold itself

    def _is_shut(self) -> bool:
        is_late = self._is_late()
        if is_late:
            self._background.say(self.came_late)  # locking itself is the GUI thread's
        return is_late or self._session.access is Access.LOCKED

    def _at_hand(self, words: Sequence[str], form: Format) -> Message:
        """The text of what is at hand; for anything else the terminal comes back with a wish."""
        core = self._session.core
        if core is None or self._session.access is not Access.OPEN or not self._may():
            return ALONE
        try:
            meant = meant_in(self._parts.store, words)
        except AppError:
            return ALONE
        if len(meant) != 1 or meant[0].organization.production:  # the terminal says a word of that
            return ALONE
        token = meant[0]
        access = core.broker.at_hand(token)
        if access is None:
            return ALONE
        self._used(core, token.id, form)
        return handed_out(render(form, access.value, access.endpoint))

    def _note_denied(self, wish: Wish | None) -> None:
        """Where a token was named; others are denied without a trace of it."""
        if wish is not None:
            with suppress(AppError):  # it is denied all the same
                self._parts.store.note(wish.token_id, Event.DENIED, wish.form)

    def _used(self, core: Core, token_id: str, form: str) -> None:
        core.broker.mark_used(token_id, Event.HANDED_OUT, form)
        self._background.say(self.lent, token_id)

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
        self._used(core, token.id, wish.form)
        return grant(access)
