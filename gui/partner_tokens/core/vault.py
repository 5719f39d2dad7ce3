"""The data key: made once, wrapped in key slots, and what is sealed and opened with it."""

import os
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from partner_tokens.core.clock import Clock
from partner_tokens.core.datakey import (
    CHEAPEST,
    DEAREST,
    KEY_BYTES,
    SALT_BYTES,
    DataKey,
    stretched,
    unwrapped,
)
from partner_tokens.core.errors import (
    InputError,
    KeyMissing,
    KeyringChanged,
    Locked,
    NoKeyYet,
    Problem,
    SecretStorageError,
    SecretUnreadable,
    WrongPassphrase,
)
from partner_tokens.core.keychain import Keychain
from partner_tokens.core.sealing import Sealed, Slot, SlotKind
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import Kind

SHORTEST_PASSPHRASE = 8
MOST_STRETCHED = 8
"""So many passphrase slots are tried, the newest first: each takes some tenths of a second."""


class SlotShelf(Protocol):
    """Where key slots are kept; the store has it."""

    def slots(self) -> tuple[Slot, ...]:
        """All key slots, in the order in which they were made."""

    def put_first_slot(self, slot: Slot) -> bool:
        """Stores the first key slot; False when there is one already."""

    def add_slot(self, slot: Slot) -> None:
        """Stores one more key slot."""


@dataclass(frozen=True, slots=True, repr=False)
class _Opened:
    """The keys at hand: the one to seal with, and older ones that still open their rows."""

    current: DataKey
    keys: dict[str, DataKey]


class Vault:
    """Seals and opens API tokens with a data key that lies wrapped in key slots, as in LUKS.

    A keyring slot is opened by a random key in the keyring, under the slot's random vault id; a
    passphrase slot by scrypt. Several slots may hold the same data key. The data key of the newest
    slot is the current one. Only `begin…` and `unlock` touch the keyring, and may raise
    KeyringMissing, KeyringLocked, KeyringDenied and KeyringSilent; `seal` and `open` never do.
    """

    def __init__(
        self, slots: SlotShelf, keychain: Keychain, clock: Clock, cost: int = DEAREST
    ) -> None:
        if not CHEAPEST <= cost <= DEAREST:
            raise ValueError("scrypt's cost is out of bounds")
        self._shelf = slots
        self._keychain = keychain
        self._clock = clock
        self._cost = cost
        self._opened: _Opened | None = None

    # ---- asking -------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether the current data key is in memory."""
        return self._opened is not None

    @property
    def key_id(self) -> str:
        """The id of the current data key; empty while the vault is closed."""
        return "" if self._opened is None else self._opened.current.key_id

    def slot_kinds(self) -> frozenset[SlotKind]:
        """What opens the current data key; empty before a first key was made."""
        slots = self._shelf.slots()
        return frozenset(slot.kind for slot in slots if slot.key_id == slots[-1].key_id)

    def can_open(self, key_id: str) -> bool:
        """Whether what was sealed with this data key can be opened now."""
        return self._opened is not None and key_id in self._opened.keys

    # ---- beginning ----------------------------------------------------------------------------

    def begin_with_keyring(self) -> None:
        """Makes the first data key, its slot opened by the keyring.

        Where the store has a slot already, perhaps since a moment ago, that one is opened instead.
        """
        if self._shelf.slots() or not self._begin_with_keyring(first=True):
            self.unlock()

    def begin_with_passphrase(self, passphrase: Secret) -> None:
        """Makes the first data key, its slot opened by a passphrase of 8 characters or more.

        Where the store has a slot already, that one is opened instead. Raises InputError.
        """
        if self._shelf.slots() or not self._begin_with_passphrase(passphrase, first=True):
            self.unlock_with(passphrase)

    def begin_anew_with_keyring(self) -> None:
        """Makes a new data key beside the old ones, which the user has confirmed as lost.

        Old slots stay, so that an entry that returns opens the old rows again.
        """
        self._begin_with_keyring(first=False)

    def begin_anew_with_passphrase(self, passphrase: Secret) -> None:
        """As `begin_anew_with_keyring`, with a passphrase. Raises InputError."""
        self._begin_with_passphrase(passphrase, first=False)

    def add_passphrase_slot(self, passphrase: Secret) -> None:
        """Lets a passphrase open the current data key as well. Raises Locked and InputError."""
        self._shelf.add_slot(self._passphrase_slot(self._at_hand().current, passphrase))

    # ---- opening and closing ------------------------------------------------------------------

    def unlock(self) -> None:
        """Opens the data keys that the keyring opens.

        Raises NoKeyYet, KeyringChanged, KeyMissing (the entry is missing or is not the right one:
        never taken for a first start) and Locked (only a passphrase opens the current key).
        """
        slots, current = self._slots()
        if not any(s.kind is SlotKind.KEYRING and s.key_id == current for s in slots):
            raise Locked
        found: dict[str, DataKey] = {}
        for slot in reversed(slots):
            if slot.kind is SlotKind.KEYRING and slot.key_id not in found:
                key = self._from_keyring(slot, must=slot.key_id == current)
                if key is not None:
                    found[slot.key_id] = key
        if current not in found:
            raise KeyMissing
        self._take(found, current)

    def unlock_with(self, passphrase: Secret) -> None:
        """Opens the data keys that this passphrase opens. Raises NoKeyYet and WrongPassphrase."""
        slots, current = self._slots()
        found: dict[str, DataKey] = {}
        passphrase_slots = [slot for slot in slots if slot.kind is SlotKind.PASSPHRASE]
        for slot in passphrase_slots[: -MOST_STRETCHED - 1 : -1]:
            if slot.key_id not in found:
                wrapping_key = stretched(passphrase, slot.salt, slot.cost)
                key = None if wrapping_key is None else unwrapped(slot, wrapping_key)
                if key is not None:
                    found[slot.key_id] = key
        if current not in found:
            raise WrongPassphrase
        self._take(found, current)

    def close(self) -> None:
        """Forgets all keys."""
        self._opened = None

    # ---- sealing ------------------------------------------------------------------------------

    def seal(
        self, secret: Secret, *, token_id: str, endpoint: str, kind: str = Kind.NAVIGATOR
    ) -> Sealed:
        """Seals a secret, bound to its row, its endpoint and its kind. Raises Locked."""
        return self._at_hand().current.seal(secret, kind, token_id, endpoint)

    def open(
        self, sealed: Sealed, *, token_id: str, endpoint: str, kind: str = Kind.NAVIGATOR
    ) -> Secret:
        """Opens what was sealed for this row, endpoint and kind. Locked, SecretUnreadable."""
        key = self._at_hand().keys.get(sealed.key_id)
        if key is None:
            raise SecretUnreadable("sealed with a key that is not at hand")
        return key.open(sealed, kind, token_id, endpoint)

    def fingerprint(self, secret: Secret) -> bytes:
        """A keyed hash that finds a secret again; without the key it tells nothing. Locked."""
        return self._at_hand().current.fingerprint(secret)

    # ---- inside -------------------------------------------------------------------------------

    def _at_hand(self) -> _Opened:
        opened = self._opened
        if opened is None:
            raise Locked
        return opened

    def _slots(self) -> tuple[tuple[Slot, ...], str]:
        slots = self._shelf.slots()
        if not slots:
            raise NoKeyYet
        return slots, slots[-1].key_id

    def _take(self, found: dict[str, DataKey], current: str) -> None:
        known = {} if self._opened is None else self._opened.keys
        self._opened = _Opened(found[current], {**known, **found})

    def _begin_with_keyring(self, *, first: bool) -> bool:
        """Entry first, slot second: the store is never locked while a prompt is open."""
        backend = self._keychain.name
        key = DataKey.make()
        wrapping_key, vault_id = os.urandom(KEY_BYTES), _new_id()
        slot = self._slot(SlotKind.KEYRING, key, vault_id, wrapping_key, backend=backend)
        self._keychain.create(vault_id, Secret(urlsafe_b64encode(wrapping_key).decode()))
        if self._put(slot, key, first=first):
            return True
        with suppress(SecretStorageError):  # an entry that no slot names does no harm
            self._keychain.delete(vault_id)
        return False

    def _begin_with_passphrase(self, passphrase: Secret, *, first: bool) -> bool:
        key = DataKey.make()
        return self._put(self._passphrase_slot(key, passphrase), key, first=first)

    def _put(self, slot: Slot, key: DataKey, *, first: bool) -> bool:
        if not first:
            self._shelf.add_slot(slot)
        elif not self._shelf.put_first_slot(slot):
            return False
        self._take({key.key_id: key}, key.key_id)
        return True

    def _passphrase_slot(self, key: DataKey, passphrase: Secret) -> Slot:
        if len(passphrase.reveal()) < SHORTEST_PASSPHRASE:
            raise InputError(Problem.PASSPHRASE_SHORT)
        salt, cost = os.urandom(SALT_BYTES), self._cost
        wrapping_key = stretched(passphrase, salt, cost)
        assert wrapping_key is not None  # noqa: S101  # the constructor looked at the cost
        return self._slot(SlotKind.PASSPHRASE, key, _new_id(), wrapping_key, salt=salt, cost=cost)

    def _slot(
        self,
        kind: SlotKind,
        key: DataKey,
        vault_id: str,
        wrapping_key: bytes,
        *,
        backend: str = "",
        salt: bytes = b"",
        cost: int = 0,
    ) -> Slot:
        nonce, wrapped = key.wrapped(wrapping_key, kind.value, vault_id)
        now = self._clock()
        return Slot(kind, key.key_id, vault_id, nonce, wrapped, now, backend, salt, cost)

    def _from_keyring(self, slot: Slot, *, must: bool) -> DataKey | None:
        name = self._keychain.name
        if name != slot.backend:
            if must:
                raise KeyringChanged(slot.backend, name)
            return None
        text = self._keychain.read(slot.vault_id)
        return None if text is None else unwrapped(slot, _decoded(text))


def _new_id() -> str:
    return uuid.uuid4().hex


def _decoded(text: Secret) -> bytes:
    """The wrapping key in a keyring entry; nothing usable where the entry is not one of ours."""
    try:
        return urlsafe_b64decode(text.reveal().encode("ascii"))
    except ValueError:
        return b""
