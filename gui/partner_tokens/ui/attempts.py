"""One attempt at a time; what an abandoned one brings home is dropped."""

from collections.abc import Callable
from enum import Enum
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.session import Core, Failed, Session

S = TypeVar("S", bound=Enum)


class Attempts(QObject, Generic[S]):
    """Runs work on the open core; `step` says what is going on, `rest` that nothing is."""

    stepped = Signal()
    """`step` changed."""
    failed = Signal(object)
    """An AppError of the last attempt."""

    def __init__(
        self, session: Session, background: Background, rest: S, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self._attempt = 0
        self._rest = rest
        self.step: S = rest

    def abandon(self) -> None:
        """Waits no longer."""
        self._attempt += 1
        self._become(self._rest)

    def run(
        self,
        step: S,
        lane: Lane,
        work: Callable[[Core], object],
        done: Callable[[object], None],
    ) -> None:
        """Does the work once the vault is open, then `done` or `failed`; an earlier one is over."""
        self._attempt += 1
        attempt = self._attempt

        def start(core: Core, failed: Failed) -> None:
            if attempt == self._attempt:
                self._background.run(
                    self, lambda: work(core), done=end(done), failed=failed, lane=lane
                )

        def end(tell: Callable[[object], None]) -> Callable[[object], None]:
            def ended(outcome: object) -> None:
                if attempt == self._attempt:
                    self._become(self._rest)
                    tell(outcome)

            return ended

        self._become(step)
        self._session.attempt_twice(start, end(self.failed.emit))

    def _become(self, step: S) -> None:
        if step is not self.step:
            self.step = step
            self.stepped.emit()
