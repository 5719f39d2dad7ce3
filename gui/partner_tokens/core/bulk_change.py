"""What is to be changed for several tokens at once, and what became of it."""

from dataclasses import dataclass

from partner_tokens.core.errors import AppError
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.tokens import ApiToken


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to hold for all tokens; None leaves each as it is."""

    endpoint: str | None = None
    expiry: Expiry | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Each changed token before and after, and those that were left alone, with the reason."""

    changed: tuple[tuple[ApiToken, ApiToken], ...]
    left: tuple[tuple[ApiToken, AppError], ...] = ()
