"""Opens the preferences, keeps what was changed there, and says what in their file is no use."""

from shlex import join
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _
from partner_tokens.core.wording import useless_words
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow

if TYPE_CHECKING:
    from partner_tokens.parts import Parts
    from partner_tokens.ui.preferences_dialog import PreferencesDialog, Wishes

SUBJECT = "preferences"
PROXY_LOGIN = "proxy login"


class Choosing(QObject):
    """Stored off the GUI thread; a dialog with something wrong in it stays open."""

    changed = Signal(object)
    """The names of the preferences, a frozenset, that have other values from now on.

    PROXY_LOGIN is among them where the proxy gets another user or password.
    """

    def __init__(
        self,
        parts: "Parts",
        window: MainWindow,
        background: Background,
        look: Look,
        *,
        demo: bool = False,
    ) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        self._background = background
        self._look = look
        self._is_demo = demo
        self._open: PreferencesDialog | None = None
        window.wanted.connect(self._do)

    def start(self) -> None:
        """Says once which values of the file were not usable."""
        bad = self._parts.loaded_preferences[1]
        if bad:
            self._tell_of_useless(bad)

    def _tell_of_useless(self, bad: tuple[str, ...]) -> None:
        title, text = useless_words(bad, self._parts.profile.preferences_path.name)
        self._window.banner.raise_subject(
            SUBJECT,
            title,
            text,
            rank=0,
            actions=(
                (_("Preferences…"), self._open_from_banner),
                (_("Close"), self._settle),
            ),
            urgent=False,
        )

    def _settle(self) -> None:
        self._window.banner.settle(SUBJECT)

    def _open_from_banner(self) -> None:
        self._settle()
        self._window.wanted.emit(Act.PREFERENCES)

    def _do(self, act: Act) -> None:
        if act is not Act.PREFERENCES or self._open is not None:
            return
        from partner_tokens.ui.preferences_dialog import PreferencesDialog

        dialog = PreferencesDialog(self._parts.preferences, self._look, self._window)
        dialog.wanted.connect(self._change)
        dialog.finished.connect(self._forget_dialog)
        dialog.program.starts.setEnabled(not self._is_demo)  # its folder is gone by then
        dialog.program.language.setEnabled(not self._is_demo)
        self._open = dialog
        self._background.run(
            self,
            lambda: (
                self._parts.proxy_user(),
                self._parts.autostart.is_on(),
                join(self._parts.own_command("--quick")),
            ),
            done=self._show_found,
            failed=self._tell_failure,
            lane=Lane.STORE,
        )
        dialog.open()

    def _show_found(self, found: tuple[str, bool, str]) -> None:
        if self._open is not None:
            self._open.network.show_user(found[0])
            self._open.program.show_starts(found[1])
            self._open.program.show_command(found[2])

    def _forget_dialog(self) -> None:
        self._open = None

    def _change(self, wishes: "Wishes") -> None:
        parts, changes, login = self._parts, wishes.changes, wishes.login
        names = frozenset(changes) | ({PROXY_LOGIN} if login else frozenset())

        def work() -> None:
            if changes.get("ca_file"):
                parts.refuse_useless_ca_file(str(changes["ca_file"]))
            if login is not None:
                address = changes.get("proxy_address", parts.preferences.proxy_address)
                parts.change_proxy_login(str(address), *login)
            if wishes.starts is not None:
                parts.autostart.turn(wishes.starts)
            if changes:
                parts.change_preferences(**changes)

        self._background.run(
            self,
            work,
            done=lambda _nothing: self._changed(names),
            failed=self._tell_failure,
            lane=Lane.STORE,
        )

    def _changed(self, names: frozenset[str]) -> None:
        if self._open is not None:
            self._open.accept()
        self.changed.emit(names)

    def _tell_failure(self, error: AppError) -> None:
        if self._open is None:
            self._window.notices.warn_of(error)
        else:
            self._open.show_error(error)
