"""Opens the portal in the browser: the only place where tokens are made, replaced and revoked."""

from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.portals import clean_address, portal_of
from partner_tokens.ui.background import Background, Lane

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


class Portal(QObject):
    """Knows each endpoint's page, as the user has set it."""

    def __init__(self, parts: "Parts", background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._background = background
        self._set: dict[str, str] | None = None

    def address(self, endpoint: str) -> str:
        """The page for tokens of this endpoint."""
        return portal_of(endpoint, self._known())

    def set_address(self, endpoint: str, text: str) -> str:
        """Remembers another page, from now on and in the preferences; gives it, cleaned.

        An empty text goes back to the endpoint's root. Raises InputError.
        """
        known = self._known()
        before = dict(known)
        known.pop(endpoint, None)
        if text.strip():
            address = clean_address(text)
            if address != portal_of(endpoint, {}):
                known[endpoint] = address
        if known != before:
            self._save(dict(known))
        return self.address(endpoint)

    def open(self, endpoint: str) -> bool:
        """Opens the page in the browser; False where there is none to open it."""
        return QDesktopServices.openUrl(QUrl(self.address(endpoint)))

    def _known(self) -> dict[str, str]:
        if self._set is None:
            self._set = {}
            for endpoint, text in self._parts.preferences.portals.items():
                with suppress(InputError):  # a file is edited by hand: only a page is opened
                    self._set[endpoint] = clean_address(text)
        return self._set

    def _save(self, portals: dict[str, str]) -> None:
        def failed(error: AppError) -> None:
            self._background.went_wrong.emit(error)

        self._background.run(
            self,
            lambda: self._parts.change_preferences(portals=portals),
            done=lambda _nothing: None,
            failed=failed,
            lane=Lane.STORE,
        )
