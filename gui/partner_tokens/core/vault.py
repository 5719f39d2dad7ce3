"""The data key: wrapped in key slots, opened by them, and what is sealed and opened with it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from partner_tokens.core.clock import Clock
from partner_tokens.core.datakey import CHEAPEST, DEAREST, DataKey
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.keys import (
    KeyMissing,
    KeyReplaced,
    KeyringChanged,
    Locked,
    NoKeyYet,
    SecretUnreadable,
    WrongPassphrase,
)
from partner_tokens.core.keychain import Keychain
from partner_tokens.core.sealing import Sealed, Slot, SlotKind
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import Kind
from partner_tokens.core.wrapping import (
    key_by_entry,
    key_by_passphrase,
    keyring_slot,
    passphrase_slot,
)

MOST_STRETCHED = 8
"""So many passphrase slots are tried, the newest first: each takes some tenths of a second."""


class SlotShelf(Protocol):
    """Where key slots are kept; the store has it, as `Slots`."""

    def slots(self) -> tuple[Slot, ...]:
        """All key slots, in the order in which they were made."""

    def plan(self, slot: Slot) -> None:
        """Notes that an entry is about to be made in the keyring for this slot."""

    def forget_entry(self, vault_id: str) -> None:
        """The keyring has no entry for a slot that was planned, or dropped."""

    def put_first(self, slot: Slot) -> bool:
        """Stores the first key slot; False when there is one already."""

    def change(
        self, seen: Sequence[Slot], put: Sequence[Slot] = (), drop: Sequence[Slot] = ()
    ) -> None:
        """Stores and drops slots. Raises KeyReplaced unless the slots still are as `seen`."""


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
        """Whether a data key is in memory; see also `is_stale`."""
        return self._opened is not None

    @property
    def is_stale(self) -> bool:
        """Whether it is open with a data key that is not the current one any more.

        Another program has renewed the key, or the store was mended. Reads the slots.
        """
        opened = self._opened
        if opened is None:
            return False
        slots = self._shelf.slots()
        return not slots or slots[-1].key_id != opened.current.key_id

    @property
    def key_id(self) -> str:
        """The id of the current data key; empty while the vault is closed."""
        return "" if self._opened is None else self._opened.current.key_id

    @property
    def current_key(self) -> DataKey:
        """The current data key. Raises Locked."""
        return self._at_hand().current

    def slot_kinds(self) -> frozenset[SlotKind]:
        """What opens the current data key; empty before a first key was made."""
        slots = self._shelf.slots()
        return frozenset(slot.kind for slot in slots if slot.key_id == slots[-1].key_id)

    def key(self, key_id: str) -> DataKey | None:
        """This data key, if it is at hand."""
        return None if self._opened is None else self._opened.keys.get(key_id)

    def can_open(self, key_id: str) -> bool:
        """Whether what was sealed with this data key can be opened now."""
        return self.key(key_id) is not None

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

        Old slots stay, so that an entry that returns opens the old rows again. KeyReplaced where
        another program has changed the slots meanwhile.
        """
        self._begin_with_keyring(first=False)

    def begin_anew_with_passphrase(self, passphrase: Secret) -> None:
        """As `begin_anew_with_keyring`, with a passphrase. Raises InputError."""
        self._begin_with_passphrase(passphrase, first=False)

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
                key = key_by_passphrase(slot, passphrase)
                if key is not None:
                    found[slot.key_id] = key
        if current not in found:
            raise WrongPassphrase
        self._take(found, current)

    def go_on_with(self, key: DataKey) -> None:
        """Takes a renewed data key, which the store has been given; the older ones stay open.

        Where the vault was closed meanwhile it stays closed.
        """
        if self._opened is not None:
            self._take({key.key_id: key}, key.key_id)

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
        """Opens what was sealed for this row, endpoint and kind.

        Raises Locked, SecretUnreadable, and KeyReplaced where it can be read once the vault has
        been opened anew.
        """
        key = self._at_hand().keys.get(sealed.key_id)
        if key is None:
            if self.is_stale:
                raise KeyReplaced
            raise SecretUnreadable("sealed with a key that is not at hand")
        return key.open(sealed, kind, token_id, endpoint)

    def fingerprint(self, secret: Secret) -> bytes:
        """A keyed hash that finds a secret again; without the key it tells nothing. Locked.

        Where both are to be stored, `seal` first: a key that is renewed between the two is noticed
        by the id in what was sealed.
        """
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
        seen = self._shelf.slots()
        key = DataKey.make()
        slot, text = keyring_slot(key, self._keychain.name, self._clock())
        self._shelf.plan(slot)
        self._keychain.create(slot.vault_id, text)
        try:
            is_put = self._put(slot, key, None if first else seen)
        except KeyReplaced:
            self._take_back(slot)
            raise
        if not is_put:
            self._take_back(slot)
        return is_put

    def _take_back(self, slot: Slot) -> None:
        with suppress(AppError):  # an entry that no slot names does no harm
            self._keychain.delete(slot.vault_id)
            self._shelf.forget_entry(slot.vault_id)

    def _begin_with_passphrase(self, passphrase: Secret, *, first: bool) -> bool:
        seen = self._shelf.slots()
        key = DataKey.make()
        slot = passphrase_slot(key, passphrase, self._cost, self._clock())
        return self._put(slot, key, None if first else seen)

    def _put(self, slot: Slot, key: DataKey, seen: tuple[Slot, ...] | None) -> bool:
        """Beside the slots that were seen; where that is None, as the first one."""
        if seen is not None:
            self._shelf.change(seen, put=[slot])
        elif not self._shelf.put_first(slot):
            return False
        self._take({key.key_id: key}, key.key_id)
        return True

    def _from_keyring(self, slot: Slot, *, must: bool) -> DataKey | None:
        name = self._keychain.name
        if name != slot.backend:
            if must:
                raise KeyringChanged(slot.backend, name)
            return None
        text = self._keychain.read(slot.vault_id)
        return None if text is None else key_by_entry(slot, text)
