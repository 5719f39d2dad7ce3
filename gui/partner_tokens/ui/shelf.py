"""Keeps the list in step with the store: read at start, after each deed, and when others write."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.store import StoreNewer, StoreUnreadable
from partner_tokens.core.errors.tokens import NoSuchToken
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.session import Session
from partner_tokens.ui.timing import timer
from partner_tokens.ui.token_model import TokenModel

if TYPE_CHECKING:
    from partner_tokens.core.mending import Mended
    from partner_tokens.parts import Parts

LOOK_EVERY = timedelta(seconds=1)
"""Another program's change is shown within two seconds: one to notice, the rest to read."""

SETTLES_EVERY = timedelta(seconds=1)
"""What nobody has written to for so long is moved into the one file."""


class Shelf(QObject):
    """Reads rows off the GUI thread and hands them to the model."""

    loaded = Signal()
    """The rows were read and handed to the model."""
    failed = Signal(object)
    """An AppError: the store cannot be read, or was written by a newer version."""
    mended = Signal(object)
    """The file was damaged; a Mended says what became of it."""

    def __init__(
        self,
        parts: "Parts",
        session: Session,
        model: TokenModel,
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._session = session
        self._model = model
        self._background = background
        self._is_looking = False
        self._is_paused = False
        self._owes_house = False
        """House-keeping waits until the store can be written."""
        self._owes_mending = False
        """The file is damaged, and another program has it open."""
        self._timer = timer(self, LOOK_EVERY, self.look)
        self._settling = timer(self, SETTLES_EVERY, self._settle, once=True)
        session.changed.connect(self.reload)
        background.delivered.connect(self._settle_later)

    @property
    def only_read(self) -> AppError | None:
        """Why the list can be read and not changed now; None where it can."""
        return self._parts.database.only_read

    def start(self, first_rows: Callable[[], Sequence[ApiToken]]) -> None:
        """Takes the rows that were read while Qt was loading, then keeps looking."""
        self._background.run(
            self, first_rows, done=self._first, failed=self._could_not_read, lane=Lane.STORE
        )

    def reload(self) -> None:
        """Reads all rows."""
        self._background.run(
            self, self._read, done=self._take, failed=self._could_not_read, lane=Lane.STORE
        )

    def reload_for(
        self, owner: QObject, done: Callable[[], None], failed: Callable[[AppError], None]
    ) -> None:
        """As `reload`; then tells an owner, who wants to know of the latest first."""

        def take(tokens: Sequence[ApiToken]) -> None:
            self._take(tokens)
            done()

        self._background.run(owner, self._read, done=take, failed=failed, lane=Lane.STORE)

    def refresh(self, token_id: str) -> None:
        """Reads one row: its result, its user or its last use have changed."""
        store = self._parts.store
        self._background.run(
            self,
            lambda: store.token(token_id),
            done=self._model.put,
            failed=self._could_not_refresh,
            lane=Lane.STORE,
        )

    def pause(self, paused: bool) -> None:
        """Stops looking while the window cannot be seen; looks at once when it can again."""
        self._is_paused = paused
        if paused:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()
            self.look()

    def _go_on(self) -> None:
        if not self._is_paused:
            self._timer.start()

    def _read(self) -> Sequence[ApiToken]:
        core = self._session.core
        return core.registry.tokens() if core else self._parts.store.tokens()

    def _first(self, tokens: Sequence[ApiToken]) -> None:
        self._take(tokens)
        self._go_on()

    def keep_house(self) -> None:
        """Looks for damage, and makes the day's copy: after the first paint, then once a day."""
        self._background.run(
            self,
            self._keep_house,
            done=lambda _nothing: None,
            failed=self._could_not_read,
            lane=Lane.STORE,
        )

    def _keep_house(self) -> None:
        self._parts.database.check()
        self._owes_house = self.only_read is not None
        if not self._owes_house:
            self._parts.trash.keep_house()

    def _take(self, tokens: Sequence[ApiToken]) -> None:
        self._model.set_tokens(tokens)
        self._settling.start()  # another program may have written
        self.loaded.emit()

    def _settle_later(self) -> None:
        """After any job: it may have written. In a hidden window, too."""
        if not (self._parts.database.is_settled or self._settling.isActive()):
            self._settling.start()

    def _settle(self) -> None:
        self._background.run(self, self._parts.database.settle, done=self._settled, lane=Lane.STORE)

    def _settled(self, is_all: bool) -> None:
        if not is_all:
            self._settling.start()

    def look(self) -> None:
        """Reads all rows if another program has written; mends first what is to be mended."""
        if self._owes_mending:
            self._owes_mending = False
            self._timer.stop()
            self._begin_mending()
        elif not self._is_looking:
            self._is_looking = True
            self._background.run(
                self,
                self._parts.store.changed_elsewhere,
                done=self._looked,
                failed=self._look_failed,
                lane=Lane.STORE,
            )

    def _looked(self, changed: bool) -> None:
        self._is_looking = False
        if changed:
            self._session.look_again()
            self.reload()
            if self._owes_house and self.only_read is None:
                self.keep_house()

    def _look_failed(self, error: AppError) -> None:
        self._is_looking = False
        self._could_not_read(error)

    def _could_not_refresh(self, error: AppError) -> None:
        if isinstance(error, NoSuchToken):
            self.reload()
        else:
            self._could_not_read(error)

    def _could_not_read(self, error: AppError) -> None:
        self._timer.stop()
        if isinstance(error, StoreUnreadable):
            self._begin_mending()
            return
        self.failed.emit(error)
        if not isinstance(error, StoreNewer):
            self._go_on()

    def _begin_mending(self) -> None:
        self._background.run(
            self, self._mend, done=self._mended, failed=self._could_not_mend, lane=Lane.STORE
        )

    def _could_not_mend(self, error: AppError) -> None:
        self.failed.emit(error)
        self._owes_mending = True
        self._go_on()

    def _mend(self) -> "Mended | None":
        """Mends the file; a key that its slots do not hold any more seals nothing from now on."""
        mended = self._parts.database.mend()
        core = self._session.core
        if core is not None and core.vault.is_stale:
            core.vault.close()
        return mended

    def _mended(self, mended: "Mended | None") -> None:
        if mended is not None:
            self.mended.emit(mended)
        self._go_on()
        self.reload()
        self._session.begin_again()
