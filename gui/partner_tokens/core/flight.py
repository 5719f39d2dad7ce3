"""One exchange under way, those who wait for it, and why it may be called off."""

import threading
from dataclasses import dataclass, field
from enum import Enum, auto

from partner_tokens.core.errors import AppError
from partner_tokens.core.tokens import AccessToken, ApiToken


class Discarded(Enum):
    """Why nobody is to have the outcome any more."""

    LOCKED = auto()
    EDITED = auto()


@dataclass(slots=True)
class Flight:
    """One exchange under way, and those who wait for it."""

    token: ApiToken
    """The row as it was when the exchange began."""
    has_passcode: bool
    in_background: bool
    landed: threading.Event = field(default_factory=threading.Event)
    called_off: threading.Event = field(default_factory=threading.Event)
    discarded: Discarded | None = None
    access: AccessToken | None = None
    error: BaseException | None = None

    def discard(self, why: Discarded) -> None:
        """Nobody is to have its outcome any more; those who wait are told at once."""
        self.discarded = why
        self.called_off.set()
        self.landed.set()

    def answers(self, *, has_passcode: bool, in_background: bool) -> bool:
        """Whether its failure also answers someone who came later with this wish."""
        if has_passcode and not self.has_passcode:
            return False
        passes = isinstance(self.error, AppError) and self.error.passes
        return not passes or in_background or not self.in_background
