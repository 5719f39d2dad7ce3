"""Key slots made and opened: a data key wrapped by an entry of the keyring, or by a passphrase."""

import os
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from partner_tokens.core.datakey import KEY_BYTES, SALT_BYTES, DataKey, stretched, unwrapped
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.sealing import Slot, SlotKind
from partner_tokens.core.secret import Secret

SHORTEST_PASSPHRASE = 8


def keyring_slot(key: DataKey, backend: str, now: datetime) -> tuple[Slot, Secret]:
    """A slot, and the text for the keyring's entry under the slot's vault id."""
    wrapping_key = os.urandom(KEY_BYTES)
    slot = _slot(SlotKind.KEYRING, key, wrapping_key, now, backend=backend)
    return slot, Secret(urlsafe_b64encode(wrapping_key).decode())


def passphrase_slot(key: DataKey, passphrase: Secret, cost: int, now: datetime) -> Slot:
    """A slot that a passphrase of 8 characters or more opens; takes a moment. Raises InputError."""
    if len(passphrase.reveal()) < SHORTEST_PASSPHRASE:
        raise InputError(Problem.PASSPHRASE_SHORT)
    salt = os.urandom(SALT_BYTES)
    wrapping_key = stretched(passphrase, salt, cost)
    assert wrapping_key is not None, cost  # noqa: S101  # our own salt, a cost within its bounds
    return _slot(SlotKind.PASSPHRASE, key, wrapping_key, now, salt=salt, cost=cost)


def key_by_entry(slot: Slot, text: Secret) -> DataKey | None:
    """The data key of a keyring slot; None where this is not the text of its entry."""
    try:
        return unwrapped(slot, urlsafe_b64decode(text.reveal().encode("ascii")))
    except ValueError:
        return None


def key_by_passphrase(slot: Slot, passphrase: Secret) -> DataKey | None:
    """The data key of a passphrase slot; None where this is not its passphrase; takes a moment."""
    wrapping_key = stretched(passphrase, slot.salt, slot.cost)
    return None if wrapping_key is None else unwrapped(slot, wrapping_key)


def _slot(
    kind: SlotKind,
    key: DataKey,
    wrapping_key: bytes,
    now: datetime,
    *,
    backend: str = "",
    salt: bytes = b"",
    cost: int = 0,
) -> Slot:
    vault_id = uuid.uuid4().hex
    nonce, wrapped = key.wrapped(wrapping_key, kind.value, vault_id)
    now = now.replace(microsecond=0)  # as the store gives it back
    return Slot(kind, key.key_id, vault_id, nonce, wrapped, now, backend, salt, cost)
