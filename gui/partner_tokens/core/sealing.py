"""What is written to disk of keys and secrets: key slots, and sealed texts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SlotKind(StrEnum):
    """What opens a key slot."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"


@dataclass(frozen=True, slots=True)
class Slot:
    """The data key, wrapped once, as in LUKS.

    `vault_id` is random and names the keyring entry of a keyring slot; `backend` is the keyring
    that holds it, by name; `salt` and `cost` (log2 of scrypt's N) belong to a passphrase slot.
    """

    kind: SlotKind
    key_id: str
    vault_id: str
    nonce: bytes
    wrapped_key: bytes
    made_at: datetime
    backend: str = ""
    salt: bytes = b""
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret sealed with AES-256-GCM under the data key `key_id`."""

    key_id: str
    nonce: bytes
    ciphertext: bytes

    def __repr__(self) -> str:
        return f"Sealed(key_id={self.key_id!r}, …)"


@dataclass(frozen=True, slots=True)
class Bound:
    """A sealed secret, and what it is bound to: it opens with the same three only."""

    sealed: Sealed
    id: str
    endpoint: str
    kind: str
