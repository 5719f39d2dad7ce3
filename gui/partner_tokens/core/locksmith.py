"""Changes what opens the tokens: a passphrase or the keyring, and the data key itself."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from partner_tokens.core.clock import Clock
from partner_tokens.core.datakey import DEAREST, DataKey
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.keys import (
    KeyMissing,
    KeyReplaced,
    KeyringChanged,
    LastWayIn,
    SecretUnreadable,
    WrongPassphrase,
)
from partner_tokens.core.sealing import Bound, Sealed, Slot, SlotKind
from partner_tokens.core.secret import Secret
from partner_tokens.core.wrapping import (
    key_by_entry,
    key_by_passphrase,
    keyring_slot,
    passphrase_slot,
)

if TYPE_CHECKING:
    from partner_tokens.core.keychain import Keychain
    from partner_tokens.core.slots import Rotation, Slots
    from partner_tokens.core.vault import Vault


@dataclass(frozen=True, slots=True)
class Holding:
    """What opens the tokens, and since when; an instant is None where that does not.

    `keyring` is the keyring's name. `strangers` counts secrets under keys that are not at hand.
    """

    keyring: str
    keyring_since: datetime | None
    passphrase_since: datetime | None
    strangers: int


class Locksmith:
    """Deeds on the slots of the current data key; the vault must be open (Locked).

    An entry of the keyring is made before the slot that needs it, and deleted after the slot that
    needed it is gone from the store and all its copies: whenever the program is killed, the store
    opens. What is left over is cleared away by `sweep`.

    All but `holding` may wait for the keyring and raise its errors. All raise KeyReplaced where
    another program has changed the slots, and the errors of the store: then nothing was changed.
    """

    def __init__(
        self,
        slots: "Slots",
        vault: "Vault",
        keychain: "Keychain",
        clock: Clock,
        cost: int = DEAREST,
    ) -> None:
        self._slots = slots
        self._vault = vault
        self._keychain = keychain
        self._clock = clock
        self._cost = cost

    def holding(self) -> Holding:
        """What opens the tokens now."""
        slots = self._slots.slots()
        by = {slot.kind: slot for slot in slots if slot.key_id == slots[-1].key_id}
        keyring, passphrase = by.get(SlotKind.KEYRING), by.get(SlotKind.PASSPHRASE)
        return Holding(
            keyring.backend if keyring else "",
            keyring.made_at if keyring else None,
            passphrase.made_at if passphrase else None,
            self._slots.strangers(self._vault.can_open) if self._vault.is_open else 0,
        )

    # ---- the passphrase -----------------------------------------------------------------------

    def set_passphrase(self, passphrase: Secret) -> None:
        """Lets this passphrase open the tokens, in the place of the one before. InputError."""
        seen, key = self._current()
        slot = passphrase_slot(key, passphrase, self._cost, self._clock())
        self._slots.change(seen, put=[slot], drop=_of(seen, SlotKind.PASSPHRASE))

    def remove_passphrase(self) -> None:
        """Lets only the keyring open the tokens, after it has shown that it does.

        Raises LastWayIn, KeyMissing and KeyringChanged.
        """
        seen, _key = self._current()
        self._prove_keyring(_of(seen, SlotKind.KEYRING))
        self._slots.change(seen, drop=_of(seen, SlotKind.PASSPHRASE))

    # ---- the keyring --------------------------------------------------------------------------

    def add_keyring(self) -> None:
        """Lets this session's keyring open the tokens, in the place of an entry before."""
        seen, key = self._current()
        with self._made(key) as slot:
            self._slots.change(seen, put=[slot], drop=_of(seen, SlotKind.KEYRING))
        self.sweep()

    def remove_keyring(self, passphrase: Secret) -> None:
        """Lets only a passphrase open the tokens: the one that does already, else this new one.

        Raises WrongPassphrase and InputError.
        """
        seen, key = self._current()
        put = []
        if known := _of(seen, SlotKind.PASSPHRASE):
            _prove_passphrase(known, passphrase)
        else:
            put = [passphrase_slot(key, passphrase, self._cost, self._clock())]
        self._slots.change(seen, put=put, drop=_of(seen, SlotKind.KEYRING))
        self.sweep()

    # ---- the data key -------------------------------------------------------------------------

    def rotate(self, passphrase: Secret | None) -> "Rotation":
        """Renews the data key, seals every secret anew, and wraps the key by new slots.

        Without its passphrase a passphrase slot is dropped. Raises WrongPassphrase, LastWayIn
        where nothing else opens the tokens, and KeyringChanged.
        """
        seen, _old = self._current()
        keyring, known = _of(seen, SlotKind.KEYRING), _of(seen, SlotKind.PASSPHRASE)
        new, put = DataKey.make(), []
        if known and passphrase is not None:
            _prove_passphrase(known, passphrase)
            put = [passphrase_slot(new, passphrase, self._cost, self._clock())]
        if not keyring:
            if not put:
                raise LastWayIn
            return self._rotate(seen, put, new)
        self._refuse_other_keyring(keyring[-1])
        with self._made(new) as slot:
            rotation = self._rotate(seen, [slot, *put], new)
        self.sweep()
        return rotation

    def _rotate(self, seen: tuple[Slot, ...], put: list[Slot], new: DataKey) -> "Rotation":
        def reseal(bound: Bound) -> tuple[Sealed, bytes] | None:
            older = self._vault.key(bound.sealed.key_id)
            if older is None:
                return None
            try:
                return new.take_over(bound.sealed, older, bound.kind, bound.id, bound.endpoint)
            except SecretUnreadable:
                return None

        return self._slots.rotate(seen, put, reseal, committed=lambda: self._vault.go_on_with(new))

    # ---- entries of the keyring ---------------------------------------------------------------

    def sweep(self) -> None:
        """Deletes entries that no slot needs any more, and that no copy of the store can need.

        What cannot be deleted now is deleted some other time: nothing is raised.
        """
        with suppress(AppError):
            for vault_id, backend in self._slots.spent_entries():
                if backend != self._keychain.name:
                    continue
                if self._keychain.read(vault_id) is not None:
                    self._keychain.delete(vault_id)
                self._slots.forget_entry(vault_id)

    @contextmanager
    def _made(self, key: DataKey) -> Iterator[Slot]:
        """A keyring slot and its entry; what is done inside stores the slot, or refuses to.

        After an error of the disk nobody knows whether the slot was stored: then the entry stays,
        and `sweep` decides later.
        """
        slot, text = keyring_slot(key, self._keychain.name, self._clock())
        self._slots.plan(slot)
        self._keychain.create(slot.vault_id, text)
        try:
            yield slot
        except (KeyReplaced, LastWayIn):
            with suppress(AppError):
                self._keychain.delete(slot.vault_id)
                self._slots.forget_entry(slot.vault_id)
            raise

    # ---- inside -------------------------------------------------------------------------------

    def _current(self) -> tuple[tuple[Slot, ...], DataKey]:
        """The slots as they are, and the key that the last of them wraps."""
        key, seen = self._vault.current_key, self._slots.slots()
        if not seen or seen[-1].key_id != key.key_id:
            raise KeyReplaced
        return seen, key

    def _prove_keyring(self, slots: Sequence[Slot]) -> None:
        if not slots:
            raise LastWayIn
        slot = slots[-1]
        self._refuse_other_keyring(slot)
        text = self._keychain.read(slot.vault_id)
        if text is None or key_by_entry(slot, text) is None:
            raise KeyMissing

    def _refuse_other_keyring(self, slot: Slot) -> None:
        name = self._keychain.name
        if name != slot.backend:
            raise KeyringChanged(slot.backend, name)


def _of(seen: Sequence[Slot], kind: SlotKind) -> tuple[Slot, ...]:
    """The slots of this kind that wrap the current data key."""
    return tuple(slot for slot in seen if slot.kind is kind and slot.key_id == seen[-1].key_id)


def _prove_passphrase(slots: Sequence[Slot], passphrase: Secret) -> None:
    if not any(key_by_passphrase(slot, passphrase) for slot in slots):
        raise WrongPassphrase
