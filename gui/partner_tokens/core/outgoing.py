"""Hands stored tokens over: opened, written as a document, sealed under a passphrase, on disk."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from partner_tokens.core.age_file import sealed
from partner_tokens.core.clock import Clock
from partner_tokens.core.errors.files import EarlierFileKept, NothingOpened
from partner_tokens.core.errors.keys import SecretUnreadable
from partner_tokens.core.errors.tokens import EditedMeanwhile
from partner_tokens.core.files import is_taken, write_whole
from partner_tokens.core.handover import Entry, handover
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken

if TYPE_CHECKING:
    from partner_tokens.core.store import Store
    from partner_tokens.core.vault import Vault


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The tokens that are in the file, and those whose secret could not be opened."""

    tokens: tuple[ApiToken, ...]
    unopened: tuple[ApiToken, ...]


class Outgoing:
    """Joins store, vault and age. From any worker thread; the vault must be open (Locked).

    The errors of the store may come from everything.
    """

    def __init__(self, store: "Store", vault: "Vault", clock: Clock) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock

    def hand_over(self, ids: Collection[str], passphrase: Secret, file: Path) -> HandedOver:
        """Writes those of these tokens that are stored; takes a second or some.

        Nothing is written where it raises: InputError for a passphrase that is too short or too
        many tokens, NothingOpened, EarlierFileKept, EditedMeanwhile, FileUnwritable.
        """
        entries, unopened = [], []
        for token in self._store.tokens():
            if token.id in ids:
                try:
                    entries.append(Entry(token, self._secret(token)))
                except SecretUnreadable:
                    unopened.append(token)
        if not entries:
            raise NothingOpened
        if unopened and is_taken(file):
            names = [f"{token.organization.name}, {token.name}" for token in unopened]
            raise EarlierFileKept(str(file), names)
        write_whole(file, sealed(handover(entries, self._clock()), passphrase))
        return HandedOver(tuple(entry.token for entry in entries), tuple(unopened))

    def _secret(self, token: ApiToken) -> Secret:
        found = self._store.sealed(token.id)
        if found.nonce != token.nonce:
            raise EditedMeanwhile
        return self._vault.open(found, token_id=token.id, endpoint=token.endpoint, kind=token.kind)
