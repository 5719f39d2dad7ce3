"""A string that does not show itself."""

import hmac
from typing import NoReturn


class Secret:
    """Holds an API token, an access token, a passphrase or a passcode.

    Its text comes out through `reveal` only: never through `repr`, `str`, formatting or pickling.
    Python cannot wipe a `str`, so a Secret promises few copies and a short life, no more.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one call that needs it."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_bytes(self._text), _bytes(other._text))

    __hash__ = None  # type: ignore[assignment]  # a hash would be a trace of the text

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled or copied into another process")


def _bytes(text: str) -> bytes:
    """Never fails: the encoder's exception would carry the text."""
    return text.encode("utf-8", "surrogatepass")
