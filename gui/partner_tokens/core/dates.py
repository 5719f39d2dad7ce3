"""When an API token ends, as people and spreadsheets write it."""

import re
from datetime import UTC, date, datetime, time

from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.instants import instant_of
from partner_tokens.core.lifetime import Expiry

DAY_ENDS = time(23, 59)
"""A date alone means that whole day, where the user is."""

NEVER = frozenset({"never", "nunca", "none", "ninguna", "no expiration", "sin caducidad"})
UNKNOWN = frozenset({"", "-", "?", "unknown", "desconocido", "desconocida", "n/a"})


def expiry_from(text: str) -> Expiry:
    """`never`, `unknown`, a date, or date and time; local where no zone is told. InputError.

    Besides ISO 8601, a day before its month or after it, where only one reading is possible:
    03/04/2027 is refused rather than guessed.
    """
    told = " ".join(text.split()).lower()
    if told in NEVER:
        return Expiry.endless()
    if told in UNKNOWN:
        return Expiry.unknown()
    try:
        found = _instant(text.strip())
        return Expiry(found.astimezone(UTC) if found.tzinfo else instant_of(found))
    except (ValueError, OverflowError):
        raise InputError(Problem.DATE_INVALID) from None


def _instant(text: str) -> datetime:
    written = re.fullmatch(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})", text)
    if written is not None:
        return datetime.combine(_day(int(written[1]), int(written[3]), int(written[4])), DAY_ENDS)
    try:
        return datetime.combine(date.fromisoformat(text), DAY_ENDS)
    except ValueError:
        return datetime.fromisoformat(text)


def _day(first: int, second: int, year: int) -> date:
    if 1 <= first <= 12 and 1 <= second <= 12 and first != second:
        raise InputError(Problem.DATE_AMBIGUOUS)
    day, month = (first, second) if second <= 12 else (second, first)
    return date(year, month, day)
