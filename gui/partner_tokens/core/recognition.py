"""Tells whose API token this is, if it is stored or was removed, without asking the service."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken

if TYPE_CHECKING:
    from partner_tokens.core.store import Store
    from partner_tokens.core.trash import Trash
    from partner_tokens.core.vault import Vault


@dataclass(frozen=True, slots=True)
class Recognized:
    """The row that holds this very token."""

    token: ApiToken
    in_trash: bool


class Recognition:
    """By the keyed fingerprint; from any worker thread, and the vault must be open (Locked).

    A row that was sealed under a data key that is lost is not known again.
    """

    def __init__(self, store: "Store", trash: "Trash", vault: "Vault") -> None:
        self._store = store
        self._trash = trash
        self._vault = vault

    def recognize(self, secret: Secret) -> Recognized | None:
        """The row of this token; one in the list comes before one in the trash."""
        fingerprint = self._vault.fingerprint(secret)
        stored = self._store.named_by(fingerprint)
        if stored is not None:
            return Recognized(stored, in_trash=False)
        removed = self._trash.named_by(fingerprint)
        return None if removed is None else Recognized(removed.token, in_trash=True)
