"""Between rows of the store and nouns: what each column means."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import NoneType
from typing import Any

from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.events import Entry, Event
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.sealing import Bound, Sealed, Slot, SlotKind
from partner_tokens.core.stages import Stage
from partner_tokens.core.tokens import (
    LONGEST_NOTE,
    ApiToken,
    Colour,
    Kind,
    Organization,
    Particulars,
    Result,
    State,
    clean_endpoint,
    folded,
)

Row = Sequence[Any]

LONGEST_ID, LONGEST_TEXT = 64, 300
"""What we write is shorter; more of a text is not even read: a file may hold anything."""


def _short(column: str, longest: int = LONGEST_TEXT) -> str:
    return f"substr({column}, 1, {longest})"


ORGANIZATION_COLUMNS = ", ".join(
    (
        *("o.key", _short("o.name"), _short("o.service_id"), "o.colour, o.production"),
        *(_short("o.note", LONGEST_NOTE), "o.paused_until"),
    )
)
TOKEN_COLUMNS = ", ".join(
    (
        *("t.id", _short("t.name"), _short("t.endpoint"), _short("t.user")),
        *(_short("t.note", LONGEST_NOTE), "t.pinned, t.interactive, t.expiry, t.expires_at"),
        *("t.state, t.stage, t.tried_at", _short("t.request_id"), "t.added_at, t.last_used_at"),
        *("t.key_id, t.nonce, t.kind, t.expiry_told, t.asked_at", _short("t.service_name")),
        *("t.made_at, t.service_used_at, t.use_weight", ORGANIZATION_COLUMNS),
    )
)
TOKEN_SOURCE = "tokens AS t JOIN organizations AS o ON o.key = t.organization"
SEALED_COLUMNS = "key_id, nonce, ciphertext"
PENDING_COLUMNS = "p.id, p.endpoint, p.kind, p.expiry, p.expires_at, p.pasted_at, p.fingerprint"
BOUND_COLUMNS = f"{SEALED_COLUMNS}, id, endpoint, kind"
SLOT_COLUMNS = "kind, key_id, vault_id, nonce, wrapped_key, made_at, backend, salt, cost"
HISTORY_COLUMNS = ", ".join(("event, at", _short("detail"), _short("request_id"), "since, times"))

HEAVIEST = 1e6
"""More uses than a person makes; also keeps out what is no number."""

_EPOCH = datetime.fromtimestamp(0, UTC)
_EARLIEST = int(datetime.min.replace(tzinfo=UTC).timestamp())
_LATEST = int(datetime.max.replace(tzinfo=UTC).timestamp())
_STATES: Mapping[str, State] = {state.value: state for state in State}
_KINDS: Mapping[str, Kind] = {kind.value: kind for kind in Kind}
_COLOURS: Mapping[str, Colour] = {colour.value: colour for colour in Colour}
_EVENTS: Mapping[str, Event] = {event.value: event for event in Event}
_STAGES: Mapping[str, Stage] = {stage.value: stage for stage in Stage}
_TEXT, _NUMBER, _BYTES = frozenset({str}), frozenset({int}), frozenset({bytes})
_FRACTION = frozenset({float})
_NUMBER_OR_NOTHING = frozenset({int, NoneType})
_UNKNOWN = Expiry.unknown()
_NEVER = Expiry.endless()


class RowDamaged(Exception):
    """A row holds what this program never writes. Says which kind of thing, never the value."""


def instant(seconds: int | None) -> datetime | None:
    """An aware instant; None for nothing, and for a number no date can hold."""
    if seconds is None or not _EARLIEST <= seconds <= _LATEST:
        return None
    if seconds < 0:  # what fromtimestamp cannot do on Windows
        return _EPOCH + timedelta(seconds=seconds)
    return datetime.fromtimestamp(seconds, UTC)


def seconds(at: datetime | None) -> int | None:
    """Whole seconds since 1970."""
    return None if at is None else int(at.timestamp())


def token_from(row: Row, organizations: dict[int, Organization]) -> ApiToken:
    """An API token from TOKEN_COLUMNS; `organizations` lets the rows of one list share theirs.

    Raises RowDamaged.
    """
    id_, name, endpoint, user, note, pinned, interactive, expiry, expires_at = row[:9]
    state, stage, tried_at, request_id, added_at, last_used_at, key_id, nonce = row[9:17]
    kind, expiry_told, asked_at, service_name, made_at, service_used_at, weight = row[17:24]
    _hold(_TEXT, id_, name, endpoint, user, note, expiry, state, request_id, key_id)
    _hold(_TEXT, kind, service_name)
    _hold(_NUMBER, pinned, interactive, added_at, expiry_told)
    _hold(_NUMBER_OR_NOTHING, expires_at, tried_at, last_used_at)
    _hold(_NUMBER_OR_NOTHING, asked_at, made_at, service_used_at)
    _hold(_BYTES, nonce)
    _hold(_FRACTION, weight)
    if len(id_) > LONGEST_ID or kind not in _KINDS or not _is_endpoint(endpoint):
        raise RowDamaged("an id, kind or endpoint that is none")
    organization = organizations.get(row[24])
    if organization is None:
        organization = organization_from(row[24:])
        organizations[organization.key] = organization
    asked = instant(asked_at)
    return ApiToken(
        id_,
        organization,
        name,
        endpoint,
        instant(added_at) or _EPOCH,
        _expiry(expiry, expires_at),
        user,
        note,
        bool(pinned),
        bool(interactive),
        Result(
            _STATES.get(state, State.UNPROVEN), _STAGES.get(stage), instant(tried_at), request_id
        ),
        instant(last_used_at),
        key_id,
        nonce,
        _KINDS[kind],
        bool(expiry_told),
        None
        if asked is None
        else Particulars(asked, service_name, instant(made_at), instant(service_used_at)),
        weight if 0 <= weight <= HEAVIEST else 0.0,
    )


def tokens_from(rows: Iterable[Row]) -> tuple[ApiToken, ...]:
    """API tokens from TOKEN_COLUMNS. Raises RowDamaged."""
    organizations: dict[int, Organization] = {}
    tokens = tuple(token_from(row, organizations) for row in rows)
    if len({token.id for token in tokens}) < len(tokens):
        raise RowDamaged("an id that is given twice")
    return tokens


def organization_from(row: Row) -> Organization:
    """An organization from ORGANIZATION_COLUMNS. Raises RowDamaged."""
    key, name, service_id, colour, production, note, paused_until = row
    _hold(_TEXT, name, service_id, colour, note)
    _hold(_NUMBER, key, production)
    _hold(_NUMBER_OR_NOTHING, paused_until)
    return Organization(
        name,
        service_id,
        key,
        _COLOURS.get(colour, Colour.NONE),
        bool(production),
        note,
        instant(paused_until),
    )


def organization_values(organization: Organization) -> dict[str, Any]:
    """The columns of an organization, without its key."""
    return {
        "name": organization.name,
        "folded": folded(organization.name),
        "service_id": organization.service_id,
        "colour": organization.colour.value,
        "production": organization.production,
        "note": organization.note,
        "paused_until": seconds(organization.paused_until),
    }


def token_values(token: ApiToken) -> dict[str, Any]:
    """The columns that adding and editing write, without organization and secret."""
    said = token.particulars
    return {
        "id": token.id,
        "name": token.name,
        "endpoint": token.endpoint,
        "user": token.user,
        "note": token.note,
        "pinned": token.pinned,
        "interactive": token.interactive,
        **expiry_values(token.expiry),
        "kind": token.kind.value,
        "expiry_told": token.expiry_told,
        "asked_at": None if said is None else seconds(said.asked_at),
        "service_name": "" if said is None else said.name,
        "made_at": None if said is None else seconds(said.made_at),
        "service_used_at": None if said is None else seconds(said.used_at),
        **result_values(token.result),
    }


def expiry_values(expiry: Expiry) -> dict[str, Any]:
    """The columns of an end."""
    kind = "never" if expiry.never else "unknown" if expiry.at is None else "at"
    return {"expiry": kind, "expires_at": seconds(expiry.at)}


def result_values(result: Result) -> dict[str, Any]:
    """The columns of a result."""
    return {
        "state": result.state.value,
        "stage": None if result.stage is None else result.stage.value,
        "tried_at": seconds(result.at),
        "request_id": result.request_id,
    }


def sealed_from(row: Row) -> Sealed:
    """A sealed secret from SEALED_COLUMNS. Raises RowDamaged."""
    key_id, nonce, ciphertext = row
    _hold(_TEXT, key_id)
    _hold(_BYTES, nonce, ciphertext)
    return Sealed(key_id, nonce, ciphertext)


def pending_from(row: Row) -> tuple[str, str, Kind, Expiry, datetime, bytes]:
    """Id, endpoint, kind, end, instant of the paste, fingerprint: PENDING_COLUMNS. RowDamaged."""
    id_, endpoint, kind, expiry, expires_at, pasted_at, fingerprint = row
    _hold(_TEXT, id_, endpoint, kind, expiry)
    _hold(_NUMBER, pasted_at)
    _hold(_NUMBER_OR_NOTHING, expires_at)
    _hold(_BYTES, fingerprint)
    if len(id_) > LONGEST_ID or kind not in _KINDS or not _is_endpoint(endpoint):
        raise RowDamaged("an id, kind or endpoint that is none")
    end, pasted = _expiry(expiry, expires_at), instant(pasted_at) or _EPOCH
    return id_, endpoint, _KINDS[kind], end, pasted, fingerprint


def bound_from(row: Row) -> Bound:
    """A sealed secret and what it is bound to, from BOUND_COLUMNS. Raises RowDamaged."""
    _hold(_TEXT, *row[3:])
    return Bound(sealed_from(row[:3]), *row[3:])


def sealed_values(sealed: Sealed, fingerprint: bytes) -> dict[str, Any]:
    """The columns of a sealed secret."""
    return {
        "key_id": sealed.key_id,
        "nonce": sealed.nonce,
        "ciphertext": sealed.ciphertext,
        "fingerprint": fingerprint,
    }


def slot_from(row: Row) -> Slot | None:
    """A key slot from SLOT_COLUMNS; None for a kind this version does not know. RowDamaged."""
    kind, key_id, vault_id, nonce, wrapped_key, made_at, backend, salt, cost = row
    _hold(_TEXT, kind, key_id, vault_id, backend)
    _hold(_BYTES, nonce, wrapped_key, salt)
    _hold(_NUMBER, made_at, cost)
    if kind not in {known.value for known in SlotKind}:
        return None
    made = instant(made_at) or _EPOCH
    return Slot(SlotKind(kind), key_id, vault_id, nonce, wrapped_key, made, backend, salt, cost)


def slot_values(slot: Slot) -> dict[str, Any]:
    """The columns of a key slot."""
    return {
        "kind": slot.kind.value,
        "key_id": slot.key_id,
        "vault_id": slot.vault_id,
        "nonce": slot.nonce,
        "wrapped_key": slot.wrapped_key,
        "made_at": seconds(slot.made_at),
        "backend": slot.backend,
        "salt": slot.salt,
        "cost": slot.cost,
    }


def entry_from(row: Row) -> Entry:
    """A line of a history; OTHER for what a newer version has noted. Raises RowDamaged."""
    event, at, detail, request_id, since, times = row
    _hold(_TEXT, event, detail, request_id)
    _hold(_NUMBER, at, since, times)
    return Entry(
        _EVENTS.get(event, Event.OTHER),
        instant(at) or _EPOCH,
        detail,
        request_id,
        instant(since) if since != at else None,
        max(1, times),
    )


def _expiry(kind: str, expires_at: int | None) -> Expiry:
    if kind == "at":
        return Expiry(instant(expires_at))
    return _NEVER if kind == "never" else _UNKNOWN


def check_rows(execute: Callable[[str], Iterable[Row]]) -> None:
    """Reads every row that holds more than SQLite itself has looked at. Raises RowDamaged."""
    tokens_from(execute(f"SELECT {TOKEN_COLUMNS} FROM {TOKEN_SOURCE}"))  # noqa: S608
    for table in ("tokens", "pending", "logins"):
        for row in execute(f"SELECT {SEALED_COLUMNS} FROM {table}"):  # noqa: S608
            sealed_from(row)
    for row in execute(f"SELECT {PENDING_COLUMNS} FROM pending AS p"):  # noqa: S608
        pending_from(row)
    for row in execute(f"SELECT {SLOT_COLUMNS} FROM slots"):  # noqa: S608
        slot_from(row)


def _hold(kinds: frozenset[type], *cells: object) -> None:
    """Raises RowDamaged for a cell of another kind."""
    if not kinds.issuperset(map(type, cells)):
        raise RowDamaged("a cell of another type")


@lru_cache(maxsize=64)
def _is_endpoint(text: str) -> bool:
    try:
        return clean_endpoint(text) == text
    except InputError:
        return False
