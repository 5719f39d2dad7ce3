"""Copies a header: at once where one with enough life is at hand, else as soon as it arrives."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.desktop import ClipboardRefused
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.errors.tokens import AnotherOrganization
from partner_tokens.core.events import Event
from partner_tokens.core.formats import Form, Format, Template
from partner_tokens.core.forms import form_called, name_of, own_forms, written
from partner_tokens.core.preferences import Preferences
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AccessToken, ApiToken, Organization
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.clipboard import Clipboard
from partner_tokens.ui.session import Access, Core, Failed, Session
from partner_tokens.ui.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked to be copied."""

    token: ApiToken
    form: Form
    agreed: AnotherOrganization | None = None
    """The row is held for another organization, and the user wants that one's header."""

    @property
    def organization(self) -> str:
        """Whose header it is to be."""
        return self.agreed.found if self.agreed else self.token.organization.name

    @property
    def meant(self) -> ApiToken:
        """The row as the copy means it: of the organization whose header it is to be."""
        if self.agreed is None:
            return self.token
        return replace(self.token, organization=Organization(self.agreed.found))


class Copying(QObject):
    """One wish at a time: a later one takes the place of an earlier one that is still fetched."""

    asked = Signal()
    """A copy was asked for, in the place of any other."""
    fetching = Signal(object)
    """The ids, a frozenset, of the tokens whose exchange is under way."""
    copied = Signal(object, object)
    """A Wish, and the AccessToken that went to the clipboard."""
    failed = Signal(object, object)
    """A Wish, and the AppError that kept it from being granted."""
    exchanged = Signal(str, object)
    """An exchange for this endpoint ended: None, or its AppError."""

    def __init__(
        self,
        session: Session,
        background: Background,
        clipboard: Clipboard,
        shelf: Shelf,
        preferences: Callable[[], Preferences],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self._clipboard = clipboard
        self._shelf = shelf
        self._preferences = preferences
        self._wanted: Wish | None = None
        self._with_passcode: Wish | None = None
        """The wish whose exchange carries a passcode."""
        self._form: Form = Format.HEADER
        """The format asked for last; a wish under way is granted in it."""
        self._under_way: dict[str, int] = {}

    @property
    def is_busy(self) -> bool:
        """Whether an exchange is under way."""
        return bool(self._under_way)

    @property
    def usual_form(self) -> Form:
        """The format of a copy where none is asked for."""
        preferences = self._preferences()
        return form_called(preferences.format, preferences.templates) or Format.HEADER

    @property
    def own_forms(self) -> tuple[Template, ...]:
        """The formats that the user has made."""
        return own_forms(self._preferences().templates)

    def copy(
        self,
        token: ApiToken,
        form: Form | None = None,
        *,
        again: bool = False,
        passcode: Secret | None = None,
    ) -> None:
        """Copies the token's header, in the usual format where none is asked for.

        `again` asks the service anew although it refused.

        While a passcode is on its way for the same token, its answer grants this wish too: a key
        pressed twice neither asks for another passcode nor wastes the first.
        """
        form = self._form = form or self.usual_form
        if passcode is None and self._sends_passcode(token):
            return
        wish = self._wanted = Wish(token, form)
        self._with_passcode = wish if passcode else None
        self.asked.emit()
        access = None if passcode else self._session.at_hand(token, None)
        if access is not None:
            self._grant(wish, access)
            return
        self._fetch(wish, lambda core: core.broker.fresh(token, passcode=passcode, again=again))

    def copy_for(self, held: Wish, found: AnotherOrganization) -> None:
        """Copies the header of a held row for the organization the user was told of; once."""
        wish = self._wanted = replace(held, agreed=found)
        self._form = held.form
        self.asked.emit()
        self._fetch(wish, lambda core: core.settlement.access(wish.token, found))

    def _sends_passcode(self, token: ApiToken) -> bool:
        wish = self._wanted
        return wish is not None and wish is self._with_passcode and wish.token.id == token.id

    def withdraw(self, token_ids: Collection[str]) -> None:
        """A header of these that is still fetched is not copied any more."""
        if self._wanted is not None and self._wanted.token.id in token_ids:
            self._wanted = None

    def _fetch(self, wish: Wish, ask: Callable[[Core], AccessToken]) -> None:
        def fetch(core: Core, failed: Failed) -> None:
            self._background.run(
                self,
                lambda: ask(core),
                done=lambda access: self._arrived(wish, access),
                failed=failed,
            )

        self._count(wish.token.id, +1)
        self._session.attempt_twice(fetch, lambda error: self._deny(wish, error))

    def _arrived(self, wish: Wish, access: AccessToken) -> None:
        if self._session.access is Access.LOCKED:  # a moment ago: it was under way to here
            self._deny(wish, Locked())
            return
        self._count(wish.token.id, -1)
        self.exchanged.emit(wish.token.endpoint, None)
        self._shelf.refresh(wish.token.id)
        if wish is self._wanted:
            self._grant(replace(wish, form=self._form), access)

    def _deny(self, wish: Wish, error: AppError) -> None:
        self._count(wish.token.id, -1)
        self.exchanged.emit(wish.token.endpoint, error)
        self._shelf.refresh(wish.token.id)
        if wish is self._wanted:
            self._wanted = None
            self.failed.emit(replace(wish, form=self._form), error)

    def _grant(self, wish: Wish, access: AccessToken) -> None:
        self._wanted = None
        try:
            text = written(wish.form, access, wish.meant)
        except AppError as error:
            self.failed.emit(wish, error)
            return
        clears_in = timedelta(seconds=self._preferences().clipboard_seconds)
        if not self._clipboard.copy(text, clears_in):
            self.failed.emit(wish, ClipboardRefused())
            return
        self.copied.emit(wish, access)
        core = self._session.core
        if core is not None:
            token_id = wish.token.id
            self._background.run(
                self,
                lambda: core.broker.mark_used(token_id, Event.COPIED, name_of(wish.form)),
                done=lambda _nothing: self._shelf.refresh(token_id),
                lane=Lane.STORE,
            )

    def _count(self, token_id: str, step: int) -> None:
        left = self._under_way.get(token_id, 0) + step
        if left > 0:
            self._under_way[token_id] = left
        else:
            self._under_way.pop(token_id, None)
        self.fetching.emit(frozenset(self._under_way))
