"""`list`: all tokens, for people or as JSON; no secret is needed, the vault stays closed."""

import json
import unicodedata
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from partner_tokens.core.choosing import short_ids
from partner_tokens.core.instants import iso
from partner_tokens.core.inventory import expiry_from
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Kind, Organization, folded
from partner_tokens.terminal.codes import DONE
from partner_tokens.terminal.console import complain, hand_out, say, visible

if TYPE_CHECKING:
    from partner_tokens.parts import Parts

WIDEST = 40
"""Columns for a name: so many that a line fits on most screens."""


def list_tokens(options: Namespace, parts: "Parts", _passphrase: Secret | None) -> int:
    """Prints the tokens by organization and name; names are whole in JSON only."""
    if options.removed:
        from partner_tokens.terminal.removing import list_removed

        return list_removed(options, parts)
    tokens = sorted(
        parts.store.tokens(), key=lambda t: (folded(t.organization.name), folded(t.name), t.id)
    )
    now = parts.clock()
    if options.json:
        hand_out(json.dumps([as_json(token, now) for token in tokens], indent=2))
    elif tokens:
        for line in table(tokens, now):
            say(line)
    else:
        where = parts.profile.data
        complain(_("No tokens are stored in {folder} yet.").format(folder=where))
        complain(_("Add one with `partner-tokens-cli add`."))
    return DONE


def as_json(token: ApiToken, now: datetime) -> dict[str, Any]:
    """One token as `list --json` shows it."""
    return {
        "id": token.id,
        "organization": token.organization.name,
        "organization_id": token.organization.service_id,
        "production": token.organization.production,
        "colour": token.organization.colour.value,
        "paused_until": iso(token.organization.paused_until),
        "name": token.name,
        "kind": token.kind.value,
        "endpoint": token.endpoint,
        "expires_at": iso(token.expiry.at),
        "expiry_from": expiry_from(token) or None,
        "band": token.expiry.band(now).value,
        "state": token.result.state.value,
        "last_used_at": iso(token.last_used_at),
    }


def table(tokens: Sequence[ApiToken], now: datetime) -> list[str]:
    """Lines with aligned columns, a heading first."""
    from partner_tokens.core.kind_words import expiry_teller
    from partner_tokens.core.wording import expiry_words, when_words

    rows = [[_("Id"), _("Organization"), _("Token"), _("Expires"), _("Told by"), _("Last result")]]
    rows[0].append(_("Last used"))
    for id, token in zip(short_ids(tokens), tokens, strict=True):
        names = [id, _marked(token.organization), clipped(token.name)]
        end = [expiry_words(token.expiry, now), expiry_teller(token)]
        rows.append([*names, *end, _standing(token, now), when_words(token.last_used_at, now)])
    if any(token.kind is not Kind.NAVIGATOR for token in tokens):
        kinds = ["" if token.kind is Kind.NAVIGATOR else token.kind.value for token in tokens]
        rows = [[*row, kind] for row, kind in zip(rows, [_("Kind"), *kinds], strict=True)]
    return aligned(rows)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines, each column as wide as its widest cell."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(padded, row, widths)).rstrip() for row in rows]


def _marked(organization: Organization) -> str:
    from partner_tokens.core.wording import named_with_mark

    return named_with_mark(replace(organization, name=clipped(organization.name)))


def _standing(token: ApiToken, now: datetime) -> str:
    from partner_tokens.core.wording import pause_words, result_words

    words = result_words(token.result.state, token.result.stage)
    pause = pause_words(token.organization, now)
    return f"{words}, {pause}" if pause else words


def clipped(text: str) -> str:
    """The text as a terminal can show it, cut where it would take more than WIDEST columns."""
    text = visible(text)
    kept = columns = 0
    for end, character in enumerate(text, 1):
        columns += _columns(character)
        if columns > WIDEST:
            return f"{text[:kept].rstrip()}…"
        if columns < WIDEST:
            kept = end
    return text


def padded(text: str, columns: int) -> str:
    """The text, filled up with blanks to so many columns of a terminal."""
    return text + " " * (columns - width(text))


def width(text: str) -> int:
    """How many columns of a terminal the text takes, nearly."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
