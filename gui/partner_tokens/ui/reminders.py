"""Tells once a day what runs out: in the window, and by the desktop where it has a tray."""

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from partner_tokens.core.clock import Clock
from partner_tokens.core.digest import Digest, digest_of
from partner_tokens.core.instants import local_day
from partner_tokens.core.language import _
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.notices import Deed
from partner_tokens.ui.reminder_words import digest_words
from partner_tokens.ui.session import Access, Session
from partner_tokens.ui.shelf import Shelf
from partner_tokens.ui.timing import timer
from partner_tokens.ui.token_model import Chip, TokenModel
from partner_tokens.ui.tray import Tray
from partner_tokens.ui.watch import Watch

if TYPE_CHECKING:
    from partner_tokens.parts import Parts

LOOK_EVERY = timedelta(minutes=15)
WRONG_CLOCK = timedelta(hours=1)
"""From here on no day is named: the banner asks for the clock to be set right first."""


class Reminders(QObject):
    """Nothing is said before the rows are there and the endpoints have told what time it is.

    Where an endpoint cannot be asked, this computer's clock is believed. A locked window tells
    counts only.
    """

    def __init__(
        self,
        parts: "Parts",
        window: MainWindow,
        model: TokenModel,
        session: Session,
        shelf: Shelf,
        watch: Watch,
        background: Background,
        tray: Tray,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        self._model = model
        self._session = session
        self._watch = watch
        self._background = background
        self._clock = clock
        self._is_loaded = False
        self._is_looking = False
        self._told = Digest()
        self._tray = tray
        tray.message_clicked.connect(self._message_clicked)
        self._timer = timer(self, LOOK_EVERY, self.look)
        shelf.loaded.connect(self._rows_loaded)
        watch.changed.connect(self.look)
        session.changed.connect(self.look)
        model.counted.connect(self._count_anew)

    def start(self) -> None:
        """Looks from now on, unless the user wants no reminders; as often as that changes."""
        if self._parts.preferences.reminders:
            self._timer.start()
            self.look()
        else:
            self._timer.stop()
            self._settle()

    def _rows_loaded(self) -> None:
        self._is_loaded = True
        self.look()

    def look(self) -> None:
        """Asks off the GUI thread whether there is something to tell today."""
        if self._is_looking or not self._timer.isActive() or not self._may_judge():
            return
        now, tokens = self._clock(), self._model.tokens()
        parts = self._parts

        def work() -> Digest | None:
            today = local_day(now)
            last = parts.digest_days.last(today)
            if last == today:
                return None
            digest = digest_of(tokens, now, parts.preferences.reminder_days, last)
            return digest if digest.counts and parts.digest_days.claim(today) else None

        self._is_looking = True
        self._background.run(self, work, done=self._looked, lane=Lane.STORE)

    def _may_judge(self) -> bool:
        if not self._is_loaded or self._session.access in {Access.STARTING, Access.OPENING}:
            return False
        healths = self._watch.healths()
        if len(healths) < len(self._watch.endpoints()):
            self._watch.tick()  # nobody else does where the window was never shown
            return False
        offsets = [abs(h.clock_offset) for h in healths if h.clock_offset is not None]
        return max(offsets, default=timedelta(0)) < WRONG_CLOCK

    def _looked(self, digest: Digest | None) -> None:
        self._is_looking = False
        if digest is not None:
            self._tell(digest)

    def _tell(self, digest: Digest) -> None:
        self._model.set_reminded(digest.token_ids)
        self._told = digest
        self._tray.say(*self._say(digest))

    def _count_anew(self) -> None:
        """The banner counts no token that has been removed or renewed since; undone, it is back."""
        if not self._told.counts:
            return
        due = [token for token in self._model.tokens() if token.id in self._told.token_ids]
        digest = digest_of(due, self._clock(), self._parts.preferences.reminder_days, None)
        if digest.counts:
            self._say(digest)
        else:
            self._window.banner.settle("reminder")

    def _say(self, digest: Digest) -> tuple[str, str]:
        """Title and text of the banner, as they are shown from now on."""
        is_open = self._session.access is not Access.LOCKED
        title, text = digest_words(digest, names=is_open)
        deeds: tuple[Deed, ...] = ((_("Close"), self._settle),)
        if is_open:
            deeds = ((_("Renew…"), self._renew), (_("Show them"), self._show_tokens), *deeds)
        self._window.banner.raise_subject(
            "reminder",
            title,
            text,
            rank=0,
            actions=deeds,
            urgent=False,
            names=is_open,
        )
        return title, text

    def _message_clicked(self) -> None:
        if self._model.counts()[Chip.REMINDED]:
            self._show_tokens()
        else:
            self._window.come_forward()

    def _renew(self) -> None:
        self._settle()
        self._window.wanted.emit(Act.RENEW)

    def _show_tokens(self) -> None:
        self._settle()
        self._window.show_only(Chip.REMINDED)

    def _settle(self) -> None:
        self._told = Digest()
        self._window.banner.settle("reminder")
