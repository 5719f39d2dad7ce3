"""Several tokens changed at once: endpoint, end or note, in one transaction, and back again."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from partner_tokens.core.bulk_change import Outcome, Wanted
from partner_tokens.core.clock import Clock
from partner_tokens.core.database import Database
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.keys import SecretUnreadable
from partner_tokens.core.errors.tokens import EditedMeanwhile, NoSuchToken
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.history import note_edit
from partner_tokens.core.lookalike import holds_api_token
from partner_tokens.core.rows import (
    SEALED_COLUMNS,
    expiry_values,
    result_values,
    sealed_from,
    sealed_values,
)
from partner_tokens.core.statements import refuse_stale_key, token_of, update_token
from partner_tokens.core.tokens import ApiToken, Result, clean_endpoint, clean_note

if TYPE_CHECKING:
    from partner_tokens.core.vault import Vault


class BulkEdits:
    """For any worker thread: it waits for the disk. The vault must be open (Locked).

    A row that changed since it was seen, is gone, or whose secret cannot be opened, is left alone
    and named; the others are changed together, or none of them is. May raise the store's errors.
    """

    def __init__(self, database: Database, vault: "Vault", clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    def change(self, seen: Sequence[ApiToken], wanted: Wanted) -> Outcome:
        """Stores what is wanted for all of them; where the endpoint is new, they are unproven.

        Raises InputError.
        """
        clean = _cleaned(wanted)
        return self._apply((token, _changed(token, clean)) for token in seen)

    def undo(self, outcome: Outcome) -> Outcome:
        """Gives the changed tokens back what they had, their last results too.

        A result holds for a secret and an endpoint; with both back, it holds again. An organization
        that was renamed since is still theirs.
        """
        pairs = ((after, _as_it_was(before, after)) for before, after in outcome.changed)
        return self._apply(pairs, may_be_renamed=True)

    def pin(self, ids: Iterable[str], pinned: bool) -> tuple[ApiToken, ...]:
        """Makes tokens stand first, or no longer; those that are gone are passed over."""
        found: list[ApiToken] = []
        with self._database.writing() as connection:
            for id in ids:
                with suppress(NoSuchToken):
                    token_of(connection, id)
                    update_token(connection, id, {"pinned": pinned})
                    found.append(token_of(connection, id))
        return tuple(found)

    def _apply(
        self, pairs: Iterable[tuple[ApiToken, ApiToken]], *, may_be_renamed: bool = False
    ) -> Outcome:
        changed: list[tuple[ApiToken, ApiToken]] = []
        left: list[tuple[ApiToken, AppError]] = []
        with self._database.writing() as connection:
            for seen, wanted in pairs:
                try:
                    stored = _unchanged(connection, seen, may_be_renamed=may_be_renamed)
                    changed.append((stored, self._store(connection, stored, wanted)))
                except (NoSuchToken, EditedMeanwhile, SecretUnreadable) as error:
                    left.append((seen, error))
        return Outcome(tuple(changed), tuple(left))

    def _store(
        self, connection: sqlite3.Connection, stored: ApiToken, wanted: ApiToken
    ) -> ApiToken:
        values: dict[str, Any] = {
            "note": wanted.note,
            **expiry_values(wanted.expiry),
            "expiry_told": wanted.expiry_told,
        }
        if wanted.endpoint != stored.endpoint:
            values |= self._moved(connection, stored, wanted)
        update_token(connection, stored.id, values)
        after = token_of(connection, stored.id)
        told = replace(after, result=stored.result)  # nothing was exchanged
        note_edit(connection, stored, told, self._clock(), is_replaced=False)
        return after

    def _moved(
        self, connection: sqlite3.Connection, stored: ApiToken, wanted: ApiToken
    ) -> dict[str, Any]:
        """The columns of a secret that is sealed for another endpoint."""
        id, kind = stored.id, stored.kind
        row = connection.execute(
            f"SELECT {SEALED_COLUMNS} FROM tokens WHERE id = ?",  # noqa: S608
            (id,),
        ).fetchone()
        secret = self._vault.open(
            sealed_from(row), token_id=id, endpoint=stored.endpoint, kind=kind
        )
        sealed = self._vault.seal(secret, token_id=id, endpoint=wanted.endpoint, kind=kind)
        refuse_stale_key(connection, sealed)
        return {
            "endpoint": wanted.endpoint,
            **sealed_values(sealed, self._vault.fingerprint(secret)),
            **result_values(wanted.result),
        }


def _cleaned(wanted: Wanted) -> Wanted:
    note = None if wanted.note is None else clean_note(wanted.note)
    if note and holds_api_token(note):
        raise InputError(Problem.TEXT_IS_TOKEN)  # it would be stored where anybody can read it
    endpoint = None if wanted.endpoint is None else clean_endpoint(wanted.endpoint)
    return Wanted(endpoint, wanted.expiry, note)


def _changed(token: ApiToken, wanted: Wanted) -> ApiToken:
    expiry, is_told = token.expiry, token.expiry_told
    if wanted.expiry is not None and wanted.expiry != expiry:
        expiry, is_told = wanted.expiry, False
    endpoint = token.endpoint if wanted.endpoint is None else wanted.endpoint
    return replace(
        token,
        endpoint=endpoint,
        expiry=expiry,
        expiry_told=is_told,
        note=token.note if wanted.note is None else wanted.note,
        result=token.result if endpoint == token.endpoint else Result(),
    )


def _as_it_was(before: ApiToken, after: ApiToken) -> ApiToken:
    return replace(
        after,
        endpoint=before.endpoint,
        expiry=before.expiry,
        expiry_told=before.expiry_told,
        note=before.note,
        result=before.result,
    )


def _unchanged(connection: sqlite3.Connection, seen: ApiToken, *, may_be_renamed: bool) -> ApiToken:
    """The row as it is stored. Raises NoSuchToken, and EditedMeanwhile where a word differs."""
    stored = token_of(connection, seen.id)
    is_home = may_be_renamed and stored.organization.key == seen.organization.key
    if stored.version != seen.version or (seen.was_moved(stored) and not is_home):
        raise EditedMeanwhile
    if (stored.note, stored.expiry) != (seen.note, seen.expiry):
        raise EditedMeanwhile
    return stored
