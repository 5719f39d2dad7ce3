"""Organizations, API tokens and sealed secrets, as SQLite keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from partner_tokens.core.clock import Clock
from partner_tokens.core.database import Database
from partner_tokens.core.errors.tokens import EditedMeanwhile, NoSuchToken
from partner_tokens.core.events import Event
from partner_tokens.core.history import note, note_edit, note_result
from partner_tokens.core.ranking import weight_after_use
from partner_tokens.core.rows import (
    ORGANIZATION_COLUMNS,
    SEALED_COLUMNS,
    TOKEN_COLUMNS,
    TOKEN_SOURCE,
    organization_from,
    result_values,
    sealed_from,
    sealed_values,
    seconds,
    token_values,
    tokens_from,
)
from partner_tokens.core.sealing import Sealed
from partner_tokens.core.statements import (
    LIVE,
    VACANT,
    add_token,
    drop_empty_organizations,
    organization_key,
    refuse_duplicate,
    refuse_stale_key,
    rename_organization,
    token_named_by,
    token_of,
    update_token,
)
from partner_tokens.core.tokens import ApiToken, Organization, Result, folded


class Store:
    """What is stored, for any worker thread; never the GUI thread: each write waits for the disk.

    Every method is one transaction. All may raise StoreUnreadable, StoreUnwritable and StoreNewer;
    those that name a token raise NoSuchToken when it is gone or in the trash.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    # ---- reading ------------------------------------------------------------------------------

    def tokens(self) -> tuple[ApiToken, ...]:
        """All tokens that were not removed, in the order in which they were added."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {TOKEN_COLUMNS} FROM {TOKEN_SOURCE} WHERE {LIVE} ORDER BY t.rowid"  # noqa: S608
            )
            return tokens_from(rows)

    def token(self, id: str) -> ApiToken:
        """One token."""
        with self._database.reading() as connection:
            return token_of(connection, id)

    def sealed(self, id: str) -> Sealed:
        """The token's sealed secret."""
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {SEALED_COLUMNS} FROM tokens AS t WHERE id = ? AND {LIVE}",  # noqa: S608
                (id,),
            ).fetchone()
            if row is None:
                raise NoSuchToken(id)
            return sealed_from(row)

    def named_by(self, fingerprint: bytes) -> ApiToken | None:
        """The token with this fingerprint, if it is stored and was not removed."""
        with self._database.reading() as connection:
            return token_named_by(connection, fingerprint)

    def fingerprints(self) -> dict[bytes, tuple[str, str]]:
        """Of every token that was not removed: its organization's name and its own."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT t.fingerprint, o.name, t.name FROM {TOKEN_SOURCE} WHERE {LIVE}"  # noqa: S608
            )
            return {fingerprint: (organization, name) for fingerprint, organization, name in rows}

    def organizations(self) -> tuple[Organization, ...]:
        """All organizations that have a token, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {ORGANIZATION_COLUMNS} FROM organizations AS o WHERE EXISTS ("  # noqa: S608
                f"SELECT 1 FROM tokens AS t WHERE t.organization = o.key AND {LIVE}) "
                "ORDER BY folded, key"
            )
            return tuple(map(organization_from, rows))

    def is_name_of_another(self, name: str, key: int) -> bool:
        """Whether another organization than the one with this key bears the name.

        One whose tokens are all in the trash, and that the user has not marked, is passed over.
        """
        with self._database.reading() as connection:
            return (
                connection.execute(
                    f"SELECT 1 FROM organizations WHERE folded = ? AND key <> ? AND NOT ({VACANT})",  # noqa: S608
                    (folded(name), key),
                ).fetchone()
                is not None
            )

    def organization_of(self, service_id: str, *, even_vacant: bool = False) -> Organization | None:
        """The organization with this id; a vacant one (see VACANT) only if that is asked for."""
        which = "TRUE" if even_vacant else f"NOT ({VACANT})"
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {ORGANIZATION_COLUMNS} FROM organizations AS o "  # noqa: S608
                f"WHERE service_id = ? AND {which}",
                (service_id,),
            ).fetchone()
            return None if row is None else organization_from(row)

    def identity(self) -> str:
        """What tells this store from others, whatever becomes of its keys."""
        with self._database.reading() as connection:
            return str(connection.execute("SELECT id FROM identity").fetchone()[0])

    def changed_elsewhere(self) -> bool:
        """Whether another program has written since this was last asked; cheap."""
        return self._database.changed_elsewhere()

    # ---- writing ------------------------------------------------------------------------------

    def add(self, token: ApiToken, sealed: Sealed, fingerprint: bytes) -> ApiToken:
        """Stores a new token and its secret; its organization is found or made.

        It is found by the service's id, else by its name. Raises DuplicateToken and KeyReplaced.
        """
        with self._database.writing() as connection:
            return add_token(connection, token, sealed, fingerprint)

    def add_all(self, batch: Sequence[tuple[ApiToken, Sealed, bytes]]) -> tuple[ApiToken, ...]:
        """As `add`, for many: all of them are stored, or none. A copy is made before."""
        self._database.back_up("before-import")
        with self._database.writing() as connection:
            return tuple(add_token(connection, *one, Event.IMPORTED) for one in batch)

    def edit(
        self, token: ApiToken, sealed: Sealed | None = None, fingerprint: bytes | None = None
    ) -> ApiToken:
        """Stores what was edited; when it was added and last used stays as it is.

        A new name for the token's own organization renames it for all its tokens; the name or id
        of another moves the token there. A secret comes with its fingerprint.

        Raises DuplicateToken, KeyReplaced, and EditedMeanwhile where `token` does not have the
        nonce of the row as it is stored.
        """
        with self._database.writing() as connection:
            stored = token_of(connection, token.id)
            if stored.nonce != token.nonce:
                raise EditedMeanwhile
            before, is_replaced = stored.organization, False
            values = token_values(token)
            if sealed is not None and fingerprint is not None:
                refuse_stale_key(connection, sealed)
                refuse_duplicate(connection, fingerprint, token.id)
                is_replaced = token_named_by(connection, fingerprint) is None
                values |= sealed_values(sealed, fingerprint)
            key = organization_key(connection, token.organization)
            if key == before.key and token.organization.name != before.name:
                rename_organization(connection, key, token.organization.name)
            update_token(connection, token.id, {**values, "organization": key})
            drop_empty_organizations(connection)
            now = token_of(connection, token.id)
            note_edit(connection, stored, now, self._clock(), is_replaced=is_replaced)
            return now

    def pin(self, id: str, pinned: bool) -> ApiToken:
        """Makes a token stand first, or no longer."""
        return self._set(id, {"pinned": pinned})

    def mark_used(self, id: str, at: datetime, event: Event, detail: str) -> ApiToken:
        """Remembers that a header of this token was copied or handed out, and in which format."""
        with self._database.writing() as connection:
            before = token_of(connection, id)
            weight = weight_after_use(before.use_weight, before.last_used_at, at)
            update_token(connection, id, {"last_used_at": seconds(at), "use_weight": weight})
            note(connection, id, event, at, detail)
            return token_of(connection, id)

    def note(self, id: str, event: Event, detail: str) -> None:
        """Notes in its history what happened to this token, and changes nothing else."""
        with self._database.writing() as connection:
            token_of(connection, id)
            note(connection, id, event, self._clock(), detail)

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
            stored = token_of(connection, token.id)
            if stored.version != token.version:
                raise EditedMeanwhile
            organization = stored.organization
            if organization_id and not organization.service_id:
                named = replace(organization, service_id=organization_id)
                values["organization"] = organization_key(connection, named)
            update_token(connection, token.id, values)
            note_result(connection, token.id, result)
            if "organization" in values:
                drop_empty_organizations(connection)
            return token_of(connection, token.id)

    def _set(self, id: str, values: Mapping[str, Any]) -> ApiToken:
        with self._database.writing() as connection:
            token_of(connection, id)
            update_token(connection, id, values)
            return token_of(connection, id)
