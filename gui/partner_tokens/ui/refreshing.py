"""Fetches headers in use anew before they end, unasked."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from partner_tokens.core.errors import AppError
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.pausing import Pausing
from partner_tokens.ui.session import Session
from partner_tokens.ui.shelf import Shelf


class Refreshing(QObject):
    """So that what is copied often is at hand; what fails shows in the list alone."""

    def __init__(
        self,
        session: Session,
        shelf: Shelf,
        pausing: Pausing,
        background: Background,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._shelf = shelf
        self._pausing = pausing
        self._background = background
        self._under_way: set[str] = set()
        """Also those that still wait for their turn: where services hang, it may take a while."""

    def look(self) -> None:
        """Fetches what is due. Access tokens that have ended are dropped also while paused."""
        core = self._session.core
        if core is not None:
            self._background.run(self, core.broker.refresh_ahead, done=self._fetch, lane=Lane.STORE)

    def _fetch(self, token_ids: Sequence[str]) -> None:
        for token_id in () if self._pausing.is_on else token_ids:
            self._fetch_one(token_id)

    def _fetch_one(self, token_id: str) -> None:
        core = self._session.core
        if core is None or token_id in self._under_way:
            return
        broker = core.broker
        self._under_way.add(token_id)

        def failed(_error: AppError) -> None:
            self._under_way.discard(token_id)
            self._shelf.refresh(token_id)

        self._background.run(
            self,
            lambda: broker.refresh(token_id),
            done=lambda _access: self._under_way.discard(token_id),
            failed=failed,
            lane=Lane.ASIDE,
        )
