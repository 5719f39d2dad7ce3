"""Organizations, API tokens, sealed secrets and key slots, as SQLite keeps them."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from partner_tokens.core.clock import Clock
from partner_tokens.core.database import Database
from partner_tokens.core.errors import (
    DuplicateToken,
    EditedMeanwhile,
    NoSuchToken,
    StoreError,
)
from partner_tokens.core.rows import (
    ORGANIZATION_COLUMNS,
    SEALED_COLUMNS,
    SLOT_COLUMNS,
    TOKEN_COLUMNS,
    TOKEN_SOURCE,
    organization_from,
    result_values,
    sealed_from,
    sealed_values,
    seconds,
    slot_from,
    slot_values,
    token_from,
    token_values,
    tokens_from,
)
from partner_tokens.core.sealing import Sealed, Slot
from partner_tokens.core.tokens import ApiToken, Organization, Result, folded

REMOVED_FOR = timedelta(days=30)
"""How long a removed token can be brought back; afterwards its row and its secret are erased."""

_LIVE = "t.removed_at IS NULL"


class Store:
    """What is stored, for any worker thread; never the GUI thread: each write waits for the disk.

    Every method is one transaction. All may raise StoreUnreadable, StoreUnwritable and StoreNewer;
    those that name a token raise NoSuchToken when it is gone.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    # ---- reading ------------------------------------------------------------------------------

    def tokens(self) -> tuple[ApiToken, ...]:
        """All tokens that were not removed, in the order in which they were added."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {TOKEN_COLUMNS} FROM {TOKEN_SOURCE} WHERE {_LIVE} ORDER BY t.rowid"  # noqa: S608
            )
            return tokens_from(rows)

    def token(self, id: str) -> ApiToken:
        """One token."""
        with self._database.reading() as connection:
            return _token(connection, id)

    def sealed(self, id: str) -> Sealed:
        """The token's sealed secret."""
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {SEALED_COLUMNS} FROM tokens AS t WHERE id = ? AND {_LIVE}",  # noqa: S608
                (id,),
            ).fetchone()
            if row is None:
                raise NoSuchToken(id)
            return sealed_from(row)

    def named_by(self, fingerprint: bytes) -> ApiToken | None:
        """The token with this fingerprint, if it is stored and was not removed."""
        with self._database.reading() as connection:
            return _named_by(connection, fingerprint)

    def fingerprints(self) -> dict[bytes, tuple[str, str]]:
        """Of every token that was not removed: its organization's name and its own."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT t.fingerprint, o.name, t.name FROM {TOKEN_SOURCE} WHERE {_LIVE}"  # noqa: S608
            )
            return {fingerprint: (organization, name) for fingerprint, organization, name in rows}

    def organizations(self) -> tuple[Organization, ...]:
        """All organizations that have a token, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {ORGANIZATION_COLUMNS} FROM organizations AS o WHERE EXISTS ("  # noqa: S608
                f"SELECT 1 FROM tokens AS t WHERE t.organization = o.key AND {_LIVE}) "
                "ORDER BY folded, key"
            )
            return tuple(map(organization_from, rows))

    def changed_elsewhere(self) -> bool:
        """Whether another program has written since this was last asked; cheap."""
        return self._database.changed_elsewhere()

    # ---- writing ------------------------------------------------------------------------------

    def add(self, token: ApiToken, sealed: Sealed, fingerprint: bytes) -> ApiToken:
        """Stores a new token and its secret; its organization is found or made.

        It is found by the service's id, else by its name. Raises DuplicateToken.
        """
        with self._database.writing() as connection:
            return _add(connection, token, sealed, fingerprint)

    def add_all(self, batch: Sequence[tuple[ApiToken, Sealed, bytes]]) -> tuple[ApiToken, ...]:
        """As `add`, for many: all of them are stored, or none. A copy is made before."""
        self._database.back_up("before-import")
        with self._database.writing() as connection:
            return tuple(_add(connection, *one) for one in batch)

    def edit(
        self, token: ApiToken, sealed: Sealed | None = None, fingerprint: bytes | None = None
    ) -> ApiToken:
        """Stores what was edited; when it was added and last used stays as it is.

        A new name for the token's own organization renames it for all its tokens; the name or id
        of another moves the token there. A secret comes with its fingerprint. DuplicateToken;
        EditedMeanwhile where `token` does not have the nonce of the row as it is stored.
        """
        with self._database.writing() as connection:
            stored = _token(connection, token.id)
            if stored.nonce != token.nonce:
                raise EditedMeanwhile
            before = stored.organization
            values = token_values(token)
            if sealed is not None and fingerprint is not None:
                _refuse_duplicate(connection, fingerprint, token.id)
                values |= sealed_values(sealed, fingerprint)
            key = _organization(connection, token.organization)
            if key == before.key and token.organization.name != before.name:
                _rename(connection, key, token.organization.name)
            _update(connection, token.id, {**values, "organization": key})
            _drop_empty_organizations(connection)
            return _token(connection, token.id)

    def remove(self, id: str) -> None:
        """Takes a token out of sight; `restore` brings it back for 30 days."""
        with self._database.writing() as connection:
            _token(connection, id)
            _update(connection, id, {"removed_at": seconds(self._clock())})

    def restore(self, id: str) -> ApiToken:
        """Brings a removed token back. Raises DuplicateToken when it was added anew meanwhile."""
        with self._database.writing() as connection:
            row = connection.execute(
                "SELECT fingerprint FROM tokens WHERE id = ?", (id,)
            ).fetchone()
            if row is None:
                raise NoSuchToken(id)
            _refuse_duplicate(connection, row[0], id)
            _update(connection, id, {"removed_at": None})
            return _token(connection, id)

    def pin(self, id: str, pinned: bool) -> ApiToken:
        """Makes a token stand first, or no longer."""
        return self._set(id, {"pinned": pinned})

    def mark_used(self, id: str, at: datetime) -> ApiToken:
        """Remembers when a header of this token was last copied or handed out."""
        return self._set(id, {"last_used_at": seconds(at)})

    def record(
        self,
        token: ApiToken,
        result: Result,
        *,
        user: str = "",
        organization_id: str = "",
        interactive: bool | None = None,
    ) -> ApiToken:
        """Remembers how an exchange of `token` ended, and what it told.

        The id of an organization is taken where none was known; a known one is never changed.
        Raises EditedMeanwhile where the row has another secret or endpoint by now.
        """
        values = result_values(result)
        if user:
            values["user"] = user
        if interactive is not None:
            values["interactive"] = interactive
        with self._database.writing() as connection:
            stored = _token(connection, token.id)
            if stored.version != token.version:
                raise EditedMeanwhile
            organization = stored.organization
            if organization_id and not organization.service_id:
                named = replace(organization, service_id=organization_id)
                values["organization"] = _organization(connection, named)
            _update(connection, token.id, values)
            _drop_empty_organizations(connection)
            return _token(connection, token.id)

    def keep_house(self) -> None:
        """Erases what was removed long ago, and makes the daily copy; once a day is enough."""
        earliest = seconds(self._clock() - REMOVED_FOR)
        with self._database.writing() as connection:
            _erase(connection, "removed_at < ?", (earliest,))
            _drop_empty_organizations(connection)
        self._database.back_up_daily()

    def _set(self, id: str, values: Mapping[str, Any]) -> ApiToken:
        with self._database.writing() as connection:
            _token(connection, id)
            _update(connection, id, values)
            return _token(connection, id)

    # ---- key slots ----------------------------------------------------------------------------

    def slots(self) -> tuple[Slot, ...]:
        """All key slots, in the order in which they were made."""
        with self._database.reading() as connection:
            rows = connection.execute(f"SELECT {SLOT_COLUMNS} FROM slots ORDER BY position")  # noqa: S608
            return tuple(slot for row in rows if (slot := slot_from(row)) is not None)

    def put_first_slot(self, slot: Slot) -> bool:
        """Stores the first key slot; False when there is one, perhaps since a moment ago."""
        with self._database.writing() as connection:
            if connection.execute("SELECT 1 FROM slots").fetchone():
                return False
            _insert(connection, "slots", slot_values(slot))
            return True

    def add_slot(self, slot: Slot) -> None:
        """Stores one more key slot. Copies of the store are made before and replaced after."""
        self._database.back_up("before-key-change")
        with self._database.writing() as connection:
            _insert(connection, "slots", slot_values(slot))
        with suppress(StoreError):  # the slot is stored; older copies open by the older slots
            self._database.replace_backups("key-change")


def _add(
    connection: sqlite3.Connection, token: ApiToken, sealed: Sealed, fingerprint: bytes
) -> ApiToken:
    _refuse_duplicate(connection, fingerprint, token.id)
    _erase(connection, "fingerprint = ? AND removed_at IS NOT NULL", (fingerprint,))
    values = {
        **token_values(token),
        **sealed_values(sealed, fingerprint),
        "organization": _organization(connection, token.organization),
        "added_at": seconds(token.added_at),
        "last_used_at": seconds(token.last_used_at),
    }
    _insert(connection, "tokens", values)
    return _token(connection, token.id)


def _token(connection: sqlite3.Connection, id: str) -> ApiToken:
    row = connection.execute(
        f"SELECT {TOKEN_COLUMNS} FROM {TOKEN_SOURCE} WHERE t.id = ? AND {_LIVE}",  # noqa: S608
        (id,),
    ).fetchone()
    if row is None:
        raise NoSuchToken(id)
    return token_from(row, {})


def _named_by(connection: sqlite3.Connection, fingerprint: bytes) -> ApiToken | None:
    row = connection.execute(
        f"SELECT {TOKEN_COLUMNS} FROM {TOKEN_SOURCE} WHERE t.fingerprint = ? AND {_LIVE}",  # noqa: S608
        (fingerprint,),
    ).fetchone()
    return None if row is None else token_from(row, {})


def _refuse_duplicate(connection: sqlite3.Connection, fingerprint: bytes, id: str) -> None:
    twin = _named_by(connection, fingerprint)
    if twin is not None and twin.id != id:
        raise DuplicateToken(twin.organization.name, twin.name)


def _organization(connection: sqlite3.Connection, wanted: Organization) -> int:
    """The key of the organization that is meant, made if there is none.

    With an id of the service: the one with that id, else one of that name without id, which takes
    the id. Without: the one of that name, as long as it is clear which.
    """
    name, service_id = folded(wanted.name), wanted.service_id
    same_name = connection.execute(
        "SELECT service_id, key FROM organizations WHERE folded = ? ORDER BY key", (name,)
    ).fetchall()
    without_id: list[int] = [key for known_id, key in same_name if not known_id]
    if service_id:
        found = connection.execute(
            "SELECT key FROM organizations WHERE service_id = ?", (service_id,)
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
    values = {"name": wanted.name, "folded": name, "service_id": service_id}
    return _insert(connection, "organizations", values)


def _rename(connection: sqlite3.Connection, key: int, name: str) -> None:
    connection.execute(
        "UPDATE organizations SET name = ?, folded = ? WHERE key = ?", (name, folded(name), key)
    )


def _drop_empty_organizations(connection: sqlite3.Connection) -> None:
    connection.execute(
        "DELETE FROM organizations WHERE NOT EXISTS "
        "(SELECT 1 FROM tokens WHERE tokens.organization = organizations.key)"
    )


def _erase(connection: sqlite3.Connection, which: str, values: tuple[Any, ...]) -> None:
    connection.execute(f"DELETE FROM tokens WHERE {which}", values)  # noqa: S608


def _insert(connection: sqlite3.Connection, table: str, values: Mapping[str, Any]) -> int:
    columns = ", ".join(values)
    marks = ", ".join(f":{column}" for column in values)
    cursor = connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)  # noqa: S608
    return int(cursor.lastrowid or 0)


def _update(connection: sqlite3.Connection, id: str, values: Mapping[str, Any]) -> None:
    changes = ", ".join(f"{column} = :{column}" for column in values)
    connection.execute(f"UPDATE tokens SET {changes} WHERE id = :id", {**values, "id": id})  # noqa: S608
