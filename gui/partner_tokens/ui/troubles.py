"""Chooses the page in the middle and the banner: nothing yet, locked, no keyring, no network."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QClipboard

from partner_tokens.core.errors import AppError, Unexpected
from partner_tokens.core.errors.keys import KeyMissing
from partner_tokens.core.errors.store import StoreError
from partner_tokens.core.language import _
from partner_tokens.core.sealing import SlotKind
from partner_tokens.core.secret import Secret
from partner_tokens.core.wording import clock_words, span_words
from partner_tokens.ui.actions import Act
from partner_tokens.ui.chips import chip_label
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow, Page
from partner_tokens.ui.notices import announce
from partner_tokens.ui.session import Access, Session
from partner_tokens.ui.shelf import Shelf
from partner_tokens.ui.token_model import Chip, TokenModel
from partner_tokens.ui.watch import Watch

if TYPE_CHECKING:
    from partner_tokens.core.mending import Mended
    from partner_tokens.ui.passphrase_dialog import PassphraseDialog, Purpose

CLOCK_OFF = timedelta(seconds=60)


class Troubles(QObject):
    """Speaks through the pages and the one banner. It opens no dialog unless it is asked to."""

    def __init__(
        self,
        window: MainWindow,
        model: TokenModel,
        session: Session,
        shelf: Shelf,
        watch: Watch,
        look: Look,
        clipboard: QClipboard,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._session = session
        self._shelf = shelf
        self._watch = watch
        self._look = look
        self._clipboard = clipboard
        self._loaded = False
        self._store_error: AppError | None = None
        self._was_asked = False
        """The user has tried to read the list again, and waits to hear of it."""
        self._passphrase: PassphraseDialog | None = None
        session.changed.connect(self._session_changed)
        session.waiting.connect(self._waiting)
        shelf.loaded.connect(self._rows_loaded)
        shelf.failed.connect(self._store_failed)
        shelf.mended.connect(self._store_mended)
        watch.changed.connect(self._health_changed)
        model.arranged.connect(self.choose_page)

    # ---- pages ----

    def choose_page(self) -> None:
        """Puts the right page into the middle of the window."""
        window, access = self._window, self._session.access
        if self._store_error is not None and self._tells_of_store():
            window.shut.say(
                self._store_error.title,
                self._store_error.hint,
                (_("Try again"), self._retry_store),
                icon="warning",
            )
            window.show_page(Page.SHUT)
        elif access is Access.LOCKED or (access is Access.HOMELESS and not len(self._model)):
            self._say_shut(access)
            window.show_page(Page.SHUT)
        elif access is Access.OPENING and window.page is Page.SHUT and not self._store_error:
            return  # it stays shut until the passphrase has opened it
        elif not self._loaded:
            window.show_page(Page.BLANK)
        elif not len(self._model):
            self._say_empty()
            window.show_page(Page.EMPTY)
        elif not self._model.rowCount():
            self._say_no_match()
            window.show_page(Page.NO_MATCH)
        else:
            window.show_page(Page.LIST)

    def _say_empty(self) -> None:
        wanted = self._window.wanted
        offers = [
            (_("Add your first token…"), lambda: wanted.emit(Act.ADD)),
            (_("Import many…"), lambda: wanted.emit(Act.IMPORT)),
        ]
        if self._window.acts[Act.DEMO].isVisible():
            offers.append((_("Look at the demo"), lambda: wanted.emit(Act.DEMO)))
        self._window.empty.say(
            _("No tokens yet"),
            _(
                "In the portal, switch to a customer's organization, open your account, generate "
                "an API token, and paste it here."
            ),
            *offers,
        )

    def _say_no_match(self) -> None:
        words = self._window.search.text()
        text = _("Nothing has all the words of “{words}”.")
        if not words:
            text = _("Nothing is left under this count.")
        elif self._window.chips.chip is not Chip.ALL:
            text = _("Nothing under “{count}” has all the words of “{words}”.")
        count = chip_label(self._window.chips.chip)
        self._window.no_match.say(
            _("No match"),
            text.format(words=words, count=count),
            (_("Show all tokens"), self._window.clear_filter),
        )

    def _say_shut(self, access: Access) -> None:
        kinds = self._session.slot_kinds
        # Locked before it was known what opens the store: opening finds out.
        if access is Access.LOCKED and (SlotKind.KEYRING in kinds or not kinds):
            self._window.shut.say(
                _("Forgotten"),
                _(
                    "The key and all access tokens are forgotten. Your keyring may open the list "
                    "again without asking you."
                ),
                (_("Open the list"), self._session.open),
            )
        elif access is Access.LOCKED:
            self._window.shut.say(
                _("Your tokens are locked"),
                _("They are protected by your passphrase."),
                (_("Unlock…"), self._ask_passphrase),
            )
        elif self._session.error is not None:
            error = self._session.error
            self._window.shut.say(
                error.title,
                error.hint,
                (_("Choose a passphrase…"), self._choose_passphrase),
                (_("Try the keyring again"), self._session.open),
            )

    # ---- the key ----

    def _session_changed(self) -> None:
        session, banner = self._session, self._window.banner
        if session.access is not Access.OPENING:
            banner.settle("waiting")
        if self._tells_of_store():
            banner.settle("key")  # it cannot be opened for the same reason
        elif session.access is Access.FAILED and session.error is not None:
            self._raise_key_trouble(session.error)
        elif session.access in {Access.OPEN, Access.NEW}:
            banner.settle("key")
        self._answer_dialog()
        self._window.status.show_keyring(self._keyring_words())
        self.choose_page()

    def _tells_of_store(self) -> bool:
        """Whether the page says why there is no list."""
        return self._store_error is not None and not len(self._model)

    def _raise_key_trouble(self, error: AppError) -> None:
        actions = [(_("Try again"), self._session.open)]
        if SlotKind.PASSPHRASE in self._session.slot_kinds:
            actions.append((_("Use the passphrase…"), self._ask_passphrase))
        elif isinstance(error, KeyMissing):
            actions.append((_("Begin with a new key…"), self._confirm_new_key))
        self._window.banner.raise_subject(
            "key", error.title, error.hint, rank=9, actions=tuple(actions)
        )

    def _waiting(self, may_stop: bool) -> None:
        actions = ((_("Stop waiting"), self._session.stop_waiting),) if may_stop else ()
        self._window.banner.raise_subject(
            "waiting",
            _("Waiting for your keyring…"),
            _("It may be asking you to unlock it, perhaps behind another window."),
            rank=10,
            actions=actions,
        )

    def _keyring_words(self) -> str:
        if self._session.access is not Access.OPEN:
            return ""
        if self._session.keyring:
            return _("Keyring: {name}").format(name=self._session.keyring)
        return _("Opened by a passphrase")

    def _ask_passphrase(self) -> None:
        from partner_tokens.ui.passphrase_dialog import Purpose

        self._open_passphrase_dialog(Purpose.OPEN, self._session.open_with)

    def _choose_passphrase(self) -> None:
        from partner_tokens.ui.passphrase_dialog import Purpose

        self._open_passphrase_dialog(Purpose.CHOOSE, self._session.begin_with_passphrase)

    def _open_passphrase_dialog(self, purpose: "Purpose", given: Callable[[Secret], None]) -> None:
        from partner_tokens.ui.passphrase_dialog import PassphraseDialog

        dialog = PassphraseDialog(self._look, purpose, self._window)
        dialog.given.connect(given)
        dialog.finished.connect(self._forget_dialog)
        self._passphrase = dialog
        dialog.open()

    def lock(self) -> None:
        """Takes the question for a passphrase away, and with it what was typed."""
        if self._passphrase is not None:
            self._passphrase.reject()

    def _forget_dialog(self) -> None:
        self._passphrase = None

    def _answer_dialog(self) -> None:
        dialog, session = self._passphrase, self._session
        if dialog is None or session.access is Access.OPENING:
            return
        if session.access is Access.OPEN:
            dialog.accept()
        elif session.error is not None:
            dialog.show_error(session.error)

    def _confirm_new_key(self) -> None:
        from PySide6.QtWidgets import QMessageBox

        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(_("Begin with a new key"))
        box.setText(_("Begin with a new key?"))
        box.setInformativeText(
            _(
                "Your list stays. Each token must be pasted again before it can be used, unless "
                "the old key returns."
            )
        )
        begin = box.addButton(_("Begin with a new key"), QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(cancel)
        begin.clicked.connect(self._session.begin_anew)
        box.finished.connect(box.deleteLater)
        box.open()

    # ---- the store ----

    def _rows_loaded(self) -> None:
        came_back = self._store_error is not None
        self._loaded = True
        self._store_error, self._was_asked = None, False
        if came_back and isinstance(self._session.error, StoreError):
            self._session.open()
        only_read = self._shelf.only_read
        if only_read is None:
            self._window.banner.settle("store")
        else:
            self._window.banner.raise_subject("store", only_read.title, only_read.hint, rank=8)
        self._watch.follow(self._model.tokens())
        self.choose_page()

    def _store_failed(self, error: AppError) -> None:
        is_news = self._was_asked or str(self._store_error) != str(error)
        self._store_error, self._was_asked = error, False
        if not self._tells_of_store():
            self._window.banner.raise_subject("store", error.title, error.hint, rank=8)
        self.choose_page()
        if self._tells_of_store():
            self._window.banner.settle("key")
            if is_news:
                announce(self._window.shut, self._window.shut.words(), urgent=True)

    def _retry_store(self) -> None:
        self._was_asked = True
        self._shelf.reload()

    def _store_mended(self, mended: "Mended") -> None:
        if mended.restored_at is not None:
            text = _(
                "The copy of {time} was restored; what you changed after that may be missing. "
                "The damaged file was kept."
            ).format(time=clock_words(mended.restored_at))
        else:
            text = _("No good copy was found, so a new list begins. The damaged file was kept.")
        self._window.banner.raise_subject(
            "mended",
            _("Your list was damaged."),
            text,
            rank=7,
            actions=((_("Understood"), lambda: self._window.banner.settle("mended")),),
        )

    # ---- the program itself ----

    def tell_fault(self, details: str) -> None:
        """A bug was caught and written down; the details hold no secret and can be handed on."""
        fault = Unexpected()
        self._window.banner.raise_subject(
            "fault",
            fault.title,
            fault.hint,
            rank=1,
            actions=(
                (_("Copy details"), lambda: self._clipboard.setText(details)),
                (_("Close"), lambda: self._window.banner.settle("fault")),
            ),
        )

    # ---- the network ----

    def _health_changed(self) -> None:
        healths, banner = self._watch.healths(), self._window.banner
        self._window.status.show_healths(healths)
        common = self._watch.common_failure()
        if common is not None:
            banner.raise_subject("network", common.title, common.hint, rank=5)
        else:
            banner.settle("network")
        offsets = [h.clock_offset for h in healths if h.clock_offset is not None]
        worst = max(offsets, key=abs, default=timedelta(0))
        if abs(worst) > CLOCK_OFF:
            span = span_words(abs(worst))
            words = (
                _("This computer's clock is {span} behind.")
                if worst > timedelta(0)
                else _("This computer's clock is {span} ahead.")
            )
            banner.raise_subject(
                "clock",
                words.format(span=span),
                _("Set it right: other programs will take good tokens for expired ones."),
                rank=3,
            )
        else:
            banner.settle("clock")
