"""`import`: many API tokens from a file or standard input, all of them stored at once."""

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partner_tokens.core.age_file import is_age
from partner_tokens.core.columns import Usual
from partner_tokens.core.documents import MOST_BYTES, Document, decoded
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.files import Unimportable, Unusable
from partner_tokens.core.importing import (
    Reading,
    joined,
    read,
    read_content,
    read_files,
    read_sealed,
)
from partner_tokens.core.language import _, _n
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Kind, clean_endpoint
from partner_tokens.terminal.codes import DONE, USAGE
from partner_tokens.terminal.console import complain, complain_of, hand_out, say
from partner_tokens.terminal.file_passphrase import passphrase_of
from partner_tokens.terminal.listing import clipped, padded, width
from partner_tokens.terminal.opening import begin_or_open, with_current_key

if TYPE_CHECKING:
    from partner_tokens.core.intake import Row
    from partner_tokens.parts import Parts

STANDARD_INPUT = Path("-")


def import_tokens(options: Namespace, parts: "Parts", passphrase: Secret | None) -> int:
    """Stores the new rows, unproven, in one transaction; prints what is done with each row.

    The code is 2 where some row, column or file could not be used, although the others were
    stored. Raises Unimportable where nothing could be read, and InputError.
    """
    usual = _usual(options)
    reading, has_plain = _reading(options)
    begin_or_open(parts, passphrase)
    rows = parts.intake.judge(reading.found, usual)
    chosen = [row for row in rows if row.mark.value == "new"]
    stored: Sequence[ApiToken] = ()
    if not options.dry_run and chosen:
        stored = with_current_key(parts, passphrase, lambda: parts.intake.store(chosen))
    ids = dict(zip(map(id, chosen), (token.id for token in stored), strict=False))
    told = [_as_json(row, ids.get(id(row))) for row in rows]
    left_out = (*reading.left_out, *reading.unread, *reading.passed_over)
    unused = [row for row in rows if row.mark.value in {"malformed", "other organization"}]
    is_whole = not unused and not left_out
    if options.json:
        hand_out(json.dumps({"dry_run": options.dry_run, "rows": told}, indent=2))
    else:
        _say_rows(rows)
        _say_counts(len(chosen), options)
        if stored and has_plain and options.file != STANDARD_INPUT:
            complain(_where_else(is_whole=is_whole).format(file=options.file))
    for error in left_out:
        complain_of(error)
    return DONE if is_whole else USAGE


def _usual(options: Namespace) -> Usual:
    """What holds for rows that do not say it; a kind may be told for API tokens and for apps."""
    kinds = [Kind(name) for name in options.kind]
    tokens = [kind for kind in kinds if not kind.is_app]
    apps = [kind for kind in kinds if kind.is_app]
    endpoint = clean_endpoint(options.endpoint)
    return Usual(endpoint, tokens[-1] if tokens else None, apps[-1] if apps else None)


def _reading(options: Namespace) -> tuple[Reading, bool]:
    """What is found, sealed files opened; and whether some of it lies there in plain text."""
    path: Path = options.file
    reading = read_files([path]) if path != STANDARD_INPUT else _from_standard_input()
    has_plain = bool(reading.found)
    while reading.sealed:
        first, *others = reading.sealed
        name = first.name or _("standard input")
        opened = read_sealed(first, passphrase_of(name, options.file_passphrase_fd))
        reading = joined([replace(reading, sealed=tuple(others)), opened])
    if not reading.found:
        raise Unimportable(Unusable.NO_TOKENS, path.name)
    return reading, has_plain


def _from_standard_input() -> Reading:
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    if is_age(content):
        return read_content(content, _("standard input"))
    return read(Document("", decoded(content, _("standard input"))))


# ---- for people -------------------------------------------------------------------------------


def _say_rows(rows: "Sequence[Row]") -> None:
    cells = [
        (clipped(row.found.organization), clipped(row.found.name), _fate(row.problem))
        for row in rows
    ]
    widths = [max((width(line[place]) for line in cells), default=0) for place in (0, 1)]
    for organization, name, fate in cells:
        say(f"{padded(organization, widths[0])}  {padded(name, widths[1])}  {fate}")


def _fate(problem: AppError | None) -> str:
    return _("new") if problem is None else problem.title


def _say_counts(count: int, options: Namespace) -> None:
    if options.dry_run:
        words = _n("{count} token would be imported.", "{count} tokens would be imported.", count)
        complain(words.format(count=count))
        return
    complain(_n("{count} token imported.", "{count} tokens imported.", count).format(count=count))


def _where_else(*, is_whole: bool) -> str:
    """What is to be done with the file; it may be the only place of what was not stored."""
    if is_whole:
        return _("{file} still holds the tokens in plain text: delete it.")
    return _(
        "{file} still holds the tokens in plain text: delete it once nothing more of it is needed."
    )


# ---- for programs -----------------------------------------------------------------------------


def _as_json(row: "Row", id: str | None) -> dict[str, Any]:
    problem = row.problem
    return {
        "id": id,
        "mark": row.mark.value,
        "organization": row.found.organization,
        "organization_id": row.found.service_id,
        "name": row.found.name,
        "kind": row.kind.value if row.can_be_stored else None,
        "endpoint": row.endpoint or None,
        "source": row.found.source or None,
        "line": row.found.line or None,
        "problem": None if problem is None else {"title": problem.title, "hint": problem.hint},
    }
