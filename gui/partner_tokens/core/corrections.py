"""What a user corrected and skipped in an import, kept for when its rows are read anew."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from partner_tokens.core.columns import Found, Usual
from partner_tokens.core.importing import Origin
from partner_tokens.core.lookalike import holds_api_token
from partner_tokens.core.secret import Secret
from partner_tokens.core.sheets import Sheet

TEXTS = ("organization", "name", "endpoint", "expires")
SECRET = "secret"

Rows = tuple[tuple[Origin, Found], ...]
"""Rows as their source has them, each with where it stands."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What was typed in the place of what was read."""

    field: str
    read: str | Secret
    typed: str | Secret

    @property
    def may_be_kept(self) -> bool:
        """Whether it is no secret: one lives no longer than the dialog it was pasted into."""
        return isinstance(self.typed, str) and not holds_api_token(self.typed)

    def place_in(self, found: Found) -> str | None:
        """The field that holds what was read: a cell may be something else by now."""
        if getattr(found, self.field) == self.read:
            return self.field
        if not isinstance(self.read, str) or not self.read:
            return None
        return next((each for each in TEXTS if getattr(found, each) == self.read), None)


@dataclass(frozen=True, slots=True)
class Corrections:
    """All of an import, by where their rows stand."""

    by_row: Mapping[Origin, tuple[Correction, ...]] = field(default_factory=dict)

    def with_row(self, origin: Origin, read: Found, wanted: Found) -> "Corrections":
        """With a row as the user wants it now, beside what is for cells it has not got now."""
        others = (one for one in self.by_row.get(origin, ()) if one.place_in(read) is None)
        fresh = (
            Correction(each, getattr(read, each), getattr(wanted, each))
            for each in (*TEXTS, SECRET)
            if getattr(read, each) != getattr(wanted, each)
        )
        return Corrections({**self.by_row, origin: (*others, *fresh)})

    def applied(self, rows: Rows) -> tuple[tuple[Found, ...], tuple[Origin, ...]]:
        """The rows with what was typed, and once for each that has no cell, where its row is."""
        found: list[Found] = []
        lost: list[Origin] = []
        for origin, one in rows:
            typed = {}
            for correction in self.by_row.get(origin, ()):
                place = correction.place_in(one)
                if place is None:
                    lost.append(origin)
                else:
                    typed[place] = correction.typed
            found.append(replace(one, **typed) if typed else one)  # type: ignore[arg-type]
        return tuple(found), tuple(lost)


@dataclass(frozen=True, slots=True)
class Lost:
    """How much could not be kept, for its row is not there any more as it was, or is a secret."""

    corrections: int = 0
    skips: int = 0
    secrets: int = 0

    def __bool__(self) -> bool:
        return bool(self.corrections or self.skips or self.secrets)


class Remembered:
    """How the rows were left that an import has not stored. It holds no secret."""

    def __init__(
        self,
        left: Rows,
        corrections: Corrections,
        skipped: frozenset[Origin],
        sheets: Iterable[Sheet],
        usual: Usual,
    ) -> None:
        self.usual = usual
        self._meanings = {_shape(sheet): sheet.meanings for sheet in sheets}
        self._key = os.urandom(32)
        self._corrections: dict[Origin, tuple[Correction, ...]] = {}
        self._digests: dict[Origin, bytes] = {}
        self._secrets = 0
        self._skipped = skipped
        for origin, read in left:
            typed = corrections.by_row.get(origin, ())
            kept = tuple(each for each in typed if each.may_be_kept)
            self._secrets += len(typed) - len(kept)
            if kept:
                self._corrections[origin] = kept
            if kept or origin in skipped:
                self._digests[origin] = self._digest(read)

    def read_again(self, sheet: Sheet) -> Sheet:
        """The table with the meanings that its columns had."""
        return sheet.read_as(self._meanings.get(_shape(sheet), sheet.meanings))

    def found_again(self, rows: Rows) -> tuple[Corrections, frozenset[Origin], Lost]:
        """What is for these rows, which are skipped, and what is for none of them."""
        same = {
            origin
            for origin, read in rows
            if origin in self._digests and self._digests[origin] == self._digest(read)
        }
        gone = [each for origin, each in self._corrections.items() if origin not in same]
        return (
            Corrections({o: each for o, each in self._corrections.items() if o in same}),
            self._skipped & same,
            Lost(sum(map(len, gone)), len(self._skipped - same), self._secrets),
        )

    def _digest(self, found: Found) -> bytes:
        """Tells the same row again, and nothing of its token."""
        text = repr((found.secret.reveal(), replace(found, secret=Secret(""))))
        bare = text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(bare, key=self._key, digest_size=32).digest()


def _shape(sheet: Sheet) -> tuple[str, tuple[str, ...], int]:
    return sheet.source, sheet.headings, len(sheet.meanings)
