"""What is done to several selected tokens at once: changed, pinned, and changed back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject
from shiboken6 import isValid

from partner_tokens.core.bulk_change import Outcome, Wanted
from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _, _n
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.notices import Deed
from partner_tokens.ui.proving import Proving
from partner_tokens.ui.session import Core, Session
from partner_tokens.ui.shelf import Shelf
from partner_tokens.ui.token_model import TokenModel
from partner_tokens.ui.undoing import Undoing

MOST_NAMES = 3


@dataclass(eq=False, slots=True)
class _Deed:
    """One change of many tokens, as it can be undone."""

    outcome: Outcome
    left: frozenset[str]
    """The ids of its tokens that were not erased since."""
    is_under_way: bool = False


class BulkEditing(QObject):
    """Acts where two or more lines are selected; a single one has its own dialog."""

    def __init__(
        self,
        window: MainWindow,
        model: TokenModel,
        session: Session,
        shelf: Shelf,
        proving: Proving,
        undoing: Undoing,
        background: Background,
        look: Look,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._session = session
        self._shelf = shelf
        self._proving = proving
        self._undoing = undoing
        self._background = background
        self._look = look
        self._clock = clock
        self._deeds: list[_Deed] = []
        """Each change that can be undone."""
        window.wanted.connect(self._do)
        undoing.wanted.connect(self._take_back)
        undoing.erased.connect(self._forget)

    def _do(self, act: Act) -> None:
        if act not in {Act.EDIT, Act.PIN}:
            return
        tokens = self._window.table.selected_all()
        if len(tokens) > 1:
            self.open(tokens) if act is Act.EDIT else self._pin(tokens)

    # ---- pinning ------------------------------------------------------------------------------

    def _pin(self, tokens: Sequence[ApiToken]) -> None:
        """All of them, unless all are pinned already."""
        pinned = not all(token.pinned for token in tokens)
        ids = [token.id for token in tokens]

        def done(changed: tuple[ApiToken, ...]) -> None:
            self._take(changed)
            words = _n("{count} token is pinned.", "{count} tokens are pinned.", len(changed))
            if not pinned:
                words = _n(
                    "{count} token is no longer pinned.",
                    "{count} tokens are no longer pinned.",
                    len(changed),
                )
            self._window.notices.tell(words.format(count=len(changed)))

        core = self._session.core
        if core is not None:
            self._background.run(
                self,
                lambda: core.bulk_edits.pin(ids, pinned),
                done=done,
                failed=self._tell_failure,
                lane=Lane.STORE,
            )

    # ---- changing -----------------------------------------------------------------------------

    def open(self, tokens: Sequence[ApiToken]) -> None:
        """Opens the dialog for these tokens."""
        from partner_tokens.ui.bulk_dialog import BulkDialog

        dialog = BulkDialog(tokens, self._model.tokens(), self._look, self._clock, self._window)

        def change(wanted: Wanted) -> None:
            self._run(
                lambda core: core.bulk_edits.change(tokens, wanted),
                lambda outcome: done(outcome, wanted),
                failed,
            )

        def done(outcome: Outcome, wanted: Wanted) -> None:
            if isValid(dialog):
                dialog.accept()
            self._changed(outcome, moved=wanted.endpoint is not None)

        def failed(error: AppError) -> None:
            dialog.say(error) if isValid(dialog) else self._tell_failure(error)

        dialog.change_wanted.connect(change)
        dialog.open()

    def _run(
        self,
        deed: Callable[[Core], Outcome],
        done: Callable[[Outcome], None],
        failed: Callable[[AppError], None],
    ) -> None:
        def work(core: Core) -> Outcome:
            outcome = deed(core)
            for before, after in outcome.changed:
                if before.version != after.version:
                    core.broker.forget(after.id)
            return outcome

        def start(core: Core) -> None:
            self._background.run(
                self, lambda: work(core), done=done, failed=failed, lane=Lane.STORE
            )

        self._session.when_open(start, failed)

    def _changed(self, outcome: Outcome, *, moved: bool) -> None:
        after = tuple(after for _before, after in outcome.changed)
        self._take(after)
        deeds: list[Deed] = []
        if after:
            deed = _Deed(outcome, frozenset(token.id for token in after))
            self._deeds.append(deed)
            self._undoing.push(deed)
            deeds += self._undoing.offered(deed)
        unproven = [token for token in after if token.result.at is None]
        if moved and unproven:
            deeds.append((_("Prove them &now"), lambda: self._proving.start(unproven)))
        words = _n("{count} token was changed.", "{count} tokens were changed.", len(after))
        self._tell(words.format(count=len(after)), outcome, deeds)

    # ---- changing back ------------------------------------------------------------------------

    def _take_back(self, deed: object) -> None:
        """Once, however often Ctrl+Z is pressed meanwhile."""
        if isinstance(deed, _Deed) and not deed.is_under_way:
            deed.is_under_way = True
            self._undo(deed)

    def _undo(self, deed: _Deed) -> None:
        def done(outcome: Outcome) -> None:
            self._drop(deed)
            after = tuple(after for _before, after in outcome.changed)
            self._take(after)
            words = _n(
                "{count} token is as it was.", "{count} tokens are as they were.", len(after)
            )
            self._tell(words.format(count=len(after)), outcome, [])

        def failed(error: AppError) -> None:
            deed.is_under_way = False
            self._tell_failure(error)

        self._run(lambda core: core.bulk_edits.undo(deed.outcome), done, failed)

    def _forget(self, erased: frozenset[str]) -> None:
        """A change of which no token is left cannot be undone any more."""
        for deed in tuple(self._deeds):
            deed.left -= erased
            if not deed.left:
                self._drop(deed)

    def _drop(self, deed: _Deed) -> None:
        self._deeds = [other for other in self._deeds if other is not deed]
        self._undoing.drop(deed)

    # ---- telling ------------------------------------------------------------------------------

    def _take(self, tokens: Sequence[ApiToken]) -> None:
        """Into the list at once; what cannot be opened is marked when the list is read anew."""
        fresh = {token.id: token for token in (*self._model.tokens(), *tokens)}
        self._model.set_tokens(fresh.values())
        self._shelf.reload()

    def _tell(self, title: str, outcome: Outcome, deeds: list[Deed]) -> None:
        left = outcome.left
        if not left:
            self._window.notices.remark(title, "", deeds=tuple(deeds))
            return
        names = [f"{token.organization.name}, {token.name}" for token, _error in left[:MOST_NAMES]]
        words = _n(
            "{count} was left alone: {names}.", "{count} were left alone: {names}.", len(left)
        )
        if len(left) > MOST_NAMES:
            names.append("…")
        deeds.append((_("&Show why…"), lambda: self._show_left(outcome)))
        self._window.notices.remark(
            title, words.format(count=len(left), names="; ".join(names)), deeds=tuple(deeds)
        )

    def _show_left(self, outcome: Outcome) -> None:
        from partner_tokens.ui.proving_results import ProvingResults

        dialog = ProvingResults(outcome.left, self._look, self._window)
        dialog.setWindowTitle(_("Tokens that were left alone"))
        dialog.chosen.connect(self._window.go_to)
        dialog.open()

    def _tell_failure(self, error: AppError) -> None:
        self._window.notices.warn_of(error)
        self._shelf.reload()
