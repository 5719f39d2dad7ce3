"""A table out of text: its delimiter, its headings, and what each column means."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from partner_tokens.core.columns import (
    Found,
    Meaning,
    by_content,
    by_headings,
    kind_named,
    looks_like_token,
)
from partner_tokens.core.errors.files import Unimportable, Unusable
from partner_tokens.core.lookalike import holds_api_token
from partner_tokens.core.secret import Secret

DELIMITERS = "\t;,|"
SAMPLE = 50
"""Lines looked at to find the delimiter, and rows to tell what a column is."""

SEPARATOR = re.compile(r"\Asep=.\r?\n", re.IGNORECASE)
"""A first line by which Excel is told the delimiter; it is no row."""

MOST_ROWS = 10_000
MOST_COLUMNS = 60
LONGEST_HEADING = 100
FIELDS = {
    Meaning.ORGANIZATION: "organization",
    Meaning.NAME: "name",
    Meaning.ENDPOINT: "endpoint",
    Meaning.EXPIRES: "expires",
    Meaning.SERVICE_ID: "service_id",
    Meaning.NOTE: "note",
    Meaning.KIND: "kind_words",
    Meaning.CLIENT_ID: "client_id",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table whose columns have a meaning that can be corrected; `headings` may be empty."""

    source: str
    headings: tuple[str, ...]
    meanings: tuple[Meaning, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    lines: tuple[int, ...] = field(repr=False)

    @property
    def is_read(self) -> bool:
        """Whether one of the columns holds the secrets."""
        return bool({Meaning.TOKEN, Meaning.CLIENT_SECRET}.intersection(self.meanings))

    @property
    def passed_over(self) -> tuple[int, ...]:
        """The columns, from 0, that are not used though some cell looks like an API token."""
        return tuple(
            place
            for place, meaning in enumerate(self.meanings)
            if meaning is Meaning.IGNORED
            and any(holds_api_token(row[place]) for row in self.rows if place < len(row))
        )

    def heading(self, place: int) -> str:
        """What stands above a column, in one line; empty where that is nothing, or a token."""
        heading = self.headings[place] if place < len(self.headings) else ""
        return "" if holds_api_token(heading) else " ".join(heading[:LONGEST_HEADING].split())

    def read_as(self, meanings: Sequence[Meaning]) -> "Sheet":
        """The same table with other meanings."""
        return replace(self, meanings=tuple(meanings))

    def found(self) -> tuple[Found, ...]:
        """A Found for each secret of a row, one where it has none; none while no column is secret.

        What a token has no name for is called like its column, where a row has several.
        """
        if not self.is_read:
            return ()
        return tuple(
            one
            for row, line in zip(self.rows, self.lines, strict=True)
            for one in self._found(row, line)
        )

    def _found(self, row: tuple[str, ...], line: int) -> Iterator[Found]:
        texts: dict[str, Any] = {
            FIELDS[meaning]: cell.strip()
            for meaning, cell in zip(self.meanings, row, strict=False)
            if meaning in FIELDS
        }
        texts |= {"source": self.source, "line": line}
        tokens = self._cells(row, Meaning.TOKEN)
        if texts.get("client_id"):
            secret = next(iter(self._cells(row, Meaning.CLIENT_SECRET)), "")
            yield Found(Secret(secret), **texts)
            if not secret:
                return  # an app that is not whole: is the token its secret? the row is unusable
            tokens.pop(secret, None)
            kind = kind_named(texts.get("kind_words", ""))
            texts |= {"client_id": ""} | ({"kind_words": ""} if kind and kind.is_app else {})
        elif not tokens:
            yield Found(Secret(""), **texts)
        for token, heading in tokens.items():
            name = texts.get("name") or (heading if len(tokens) > 1 else "")
            yield Found(Secret(token), **{**texts, "name": name})

    def _cells(self, row: tuple[str, ...], wanted: Meaning) -> dict[str, str]:
        """Each cell of this meaning that is not empty, with the heading above it."""
        found: dict[str, str] = {}
        for place, (meaning, cell) in enumerate(zip(self.meanings, row, strict=False)):
            if meaning is wanted and cell.strip():
                heading = self.headings[place] if place < len(self.headings) else ""
                found.setdefault(cell.strip(), heading)
        return found


def sheet_from(text: str, source: str) -> Sheet | None:
    """The table in a text; None where it has no two columns. Raises Unimportable."""
    text = SEPARATOR.sub("\n", text)  # so that the lines keep their numbers
    delimiter = _delimiter(text)
    if delimiter is None:
        return None
    try:
        numbered = list(_rows(text, delimiter))
    except csv.Error:
        raise Unimportable(Unusable.BROKEN, source) from None
    if len(numbered) > MOST_ROWS or any(len(row) > MOST_COLUMNS for _line, row in numbered):
        raise Unimportable(Unusable.TOO_MANY_ROWS, source)
    if not numbered:
        return None
    width = max(len(row) for _line, row in numbered)
    first = numbered[0][1]
    named = by_headings(first)
    headed = any(meaning is not Meaning.IGNORED for meaning in named) and not any(
        looks_like_token(cell) for cell in first
    )
    body = numbered[1:] if headed else numbered
    known = named if headed else ()
    known += (Meaning.IGNORED,) * (width - len(known))
    rows = tuple(row for _line, row in body)
    headings = tuple(cell.strip() for cell in first) if headed else ()
    titles = headings + ("",) * (width - len(headings)) if headed else ()
    meanings = by_content(known, rows[:SAMPLE], titles)
    sheet = Sheet(source, headings, meanings, rows, tuple(line for line, _row in body))
    if meanings.count(Meaning.TOKEN) > 1 and len(sheet.found()) > MOST_ROWS:
        raise Unimportable(Unusable.TOO_MANY_ROWS, source)
    return sheet


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows that say something, each with the line it ends on; one too many tells of too many."""
    # Strict: a quotation mark that is never closed must not swallow the rows behind it.
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    count = 0
    for row in reader:
        if any(cell.strip() for cell in row):
            count += 1
            yield reader.line_num, tuple(row)
        if count > MOST_ROWS:
            return


def _delimiter(text: str) -> str | None:
    """The one that gives the most lines the same number of columns, two or more."""
    lines = [line for line in text.splitlines()[: SAMPLE * 4] if line.strip()][:SAMPLE]
    best, best_score = None, 0.5
    for delimiter in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            continue
        wide = [width for width in widths if width > 1]
        if wide:
            score = max(map(wide.count, set(wide))) / len(lines)
            if score > best_score:
                best, best_score = delimiter, score
    return best
