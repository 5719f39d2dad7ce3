"""Offers to prove tokens nobody has tried, shows the progress, and tells what came of it."""

from PySide6.QtCore import QObject

from partner_tokens.core.language import _, _n
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.notices import Deed
from partner_tokens.ui.proving import Proving
from partner_tokens.ui.session import Access, Session
from partner_tokens.ui.shelf import Shelf
from partner_tokens.ui.token_model import TokenModel

FEWEST = 2
"""Tokens worth an offer; a single one says in its own row that it is unproven."""


class ProvingDesk(QObject):
    """Speaks through the window's proving bar. What was stopped is offered at the next start.

    So is at once what another program has brought in meanwhile.
    """

    def __init__(
        self,
        window: MainWindow,
        model: TokenModel,
        session: Session,
        shelf: Shelf,
        proving: Proving,
        look: Look,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._session = session
        self._proving = proving
        self._look = look
        self._seen: set[str] = set()
        """The ids of tokens that were offered already, or tried."""
        proving.changed.connect(self._show)
        shelf.loaded.connect(self._offer)

    def _untried(self) -> list[ApiToken]:
        return self._proving.untried(self._model.tokens())

    def _offer(self) -> None:
        """When the list has been read and its tokens can be opened; each token once."""
        if self._session.access is not Access.OPEN:
            return
        untried = {token.id for token in self._untried()}
        count, news = len(untried), untried - self._seen
        self._seen |= untried
        if len(news) >= FEWEST and not self._proving.is_running:
            words = _n("{count} token was never tried.", "{count} tokens were never tried.", count)
            go = _n("&Prove {count} token", "&Prove {count} tokens", count)
            self._window.proving.say(
                words.format(count=count),
                deeds=(
                    (go.format(count=count), self._start),
                    (_("Not now"), self._window.proving.hide),
                ),
                progress=None,
            )

    def _start(self) -> None:
        self._window.proving.hide()
        self._proving.start(self._untried())

    def _show(self) -> None:
        proving = self._proving
        self._seen.update(proving.outcomes)
        done, total = len(proving.outcomes), proving.total
        if not proving.is_running:
            self._tell_end(done, total)
            return
        words = _("Proving: {done} of {total}").format(done=done, total=total)
        if proving.is_offline:
            words = _("Waiting for the network: {done} of {total} proven").format(
                done=done, total=total
            )
        elif proving.is_paused:
            words = _("The service asks us to slow down: {done} of {total} proven").format(
                done=done, total=total
            )
        stop = (_("St&op"), proving.stop)  # no letter of a notice, which may stand below
        self._window.proving.say(words, deeds=(stop,), progress=(done, total))

    def _tell_end(self, done: int, total: int) -> None:
        proving, bar = self._proving, self._window.proving
        if not total:
            bar.hide()
            return
        fine = sum(error is None for _token, error in proving.outcomes.values())
        words = _n("{fine} of {count} token works.", "{fine} of {count} tokens work.", total)
        words = words.format(fine=fine, count=total)
        deeds: tuple[Deed, ...] = ((_("Close"), bar.hide),)
        if proving.left:
            left = _n("{count} was not tried.", "{count} were not tried.", proving.left)
            words = f"{words} {left.format(count=proving.left)}"
            deeds = ((_("&Go on"), self._start), *deeds)
        elif fine < done:
            deeds = ((_("Show &results…"), self._open_results), *deeds)
        bar.say(words, deeds=deeds, progress=None)

    def _open_results(self) -> None:
        from partner_tokens.ui.proving_results import ProvingResults

        dialog = ProvingResults(self._proving.outcomes.values(), self._look, self._window)
        dialog.chosen.connect(self._window.go_to)
        dialog.open()
