"""The proxy that the user has chosen: none, the system's, or one of their own."""

from collections.abc import Callable

from partner_tokens.core.preferences import Preferences


class Proxies:
    """Asked for each request, so that another choice holds from the next one on."""

    def __init__(
        self,
        preferences: Callable[[], Preferences],
        system: Callable[[str], str | None],
    ) -> None:
        self._preferences = preferences
        self._system = system

    def __call__(self, url: str) -> str | None:
        """The proxy for `url`, as a URL; None for none. May block, as the system's may."""
        chosen = self._preferences()
        if chosen.proxy == "none":
            return None
        if chosen.proxy == "manual":
            return chosen.proxy_address
        return self._system(url)
