"""Puts a new API token in the place of an old one: sealed first, then proven, then swapped in."""

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from partner_tokens.core.clock import Clock
from partner_tokens.core.credentials import renewed
from partner_tokens.core.drafts import dates_of
from partner_tokens.core.errors.tokens import AnotherOrganization, DuplicateToken, SameToken
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.pending import Pending, PendingSecrets
from partner_tokens.core.registry import Draft, Proof, Registry
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Organization, Result, State

if TYPE_CHECKING:
    from partner_tokens.core.sealing import Sealed
    from partner_tokens.core.store import Store
    from partner_tokens.core.vault import Vault


class Renewal:
    """Joins store, vault and service for a token that was regenerated in the portal.

    The portal shows the new token only once, and the old one is dead already: so the new one is
    kept, sealed, from the moment it is pasted until it is swapped in, or dropped by the user.

    From any worker thread: all of it may wait. The vault must be open wherever a secret is touched
    (Locked, SecretUnreadable). The errors of the store may come from everything, and PendingGone
    from everything about a pending token. After `swap` the caller lets the broker forget the old
    row, and may hand it the new one's access token.
    """

    def __init__(
        self,
        pending: PendingSecrets,
        store: "Store",
        vault: "Vault",
        registry: Registry,
        clock: Clock,
    ) -> None:
        self._pending = pending
        self._store = store
        self._vault = vault
        self._registry = registry
        self._clock = clock

    def pending(self) -> tuple[Pending, ...]:
        """All tokens that were pasted and neither put in place nor dropped, the oldest first."""
        return self._pending.all()

    def paste(self, seen: ApiToken, secret: Secret, expiry: Expiry) -> Pending:
        """Seals a pasted token, before anything else is done with it; the service is not asked.

        `seen` is the row it is to replace, as the user sees it: the token was made at its endpoint.
        Of an app only the client secret is new. An older one that waits for the same row goes to
        the trash. Raises InputError, SameToken and DuplicateToken, and NoSuchToken where the row is
        not even in the trash.
        """
        secret = renewed(seen, secret.reveal())
        id = uuid.uuid4().hex
        sealed = self._vault.seal(secret, token_id=id, endpoint=seen.endpoint, kind=seen.kind)
        fingerprint = self._vault.fingerprint(secret)
        self._refuse_known(seen, fingerprint)
        return self._pending.put(
            Pending(id, seen, seen.endpoint, seen.kind, expiry, self._clock(), sealed, fingerprint)
        )

    def prove(self, pending: Pending, passcode: Secret | None = None) -> Proof:
        """Exchanges it at the endpoint it was pasted for; nothing is stored.

        Raises DuplicateToken, and the errors of Service.exchange.
        """
        draft = Draft(
            organization="",
            name=pending.token.name,
            endpoint=pending.endpoint,
            secret=self._secret(pending),
            kind=pending.kind,
            organization_id=pending.token.organization.service_id,
        )
        return self._registry.prove(draft, passcode)

    def objection(self, pending: Pending, proof: Proof) -> AnotherOrganization | None:
        """Whether the new token belongs to another organization than the row, as far as is known.

        Where the row's own id is not known yet, only an id that another stored organization has
        tells.
        """
        ours, told = pending.token.organization, proof.organization_id
        if not told or told == ours.service_id:
            return None
        found = proof.organization_name or told
        stored = self._registry.organizations()
        if ours.service_id or any(known.service_id == told for known in stored):
            return AnotherOrganization(ours.name, found)
        return None

    def swap(
        self,
        pending: Pending,
        seen: ApiToken,
        proof: Proof | None,
        expiry: Expiry,
        *,
        interactive: bool = False,
    ) -> ApiToken:
        """Puts the new token in the place of the old row, which goes to the trash; gives its row.

        `seen` is the old row as the user has seen it. Without proof the new row is unproven;
        `interactive` says that its exchange wanted a passcode. Raises AnotherOrganization,
        DuplicateToken, EditedMeanwhile, SameToken where it was typed into the old row meanwhile,
        and NoSuchToken where that was removed: nothing is changed then, and the new token waits on.
        """
        if proof is not None and (objection := self.objection(pending, proof)):
            raise objection
        organization = seen.organization
        if proof is not None and not organization.service_id:
            organization = replace(organization, service_id=proof.organization_id)
        new = self._row(pending, organization, proof, expiry, interactive=interactive)
        return self._pending.swap(pending, seen, new, *self._sealed_for(new, pending))

    def store_apart(
        self, pending: Pending, proof: Proof | None, expiry: Expiry, *, interactive: bool = False
    ) -> ApiToken:
        """Makes it a token of its own: under the organization the proof names, else the row's.

        For one of another organization, and for one whose row was removed. Raises DuplicateToken.
        """
        organization = pending.token.organization
        if proof is not None and self.objection(pending, proof):
            name = proof.organization_name or proof.organization_id
            organization = Organization(name, proof.organization_id)
        new = self._row(pending, organization, proof, expiry, interactive=interactive)
        return self._pending.store_apart(pending, new, *self._sealed_for(new, pending))

    def drop(self, pending: Pending) -> None:
        """Erases the pasted token: only on the user's deliberate word."""
        self._pending.drop(pending)

    # ---- inside -------------------------------------------------------------------------------

    def _refuse_known(self, seen: ApiToken, fingerprint: bytes) -> None:
        twin = self._store.named_by(fingerprint)
        if twin is not None and twin.id == seen.id:
            raise SameToken
        if twin is None:
            waiting = self._pending.named_by(fingerprint)
            twin = None if waiting is None or waiting.token.id == seen.id else waiting.token
        if twin is not None:
            raise DuplicateToken(twin.organization.name, twin.name)

    def _secret(self, pending: Pending) -> Secret:
        return self._vault.open(
            pending.sealed, token_id=pending.id, endpoint=pending.endpoint, kind=pending.kind
        )

    def _row(
        self,
        pending: Pending,
        organization: Organization,
        proof: Proof | None,
        expiry: Expiry,
        *,
        interactive: bool,
    ) -> ApiToken:
        old, now = pending.token, self._clock()
        expiry, told, particulars = dates_of(expiry, proof.told if proof else None)
        return ApiToken(
            id=uuid.uuid4().hex,
            organization=organization,
            name=old.name,
            endpoint=pending.endpoint,
            added_at=now,
            expiry=expiry,
            expiry_told=told,
            particulars=particulars,
            user=proof.user if proof else old.user,
            note=old.note,
            interactive=old.interactive or interactive,
            kind=pending.kind,
            result=Result(State.READY, at=now) if proof else Result(),
        )

    def _sealed_for(self, row: ApiToken, pending: Pending) -> "tuple[Sealed, bytes]":
        """The pending secret, sealed anew for its row with the present key; its fingerprint."""
        secret = self._secret(pending)
        sealed = self._vault.seal(secret, token_id=row.id, endpoint=row.endpoint, kind=row.kind)
        return sealed, self._vault.fingerprint(secret)
