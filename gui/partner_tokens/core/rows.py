"""Between rows of the store and nouns: what each column means."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from partner_tokens.core.errors import Stage
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.sealing import Sealed, Slot, SlotKind
from partner_tokens.core.tokens import ApiToken, Organization, Result, State

Row = Sequence[Any]

TOKEN_COLUMNS = (
    "t.id, t.name, t.endpoint, t.user, t.note, t.pinned, t.interactive, t.expiry, t.expires_at, "
    "t.state, t.stage, t.tried_at, t.request_id, t.added_at, t.last_used_at, t.key_id, t.nonce, "
    "o.key, o.name, o.service_id"
)
TOKEN_SOURCE = "tokens AS t JOIN organizations AS o ON o.key = t.organization"
SLOT_COLUMNS = "kind, key_id, vault_id, nonce, wrapped_key, made_at, backend, salt, cost"

_EPOCH = datetime.fromtimestamp(0, UTC)
_EARLIEST = int(datetime.min.replace(tzinfo=UTC).timestamp())
_LATEST = int(datetime.max.replace(tzinfo=UTC).timestamp())
_STATES: Mapping[str, State] = {state.value: state for state in State}
_STAGES: Mapping[str, Stage] = {stage.value: stage for stage in Stage}
_UNKNOWN = Expiry.unknown()
_NEVER = Expiry.endless()


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
    """An API token from TOKEN_COLUMNS; `organizations` lets the rows of one list share theirs."""
    id_, name, endpoint, user, note, pinned, interactive, expiry, expires_at = row[:9]
    state, stage, tried_at, request_id, added_at, last_used_at, key_id, nonce = row[9:17]
    key, organization_name, service_id = row[17:]
    organization = organizations.get(key)
    if organization is None:
        organization = organizations[key] = Organization(organization_name, service_id, key)
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
    )


def token_values(token: ApiToken) -> dict[str, Any]:
    """The columns that adding and editing write, without organization and secret."""
    at = token.expiry.at
    return {
        "id": token.id,
        "name": token.name,
        "endpoint": token.endpoint,
        "user": token.user,
        "note": token.note,
        "pinned": token.pinned,
        "interactive": token.interactive,
        "expiry": "never" if token.expiry.never else "unknown" if at is None else "at",
        "expires_at": seconds(at),
        **result_values(token.result),
    }


def result_values(result: Result) -> dict[str, Any]:
    """The columns of a result."""
    return {
        "state": result.state.value,
        "stage": None if result.stage is None else result.stage.value,
        "tried_at": seconds(result.at),
        "request_id": result.request_id,
    }


def sealed_values(sealed: Sealed, fingerprint: bytes) -> dict[str, Any]:
    """The columns of a sealed secret."""
    return {
        "key_id": sealed.key_id,
        "nonce": sealed.nonce,
        "ciphertext": sealed.ciphertext,
        "fingerprint": fingerprint,
    }


def slot_from(row: Row) -> Slot | None:
    """A key slot from SLOT_COLUMNS; None for a kind this version does not know."""
    kind, key_id, vault_id, nonce, wrapped_key, made_at, backend, salt, cost = row
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


def _expiry(kind: str, expires_at: int | None) -> Expiry:
    if kind == "at":
        return Expiry(instant(expires_at))
    return _NEVER if kind == "never" else _UNKNOWN
