"""Says below the field whose API token was pasted, if it is stored already or lies in the trash."""

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.tokens import DuplicateToken, InTrash
from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.language import _
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.credential_fields import CredentialFields
from partner_tokens.ui.form_field import Deed
from partner_tokens.ui.session import Access, Session
from partner_tokens.ui.timing import timer

if TYPE_CHECKING:
    from partner_tokens.core.recognition import Recognized

REST = timedelta(milliseconds=150)
"""A token that is typed letter by letter is looked up once, not at each letter."""


class TokenGuard(QObject):
    """Before any exchange, off the GUI thread. While the vault is closed it says nothing.

    `editing` is the row whose token is to be replaced, if any: there no other row is offered.
    """

    chosen = Signal(str)
    """The user wants to go to the row of this id."""
    restore_wanted = Signal(str)
    """The token of this id is to be brought back from the trash."""

    def __init__(
        self,
        fields: CredentialFields,
        session: Session,
        background: Background,
        editing: ApiToken | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._shown = fields.fields["secret"]
        self._credential = fields
        self._session = session
        self._background = background
        self._editing = editing
        self._attempt = 0
        self._rest = timer(self, REST, self._look, once=True)
        self.is_known = False
        """Whether what was typed is stored somewhere, so that nothing is lost without it."""
        fields.edited.connect(self._edited)

    def _edited(self) -> None:
        self._attempt += 1
        self.is_known = False
        self._rest.start()

    def _look(self) -> None:
        core, attempt = self._session.core, self._attempt
        if core is None or self._session.access is not Access.OPEN:
            return
        try:
            secret = self._credential.whole()
        except InputError:
            return

        def found(known: "Recognized | None") -> None:
            if attempt == self._attempt and known is not None:
                self._say(known)

        self._background.run(
            self,
            lambda: core.recognition.recognize(secret),
            done=found,
            failed=lambda _error: None,  # saving says it, where it still is so
            lane=Lane.STORE,
        )

    def _say(self, known: "Recognized") -> None:
        token, deed = known.token, None
        self.is_known = True
        if self._editing is not None and token.id == self._editing.id and not known.in_trash:
            self._shown.set_remark(_("This is the token that is stored in this row already."))
            return
        names = token.organization.name, token.name
        error: AppError = InTrash(*names) if known.in_trash else DuplicateToken(*names)
        if self._editing is None:
            deed = self._deed(known)
        self._shown.show_problem(error, deed)

    def _deed(self, known: "Recognized") -> Deed:
        token_id = known.token.id
        if known.in_trash:
            return _("&Restore it"), lambda: self.restore_wanted.emit(token_id)
        return _("&Go to it"), lambda: self.chosen.emit(token_id)
