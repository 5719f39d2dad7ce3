"""The proxy that the user has chosen: none, the system's, or one of their own."""

from collections.abc import Callable
from contextlib import suppress

from partner_tokens.core.errors import AppError
from partner_tokens.core.preferences import Preferences
from partner_tokens.core.proxy_login import Login


class Proxies:
    """Asked for each request, so that another choice holds from the next one on."""

    def __init__(
        self,
        preferences: Callable[[], Preferences],
        system: Callable[[str], str | None],
        login: Callable[[str], Login | None],
    ) -> None:
        self._preferences = preferences
        self._system = system
        self._login = login

    def __call__(self, url: str) -> str | None:
        """The proxy for `url`, as a URL; None for none. May block, as the system's may."""
        chosen = self._preferences()
        if chosen.proxy == "none":
            return None
        if chosen.proxy == "manual":
            return self._with_login(chosen.proxy_address)
        return self._system(url)

    def _with_login(self, address: str) -> str:
        """Where the login cannot be had, say in a locked store, the proxy itself asks for it."""
        with suppress(AppError):
            login = self._login(address)
            if login is not None:
                return address.replace("://", f"://{login.userinfo}", 1)
        return address
