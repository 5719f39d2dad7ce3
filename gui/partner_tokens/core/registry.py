"""The deeds on stored API tokens: prove, add, edit, pin."""

import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from partner_tokens.core.clock import Clock
from partner_tokens.core.credentials import Credential, Told, client_id_of
from partner_tokens.core.drafts import cleaned, dates_of, rebased
from partner_tokens.core.errors.service import ServiceError
from partner_tokens.core.errors.tokens import AnotherOrganization, DuplicateToken, EditedMeanwhile
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import (
    AccessToken,
    ApiToken,
    Kind,
    Organization,
    Result,
    State,
    folded,
)

if TYPE_CHECKING:
    from partner_tokens.core.sealing import Sealed
    from partner_tokens.core.service import Service
    from partner_tokens.core.store import Store
    from partner_tokens.core.vault import Vault


@dataclass(frozen=True, slots=True)
class Draft:
    """What a user typed for an API token.

    `organization` may be empty where the service tells it; `secret` None keeps the one stored.
    """

    organization: str
    name: str
    endpoint: str
    secret: Secret | None
    expiry: Expiry = field(default_factory=Expiry.unknown)
    note: str = ""
    interactive: bool = False
    pinned: bool = False
    kind: Kind = Kind.NAVIGATOR
    """Of a new token; a stored one keeps its own."""
    organization_id: str = ""
    """The service's own id, where the kind is an app's: it is asked for by it."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That an API token works: its access token, and whose it is, as far as the service tells.

    `organization_name` is the name under which the organization is stored, if it is, else the
    service's own; all three texts may be empty, and rest on claims nobody has verified.
    """

    access: AccessToken
    organization_name: str = ""
    organization_id: str = ""
    user: str = ""
    told: Told | None = None
    """What the service said of the token itself, where it was asked."""


class Registry:
    """Joins store, vault and service for each deed. From any worker thread: all of it may wait.

    What was typed is cleaned here once more (InputError). The vault must be open wherever a secret
    is touched (Locked, SecretUnreadable). The errors of the store may come from everything.
    """

    def __init__(self, store: "Store", vault: "Vault", service: "Service", clock: Clock) -> None:
        self._store = store
        self._vault = vault
        self._service = service
        self._clock = clock

    def tokens(self) -> tuple[ApiToken, ...]:
        """All tokens; while the vault is open, those whose key is not at hand are UNREADABLE.

        Not so where that is because another program has renewed the key a moment ago.
        """
        tokens = self._store.tokens()
        if not self._vault.is_open or self._vault.is_stale:
            return tokens
        readable = self._vault.can_open
        return tuple(t if readable(t.key_id) else _unreadable(t) for t in tokens)

    def organizations(self) -> tuple[Organization, ...]:
        """All organizations that have a token, by name."""
        return self._store.organizations()

    # ---- proving ------------------------------------------------------------------------------

    def prove(
        self, draft: Draft, passcode: Secret | None = None, *, seen: ApiToken | None = None
    ) -> Proof:
        """Exchanges the drafted token for an access token; stores nothing.

        `seen` is the row that is being edited, as it was when the draft began. Before the service
        is asked, raises DuplicateToken, and EditedMeanwhile: what is stored now may be a secret
        for another endpoint. Raises the errors of Service.exchange.
        """
        before = None if seen is None else self._unchanged(seen)
        draft = cleaned(draft, before)
        secret = self._secret(draft, before)
        self._refuse_duplicate(secret, before)
        credential = Credential(draft.kind, draft.endpoint, secret, draft.organization_id)
        access = self._service.exchange(credential, passcode)
        if access.is_foreign_to(Organization("", draft.organization_id)):
            raise AnotherOrganization(draft.organization_id, access.organization_id)
        organization_id = access.organization_id or draft.organization_id
        known = self._known(organization_id, even_vacant=True)
        return Proof(
            access,
            known.name if known else self._service.organization_name(credential, access),
            organization_id,
            access.user or self._service.user_name(credential, access),
            self._told(credential, None if draft.secret is not None else before),
        )

    def disagreement(self, draft: Draft, proof: Proof) -> AnotherOrganization | None:
        """Whether the token seems to belong to another organization than was typed.

        A name the user has given to that very organization agrees, whatever the service calls it.
        """
        typed = " ".join(draft.organization.split())
        if not typed:
            return None
        found = proof.organization_name or proof.organization_id
        known = self._known(proof.organization_id)
        if known is not None:
            same = folded(known.name) == folded(typed)
            return None if same else AnotherOrganization(typed, known.name)
        ids = {o.service_id for o in self._store.organizations() if folded(o.name) == folded(typed)}
        if proof.organization_id and ids and "" not in ids:
            return AnotherOrganization(typed, found)
        if proof.organization_name and folded(proof.organization_name) != folded(typed):
            return AnotherOrganization(typed, found)
        return None

    # ---- storing ------------------------------------------------------------------------------

    def add(self, draft: Draft, proof: Proof | None) -> ApiToken:
        """Stores a new token, sealed; without proof as unproven. Raises DuplicateToken."""
        draft = cleaned(draft, None)
        secret = self._secret(draft, None)
        id, now = uuid.uuid4().hex, self._clock()
        expiry, told, particulars = dates_of(draft.expiry, proof.told if proof else None)
        token = ApiToken(
            id=id,
            organization=self._organization(draft, proof),
            name=draft.name,
            endpoint=draft.endpoint,
            added_at=now,
            expiry=expiry,
            expiry_told=told,
            particulars=particulars,
            user=proof.user if proof else client_id_of(draft.kind, secret),
            note=draft.note,
            pinned=draft.pinned,
            interactive=draft.interactive,
            kind=draft.kind,
            result=Result(State.READY, at=now) if proof else Result(),
        )
        sealed = self._vault.seal(secret, token_id=id, endpoint=draft.endpoint, kind=draft.kind)
        return self._store.add(token, sealed, self._vault.fingerprint(secret))

    def edit(self, seen: ApiToken, draft: Draft, proof: Proof | None) -> ApiToken:
        """Stores what was edited; `pin` has a deed of its own, so the draft's is passed over.

        `seen` is the row as it was when the draft began. Without proof, a new secret or endpoint
        makes the token unproven, and so does another organization where the row was held for it.
        What the draft leaves as it was seen stays as it is stored by now.
        Raises NoSuchToken, DuplicateToken, AnotherOrganization for an app that is given the name of
        one it does not belong to, and EditedMeanwhile where another program has changed secret,
        endpoint or organization since: a stale draft would mix the two.
        """
        before = self._unchanged(seen)
        draft = rebased(cleaned(draft, before), seen, before)
        sealed, fingerprint = self._resealed(before, draft)
        organization = self._edited_organization(before, draft, proof)
        result = before.result
        if proof is not None:
            result = Result(State.READY, at=self._clock())
        elif sealed is not None or (
            result.state is State.HELD and organization.name != before.organization.name
        ):
            result = Result()
        user = proof.user if proof else ""
        if not user and draft.secret is None:
            user = before.user
        elif not user and draft.secret is not None:
            user = client_id_of(draft.kind, draft.secret)
        expiry, told, particulars = dates_of(
            draft.expiry,
            proof.told if proof else None,
            before,
            is_renewed=draft.secret is not None,
        )
        token = replace(
            before,
            organization=organization,
            name=draft.name,
            endpoint=draft.endpoint,
            expiry=expiry,
            expiry_told=told,
            particulars=particulars,
            user=user,
            note=draft.note,
            interactive=draft.interactive,
            result=result,
        )
        return self._marked(self._store.edit(token, sealed, fingerprint))

    def pin(self, id: str, pinned: bool) -> ApiToken:
        """Makes a token stand first, or no longer. Raises NoSuchToken."""
        return self._marked(self._store.pin(id, pinned))

    # ---- inside -------------------------------------------------------------------------------

    def _told(self, credential: Credential, before: ApiToken | None) -> Told | None:
        """What the service says of the token, unless it was asked lately; a failure is no news."""
        if not credential.kind.tells_dates:
            return None
        said = None if before is None else before.particulars
        if said is not None and said.is_recent(self._clock()):
            return None
        try:
            return self._service.told(credential)
        except ServiceError:
            return None

    def _marked(self, token: ApiToken) -> ApiToken:
        if not self._vault.is_open or self._vault.can_open(token.key_id) or self._vault.is_stale:
            return token
        return _unreadable(token)

    def _unchanged(self, seen: ApiToken) -> ApiToken:
        now = self._store.token(seen.id)
        if now.version != seen.version or seen.was_moved(now):
            raise EditedMeanwhile
        return now

    def _secret(self, draft: Draft, before: ApiToken | None) -> Secret:
        if draft.secret is not None:
            return draft.secret
        if before is None:
            raise InputError(Problem.TOKEN_MISSING)
        return self._stored_secret(before)

    def _stored_secret(self, token: ApiToken) -> Secret:
        sealed = self._store.sealed(token.id)
        if sealed.nonce != token.nonce:
            raise EditedMeanwhile
        return self._vault.open(sealed, token_id=token.id, endpoint=token.endpoint, kind=token.kind)

    def _refuse_duplicate(self, secret: Secret, before: ApiToken | None) -> None:
        twin = self._store.named_by(self._vault.fingerprint(secret))
        if twin is not None and (before is None or twin.id != before.id):
            raise DuplicateToken(twin.organization.name, twin.name)

    def _resealed(self, before: ApiToken, draft: Draft) -> "tuple[Sealed | None, bytes | None]":
        """The secret sealed anew where it, or where it is sent to, has changed."""
        secret = draft.secret
        if secret is None:
            addressed = before.organization.service_id if draft.kind.is_app else ""
            if (draft.endpoint, draft.organization_id) == (before.endpoint, addressed):
                return None, None
            secret = self._stored_secret(before)
        sealed = self._vault.seal(
            secret, token_id=before.id, endpoint=draft.endpoint, kind=draft.kind
        )
        return sealed, self._vault.fingerprint(secret)

    def _known(self, service_id: str, *, even_vacant: bool = False) -> Organization | None:
        if not service_id:
            return None
        return self._store.organization_of(service_id, even_vacant=even_vacant)

    def _organization(self, draft: Draft, proof: Proof | None) -> Organization:
        service_id = proof.organization_id if proof else draft.organization_id
        name = draft.organization or (proof.organization_name if proof else "")
        if not name:
            raise InputError(Problem.ORGANIZATION_MISSING)
        return Organization(name, service_id)

    def _edited_organization(
        self, before: ApiToken, draft: Draft, proof: Proof | None
    ) -> Organization:
        """Where the edited row belongs: told by the proof, else by its name.

        Without proof a new name renames the organization, unless it is the name of another one,
        or the secret is new, or the row was held because its organization is wrong. An app belongs
        where its id says: the name of another organization is refused, or all tokens of this one
        would bear it.
        """
        ours = before.organization
        if proof is not None and proof.organization_id:
            return self._organization(draft, proof)
        is_renamed = folded(draft.organization) not in {"", folded(ours.name)}
        is_other = is_renamed and self._store.is_name_of_another(draft.organization, ours.key)
        if draft.organization_id:
            if is_other and draft.organization_id == ours.service_id:
                raise AnotherOrganization(draft.organization, ours.name, ours.service_id)
            return self._organization(draft, proof)
        if not draft.organization:
            return ours
        doubtful = draft.secret is not None or before.result.state is State.HELD
        if is_other or (is_renamed and doubtful):
            return Organization(draft.organization)
        return Organization(draft.organization, ours.service_id)


def _unreadable(token: ApiToken) -> ApiToken:
    return replace(token, result=Result(State.UNREADABLE))
