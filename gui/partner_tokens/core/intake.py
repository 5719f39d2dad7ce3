"""Takes found tokens in: judges each row, then stores all chosen rows at once."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from partner_tokens.core.clock import Clock
from partner_tokens.core.columns import Found, Usual, kind_named
from partner_tokens.core.credentials import (
    app_secret,
    clean_organization_id,
    clean_secret,
    client_id_of,
    fitting,
    kind_of_preset,
)
from partner_tokens.core.dates import expiry_from
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.organizations import NameTaken
from partner_tokens.core.errors.tokens import DuplicateToken, RepeatedToken
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.lookalike import holds_api_token
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import (
    ApiToken,
    Kind,
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
    kind: Kind = Kind.NAVIGATOR

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

    def judge(self, found: Iterable[Found], usual: Usual) -> tuple[Row, ...]:
        """A row for each; `usual` is for those that do not say it. Nothing is stored or sent."""
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
                row = _cleaned(one, usual, by_id)
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
                user=client_id_of(row.kind, row.secret),
                note=row.found.note,
                pinned=row.found.pinned,
                interactive=row.found.interactive and not row.kind.is_app,
                kind=row.kind,
            )
            sealed = self._vault.seal(
                row.secret, token_id=id, endpoint=row.endpoint, kind=token.kind
            )
            batch.append((token, sealed, self._vault.fingerprint(row.secret)))
        return self._store.add_all(batch)


def _cleaned(found: Found, usual: Usual, by_id: dict[str, Organization]) -> Row:
    """The row with clean texts, as if it were new. Raises InputError."""
    clear = (found.organization, found.name, found.note, found.endpoint, found.service_id)
    if any(map(holds_api_token, (*clear, found.organization_note))):
        raise InputError(Problem.TEXT_IS_TOKEN)  # it would be stored where anybody can read it
    known = by_id.get(found.service_id)
    organization = found.organization
    if not organization.strip():
        organization = known.name if known else found.service_id
    organization = clean_name(organization, Problem.ORGANIZATION_MISSING)
    if found.is_endpoint_unclear and not found.endpoint.strip():
        raise InputError(Problem.ENDPOINT_UNCLEAR)  # the usual one may be another customer's
    kind = _kind_of(found, usual)
    secret = _secret_of(found, kind)
    service_id = "".join(found.service_id.split())
    if kind.is_app:
        service_id = clean_organization_id(service_id)  # its exchange is sent to that address
    elif service_id:  # only compared, so that any text will do that can be stored
        service_id = clean_name(service_id, Problem.ORGANIZATION_ID_INVALID)
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
        endpoint=clean_endpoint(found.endpoint or fitting(usual.endpoint, kind)),
        expiry=expiry_from(found.expires),
        kind=kind,
    )


def _kind_of(found: Found, usual: Usual) -> Kind:
    """What the source says, else what the user chose; never a guess. Raises InputError."""
    if found.kind is not None:
        return found.kind
    if found.kind_words:
        kind = kind_named(found.kind_words)
        if kind is None:
            raise InputError(Problem.KIND_UNKNOWN)
    elif found.client_id:
        kind = usual.app_kind or Kind.NAVIGATOR
    else:
        kind = _kind_of_token(found, usual)
    if found.client_id and not kind.is_app:
        raise InputError(Problem.APP_VERSION_MISSING)
    return kind


def _kind_of_token(found: Found, usual: Usual) -> Kind:
    """A preset that a row names itself says more of it than what was chosen for all."""
    if found.endpoint:
        return kind_of_preset(clean_endpoint(found.endpoint)) or usual.kind or Kind.NAVIGATOR
    return usual.kind or kind_of_preset(clean_endpoint(usual.endpoint)) or Kind.NAVIGATOR


def _secret_of(found: Found, kind: Kind) -> Secret:
    """The secret, with the client id that stands beside it. Raises InputError."""
    if not found.client_id:
        return clean_secret(kind, found.secret.reveal())
    return app_secret(found.client_id, found.secret.reveal())


def _beside_others(row: Row, by_id: dict[str, Organization], ids: dict[str, set[str]]) -> Row:
    """Marked where its organization's name is stored, with another id than the source says."""
    id, name = row.organization.service_id, row.organization.name
    same_name = ids.get(folded(name), set())
    if not id or id in by_id or not same_name or "" in same_name:
        return row
    return replace(row, mark=Mark.OTHER_ORGANIZATION, problem=NameTaken(name))
