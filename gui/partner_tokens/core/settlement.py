"""What a person decides about a row that is held for another organization: move it, or use it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors.tokens import AnotherOrganization, EditedMeanwhile
from partner_tokens.core.tokens import AccessToken, ApiToken, Organization, Result, State

if TYPE_CHECKING:
    from partner_tokens.core.broker import Broker
    from partner_tokens.core.store import Store


class Settlement:
    """From any worker thread. `found` is what the person was told, and has agreed to.

    Raises EditedMeanwhile where the row is no longer what was seen, and AnotherOrganization anew
    where the token belongs to yet another organization than the one agreed to.
    """

    def __init__(self, store: "Store", broker: "Broker", clock: Clock) -> None:
        self._store = store
        self._broker = broker
        self._clock = clock

    def access(self, seen: ApiToken, found: AnotherOrganization) -> AccessToken:
        """An access token of the organization that was found. The row stays held.

        Raises the errors of Broker.fresh.
        """
        access = self._broker.stranger(seen)
        if access is None:
            access = self._exchanged(seen)
        if access.organization_id != found.found_id:
            raise AnotherOrganization(seen.organization.name, access.organization_id)
        return access

    def move(self, seen: ApiToken, found: AnotherOrganization) -> ApiToken:
        """Stores the row under the organization that was found; its header is at hand then."""
        now = self._store.token(seen.id)
        is_held = now.result.state is State.HELD
        if not is_held or now.version != seen.version or seen.was_moved(now):
            raise EditedMeanwhile
        access = self._broker.stranger(now)
        fits = access is not None and access.organization_id == found.found_id
        moved = self._store.edit(
            replace(
                now,
                organization=Organization(found.found, found.found_id),
                user=access.user if access is not None and fits else now.user,
                result=Result(State.READY, None, self._clock()) if fits else Result(),
            )
        )
        self._broker.forget(moved.id)
        if access is not None and fits:
            self._broker.put(moved, access)
        return moved

    def _exchanged(self, seen: ApiToken) -> AccessToken:
        """Asks the service; the row is held again, or was mended by another program meanwhile."""
        try:
            return self._broker.fresh(seen, again=True)
        except AnotherOrganization:
            access = self._broker.stranger(seen)
            if access is None:
                raise
            return access
