"""The vault: what seals, what opens, and what a lost, wrong or contested key does."""

import os
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clock import MovableClock
from partner_tokens.core.database import Database
from partner_tokens.core.datakey import DataKey, stretched
from partner_tokens.core.errors.keys import (
    KeyMissing,
    KeyReplaced,
    KeyringChanged,
    KeyringDenied,
    KeyringLocked,
    Locked,
    NoKeyYet,
    SecretUnreadable,
    WrongPassphrase,
)
from partner_tokens.core.errors.store import StoreUnwritable
from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.keychain import USERNAME, Keychain, service_of
from partner_tokens.core.sealing import Sealed, Slot, SlotKind
from partner_tokens.core.secret import Secret
from partner_tokens.core.slots import Slots
from partner_tokens.core.vault import Vault
from partner_tokens.core.wrapping import passphrase_slot
from partner_tokens.sandbox.memory_keyring import MemoryBackend

API_TOKEN = Secret("token-marker-0123456789")
PASSPHRASE = Secret("correct horse")
ROW = {"token_id": "t1", "endpoint": "https://console.navigator.vmware.com"}
QUICK = 15


class Bench:
    """One store and one keyring, and as many programs on them as a test wants."""

    def __init__(self, folder: Path) -> None:
        self.clock = MovableClock()
        self.path = folder / "data" / "tokens.sqlite3"
        self.database = Database(self.path, folder / "data" / "backups", self.clock)
        self.slots = Slots(self.database, self.clock)
        self.backend = MemoryBackend()
        self.keychains: list[Keychain] = []

    def vault(self, backend: MemoryBackend | None = None) -> Vault:
        """The vault as a program just started has it."""
        keychain = Keychain(lambda: backend or self.backend)
        self.keychains.append(keychain)
        return Vault(self.slots, keychain, self.clock, cost=QUICK)

    def add_passphrase(self, vault: Vault) -> None:
        """Lets the passphrase open the current key of an open vault as well."""
        slot = passphrase_slot(vault.current_key, PASSPHRASE, QUICK, self.clock())
        self.slots.change(self.slots.slots(), put=[slot])

    def rewrite(self, slot: Slot) -> None:
        """Changes the first slot on disk, as a hostile or damaged file would."""
        with self.database.writing() as connection:
            connection.execute(
                "UPDATE slots SET key_id = ?, wrapped_key = ?, salt = ?, cost = ?, nonce = ?, "
                "vault_id = ? WHERE position = 1",
                (slot.key_id, slot.wrapped_key, slot.salt, slot.cost, slot.nonce, slot.vault_id),
            )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    for keychain in bench.keychains:
        keychain.stop_waiting()
    bench.database.close()


# ---- beginning and unlocking ------------------------------------------------------------------


def test_what_one_program_seals_the_next_opens(bench: Bench) -> None:
    first = bench.vault()
    first.begin_with_keyring()
    sealed = first.seal(API_TOKEN, **ROW)
    second = bench.vault()
    second.unlock()
    assert second.is_open
    assert second.open(sealed, **ROW) == API_TOKEN
    assert second.key_id == first.key_id == sealed.key_id
    assert second.slot_kinds() == {SlotKind.KEYRING}


def test_a_passphrase_opens_a_store_without_any_keyring(bench: Bench) -> None:
    first = bench.vault()
    first.begin_with_passphrase(PASSPHRASE)
    sealed = first.seal(API_TOKEN, **ROW)
    second = bench.vault()
    with pytest.raises(Locked):
        second.unlock()
    with pytest.raises(WrongPassphrase):
        second.unlock_with(Secret("incorrect horse"))
    second.unlock_with(PASSPHRASE)
    assert second.open(sealed, **ROW) == API_TOKEN
    assert bench.backend.entries == {}
    assert second.slot_kinds() == {SlotKind.PASSPHRASE}


def test_a_passphrase_typed_in_another_unicode_form_is_the_same(bench: Bench) -> None:
    bench.vault().begin_with_passphrase(Secret("caf\u00e9 caf\u00e9"))
    bench.vault().unlock_with(Secret("cafe\u0301 cafe\u0301"))


def test_a_passphrase_no_encoder_takes_is_wrong_not_an_accident(bench: Bench) -> None:
    bench.vault().begin_with_passphrase(PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        bench.vault().unlock_with(Secret("\udcff not utf-8"))


def test_a_file_full_of_slots_does_not_make_an_unlock_last(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def counting(passphrase: Secret, salt: bytes, cost: int) -> bytes | None:
        tried.append(cost)
        return stretched(passphrase, salt, cost)

    vault = bench.vault()
    vault.begin_with_passphrase(Secret("the very first"))
    words = [*(f"another one {number}" for number in range(7)), "correct horse"]
    more = [passphrase_slot(vault.current_key, Secret(w), QUICK, bench.clock()) for w in words]
    bench.slots.change(bench.slots.slots(), put=more)
    monkeypatch.setattr("partner_tokens.core.wrapping.stretched", counting)
    bench.vault().unlock_with(PASSPHRASE)
    assert len(tried) == 1  # the newest first
    tried.clear()
    with pytest.raises(WrongPassphrase):
        bench.vault().unlock_with(Secret("the very first"))
    assert len(tried) == 8  # each takes some tenths of a second


def test_a_short_passphrase_is_not_taken(bench: Bench) -> None:
    for begin in (bench.vault().begin_with_passphrase, bench.vault().begin_anew_with_passphrase):
        with pytest.raises(InputError):
            begin(Secret("1234567"))
    assert bench.slots.slots() == ()


def test_before_the_first_key_nothing_is_opened_or_sealed(bench: Bench) -> None:
    vault = bench.vault()
    with pytest.raises(NoKeyYet):
        vault.unlock()
    with pytest.raises(NoKeyYet):
        vault.unlock_with(PASSPHRASE)
    assert vault.slot_kinds() == frozenset()
    assert vault.key_id == ""
    for deed in locked_deeds(vault):
        with pytest.raises(Locked):
            deed()


def locked_deeds(vault: Vault) -> list[Callable[[], object]]:
    sealed = Sealed("k", b"n" * 12, b"c" * 20)
    return [
        lambda: vault.seal(API_TOKEN, **ROW),
        lambda: vault.open(sealed, **ROW),
        lambda: vault.fingerprint(API_TOKEN),
        lambda: vault.current_key,
    ]


def test_a_closed_vault_forgets_its_keys(bench: Bench) -> None:
    vault = bench.vault()
    vault.begin_with_keyring()
    key_id = vault.key_id
    assert vault.can_open(key_id)
    vault.close()
    assert not vault.is_open
    assert not vault.is_stale
    assert not vault.can_open(key_id)
    for deed in locked_deeds(vault):
        with pytest.raises(Locked):
            deed()


def test_sealing_and_opening_never_ask_the_keyring(bench: Bench) -> None:
    vault = bench.vault()
    vault.begin_with_keyring()
    bench.backend.locked = True
    assert vault.open(vault.seal(API_TOKEN, **ROW), **ROW) == API_TOKEN


def test_a_beginning_looks_writes_and_looks_again_and_asks_no_more(bench: Bench) -> None:
    asked = []

    class Noting(MemoryBackend):
        def get_password(self, service: str, username: str) -> str | None:
            asked.append("read")
            return super().get_password(service, username)

        def set_password(self, service: str, username: str, password: str) -> None:
            asked.append("write")
            super().set_password(service, username, password)

    backend = Noting("Memory")
    keychain = Keychain(lambda: backend)
    bench.keychains.append(keychain)
    Vault(bench.slots, keychain, bench.clock).begin_with_keyring()
    assert asked == ["read", "write", "read"]


def test_a_second_beginning_opens_the_first_key(bench: Bench) -> None:
    first = bench.vault()
    first.begin_with_keyring()
    second = bench.vault()
    second.begin_with_keyring()
    assert second.key_id == first.key_id
    assert len(bench.backend.entries) == 1


def test_a_second_beginning_with_a_passphrase_opens_the_first_key(bench: Bench) -> None:
    first = bench.vault()
    first.begin_with_passphrase(PASSPHRASE)
    second = bench.vault()
    second.begin_with_passphrase(PASSPHRASE)
    assert second.key_id == first.key_id
    with pytest.raises(WrongPassphrase):
        bench.vault().begin_with_passphrase(Secret("another passphrase"))


class Racing:
    """A shelf on which another program puts its slot just before ours."""

    def __init__(self, slots: Slots, other: Callable[[], None]) -> None:
        self.slots, self.change, self._slots = slots.slots, slots.change, slots
        self.plan, self.forget_entry = slots.plan, slots.forget_entry
        self._other = other

    def put_first(self, slot: Slot) -> bool:
        self._other()
        return self._slots.put_first(slot)


def test_who_loses_the_race_takes_back_its_entry_and_opens_the_winners_key(bench: Bench) -> None:
    winner = bench.vault()
    keychain = Keychain(lambda: bench.backend)
    bench.keychains.append(keychain)
    loser = Vault(Racing(bench.slots, winner.begin_with_keyring), keychain, bench.clock)
    loser.begin_with_keyring()
    assert loser.key_id == winner.key_id
    (slot,) = bench.slots.slots()
    assert list(bench.backend.entries) == [(service_of(slot.vault_id), USERNAME)]
    bench.clock.forward(days=30)
    assert bench.slots.spent_entries() == ()  # so that no later start asks the keyring for it


def test_who_begins_anew_while_another_program_does_takes_back_its_entry(bench: Bench) -> None:
    class Prompting(MemoryBackend):
        """Asks its user first, who meanwhile does the same elsewhere."""

        def set_password(self, service: str, username: str, password: str) -> None:
            super().set_password(service, username, password)
            winner.begin_anew_with_keyring()

    bench.vault().begin_with_keyring()
    winner, prompting = bench.vault(), Prompting()
    prompting.entries = bench.backend.entries
    loser = bench.vault(prompting)
    with pytest.raises(KeyReplaced):
        loser.begin_anew_with_keyring()
    assert not loser.is_open
    named = {service_of(slot.vault_id) for slot in bench.slots.slots()}
    assert {service for service, _name in bench.backend.entries} == named
    assert winner.key_id == bench.slots.slots()[-1].key_id


def test_a_renewed_key_does_not_open_a_vault_that_was_closed_meanwhile(bench: Bench) -> None:
    vault = bench.vault()
    vault.begin_with_keyring()
    renewed = DataKey.make()
    vault.go_on_with(renewed)
    assert vault.key_id == renewed.key_id
    vault.close()
    vault.go_on_with(DataKey.make())
    assert not vault.is_open


def test_who_loses_the_race_with_a_passphrase_tries_it_on_the_winners_slot(bench: Bench) -> None:
    winner = bench.vault()
    shelf = Racing(bench.slots, lambda: winner.begin_with_passphrase(PASSPHRASE))
    loser = Vault(shelf, Keychain(MemoryBackend), bench.clock, cost=QUICK)
    loser.begin_with_passphrase(PASSPHRASE)
    assert loser.key_id == winner.key_id


# ---- a keyring that fails ---------------------------------------------------------------------


def test_the_keyring_never_holds_the_data_key(bench: Bench) -> None:
    vault = bench.vault()
    vault.begin_with_keyring()
    bench.add_passphrase(vault)
    opened = vault._opened
    assert opened is not None
    data_key = opened.current._material
    (text,) = bench.backend.entries.values()
    assert urlsafe_b64encode(data_key).decode() != text
    bench.database.close()
    for path in bench.path.parent.rglob("*"):
        if path.is_file():
            assert data_key not in path.read_bytes()


def test_a_keyring_that_does_not_keep_what_is_written_makes_no_slot(bench: Bench) -> None:
    bench.backend.forgetful = True
    with pytest.raises(KeyringDenied):
        bench.vault().begin_with_keyring()
    assert bench.slots.slots() == ()


def test_a_locked_keyring_makes_no_slot_and_opens_none(bench: Bench) -> None:
    bench.backend.locked = True
    with pytest.raises(KeyringLocked):
        bench.vault().begin_with_keyring()
    assert bench.slots.slots() == ()
    bench.backend.locked = False
    bench.vault().begin_with_keyring()
    bench.backend.locked = True
    with pytest.raises(KeyringLocked):
        bench.vault().unlock()


@pytest.mark.parametrize("text", [None, "", "\0", "not base64 é", "AAAA", "A" * 43 + "="])
def test_an_entry_that_is_missing_or_wrong_is_not_taken_for_a_first_start(
    bench: Bench, text: str | None
) -> None:
    bench.vault().begin_with_keyring()
    (place, before) = bench.backend.entries.popitem()
    if text is not None:
        bench.backend.entries[place] = text
    slots = bench.slots.slots()
    for deed in (bench.vault().unlock, bench.vault().begin_with_keyring):
        with pytest.raises(KeyMissing):
            deed()
    assert bench.slots.slots() == slots
    assert bench.backend.entries.get(place) == text
    bench.backend.entries[place] = before
    bench.vault().unlock()


def test_another_keyring_is_named_and_never_swapped_in(bench: Bench) -> None:
    bench.vault().begin_with_keyring()
    other = MemoryBackend("Another")
    with pytest.raises(KeyringChanged) as caught:
        bench.vault(other).unlock()
    assert (caught.value.expected, caught.value.found) == ("Memory", "Another")
    assert other.entries == {}


def test_a_recovery_passphrase_opens_the_store_when_the_entry_is_lost(bench: Bench) -> None:
    vault = bench.vault()
    vault.begin_with_keyring()
    sealed = vault.seal(API_TOKEN, **ROW)
    bench.add_passphrase(vault)
    bench.backend.entries.clear()
    again = bench.vault()
    assert again.slot_kinds() == {SlotKind.KEYRING, SlotKind.PASSPHRASE}
    with pytest.raises(KeyMissing):
        again.unlock()
    again.unlock_with(PASSPHRASE)
    assert again.open(sealed, **ROW) == API_TOKEN


# ---- beginning anew ---------------------------------------------------------------------------


def test_a_new_key_leaves_old_rows_unreadable_until_the_old_entry_returns(bench: Bench) -> None:
    old = bench.vault()
    old.begin_with_keyring()
    old_row = old.seal(API_TOKEN, **ROW)
    lost = dict(bench.backend.entries)
    bench.backend.entries.clear()

    bench.vault().begin_anew_with_keyring()
    vault = bench.vault()
    vault.unlock()
    new_row = vault.seal(API_TOKEN, **ROW)
    assert not vault.can_open(old_row.key_id)
    with pytest.raises(SecretUnreadable):
        vault.open(old_row, **ROW)

    bench.backend.entries |= lost
    vault = bench.vault()
    vault.unlock()
    assert vault.open(old_row, **ROW) == vault.open(new_row, **ROW) == API_TOKEN
    assert vault.key_id == new_row.key_id


def test_an_open_vault_keeps_its_older_keys_when_it_begins_anew(bench: Bench) -> None:
    vault = bench.vault()
    vault.begin_with_keyring()
    row = vault.seal(API_TOKEN, **ROW)
    vault.begin_anew_with_passphrase(PASSPHRASE)
    assert vault.open(row, **ROW) == API_TOKEN
    assert vault.slot_kinds() == {SlotKind.PASSPHRASE}
    again = bench.vault()
    with pytest.raises(Locked):
        again.unlock()
    again.unlock_with(PASSPHRASE)
    assert not again.can_open(row.key_id)


def test_an_older_slot_of_another_keyring_does_not_stand_in_the_way(bench: Bench) -> None:
    bench.vault(MemoryBackend("Another")).begin_with_keyring()
    bench.vault().begin_anew_with_keyring()
    vault = bench.vault()
    vault.unlock()
    assert vault.key_id == bench.slots.slots()[-1].key_id


# ---- what is sealed is bound ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sealed_for", "opened_for"),
    [
        ({}, {"token_id": "t2"}),
        ({}, {"endpoint": "https://console.navigator.vmware.com.evil.example"}),
        ({}, {"kind": "note"}),
        ({"token_id": "ab", "endpoint": "c"}, {"token_id": "a", "endpoint": "bc"}),
    ],
)
def test_a_row_moved_elsewhere_does_not_open(
    bench: Bench, sealed_for: dict[str, str], opened_for: dict[str, str]
) -> None:
    vault = bench.vault()
    vault.begin_with_keyring()
    sealed = vault.seal(API_TOKEN, **{**ROW, **sealed_for})
    with pytest.raises(SecretUnreadable) as caught:
        vault.open(sealed, **{**ROW, **opened_for})
    assert API_TOKEN.reveal() not in str(caught.value)


@pytest.mark.parametrize(
    "damage", [{"nonce": b""}, {"nonce": b"n" * 12}, {"ciphertext": b""}, {"ciphertext": b"c" * 40}]
)
def test_a_damaged_row_does_not_open(bench: Bench, damage: dict[str, bytes]) -> None:
    vault = bench.vault()
    vault.begin_with_keyring()
    sealed = vault.seal(API_TOKEN, **ROW)
    nonce = damage.get("nonce", sealed.nonce)
    ciphertext = damage.get("ciphertext", sealed.ciphertext)
    with pytest.raises(SecretUnreadable):
        vault.open(Sealed(sealed.key_id, nonce, ciphertext), **ROW)


def test_the_same_secret_is_never_sealed_alike_and_has_one_fingerprint(bench: Bench) -> None:
    vault = bench.vault()
    vault.begin_with_keyring()
    one, two = vault.seal(API_TOKEN, **ROW), vault.seal(API_TOKEN, **ROW)
    assert one.nonce != two.nonce
    assert one.ciphertext != two.ciphertext
    assert len(one.nonce) == 12
    again = bench.vault()
    again.unlock()
    assert vault.fingerprint(API_TOKEN) == again.fingerprint(Secret(API_TOKEN.reveal()))
    assert vault.fingerprint(API_TOKEN) != vault.fingerprint(Secret("another"))
    elsewhere = bench.vault()
    elsewhere.begin_anew_with_keyring()
    assert elsewhere.fingerprint(API_TOKEN) != vault.fingerprint(API_TOKEN)


@pytest.mark.parametrize("cost", [0, 1, 14, 18, 62, -1])
def test_a_slot_that_asks_for_another_effort_is_not_tried(bench: Bench, cost: int) -> None:
    bench.vault().begin_with_passphrase(PASSPHRASE)
    (slot,) = bench.slots.slots()
    bench.rewrite(replace(slot, cost=cost))
    with pytest.raises(WrongPassphrase):
        bench.vault().unlock_with(PASSPHRASE)


@pytest.mark.parametrize(
    "change",
    [
        lambda slot: replace(slot, salt=b""),
        lambda slot: replace(slot, nonce=b""),
        lambda slot: replace(slot, wrapped_key=b"short"),
        lambda slot: replace(slot, key_id="another"),
        lambda slot: replace(slot, vault_id="another"),
    ],
)
def test_a_slot_changed_on_disk_does_not_open(bench: Bench, change: Callable[[Slot], Slot]) -> None:
    bench.vault().begin_with_passphrase(PASSPHRASE)
    (slot,) = bench.slots.slots()
    bench.rewrite(change(slot))
    with pytest.raises(WrongPassphrase):
        bench.vault().unlock_with(PASSPHRASE)


def test_the_effort_of_new_slots_is_bounded_too(bench: Bench) -> None:
    for cost in (14, 18):
        with pytest.raises(ValueError, match="bounds"):
            Vault(bench.slots, Keychain(MemoryBackend), bench.clock, cost=cost)


def test_a_store_that_cannot_be_written_leaves_the_vault_closed(bench: Bench) -> None:
    vault = bench.vault()
    assert bench.slots.slots() == ()
    with bench.database.reading() as connection:
        connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreUnwritable):
        vault.begin_with_keyring()
    assert not vault.is_open


# ---- two programs, one real keyring -----------------------------------------------------------

BEGINNER = """
import sys
from pathlib import Path
from partner_tokens.core.clock import utc_now
from partner_tokens.core.database import Database
from partner_tokens.core.keychain import Keychain
from partner_tokens.core.slots import Slots
from partner_tokens.core.vault import Vault

path = Path(sys.argv[1])
slots = Slots(Database(path, path.parent / "backups", utc_now), utc_now)
vault = Vault(slots, Keychain(), utc_now)
print("ready", flush=True)
sys.stdin.readline()
vault.begin_with_keyring()
print(vault.key_id, flush=True)
"""


@pytest.mark.keyring
@pytest.mark.skipif(sys.platform != "linux", reason="GNOME Keyring runs on Linux")
def test_programs_that_begin_at_once_agree_on_one_key_and_one_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keyring_session import KeyringSession

    session = KeyringSession(tmp_path)
    session.enter(monkeypatch)
    path = tmp_path / "data" / "tokens.sqlite3"
    source = Path(__file__).parents[2] / "gui"
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", BEGINNER, str(path)],
            env={**os.environ, "PYTHONPATH": str(source)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    keys = {program.communicate(timeout=30)[0].strip() for program in programs}
    clock = MovableClock()
    database = Database(path, tmp_path / "backups", clock)
    (slot,) = Slots(database, clock).slots()
    database.close()
    assert keys == {slot.key_id}
    with session.collection() as collection:
        assert collection is not None
        labels = [item.get_attributes()["service"] for item in collection.get_all_items()]
    session.stop()
    assert labels == [service_of(slot.vault_id)]
