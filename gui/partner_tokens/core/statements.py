"""The statements that the store's transactions are made of; each takes the open connection."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from partner_tokens.core.errors.keys import KeyReplaced
from partner_tokens.core.errors.tokens import DuplicateToken, NoSuchToken
from partner_tokens.core.events import Event
from partner_tokens.core.history import note, note_result
from partner_tokens.core.rows import (
    SLOT_COLUMNS,
    TOKEN_COLUMNS,
    TOKEN_SOURCE,
    organization_values,
    sealed_values,
    seconds,
    slot_from,
    token_from,
    token_values,
)
from partner_tokens.core.sealing import Sealed, Slot
from partner_tokens.core.tokens import ApiToken, Organization, folded

LIVE = "t.removed_at IS NULL"
UNMARKED = "colour = '' AND NOT production AND note = '' AND paused_until IS NULL"
HAS_LIVE = f"EXISTS (SELECT 1 FROM tokens AS t WHERE t.organization = key AND {LIVE})"  # noqa: S608
VACANT = f"{UNMARKED} AND NOT {HAS_LIVE}"
"""Only tokens in the trash, if any, belong to it, and the user has not marked it."""


def add_token(
    connection: sqlite3.Connection,
    token: ApiToken,
    sealed: Sealed,
    fingerprint: bytes,
    event: Event = Event.ADDED,
) -> ApiToken:
    """Stores a new token; one with the same secret that was removed is erased.

    Raises KeyReplaced and DuplicateToken.
    """
    refuse_stale_key(connection, sealed)
    refuse_duplicate(connection, fingerprint, token.id)
    erase_tokens(connection, "fingerprint = ? AND removed_at IS NOT NULL", (fingerprint,))
    insert_token(connection, token, sealed, fingerprint)
    note(connection, token.id, event, token.added_at)
    note_result(connection, token.id, token.result)
    return token_of(connection, token.id)


def insert_token(
    connection: sqlite3.Connection,
    token: ApiToken,
    sealed: Sealed,
    fingerprint: bytes,
    removed_at: datetime | None = None,
) -> None:
    """Stores a new row, in the trash where `removed_at` is told; duplicates are not looked for."""
    values = {
        **token_values(token),
        **sealed_values(sealed, fingerprint),
        "organization": organization_key(connection, token.organization),
        "added_at": seconds(token.added_at),
        "last_used_at": seconds(token.last_used_at),
        "removed_at": seconds(removed_at),
    }
    insert(connection, "tokens", values)


def removal_instant(connection: sqlite3.Connection, now: datetime) -> int:
    """When a token is removed that is removed now: not before anything the store remembers.

    A clock that was set back must not make the time in the trash seem over once it is right again.
    """
    newest: int | None = connection.execute(
        "SELECT max(max(added_at, coalesce(tried_at, 0), coalesce(last_used_at, 0))) FROM tokens"
    ).fetchone()[0]
    return max(int(now.timestamp()), newest or 0)


def token_of(connection: sqlite3.Connection, id: str) -> ApiToken:
    """The token with this id that was not removed. Raises NoSuchToken."""
    row = connection.execute(
        f"SELECT {TOKEN_COLUMNS} FROM {TOKEN_SOURCE} WHERE t.id = ? AND {LIVE}",  # noqa: S608
        (id,),
    ).fetchone()
    if row is None:
        raise NoSuchToken(id)
    return token_from(row, {})


def token_named_by(connection: sqlite3.Connection, fingerprint: bytes) -> ApiToken | None:
    """The token with this fingerprint, if it was not removed."""
    row = connection.execute(
        f"SELECT {TOKEN_COLUMNS} FROM {TOKEN_SOURCE} WHERE t.fingerprint = ? AND {LIVE}",  # noqa: S608
        (fingerprint,),
    ).fetchone()
    return None if row is None else token_from(row, {})


def refuse_duplicate(connection: sqlite3.Connection, fingerprint: bytes, id: str) -> None:
    """Raises DuplicateToken where another token has this fingerprint."""
    twin = token_named_by(connection, fingerprint)
    if twin is not None and twin.id != id:
        raise DuplicateToken(twin.organization.name, twin.name)


def slots_in(connection: sqlite3.Connection) -> tuple[Slot, ...]:
    """All key slots, in the order in which they were made; unknown kinds are passed over."""
    rows = connection.execute(f"SELECT {SLOT_COLUMNS} FROM slots ORDER BY position")  # noqa: S608
    return tuple(slot for row in rows if (slot := slot_from(row)) is not None)


def refuse_stale_key(connection: sqlite3.Connection, sealed: Sealed) -> None:
    """Raises KeyReplaced for a new secret that is not sealed with the newest slot's data key.

    Every transaction that stores a secret sealed just now asks this first: another program may have
    renewed the key, and what is sealed with the old one could not be opened any more. A store
    without slots has no key to hold to.
    """
    slots = slots_in(connection)
    if slots and slots[-1].key_id != sealed.key_id:
        raise KeyReplaced


def organization_key(connection: sqlite3.Connection, wanted: Organization) -> int:
    """The key of the organization that is meant, made if there is none.

    With an id of the service: the one with that id, else one of that name without id, which takes
    the id. Without: the one of that name, as long as it is clear which. A vacant one takes the name
    and the marks that are meant now.
    """
    values = organization_values(wanted)
    key = _stored_key(connection, wanted)
    if key is None:
        return insert(connection, "organizations", values)
    changes = ", ".join(f"{column} = :{column}" for column in values if column != "service_id")
    connection.execute(
        f"UPDATE organizations SET {changes} WHERE key = :key AND {VACANT}",  # noqa: S608
        {**values, "key": key},
    )
    return key


def _stored_key(connection: sqlite3.Connection, wanted: Organization) -> int | None:
    """The key of the stored one that is meant; it has the id from now on where that is told."""
    name, service_id = folded(wanted.name), wanted.service_id
    same_name = connection.execute(
        "SELECT service_id, key FROM organizations WHERE folded = ? ORDER BY key", (name,)
    ).fetchall()
    without_id: list[int] = [key for known_id, key in same_name if not known_id]
    if service_id:
        found = connection.execute(
            "SELECT key FROM organizations WHERE service_id = ? AND service_id <> ''", (service_id,)
        ).fetchone()
        if found is not None:
            return int(found[0])
        if without_id:
            connection.execute(
                "UPDATE organizations SET service_id = ? WHERE key = ?", (service_id, without_id[0])
            )
            return without_id[0]
    elif without_id:
        return without_id[0]
    elif len(same_name) == 1:
        return int(same_name[0][1])
    return None


def rename_organization(connection: sqlite3.Connection, key: int, name: str) -> None:
    """Gives an organization another name."""
    connection.execute(
        "UPDATE organizations SET name = ?, folded = ? WHERE key = ?", (name, folded(name), key)
    )


def drop_empty_organizations(connection: sqlite3.Connection) -> None:
    """Drops organizations that have no token, not even a removed one, and no mark of the user."""
    connection.execute(
        f"DELETE FROM organizations WHERE {UNMARKED} AND NOT EXISTS "  # noqa: S608
        "(SELECT 1 FROM tokens WHERE tokens.organization = organizations.key)"
    )


def erase_tokens(connection: sqlite3.Connection, which: str, values: tuple[Any, ...]) -> int:
    """Deletes rows of tokens for good, and gives how many; `which` is a condition of our own.

    One whose successor is still pending stays until that one is put in place, or dropped.
    """
    kept = "id NOT IN (SELECT token FROM pending)"
    return connection.execute(
        f"DELETE FROM tokens WHERE ({which}) AND {kept}",  # noqa: S608
        values,
    ).rowcount


def insert(connection: sqlite3.Connection, table: str, values: Mapping[str, Any]) -> int:
    """Inserts a row; gives its number."""
    columns = ", ".join(values)
    marks = ", ".join(f":{column}" for column in values)
    cursor = connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)  # noqa: S608
    return int(cursor.lastrowid or 0)


def update_token(connection: sqlite3.Connection, id: str, values: Mapping[str, Any]) -> None:
    """Changes columns of a token."""
    changes = ", ".join(f"{column} = :{column}" for column in values)
    connection.execute(f"UPDATE tokens SET {changes} WHERE id = :id", {**values, "id": id})  # noqa: S608
