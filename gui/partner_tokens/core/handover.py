"""Tokens with everything about them as a JSON document, which travels encrypted only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from partner_tokens.core.columns import Found
from partner_tokens.core.documents import MOST_BYTES
from partner_tokens.core.errors.files import Unimportable, Unusable
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.instants import iso
from partner_tokens.core.secret import Secret
from partner_tokens.core.sheets import MOST_ROWS
from partner_tokens.core.tokens import ApiToken, Colour, Kind, Organization

FORMAT = "partner-tokens-handover"
VERSION = 1
"""Grows when a reader of today would misread a document of tomorrow; a new key alone is no such."""

MOST_SEALED = MOST_BYTES * 49 // 50
"""Bytes: what is sealed is a little longer, and must not be too large to be imported."""

LONGEST_TEXT = 10_000
"""Characters of any text in it; what may be stored is judged with the rows of an import."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """A token and its opened secret."""

    token: ApiToken
    secret: Secret


def handover(entries: Sequence[Entry], now: datetime) -> bytes:
    """The document, in UTF-8; results, history and keys stay here. Raises InputError.

    It holds the secrets in clear: it is to be sealed at once, and never written as it is.
    """
    organizations = list(dict.fromkeys(entry.token.organization for entry in entries))
    places = {organization: place for place, organization in enumerate(organizations)}
    document = {
        "format": FORMAT,
        "version": VERSION,
        "written_at": iso(now),
        "organizations": [_of_organization(organization) for organization in organizations],
        "tokens": [_of_token(entry, places[entry.token.organization]) for entry in entries],
    }
    content = json.dumps(document, ensure_ascii=False, indent=1).encode()
    if len(entries) > MOST_ROWS or len(content) > MOST_SEALED:
        raise InputError(Problem.TOO_MANY_TOKENS)
    return content


def _of_organization(organization: Organization) -> dict[str, Any]:
    return {
        "name": organization.name,
        "id": organization.service_id,
        "colour": organization.colour.value,
        "production": organization.production,
        "note": organization.note,
    }


def _of_token(entry: Entry, place: int) -> dict[str, Any]:
    token = entry.token
    return {
        "organization": place,
        "name": token.name,
        "kind": token.kind.value,
        "endpoint": token.endpoint,
        "expires": "never" if token.expiry.never else iso(token.expiry.at) or "",
        "note": token.note,
        "pinned": token.pinned,
        "interactive": token.interactive,
        "secret": entry.secret.reveal(),
    }


# ---- reading ----------------------------------------------------------------------------------


class _Misshapen(Exception):
    """A field is missing or of another type; says where, never what."""


def tokens_in_handover(text: str, source: str) -> tuple[Found, ...] | None:
    """The tokens of such a document; None where it does not call itself one.

    Raises Unimportable: one field that is not as it is written here spoils all of it, since it
    was sealed against damage.
    """
    if f'"{FORMAT}"' not in text or text.lstrip()[:1] != "{":
        return None
    try:
        content = json.loads(text)
    except RecursionError:
        raise Unimportable(Unusable.TOO_DEEP, source) from None
    except ValueError:
        return None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return None
    try:
        if _field(content, "", "version", int) > VERSION:
            raise Unimportable(Unusable.NEWER_HANDOVER, source)
        return _tokens(content, source)
    except _Misshapen as error:
        raise Unimportable(Unusable.NO_HANDOVER, source, str(error)) from None


def _tokens(content: dict[str, Any], source: str) -> tuple[Found, ...]:
    organizations = _field(content, "", "organizations", list)
    tokens = _field(content, "", "tokens", list)
    if max(len(tokens), len(organizations)) > MOST_ROWS:
        raise Unimportable(Unusable.TOO_MANY_ROWS, source)
    known = [_organization(each, f"organizations[{n}]") for n, each in enumerate(organizations)]
    return tuple(_token(each, f"tokens[{n}]", known, source) for n, each in enumerate(tokens))


def _organization(content: Any, place: str) -> Organization:
    colour = _field(content, place, "colour", str, "")
    return Organization(
        _field(content, place, "name", str),
        _field(content, place, "id", str, ""),
        colour=Colour(colour) if colour in set(Colour) else Colour.NONE,
        production=_field(content, place, "production", bool, False),
        note=_field(content, place, "note", str, ""),
    )


def _token(content: Any, place: str, known: Sequence[Organization], source: str) -> Found:
    number = _field(content, place, "organization", int)
    kind = _field(content, place, "kind", str)
    if not 0 <= number < len(known):
        raise _Misshapen(f"{place}.organization")
    if kind not in set(Kind):
        raise _Misshapen(f"{place}.kind")
    organization = known[number]
    return Found(
        Secret(_field(content, place, "secret", str)),
        organization=organization.name,
        name=_field(content, place, "name", str),
        endpoint=_field(content, place, "endpoint", str),
        expires=_field(content, place, "expires", str, ""),
        service_id=organization.service_id,
        note=_field(content, place, "note", str, ""),
        source=source,
        kind=Kind(kind),
        pinned=_field(content, place, "pinned", bool, False),
        interactive=_field(content, place, "interactive", bool, False),
        colour=organization.colour,
        production=organization.production,
        organization_note=organization.note,
    )


def _field(content: Any, place: str, key: str, kind: type[T], instead: T | None = None) -> T:
    """A value of exactly this type: `true` is no number. Raises _Misshapen, also if too long."""
    value: T | None = content.get(key, instead) if isinstance(content, dict) else None
    if value is None or type(value) is not kind:
        raise _Misshapen(f"{place}.{key}".lstrip("."))
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise _Misshapen(f"{place}.{key}".lstrip("."))
    return value
