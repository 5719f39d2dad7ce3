"""Asks the service what it knows of stored API tokens, and keeps its word."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from partner_tokens.core.clock import Clock
from partner_tokens.core.credentials import Told, credential_of
from partner_tokens.core.database import Database
from partner_tokens.core.errors.tokens import EditedMeanwhile
from partner_tokens.core.events import Change, Event
from partner_tokens.core.history import note
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.rows import seconds
from partner_tokens.core.statements import token_of, update_token
from partner_tokens.core.tokens import ASK_AGAIN_AFTER, ApiToken, State

if TYPE_CHECKING:
    from partner_tokens.core.service import Service
    from partner_tokens.core.store import Store
    from partner_tokens.core.vault import Vault


class Asking:
    """For any worker thread: it waits for the service and for the disk. The vault must be open."""

    def __init__(
        self,
        database: Database,
        store: "Store",
        vault: "Vault",
        service: "Service",
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._vault = vault
        self._service = service
        self._clock = clock
        self._tried_at: dict[str, datetime] = {}

    def due(self) -> tuple[str, ...]:
        """Tokens that were exchanged since the service was last asked, a day ago or longer.

        Only where the service documents the question, and nobody has paused the organization.
        Whatever comes of asking, a token is not due again within a day.
        """
        if not self._vault.is_open:
            return ()
        now = self._clock()
        return tuple(token.id for token in self._store.tokens() if self._is_due(token, now))

    def _is_due(self, token: ApiToken, now: datetime) -> bool:
        if not token.kind.tells_dates or token.result.state is not State.READY:
            return False
        tried_at, said = self._tried_at.get(token.id), token.particulars
        if tried_at is not None and abs(now - tried_at) < ASK_AGAIN_AFTER:
            return False
        if said is not None:
            exchanged_at = token.result.at
            is_older = exchanged_at is None or exchanged_at <= said.asked_at
            if is_older or said.is_recent(now):
                return False
        return not token.organization.is_paused(now) and self._vault.can_open(token.key_id)

    def ask(self, token_id: str, *, wished: bool) -> ApiToken:
        """Asks, and gives the row with what the service said.

        The end it names takes the place of one that was typed where the user has `wished` to ask,
        or where it never told one before. Raises DatesUnknown, Refused, Throttled, Unreachable,
        BrokenReply; Locked, SecretUnreadable, NoSuchToken and EditedMeanwhile.
        """
        token = self._store.token(token_id)
        sealed = self._store.sealed(token_id)
        if sealed.nonce != token.nonce:
            raise EditedMeanwhile
        secret = self._vault.open(
            sealed, token_id=token_id, endpoint=token.endpoint, kind=token.kind
        )
        self._tried_at[token_id] = self._clock()
        told = self._service.told(credential_of(token, secret))
        with self._database.writing() as connection:
            stored = token_of(connection, token_id)
            if stored.version != token.version:
                raise EditedMeanwhile
            update_token(connection, token_id, _values(stored, told, wished=wished))
            now = token_of(connection, token_id)
            detail = "" if now.expiry == stored.expiry else Change.EXPIRY
            note(connection, token_id, Event.ASKED, told.particulars.asked_at, detail)
            return now


def _values(stored: ApiToken, told: Told, *, wished: bool) -> dict[str, Any]:
    said = told.particulars
    values: dict[str, Any] = {
        "asked_at": seconds(said.asked_at),
        "service_name": said.name,
        "made_at": seconds(said.made_at),
        "service_used_at": seconds(said.used_at),
    }
    is_typed = not stored.expiry_told and stored.expiry != Expiry.unknown()
    if told.expires_at is not None and (wished or not is_typed or stored.particulars is None):
        values |= {
            "expiry": "at",
            "expires_at": seconds(told.expires_at),
            "expiry_told": True,
        }
    return values
