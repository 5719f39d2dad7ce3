"""Opens the import, tells what came of it and where the same tokens still lie, and proves them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from shiboken6 import isValid

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _, _n
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.import_wish import Wish
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.notices import Deed
from partner_tokens.ui.offers import Offer, offer_in
from partner_tokens.ui.pasted import Pasted
from partner_tokens.ui.proving import Proving
from partner_tokens.ui.session import Core, Failed, Session
from partner_tokens.ui.shelf import Shelf
from partner_tokens.ui.watch import Watch

if TYPE_CHECKING:
    from partner_tokens.core.corrections import Remembered
    from partner_tokens.ui.import_dialog import ImportDialog


class Importing(QObject):
    """The dialog is imported when first opened.

    What was pasted is taken off the clipboard once all of it is stored, as in the dialog for one
    token; else that is left to the user: the rest may be wanted still.
    """

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        shelf: Shelf,
        watch: Watch,
        proving: Proving,
        background: Background,
        look: Look,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._shelf = shelf
        self._watch = watch
        self._proving = proving
        self._background = background
        self._look = look
        self._clock = clock
        window.wanted.connect(self._do)
        window.dropped.connect(self.open)

    def _do(self, act: Act) -> None:
        if act is Act.IMPORT:
            self.open(None)

    def open(self, offer: Offer | None, remembered: "Remembered | None" = None) -> None:
        """Opens the dialog that imports many tokens, with what was dropped."""
        from partner_tokens.ui.import_dialog import ImportDialog

        dialog = ImportDialog(
            self._session,
            self._background,
            self._look,
            self._clock,
            endpoints=self._watch.endpoints(),
            parent=self._window,
        )
        dialog.wished.connect(lambda wish: self._store(dialog, wish))
        dialog.open()
        if offer is not None:
            dialog.read(offer, remembered)

    def _store(self, dialog: "ImportDialog", wish: Wish) -> None:
        """The list hears of it, whatever became of the dialog."""

        def start(core: Core, failed: Failed) -> None:
            self._background.run(
                self,
                lambda: core.intake.store(wish.rows),
                done=stored,
                failed=failed,
                lane=Lane.STORE,
            )

        def stored(tokens: tuple[ApiToken, ...]) -> None:
            if isValid(dialog):
                dialog.accept()
            self._tell(wish, tokens)

        def failed(error: AppError) -> None:
            if isValid(dialog):
                dialog.show_failure(error)
            else:
                self._window.notices.warn_of(error)
                self._shelf.reload()

        self._session.attempt_twice(start, failed)

    def _tell(self, wish: Wish, tokens: tuple[ApiToken, ...]) -> None:
        words, deeds = _where_else(wish), self._rest(wish)
        if wish.pasted.lies_on_clipboard():
            more, clearing = self._off_clipboard(wish)
            words, deeds = f"{words} {more}", (*deeds, *clearing)
        self._window.clear_filter()
        self._window.notices.tell(_title(len(tokens), wish.left_out), words, deeds=deeds)
        self._shelf.reload()
        self._proving.start(tokens)

    def _rest(self, wish: Wish) -> tuple[Deed, ...]:
        """Reads the source again, where it is at hand: what is stored is known there by now."""
        if wish.is_whole:
            return ()
        words = _("Go on with the r&est…")
        if wish.paths:
            return ((words, lambda: self.open(Offer(wish.paths), wish.remembered)),)
        if not wish.pasted.lies_on_clipboard():
            return ()
        return ((words, lambda: self._paste_again(wish)),)

    def _paste_again(self, wish: Wish) -> None:
        """Opens the dialog for what was pasted; an empty one where that was copied over."""
        data = QGuiApplication.clipboard().mimeData()
        offer = offer_in(data) if wish.pasted.lies_on_clipboard() else None
        self.open(offer, wish.remembered)

    def _off_clipboard(self, wish: Wish) -> tuple[str, tuple[Deed, ...]]:
        """What is said of the clipboard, and what is offered."""
        pasted = wish.pasted
        if wish.is_whole and pasted.clear_clipboard():
            return _("They were taken off the clipboard."), ()
        deed = (_("C&lear the clipboard"), lambda: self._clear(pasted))
        return _("What you pasted is still on the clipboard."), (deed,)

    def _clear(self, pasted: Pasted) -> None:
        if pasted.clear_clipboard():
            self._window.notices.remark(_("The clipboard was cleared."))
        else:
            self._window.notices.warn(
                _("The clipboard could not be cleared."),
                _("This desktop does not allow it: copy something else to be safe."),
            )


def _title(count: int, left_out: int) -> str:
    if not left_out:
        return _n("{count} token imported.", "{count} tokens imported.", count).format(count=count)
    rest = _n("{count} row left out", "{count} rows left out", left_out).format(count=left_out)
    title = _n("{count} token imported, {rest}.", "{count} tokens imported, {rest}.", count)
    return title.format(count=count, rest=rest)


def _where_else(wish: Wish) -> str:
    files = wish.files
    if not files and wish.was_encrypted:
        return _("They are still in the encrypted file, too.")
    if not files:
        return _("They still lie where you copied them.")
    if len(files) == 1 and wish.is_whole:
        return _("{file} still holds them in plain text: delete it.").format(file=files[0])
    if len(files) == 1:
        words = _(
            "{file} still holds them in plain text: delete it once nothing more of it is needed."
        )
        return words.format(file=files[0])
    if not wish.is_whole:
        return _n(
            "{count} file still holds them in plain text: delete it once nothing more of it is "
            "needed.",
            "{count} files still hold them in plain text: delete them once nothing more of them "
            "is needed.",
            len(files),
        ).format(count=len(files))
    return _n(
        "{count} file still holds them in plain text: delete it.",
        "{count} files still hold them in plain text: delete them.",
        len(files),
    ).format(count=len(files))
