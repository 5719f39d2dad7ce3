"""Organizations by themselves: all there are, what the user marks them with, and their names."""

import sqlite3
from dataclasses import dataclass, replace

from partner_tokens.core.clock import Clock
from partner_tokens.core.credentials import clean_organization_id
from partner_tokens.core.database import Database
from partner_tokens.core.errors.organizations import (
    OrganizationEdited,
    OrganizationIdTaken,
    OrganizationNameTaken,
)
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.events import Change, Event
from partner_tokens.core.history import note
from partner_tokens.core.lookalike import holds_api_token
from partner_tokens.core.rows import ORGANIZATION_COLUMNS, organization_from, organization_values
from partner_tokens.core.statements import LIVE, drop_empty_organizations
from partner_tokens.core.tokens import Organization, clean_name, clean_note, folded

_ALL = (
    f"SELECT {ORGANIZATION_COLUMNS}, "  # noqa: S608
    f"(SELECT count(*) FROM tokens AS t WHERE t.organization = o.key AND {LIVE}) AS live "
    "FROM organizations AS o WHERE live OR o.colour <> '' OR o.production OR o.note <> '' "
    "OR o.paused_until IS NOT NULL ORDER BY o.folded, o.key"
)
_ONE = f"SELECT {ORGANIZATION_COLUMNS} FROM organizations AS o WHERE o.key = ?"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Counted:
    """An organization, and how many tokens it has, those in the trash left out."""

    organization: Organization
    tokens: int


class Organizations:
    """For any worker thread; never the GUI thread. All may raise the errors of the store."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def all(self) -> tuple[Counted, ...]:
        """Those that have a token or bear a mark of the user, by name."""
        with self._database.reading() as connection:
            return tuple(
                Counted(organization_from(row[:-1]), row[-1]) for row in connection.execute(_ALL)
            )

    def edit(self, seen: Organization, wanted: Organization) -> Organization:
        """Stores what was typed, for all tokens of the organization `seen`.

        An id of the service that is known stays as it is. A name that another organization bears is
        refused, unless both have ids: two rows of one name would be told apart by nothing, and a
        token added under that name would go to the one or the other. Nothing is merged here:
        tokens are moved one by one, where each can be proven. Raises InputError,
        OrganizationNameTaken, OrganizationIdTaken, and OrganizationEdited where it is no longer as
        it was `seen`.
        """
        wanted = self._without_past(_cleaned(seen, wanted))
        with self._database.writing() as connection:
            stored = _stored(connection, seen)
            if not wanted.service_id:
                wanted = replace(wanted, service_id=stored.service_id)
            _refuse_id(connection, wanted)
            if folded(wanted.name) != folded(stored.name):
                _refuse_name(connection, wanted)
            values = organization_values(wanted)
            changes = ", ".join(f"{column} = :{column}" for column in values)
            connection.execute(
                f"UPDATE organizations SET {changes} WHERE key = :key",  # noqa: S608
                {**values, "key": wanted.key},
            )
            if wanted.name != stored.name:
                self._note_rename(connection, wanted.key)
            drop_empty_organizations(connection)
        return wanted

    def _without_past(self, wanted: Organization) -> Organization:
        """A pause that is over is none, and would keep an organization without tokens."""
        until = wanted.paused_until
        if until is None or wanted.is_paused(self._clock()):
            whole = None if until is None else until.replace(microsecond=0)  # as it is stored
            return replace(wanted, paused_until=whole)
        return replace(wanted, paused_until=None)

    def _note_rename(self, connection: sqlite3.Connection, key: int) -> None:
        now = self._clock()
        ids = connection.execute(
            f"SELECT id FROM tokens AS t WHERE organization = ? AND {LIVE}",  # noqa: S608
            (key,),
        ).fetchall()
        for (id,) in ids:
            note(connection, id, Event.EDITED, now, Change.ORGANIZATION)


def _cleaned(seen: Organization, wanted: Organization) -> Organization:
    service_id = seen.service_id
    if not service_id and wanted.service_id.strip():
        service_id = clean_organization_id(wanted.service_id)
    if any(map(holds_api_token, (wanted.name, wanted.note))):
        raise InputError(Problem.TEXT_IS_TOKEN)  # both are stored where anybody can read them
    return replace(
        wanted,
        key=seen.key,
        name=clean_name(wanted.name, Problem.ORGANIZATION_MISSING),
        service_id=service_id,
        note=clean_note(wanted.note),
    )


def _stored(connection: sqlite3.Connection, seen: Organization) -> Organization:
    """The row as it is now; an id that the service told meanwhile is no other organization."""
    row = connection.execute(_ONE, (seen.key,)).fetchone()
    if row is None:
        raise OrganizationEdited
    stored = organization_from(row)
    known = stored if seen.service_id else replace(stored, service_id="")
    if known != seen:
        raise OrganizationEdited
    return stored


def _refuse_id(connection: sqlite3.Connection, wanted: Organization) -> None:
    other = connection.execute(
        "SELECT name FROM organizations WHERE service_id = ? AND service_id <> '' AND key <> ?",
        (wanted.service_id, wanted.key),
    ).fetchone()
    if other is not None:
        raise OrganizationIdTaken(other[0])


def _refuse_name(connection: sqlite3.Connection, wanted: Organization) -> None:
    other = connection.execute(
        "SELECT name FROM organizations WHERE folded = ? AND key <> ? AND (service_id = '' OR ?)",
        (folded(wanted.name), wanted.key, not wanted.service_id),
    ).fetchone()
    if other is not None:
        raise OrganizationNameTaken(other[0])
