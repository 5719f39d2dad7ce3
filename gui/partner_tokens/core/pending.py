"""New secrets that were sealed before they were ever tried, each to take the place of a token."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from partner_tokens.core.clock import Clock
from partner_tokens.core.database import Database
from partner_tokens.core.errors.tokens import EditedMeanwhile, NoSuchToken, PendingGone, SameToken
from partner_tokens.core.events import SUPERSEDED, Event
from partner_tokens.core.history import note
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.rows import (
    PENDING_COLUMNS,
    TOKEN_COLUMNS,
    TOKEN_SOURCE,
    expiry_values,
    pending_from,
    sealed_from,
    sealed_values,
    seconds,
    token_from,
)
from partner_tokens.core.sealing import Sealed
from partner_tokens.core.statements import (
    add_token,
    drop_empty_organizations,
    insert,
    insert_token,
    refuse_stale_key,
    removal_instant,
    token_named_by,
    token_of,
    update_token,
)
from partner_tokens.core.tokens import ApiToken, Kind, Result

PENDING_SOURCE = f"{TOKEN_SOURCE} JOIN pending AS p ON p.token = t.id"


@dataclass(frozen=True, slots=True)
class Pending:
    """A pasted token that waits to take the place of `token`, the row as it is stored now."""

    id: str
    token: ApiToken
    endpoint: str
    """Where it is to be exchanged, whatever became of the row since."""
    kind: Kind
    expiry: Expiry
    pasted_at: datetime
    sealed: Sealed
    fingerprint: bytes = field(repr=False)
    is_orphan: bool = False
    """The row lies in the trash by now."""


class PendingSecrets:
    """At most one for each token. For any worker thread; never the GUI thread: each waits for disk.

    Each deed is one transaction. All may raise the errors of the store. Those that are about a
    pending secret raise PendingGone where another program has put it in place, or dropped it.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    # ---- reading ------------------------------------------------------------------------------

    def all(self) -> tuple[Pending, ...]:
        """All of them, the first pasted first."""
        with self._database.reading() as connection:
            return tuple(_read(connection, "1 ORDER BY p.pasted_at, p.rowid"))

    def of(self, token_id: str) -> Pending | None:
        """The one that waits to take the place of this token."""
        with self._database.reading() as connection:
            return next(_read(connection, "p.token = ?", token_id), None)

    def named_by(self, fingerprint: bytes) -> Pending | None:
        """The one with this fingerprint."""
        with self._database.reading() as connection:
            return next(_read(connection, "p.fingerprint = ?", fingerprint), None)

    # ---- writing ------------------------------------------------------------------------------

    def put(self, pending: Pending) -> Pending:
        """Keeps a pasted token, also where its row was removed a moment ago.

        An older one for the same row, which may be the right one after all, goes to the trash as a
        row of its own. Raises NoSuchToken where the row is not even in the trash.
        """
        token_id = pending.token.id
        with self._database.writing() as connection:
            refuse_stale_key(connection, pending.sealed)
            before = next(_read(connection, "p.token = ?", token_id), None)
            if before is not None:
                _delete(connection, before.id)
                if before.fingerprint != pending.fingerprint:
                    self._move_to_trash(connection, before)
            elif not connection.execute(
                "SELECT 1 FROM tokens WHERE id = ?", (token_id,)
            ).fetchone():
                raise NoSuchToken(token_id)
            values = {
                "id": pending.id,
                "token": token_id,
                "endpoint": pending.endpoint,
                "kind": pending.kind.value,
                "pasted_at": seconds(pending.pasted_at),
                **expiry_values(pending.expiry),
                **sealed_values(pending.sealed, pending.fingerprint),
            }
            insert(connection, "pending", values)
            return _one(connection, pending.id)

    def swap(
        self, pending: Pending, seen: ApiToken, new: ApiToken, sealed: Sealed, fingerprint: bytes
    ) -> ApiToken:
        """Puts `new` in the place of `seen`, the row as the user has seen it, which is removed.

        What the user may have written on the row meanwhile, and its history, go over to the new
        one. Raises NoSuchToken where it was removed, and EditedMeanwhile where its secret, endpoint
        or organization was changed; SameToken where it has this secret by now; DuplicateToken.
        """
        with self._database.writing() as connection:
            _one(connection, pending.id)
            old = token_of(connection, seen.id)
            if old.version != seen.version or seen.was_moved(old):
                raise EditedMeanwhile
            twin = token_named_by(connection, fingerprint)
            if twin is not None and twin.id == old.id:
                raise SameToken
            _delete(connection, pending.id)
            now = self._clock()
            removed_at = removal_instant(connection, now)
            update_token(connection, old.id, {"removed_at": removed_at, "due_at": None})
            add_token(connection, _like(old, new), sealed, fingerprint, Event.REPLACED)
            update_token(connection, new.id, {"use_weight": old.use_weight})
            connection.execute("UPDATE history SET token = ? WHERE token = ?", (new.id, old.id))
            note(connection, old.id, Event.REMOVED, now, SUPERSEDED)
            drop_empty_organizations(connection)
            return token_of(connection, new.id)

    def store_apart(
        self, pending: Pending, new: ApiToken, sealed: Sealed, fingerprint: bytes
    ) -> ApiToken:
        """Makes it a token beside the one it was meant to replace. Raises DuplicateToken."""
        with self._database.writing() as connection:
            _one(connection, pending.id)
            _delete(connection, pending.id)
            return add_token(connection, new, sealed, fingerprint)

    def drop(self, pending: Pending) -> None:
        """Erases it for good, in the store and in all copies of it."""
        self._database.owe_fresh_backup()
        with self._database.writing() as connection:
            _one(connection, pending.id)
            _delete(connection, pending.id)
        self._database.leave_no_trace("erased")

    def _move_to_trash(self, connection: sqlite3.Connection, pending: Pending) -> None:
        """As a row under the pending one's id, endpoint and kind, for which it was sealed."""
        row = replace(
            pending.token,
            id=pending.id,
            endpoint=pending.endpoint,
            kind=pending.kind,
            expiry=pending.expiry,
            pinned=False,
            result=Result(),
            added_at=pending.pasted_at,
            last_used_at=None,
            expiry_told=False,
            particulars=None,
        )
        now = self._clock()
        insert_token(connection, row, pending.sealed, pending.fingerprint, now)
        note(connection, row.id, Event.ADDED, row.added_at)
        note(connection, row.id, Event.REMOVED, now)


def _like(old: ApiToken, new: ApiToken) -> ApiToken:
    """The new row with all that the user has said of the old one."""
    service_id = new.organization.service_id or old.organization.service_id
    return replace(
        new,
        organization=replace(old.organization, service_id=service_id),
        name=old.name,
        note=old.note,
        pinned=old.pinned,
        interactive=old.interactive or new.interactive,
        last_used_at=old.last_used_at,
    )


def _read(connection: sqlite3.Connection, where: str, *values: Any) -> Iterator[Pending]:
    rows = connection.execute(
        "SELECT t.removed_at, p.key_id, p.nonce, p.ciphertext, "  # noqa: S608
        f"{PENDING_COLUMNS}, {TOKEN_COLUMNS} FROM {PENDING_SOURCE} WHERE {where}",
        values,
    )
    for row in rows:
        sealed, token, removed_at = sealed_from(row[1:4]), token_from(row[11:], {}), row[0]
        id, endpoint, kind, expiry, pasted_at, fingerprint = pending_from(row[4:11])
        yield Pending(
            id,
            token,
            endpoint,
            kind,
            expiry,
            pasted_at,
            sealed,
            fingerprint,
            is_orphan=removed_at is not None,
        )


def _one(connection: sqlite3.Connection, id: str) -> Pending:
    found = next(_read(connection, "p.id = ?", id), None)
    if found is None:
        raise PendingGone(id)
    return found


def _delete(connection: sqlite3.Connection, id: str) -> None:
    connection.execute("DELETE FROM pending WHERE id = ?", (id,))
