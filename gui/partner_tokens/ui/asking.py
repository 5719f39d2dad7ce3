"""Asks the service when tokens were made and when they end: on the user's wish, or once a day."""

from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QObject

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _
from partner_tokens.core.tokens import ApiToken, host_of
from partner_tokens.core.wording import exact
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.pausing import Pausing
from partner_tokens.ui.session import Access, Core, Session
from partner_tokens.ui.token_model import TokenModel


class Asking(QObject):
    """What the user wished is answered in a notice; what was asked in passing shows in the list."""

    def __init__(
        self,
        window: MainWindow,
        model: TokenModel,
        session: Session,
        background: Background,
        pausing: Pausing,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._session = session
        self._background = background
        self._pausing = pausing
        self._due: deque[str] = deque()
        self._is_busy = False
        window.wanted.connect(self._do)

    # ---- on the user's wish -------------------------------------------------------------------

    def _do(self, act: Act) -> None:
        token = self._window.table.selected()
        if act is Act.ASK and token is not None:
            self._ask(token)

    def _ask(self, token: ApiToken) -> None:
        self._window.notices.remark(_("Asking {host}…").format(host=host_of(token.endpoint)))

        def start(core: Core) -> None:
            self._background.run(
                self,
                lambda: core.asking.ask(token.id, wished=True),
                done=self._tell,
                failed=self._tell_failure,
            )

        self._session.when_open(start, self._tell_failure)

    def _tell(self, token: ApiToken) -> None:
        self._model.put(token)
        name = f"{token.organization.name}, {token.name}"
        if token.expiry_told and token.expiry.at is not None:
            words = _("{token} runs out on {date}.")
            title = words.format(token=name, date=exact(token.expiry.at))
        else:
            title = _("The service names no end for {token}.").format(token=name)
        self._window.notices.tell(title, _more(token))

    def _tell_failure(self, error: AppError) -> None:
        self._window.notices.warn_of(error)

    # ---- in passing ---------------------------------------------------------------------------

    def look(self) -> None:
        """Asks about tokens that were exchanged since they were last asked about, one by one."""
        core = self._session.core
        if core is None or self._session.access is not Access.OPEN or self._is_busy:
            return
        if self._pausing.is_on:
            return
        if any(token.kind.tells_dates for token in self._model.tokens()):
            self._is_busy = True
            self._background.run(
                self,
                core.asking.due,
                done=lambda ids: self._begin(core, ids),
                failed=lambda _error: self._begin(core, ()),
                lane=Lane.STORE,
            )

    def _begin(self, core: Core, ids: Sequence[str]) -> None:
        self._due.extend(ids)
        self._next(core)

    def _next(self, core: Core) -> None:
        if not self._due:
            self._is_busy = False
            return
        token_id = self._due.popleft()

        def told(token: ApiToken) -> None:
            self._model.put(token)
            self._next(core)

        self._background.run(
            self,
            lambda: core.asking.ask(token_id, wished=False),
            done=told,
            failed=lambda _error: self._next(core),  # asked again tomorrow; no news for the user
            lane=Lane.ASIDE,
        )


def _more(token: ApiToken) -> str:
    """What else the service said."""
    said = token.particulars
    told = [_("So says the service.")] if token.expiry_told else []
    if said is not None and said.made_at is not None:
        told.append(_("Made on {date}.").format(date=exact(said.made_at)))
    if said is not None and said.used_at is not None:
        told.append(_("Last exchanged by anybody on {date}.").format(date=exact(said.used_at)))
    if not token.expiry_told:
        told.append(_("It may have none, or the service does not know it: look in the portal."))
    return " ".join(told)
