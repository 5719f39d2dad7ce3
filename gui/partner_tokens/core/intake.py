"""Takes found tokens in: judges each row, then stores all chosen rows at once."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from partner_tokens.core.clock import Clock
from partner_tokens.core.columns import Found
from partner_tokens.core.credentials import (
    clean_organization_id,
    clean_secret,
    client_id_of,
)
from partner_tokens.core.dates import expiry_from
from partner_tokens.core.errors import (
    AppError,
    DuplicateToken,
    InputError,
    NameTaken,
    Problem,
    RepeatedToken,
)
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.lookalike import holds_api_token
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import (
    ApiToken,
    Organization,
    clean_endpoint,
    clean_name,
    clean_note,
    folded,
)

if TYPE_CHECKING:
    from partner_tokens.core.store import Store
    from partner_tokens.core.vault import Vault


class Mark(StrEnum):
    """What is to be thought of a row before it is stored."""

    NEW = "new"
    DUPLICATE = "duplicate"
    """Stored already, or a second time in the source."""
    MALFORMED = "malformed"
    OTHER_ORGANIZATION = "other organization"
    """Its organization's name is stored under another id; it can be stored beside it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A found token after it was judged; `problem` says why it is not simply new.

    Texts are clean where the row can be stored, else as found.
    """

    found: Found
    mark: Mark
    problem: AppError | None = None
    secret: Secret = field(default_factory=lambda: Secret(""))
    organization: Organization = field(default_factory=lambda: Organization(""))
    endpoint: str = ""
    expiry: Expiry = field(default_factory=Expiry.unknown)

    @property
    def can_be_stored(self) -> bool:
        """Whether nothing but the user's choice keeps it from being stored."""
        return self.mark in {Mark.NEW, Mark.OTHER_ORGANIZATION}


class Intake:
    """Joins store and vault for an import. From any worker thread; the vault must be open (Locked).

    The errors of the store may come from everything.
    """

    def __init__(self, store: "Store", vault: "Vault", clock: Clock) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock

    def judge(self, found: Iterable[Found], endpoint: str) -> tuple[Row, ...]:
        """A row for each; `endpoint` is for those that name none. Nothing is stored or sent."""
        stored = self._store.fingerprints()
        known = self._store.organizations()
        by_id = {each.service_id: each for each in known if each.service_id}
        ids: dict[str, set[str]] = {}
        for organization in known:
            ids.setdefault(folded(organization.name), set()).add(organization.service_id)
        seen: dict[bytes, Found] = {}
        rows = []
        for one in found:
            try:
                row = _cleaned(one, endpoint, by_id)
                fingerprint = self._vault.fingerprint(row.secret)
                if fingerprint in stored:
                    raise DuplicateToken(*stored[fingerprint])
                first = seen.setdefault(fingerprint, one)
                if first is not one:
                    raise RepeatedToken(first.source, first.line)
            except InputError as error:
                row = Row(one, Mark.MALFORMED, error)
            except (DuplicateToken, RepeatedToken) as error:
                row = Row(one, Mark.DUPLICATE, error)
            else:
                row = _beside_others(row, by_id, ids)
            rows.append(row)
        return tuple(rows)

    def store(self, rows: Sequence[Row]) -> tuple[ApiToken, ...]:
        """Stores all of them, unproven, in one transaction; a copy of the store is made before.

        Raises DuplicateToken where one was stored since it was judged; then none is stored.
        """
        now = self._clock()
        batch = []
        for row in rows:
            if not row.can_be_stored:
                raise ValueError("a row that cannot be stored was chosen")
            id = uuid.uuid4().hex
            token = ApiToken(
                id=id,
                organization=row.organization,
                name=row.found.name,
                endpoint=row.endpoint,
                added_at=now,
                expiry=row.expiry,
                user=client_id_of(row.found.kind, row.secret),
                note=row.found.note,
                pinned=row.found.pinned,
                interactive=row.found.interactive and not row.found.kind.is_app,
                kind=row.found.kind,
            )
            sealed = self._vault.seal(
                row.secret, token_id=id, endpoint=row.endpoint, kind=token.kind
            )
            batch.append((token, sealed, self._vault.fingerprint(row.secret)))
        return self._store.add_all(batch)


def _cleaned(found: Found, endpoint: str, by_id: dict[str, Organization]) -> Row:
    """The row with clean texts, as if it were new. Raises InputError."""
    clear = (found.organization, found.name, found.note, found.endpoint, found.service_id)
    if any(map(holds_api_token, (*clear, found.organization_note))):
        raise InputError(Problem.TEXT_IS_TOKEN)  # it would be stored where anybody can read it
    known = by_id.get(found.service_id)
    organization = found.organization
    if not organization.strip():
        organization = known.name if known else found.service_id
    organization = clean_name(organization, Problem.ORGANIZATION_MISSING)
    secret = clean_secret(found.kind, found.secret.reveal())
    service_id = "".join(found.service_id.split())
    if found.kind.is_app:
        service_id = clean_organization_id(service_id)  # its exchange is sent to that address
    clean = replace(
        found,
        organization=organization,
        name=clean_name(found.name),
        note=clean_note(found.note),
        service_id=service_id,
    )
    return Row(
        clean,
        Mark.NEW,
        secret=secret,
        organization=Organization(
            organization,
            clean.service_id,
            colour=found.colour,
            production=found.production,
            note=clean_note(found.organization_note),
        ),
        endpoint=clean_endpoint(found.endpoint or endpoint),
        expiry=expiry_from(found.expires),
    )


def _beside_others(row: Row, by_id: dict[str, Organization], ids: dict[str, set[str]]) -> Row:
    """Marked where its organization's name is stored, with another id than the source says."""
    id, name = row.organization.service_id, row.organization.name
    same_name = ids.get(folded(name), set())
    if not id or id in by_id or not same_name or "" in same_name:
        return row
    return replace(row, mark=Mark.OTHER_ORGANIZATION, problem=NameTaken(name))
