"""Regenerate one token, renew many, and offer pasted tokens again that are not in place yet."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _
from partner_tokens.core.renewal_queue import Round, counts, place_of
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui import renewal_words
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow, Page
from partner_tokens.ui.portal import Portal
from partner_tokens.ui.session import Access, Core, Session
from partner_tokens.ui.shelf import Shelf
from partner_tokens.ui.token_model import TokenModel

if TYPE_CHECKING:
    from partner_tokens.core.pending import Pending
    from partner_tokens.parts import Parts
    from partner_tokens.ui.renewal_course import RenewalCourse
    from partner_tokens.ui.renewal_window import RenewalWindow

USUAL_DAYS = 14
"""How far the queue looks ahead, if that is one of the lead times; else the next shorter one."""


class Renewing(QObject):
    """One renewal window at a time, beside the list; imported when it is first opened."""

    def __init__(
        self,
        parts: "Parts",
        window: MainWindow,
        model: TokenModel,
        session: Session,
        shelf: Shelf,
        portal: Portal,
        background: Background,
        look: Look,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        self._model = model
        self._session = session
        self._shelf = shelf
        self._portal = portal
        self._background = background
        self._look = look
        self._clock = clock
        self._pending: tuple[Pending, ...] = ()
        self._put_off: set[str] = set()
        self._round: Round | None = None
        self.dialog: RenewalWindow | None = None
        self._course: RenewalCourse | None = None
        window.wanted.connect(self._do)
        shelf.loaded.connect(self._look_for_pending)

    def _do(self, act: Act) -> None:
        match act:
            case Act.RENEW:
                self.open_queue()
            case Act.REGENERATE:
                token = self._window.table.selected()
                if token is not None:
                    self.open(token)

    # ---- what waits ----

    def _look_for_pending(self) -> None:
        """After each reading of the rows: another program may have pasted one, or put it in."""
        core = self._session.core
        if core is not None and self._session.access is Access.OPEN:
            self._background.run(
                self, core.renewal.pending, done=self._take_pending, lane=Lane.STORE
            )
        elif self._session.access is Access.LOCKED:
            self._window.banner.settle("pending")  # a locked window names nobody

    def _take_pending(self, pending: "tuple[Pending, ...]") -> None:
        self._pending = pending
        self._model.set_pending(one.token.id for one in pending)
        self._offer_again()

    def _offer_again(self) -> None:
        waiting = [one for one in self._pending if one.id not in self._put_off]
        if not waiting or self.dialog is not None:
            self._window.banner.settle("pending")
            return
        self._window.banner.raise_subject(
            "pending",
            renewal_words.waits_title(len(waiting)),
            renewal_words.waits_text(waiting, self._clock()),
            rank=2,
            actions=(
                (_("Go on…"), lambda: self.open(waiting[0].token)),
                (_("Later"), lambda: self._put_all_off(waiting)),
            ),
            urgent=False,
            names=True,
        )

    def _put_all_off(self, waiting: "Sequence[Pending]") -> None:
        self._put_off.update(one.id for one in waiting)
        self._window.banner.settle("pending")

    # ---- one token ----

    def open(self, token: ApiToken) -> None:
        """Opens the window for this token, or goes on with what was pasted for it."""
        if self.dialog is not None and not (self._round is None and self.dialog.is_free):
            self.dialog.raise_()
            self.dialog.activateWindow()
            return

        def show(pending: "tuple[Pending, ...]") -> None:
            self._take_pending(pending)
            if self._is_shut:
                return
            course = self._opened(None)
            course.begin(token, self._pending_for(token))
            self._show()

        self._with_pending(show)

    # ---- many, one after the other ----

    def open_queue(self) -> None:
        """Opens the window for all that runs out, the next one first."""
        if self.dialog is not None:
            if self._round is not None or not self.dialog.is_free:
                self.dialog.raise_()
                self.dialog.activateWindow()
                return
            self.dialog.reject()
        days = sorted(self._parts.preferences.reminder_days) or [USUAL_DAYS]
        usual = max((each for each in days if each <= USUAL_DAYS), default=days[0])
        current = Round(usual)

        def show(pending: "tuple[Pending, ...]") -> None:
            self._take_pending(pending)
            if self._is_shut:
                return
            self._opened(current, days)
            self._show_next()
            self._show()

        self._with_pending(show)

    def _next(self, pending: "tuple[Pending, ...]") -> None:
        self._take_pending(pending)
        self._show_next()

    def _show_next(self) -> None:
        current, dialog, course = self._round, self.dialog, self._course
        if current is None or dialog is None or course is None or dialog.bar is None:
            return
        left = current.left(self._tokens(), self._clock(), [o.token.id for o in self._pending])
        dialog.bar.show_place(current.behind, current.behind + len(left), counts(left))
        if not dialog.is_free:
            return  # what is typed for this one is not given up for another number of days
        if left:
            token = left[0].token
            place = place_of(token)
            course.begin(token, self._pending_for(token), stays=place == current.here)
            current.here = place
        else:
            course.end(renewal_words.round_ended(current.done, len(current.skipped)))

    def _tokens(self) -> list[ApiToken]:
        """All rows, and those in the trash whose successor waits."""
        orphans = [one.token for one in self._pending if one.is_orphan]
        return [*self._model.tokens(), *orphans]

    def _skip(self) -> None:
        if self._round is not None and self._course is not None and self._course.token is not None:
            self._round.skip(self._course.token.id)
            self._with_pending(self._next)

    def _look_ahead(self, days: int) -> None:
        if self._round is not None:
            self._round.days = days
            self._with_pending(self._next)

    # ---- what came of it ----

    def _replaced(self, old: ApiToken, new: ApiToken, remark: str) -> None:
        rows = {token.id: token for token in self._model.tokens()}
        is_apart = old.organization.key != new.organization.key
        if not is_apart:
            rows.pop(old.id, None)
        rows[new.id] = new
        self._model.set_tokens(rows.values())
        if self._model.place_of(new.id) is None:
            self._window.clear_filter()
        self._window.table.select(new.id)
        self._window.notices.tell(
            _("{token} has its new token.").format(token=renewal_words.named(new)),
            " ".join(filter(None, (renewal_words.replaced_text(old, new), remark))),
        )
        self._shelf.reload()
        if is_apart:
            self._again(old)
        elif self._round is not None:
            self._round.finish(old.id, new.id)
            self._with_pending(self._next)
        elif self.dialog is not None:
            self.dialog.accept()

    def _settled(self, error: AppError | None) -> None:
        """The pasted token was discarded, or dealt with elsewhere: then the error says so."""
        if error is not None:
            self._window.notices.remark(error.title, error.hint)
        self._shelf.reload()
        if self._course is not None and self._course.token is not None:
            self._again(self._course.token)

    def _again(self, token: ApiToken) -> None:
        if self._round is None:
            self._with_pending(lambda pending: self._begin_anew(token, pending))
        else:
            self._with_pending(self._next)

    def _begin_anew(self, token: ApiToken, pending: "tuple[Pending, ...]") -> None:
        self._take_pending(pending)
        now = self._model.token(token.id)
        if now is not None and self._course is not None:
            self._course.begin(now, self._pending_for(now))
        elif self.dialog is not None:
            self.dialog.reject()

    # ---- the window ----

    @property
    def _is_shut(self) -> bool:
        """Whether the list was hidden after the window was asked for: it names tokens."""
        return self._window.page is Page.SHUT

    def _opened(self, current: Round | None, days: Sequence[int] = ()) -> "RenewalCourse":
        if self._course is not None and self.dialog is not None:
            return self._course
        from partner_tokens.ui.renewal_bar import RenewalBar
        from partner_tokens.ui.renewal_course import RenewalCourse
        from partner_tokens.ui.renewal_steps import RenewalSteps
        from partner_tokens.ui.renewal_window import RenewalWindow

        bar = None if current is None else RenewalBar(self._look, days, current.days)
        dialog = RenewalWindow(self._look, bar=bar, parent=self._window)
        steps = RenewalSteps(self._session, self._background, dialog)
        course = RenewalCourse(dialog, steps, self._session, self._portal, self._look, self._clock)
        course.replaced.connect(self._replaced)
        course.settled.connect(self._settled)
        dialog.skipped.connect(self._skip)
        dialog.finished.connect(self._closed)
        if bar is not None:
            bar.days_chosen.connect(self._look_ahead)
        self.dialog, self._course, self._round = dialog, course, current
        self._window.banner.settle("pending")
        return course

    def _show(self) -> None:
        if self.dialog is not None:
            self.dialog.show()
            self.dialog.raise_()
            self.dialog.activateWindow()

    def _closed(self) -> None:
        self.dialog = self._course = self._round = None
        self._look_for_pending()

    # ---- inside ----

    def _pending_for(self, token: ApiToken) -> "Pending | None":
        return next((one for one in self._pending if one.token.id == token.id), None)

    def _with_pending(self, done: "Callable[[tuple[Pending, ...]], None]") -> None:
        """Reads what waits, once the vault is open, and hands it on."""

        def read(core: Core) -> None:
            self._background.run(
                self, core.renewal.pending, done=done, failed=self._tell_failure, lane=Lane.STORE
            )

        self._session.when_open(read, self._tell_failure)

    def _tell_failure(self, error: AppError) -> None:
        self._window.notices.warn_of(error)
