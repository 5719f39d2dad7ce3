"""Opens the dialog of keys, and carries out what is asked for in it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.keys import KeyReplaced
from partner_tokens.core.language import _
from partner_tokens.core.sealing import SlotKind
from partner_tokens.core.secret import Secret
from partner_tokens.ui import session as sessions
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow, Page
from partner_tokens.ui.patience import Patience
from partner_tokens.ui.session import Core, Session
from partner_tokens.ui.shelf import Shelf

if TYPE_CHECKING:
    from partner_tokens.core.locksmith import Holding, Locksmith
    from partner_tokens.core.slots import Rotation
    from partner_tokens.ui.keys_dialog import KeysDialog
    from partner_tokens.ui.keys_words import KeyDeed

Outcome = tuple["Rotation | None", frozenset[SlotKind], "Holding"]


class Keeping(QObject):
    """One deed at a time, on the keyring's lane. Closing the dialog early does not undo it."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        shelf: Shelf,
        background: Background,
        look: Look,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._background = background
        self._look = look
        self._open: KeysDialog | None = None
        self._is_shown = False
        """Not before it is known what to show: a window that is resized as it comes up may stay."""
        self._patience = Patience(
            session.is_asking, sessions.SAY_WAITING_AFTER, sessions.OFFER_TO_STOP_AFTER, self
        )
        self._patience.waiting.connect(self._say_waiting)
        shelf.loaded.connect(self._reload)
        window.wanted.connect(self._do)

    def _do(self, act: Act) -> None:
        if act is not Act.KEYS or self._session.core is None or self._open is not None:
            return
        from partner_tokens.ui.keys_dialog import KeysDialog

        dialog = KeysDialog(self._look, self._window)
        dialog.wanted.connect(self._change)
        dialog.finished.connect(self._forget_dialog)
        self._open = dialog
        self._is_shown = False
        self._reload()

    def _forget_dialog(self) -> None:
        self._open = None

    def _reload(self) -> None:
        """Another program may have changed what is shown."""
        core = self._session.core
        if core is not None and self._open is not None:
            self._background.run(
                self,
                core.locksmith.holding,
                done=self._show,
                failed=self._tell_failure,
                lane=Lane.STORE,
            )

    def _show(self, holding: "Holding") -> None:
        if self._open is None:
            return
        if not self._is_shown and self._window.page is Page.SHUT:  # locked since it was asked for
            self._open.reject()
            return
        self._open.show_holding(holding)
        if not self._is_shown:
            self._is_shown = True
            self._open.open()

    def _change(self, deed: "KeyDeed", passphrase: Secret | None) -> None:
        work = _work(deed, passphrase)

        def start(core: Core) -> None:
            def change() -> Outcome:
                rotation = work(core.locksmith)
                return rotation, core.vault.slot_kinds(), core.locksmith.holding()

            self._patience.start()
            self._background.run(
                self,
                change,
                done=lambda outcome: self._changed(deed, outcome),
                failed=self._tell_failure,
                lane=Lane.KEYRING,
            )

        self._session.when_open(start, self._tell_failure)

    def _changed(self, deed: "KeyDeed", outcome: Outcome) -> None:
        from partner_tokens.ui import keys_words

        self._patience.stop()
        rotation, kinds, holding = outcome
        self._session.know_keys(kinds, holding.keyring)
        title, text = keys_words.done(deed, rotation)
        if self._open is None:
            self._window.notices.tell(title, text)
        else:
            self._open.show_done(title, text)
            self._open.show_holding(holding)

    def _tell_failure(self, error: AppError) -> None:
        self._patience.stop()
        if self._open is not None and not self._is_shown:
            self._open.reject()
        if self._open is None:
            self._window.notices.warn_of(error)
        else:
            self._open.show_error(error)
            if isinstance(error, KeyReplaced):
                self._session.look_again()
                self._reload()

    def _say_waiting(self, may_stop: bool) -> None:
        if self._open is not None:
            stop = (_("&Stop waiting"), self._session.stop_waiting) if may_stop else None
            self._open.show_waiting(stop)


def _work(deed: "KeyDeed", passphrase: Secret | None) -> "Callable[[Locksmith], Rotation | None]":
    from partner_tokens.ui.keys_words import KeyDeed

    typed = passphrase or Secret("")

    def work(locksmith: "Locksmith") -> "Rotation | None":
        match deed:
            case KeyDeed.SET_PASSPHRASE:
                locksmith.set_passphrase(typed)
            case KeyDeed.REMOVE_PASSPHRASE:
                locksmith.remove_passphrase()
            case KeyDeed.ADD_KEYRING:
                locksmith.add_keyring()
            case KeyDeed.REMOVE_KEYRING:
                locksmith.remove_keyring(typed)
            case KeyDeed.RENEW:
                return locksmith.rotate(passphrase)
        return None

    return work
