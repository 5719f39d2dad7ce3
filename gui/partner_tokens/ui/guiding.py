"""Leads through the first minute: by itself at a first start, and whenever it is asked for."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, State
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.desk import Desk
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.session import Access, Session

if TYPE_CHECKING:
    from partner_tokens.parts import Parts
    from partner_tokens.ui.guide_dialog import GuideDialog
    from partner_tokens.ui.passphrase_dialog import PassphraseDialog


class Guiding(QObject):
    """As long as there is no key, none is made before the user has read where it goes.

    Leaving it early is the usual choice: the key goes into the keyring.
    """

    reminders_changed = Signal()
    """Other reminders were chosen, and are kept."""

    def __init__(
        self,
        parts: "Parts",
        window: MainWindow,
        session: Session,
        desk: Desk,
        background: Background,
        look: Look,
    ) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        self._session = session
        self._background = background
        self._look = look
        self._desk = desk
        self._dialog: GuideDialog | None = None
        self._passphrase: PassphraseDialog | None = None
        window.wanted.connect(self._do)
        window.seen.connect(self._window_seen)
        session.changed.connect(self._session_changed)
        session.waiting.connect(self._say_waiting)
        desk.saved.connect(self._token_saved)

    def _do(self, act: Act) -> None:
        if act is not Act.GUIDE:
            return
        if self._session.access is Access.NEW:
            self._open()
        else:  # it tells where the key is: where that cannot be had now, the reason is told
            self._session.when_open(lambda _core: self._open(), self._window.notices.warn_of)

    def _window_seen(self, seen: bool) -> None:
        if seen:
            self._session_changed()

    def _session_changed(self) -> None:
        if self._session.access is Access.NEW and self._window.isVisible():
            self._open()
        elif self._dialog is not None:
            self._follow(self._dialog)

    # ---- the guide ----

    def _open(self) -> None:
        if self._dialog is not None:
            return
        from partner_tokens.ui.guide_dialog import GuideDialog

        dialog = GuideDialog(self._parts.preferences, self._look, self._window)
        dialog.begin_wanted.connect(self._session.open)
        dialog.passphrase_wanted.connect(self._ask_passphrase)
        dialog.keys_wanted.connect(lambda: self._window.wanted.emit(Act.KEYS))
        dialog.token_wanted.connect(lambda: self._desk.open_dialog(None, parent=dialog))
        dialog.token_pasted.connect(
            lambda: self._desk.open_dialog(None, parent=dialog, pastes=True)
        )
        dialog.reminders_wanted.connect(lambda chosen: self._keep_reminders(dialog, chosen))
        dialog.finished.connect(self._closed)
        self._dialog = dialog
        self._follow(dialog)
        dialog.open()

    def _follow(self, dialog: "GuideDialog") -> None:
        """Shows where the key is, or would be, as far as it is known."""
        session = self._session
        match session.access:
            case Access.OPEN:
                if self._passphrase is not None:
                    self._passphrase.accept()
                dialog.show_key(session.keyring)
            case Access.NEW if session.core is not None:
                keychain = session.core.keychain
                self._background.run(
                    dialog,
                    lambda: keychain.name,
                    done=dialog.show_keyring,
                    failed=dialog.show_no_keyring,
                    lane=Lane.KEYRING,
                )
            case Access.OPENING:
                dialog.show_busy(_("Making your key…"))
            case _ if session.error is not None:
                self._tell_failure(dialog, session.error)

    def _tell_failure(self, dialog: "GuideDialog", error: AppError) -> None:
        if self._passphrase is not None:
            self._passphrase.show_error(error)
        dialog.show_error(error)

    def _say_waiting(self, may_stop: bool) -> None:
        if self._dialog is not None and self._session.access is Access.OPENING:
            self._dialog.show_busy(
                _("Waiting for your keyring…"),
                _("Its prompt may be behind another window."),
                ((_("&Stop waiting"), self._session.stop_waiting),) if may_stop else (),
            )

    def _ask_passphrase(self) -> None:
        from partner_tokens.ui.passphrase_dialog import PassphraseDialog, Purpose

        def given(passphrase: Secret) -> None:
            self._session.begin_with_passphrase(passphrase)

        self._passphrase = PassphraseDialog(self._look, Purpose.CHOOSE, self._dialog)
        self._passphrase.given.connect(given)
        self._passphrase.finished.connect(self._forget_passphrase)
        self._passphrase.open()

    def _forget_passphrase(self) -> None:
        self._passphrase = None

    def _token_saved(self, token: ApiToken) -> None:
        if self._dialog is not None:
            name = f"{token.organization.name}, {token.name}"
            self._dialog.show_token(name, works=token.result.state is State.READY)

    def _closed(self) -> None:
        self._dialog = None
        if self._session.access is Access.NEW:
            self._session.open()

    def _keep_reminders(self, dialog: "GuideDialog", chosen: Mapping[str, object]) -> None:
        def keep() -> None:
            self._parts.change_preferences(**chosen)

        def kept(_nothing: None) -> None:
            dialog.accept()
            self.reminders_changed.emit()

        self._background.run(
            dialog, keep, done=kept, failed=dialog.panel.say_error, lane=Lane.STORE
        )
