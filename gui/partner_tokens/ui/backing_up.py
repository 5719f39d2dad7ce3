"""Backs tokens up, or hands them over: asks which and under what, and tells what became of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _, _n
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.session import Core, Session
from partner_tokens.ui.token_model import TokenModel

if TYPE_CHECKING:
    from partner_tokens.core.outgoing import HandedOver
    from partner_tokens.ui.backup_dialog import BackupDialog, Wish

MOST_NAMES = 12
"""Of tokens that are not in the file; the bar below the list has room for so many."""


class BackingUp(QObject):
    """The dialog is imported when first opened; closing it early does not stop the writing."""

    def __init__(
        self,
        window: MainWindow,
        model: TokenModel,
        session: Session,
        background: Background,
        look: Look,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._session = session
        self._background = background
        self._look = look
        self._clock = clock
        window.wanted.connect(self._do)

    def _do(self, act: Act) -> None:
        if act is not Act.BACKUP:
            return
        if not len(self._model):
            self._window.notices.remark(_("There are no tokens to back up yet."))
            return
        from partner_tokens.ui.backup_dialog import BackupDialog

        selected = self._window.table.selected_all()
        shown = [self._model.row_at(line).token for line in range(self._model.rowCount())]
        dialog = BackupDialog(
            self._look, self._clock, selected, shown, self._model.tokens(), self._window
        )
        dialog.wished.connect(lambda wish: self._hand_over(dialog, wish))
        dialog.open()

    def _hand_over(self, dialog: "BackupDialog", wish: "Wish") -> None:
        """The dialog that asked for it hears of it, if it is still there."""

        def start(core: Core) -> None:
            self._background.run(
                self,
                lambda: core.outgoing.hand_over(wish.ids, wish.passphrase, wish.file),
                done=done,
                failed=failed,
                lane=Lane.FILES,
            )

        def done(told: "HandedOver") -> None:
            if isValid(dialog):
                dialog.accept()
            self._tell(told, wish.file.name)

        def failed(error: AppError) -> None:
            if isValid(dialog):
                dialog.show_error(error)
            else:
                self._window.notices.warn_of(error)

        self._session.when_open(start, failed)

    def _tell(self, told: "HandedOver", file: str) -> None:
        count = len(told.tokens)
        words = _n("{count} token written to {file}.", "{count} tokens written to {file}.", count)
        title = words.format(count=count, file=file)
        warning = _(
            "It holds the tokens themselves, encrypted: whoever has it and knows its passphrase "
            "can use them."
        )
        if not told.unopened:
            self._window.notices.tell(title, warning)
            return
        names = [f"{token.organization.name}, {token.name}" for token in told.unopened]
        left = len(names) - MOST_NAMES
        if left > 0:
            more = _n("and {count} more", "and {count} more", left).format(count=left)
            names[MOST_NAMES:] = [more]
        missing = _("Not in it, because they cannot be opened: {names}.")
        missing = missing.format(names="; ".join(names))
        self._window.notices.warn(title, f"{missing} {warning}")
