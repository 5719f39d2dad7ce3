"""Takes tokens out of the list, and brings them back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.errors.tokens import NoSuchToken
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui import trash_words
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.notices import Deed
from partner_tokens.ui.session import Access, Core, Session
from partner_tokens.ui.shelf import Shelf
from partner_tokens.ui.token_model import TokenModel
from partner_tokens.ui.undoing import Undoing

if TYPE_CHECKING:
    from partner_tokens.core.trash import Restored

T = TypeVar("T")

Told = Callable[[tuple[ApiToken, ...], tuple[Deed, ...]], None]
"""Tells of the tokens that were removed, with the button that brings them back."""


@dataclass(eq=False, slots=True)
class _Removal:
    """What one deed removes, or has removed, and can still be brought back."""

    ids: tuple[str, ...]
    is_under_way: bool = False
    """It is being brought back."""


class Retiring(QObject):
    """Removes at once, without asking, since it can be undone: at once, and from the trash."""

    def __init__(
        self,
        window: MainWindow,
        model: TokenModel,
        session: Session,
        shelf: Shelf,
        background: Background,
        undoing: Undoing,
        look: Look,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._session = session
        self._shelf = shelf
        self._background = background
        self._undoing = undoing
        self._look = look
        self._clock = clock
        self._removals: list[_Removal] = []
        """What each deed since the start was asked to remove, the latest last."""
        self._leaving: set[str] = set()
        """The ids of tokens that are being removed."""
        window.wanted.connect(self._do)
        undoing.wanted.connect(self._bring_back)
        shelf.loaded.connect(self._forget_what_is_back)

    def _do(self, act: Act) -> None:
        match act:
            case Act.REMOVE if tokens := self._window.table.selected_all():
                self.remove(tokens)
            case Act.TRASH:
                self.open_trash()

    # ---- removing -----------------------------------------------------------------------------

    def remove(self, tokens: tuple[ApiToken, ...]) -> None:
        """Takes them to the trash, and offers to undo it."""

        def removed(taken: tuple[ApiToken, ...], undo: tuple[Deed, ...]) -> None:
            self._window.notices.remark(*trash_words.removed(taken), deeds=undo)

        self._put_away(tokens, removed, revoked=False)

    def take_away(self, tokens: tuple[ApiToken, ...], done: Told) -> None:
        """As `remove`, for tokens that were revoked in the portal; `done` tells of them."""
        self._put_away(tokens, done, revoked=True)

    def _put_away(self, tokens: tuple[ApiToken, ...], done: Told, *, revoked: bool) -> None:
        """Takes them to the trash in one transaction; their access tokens are forgotten.

        Those that are on their way there are left out: the key was pressed twice. Ctrl+Z is for
        this from now on: it may be pressed before they are gone.
        """
        ids = tuple(token.id for token in tokens if token.id not in self._leaving)
        if not ids or self._session.core is None:
            return
        removal = _Removal(ids)

        def work(core: Core) -> tuple[ApiToken, ...]:
            taken = core.trash.put(ids, revoked=revoked)
            for id in ids:
                core.broker.forget(id)
            return taken

        def put_away(taken: tuple[ApiToken, ...]) -> None:
            self._leaving.difference_update(ids)
            gone = {token.id for token in taken}
            removal.ids = tuple(id for id in ids if id in gone)
            self._model.set_tokens(t for t in self._model.tokens() if t.id not in gone)
            done(taken, self._undoing.offered(removal))

        def failed(error: AppError) -> None:
            self._leaving.difference_update(ids)
            self.forget(ids)
            self._tell_failure(error)

        self._leaving.update(ids)
        self._removals.append(removal)
        self._undoing.push(removal)
        self._change(work, put_away, failed)

    # ---- bringing back ------------------------------------------------------------------------

    def _bring_back(self, done: object) -> None:
        """Once, however often Ctrl+Z is pressed meanwhile."""
        if isinstance(done, _Removal) and not done.is_under_way:
            done.is_under_way = self._session.core is not None
            self._undo(done)

    def _undo(self, removal: _Removal) -> None:
        """On the lane of the removal, and so after it, also where that is still under way."""
        ids = removal.ids

        def failed(error: AppError) -> None:
            removal.is_under_way = False
            if isinstance(error, NoSuchToken):
                self.forget(ids)  # erased meanwhile: the next Ctrl+Z is for what was before it
            self._tell_failure(error)

        def restored(back: "Restored") -> None:
            removal.is_under_way = False
            self.show_restored(back)

        self._change(lambda core: core.trash.restore(ids), restored, failed)

    def show_restored(self, restored: "Restored") -> None:
        """Puts what came back into the list, and tells of it and of what did not."""
        tokens = restored.tokens
        self.forget([token.id for token in tokens])
        if tokens:
            fresh = {token.id: token for token in (*self._model.tokens(), *tokens)}
            self._model.set_tokens(fresh.values())
            ids = [token.id for token in tokens]
            if any(self._model.place_of(id) is None for id in ids):
                self._window.clear_filter()
            self._window.table.select_several(ids)
            self._shelf.reload()  # whether they can be read is known there
        if not restored.refused:
            self._window.notices.tell(trash_words.back(tokens))
            return
        kept = tuple(token for token, _error in restored.refused)
        self.forget([token.id for token in kept])
        error = restored.refused[0][1]
        self._window.notices.warn(trash_words.kept(kept), error.title)

    def forget(self, ids: Iterable[str]) -> None:
        """These cannot be undone, or not any more."""
        gone = set(ids)
        for removal in self._removals:
            removal.ids = tuple(id for id in removal.ids if id not in gone)
            if not removal.ids:
                self._undoing.drop(removal)
        self._removals = [removal for removal in self._removals if removal.ids]

    def _forget_what_is_back(self) -> None:
        """Brought back by other means: in the dialog that adds tokens, or by another program."""
        ids = {id for removal in self._removals for id in removal.ids} - self._leaving
        self.forget([id for id in ids if self._model.token(id) is not None])

    def _erased(self, ids: frozenset[str]) -> None:
        self.forget(ids)
        self._undoing.erased.emit(ids)

    def open_trash(self) -> None:
        """Opens the trash; not while the tokens are locked: it names organizations."""
        core, access = self._session.core, self._session.access
        if core is None or access is Access.LOCKED:
            self._tell_failure(Locked())
            return
        from partner_tokens.ui.trash_dialog import TrashDialog

        dialog = TrashDialog(core, self._background, self._look, self._clock, self._window)
        dialog.restored.connect(self.show_restored)
        dialog.erased.connect(self._erased)
        self._shelf.loaded.connect(dialog.reload)
        dialog.open()

    # ---- inside -------------------------------------------------------------------------------

    def _change(
        self,
        deed: Callable[[Core], T],
        done: Callable[[T], None],
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        core = self._session.core
        if core is not None:
            self._background.run(
                self,
                lambda: deed(core),
                done=done,
                failed=failed or self._tell_failure,
                lane=Lane.STORE,
            )

    def _tell_failure(self, error: AppError) -> None:
        self._window.notices.warn_of(error)
        self._shelf.reload()
