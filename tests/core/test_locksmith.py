"""What opens the tokens is changed; rows, copies and the keyring's entries follow."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from clock import MovableClock
from core.keyroom import ENDPOINT, NOW, Keyroom, Program, opened, secret_of
from partner_tokens.core.errors.keys import (
    KeyMissing,
    KeyReplaced,
    KeyringChanged,
    KeyringLocked,
    LastWayIn,
    Locked,
    SecretUnreadable,
    WrongPassphrase,
)
from partner_tokens.core.errors.store import StoreUnwritable
from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.registry import Draft
from partner_tokens.core.sealing import Sealed, Slot, SlotKind
from partner_tokens.core.secret import Secret
from partner_tokens.core.slots import PLANNED_FOR, Rotation
from partner_tokens.core.tokens import ApiToken, Kind, Organization, State
from partner_tokens.sandbox.memory_keyring import MemoryBackend

PASSPHRASE = Secret("correct horse")
ANOTHER = Secret("another battery")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Keyroom]:
    made = Keyroom(tmp_path)
    yield made
    made.memory.resume()
    made.end()


@pytest.fixture
def one(room: Keyroom) -> Program:
    return room.begun()


class Witness(MovableClock):
    """A clock that looks around whenever somebody asks it."""

    look: Callable[[], None] | None = None

    def __call__(self) -> datetime:
        if self.look is not None:
            self.look()
        return super().__call__()


def kinds(program: Program) -> set[SlotKind]:
    return set(program.vault.slot_kinds())


# ---- the passphrase ---------------------------------------------------------------------------


def test_a_recovery_passphrase_opens_what_the_keyring_opens(room: Keyroom, one: Program) -> None:
    one.add("t1")
    room.clock.forward(days=3)
    one.locksmith.set_passphrase(PASSPHRASE)
    room.memory.entries.clear()
    again = room.program()
    with pytest.raises(KeyMissing):
        again.vault.unlock()
    again.vault.unlock_with(PASSPHRASE)
    assert opened(again) == {"t1": secret_of("t1")}
    holding = again.locksmith.holding()
    assert (holding.keyring, holding.strangers) == ("Memory", 0)
    assert holding.keyring_since == room.clock() - timedelta(days=3)
    assert holding.passphrase_since == room.clock()


def test_a_changed_passphrase_takes_the_place_of_the_one_before(
    room: Keyroom, one: Program
) -> None:
    one.locksmith.set_passphrase(PASSPHRASE)
    one.locksmith.set_passphrase(ANOTHER)
    assert [s.kind for s in one.slots.slots()] == [SlotKind.KEYRING, SlotKind.PASSPHRASE]
    with pytest.raises(WrongPassphrase):
        room.program().vault.unlock_with(PASSPHRASE)
    room.program().vault.unlock_with(ANOTHER)


def test_the_passphrase_of_a_store_without_keyring_can_be_changed(room: Keyroom) -> None:
    program = room.program()
    program.vault.begin_with_passphrase(PASSPHRASE)
    program.add("t1")
    program.locksmith.set_passphrase(ANOTHER)
    again = room.program()
    again.vault.unlock_with(ANOTHER)
    assert opened(again) == {"t1": secret_of("t1")}
    assert room.memory.entries == {}


def test_a_short_passphrase_changes_nothing(one: Program) -> None:
    before = one.slots.slots()
    for deed in (one.locksmith.set_passphrase, one.locksmith.remove_keyring):
        with pytest.raises(InputError):
            deed(Secret("1234567"))
    assert one.slots.slots() == before


def test_a_passphrase_goes_once_the_keyring_has_shown_that_it_opens(
    room: Keyroom, one: Program
) -> None:
    one.locksmith.set_passphrase(PASSPHRASE)
    one.locksmith.remove_passphrase()
    assert kinds(one) == {SlotKind.KEYRING}
    with pytest.raises(WrongPassphrase):
        room.program().vault.unlock_with(PASSPHRASE)
    room.program().vault.unlock()


def test_a_passphrase_stays_while_the_keyring_does_not_open(room: Keyroom, one: Program) -> None:
    one.locksmith.set_passphrase(PASSPHRASE)
    slots = one.slots.slots()
    entries = dict(room.memory.entries)
    for spoil, error in (
        (room.memory.entries.clear, KeyMissing),
        (lambda: room.memory.entries.update(dict.fromkeys(entries, "AAAA")), KeyMissing),
        (lambda: setattr(room.memory, "locked", True), KeyringLocked),
    ):
        spoil()
        with pytest.raises(error):
            one.locksmith.remove_passphrase()
    other = room.program(MemoryBackend("Another"))
    other.vault.unlock_with(PASSPHRASE)
    with pytest.raises(KeyringChanged):
        other.locksmith.remove_passphrase()
    assert one.slots.slots() == slots


# ---- the last way in --------------------------------------------------------------------------


def test_the_last_passphrase_stays(room: Keyroom) -> None:
    program = room.program()
    program.vault.begin_with_passphrase(PASSPHRASE)
    with pytest.raises(LastWayIn):
        program.locksmith.remove_passphrase()
    assert kinds(program) == {SlotKind.PASSPHRASE}


def test_no_change_leaves_the_current_key_without_a_slot(one: Program) -> None:
    slots = one.slots.slots()
    with pytest.raises(LastWayIn):
        one.slots.change(slots, drop=slots)
    one.vault.begin_anew_with_passphrase(PASSPHRASE)
    both = one.slots.slots()
    with pytest.raises(LastWayIn):  # the older one opens older rows only
        one.slots.change(both, drop=both[1:])
    assert one.slots.slots() == both


def test_a_locked_vault_changes_nothing(room: Keyroom, one: Program) -> None:
    slots = one.slots.slots()
    locksmith = room.program().locksmith
    for deed in deeds(locksmith):
        with pytest.raises(Locked):
            deed()
    assert one.slots.slots() == slots


def deeds(locksmith: object) -> list[Callable[[], object]]:
    from partner_tokens.core.locksmith import Locksmith

    assert isinstance(locksmith, Locksmith)
    return [
        lambda: locksmith.set_passphrase(PASSPHRASE),
        locksmith.remove_passphrase,
        locksmith.add_keyring,
        lambda: locksmith.remove_keyring(PASSPHRASE),
        lambda: locksmith.rotate(None),
    ]


# ---- the keyring ------------------------------------------------------------------------------


def test_from_the_keyring_to_a_passphrase_and_back(room: Keyroom, one: Program) -> None:
    one.add("t1")
    one.locksmith.remove_keyring(PASSPHRASE)
    assert room.memory.entries == {}
    passphrase_only = room.program()
    with pytest.raises(Locked):
        passphrase_only.vault.unlock()
    passphrase_only.vault.unlock_with(PASSPHRASE)
    assert opened(passphrase_only) == {"t1": secret_of("t1")}

    passphrase_only.locksmith.add_keyring()
    passphrase_only.locksmith.remove_passphrase()
    back = room.program()
    back.vault.unlock()
    assert opened(back) == {"t1": secret_of("t1")}
    assert kinds(back) == {SlotKind.KEYRING}
    assert room.entries() == {slot.vault_id for slot in back.slots.slots()}


def test_the_keyring_goes_only_for_the_passphrase_that_opens(room: Keyroom, one: Program) -> None:
    one.locksmith.set_passphrase(PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        one.locksmith.remove_keyring(ANOTHER)
    assert kinds(one) == {SlotKind.KEYRING, SlotKind.PASSPHRASE}
    one.locksmith.remove_keyring(PASSPHRASE)
    assert kinds(one) == {SlotKind.PASSPHRASE}
    assert room.memory.entries == {}


def test_a_lost_entry_is_made_anew_once_the_passphrase_has_opened(
    room: Keyroom, one: Program
) -> None:
    one.add("t1")
    one.locksmith.set_passphrase(PASSPHRASE)
    room.memory.entries.clear()
    again = room.program()
    again.vault.unlock_with(PASSPHRASE)
    again.locksmith.add_keyring()
    third = room.program()
    third.vault.unlock()
    assert opened(third) == {"t1": secret_of("t1")}
    assert len(room.memory.entries) == 1
    assert kinds(third) == {SlotKind.KEYRING, SlotKind.PASSPHRASE}


def test_another_keyring_takes_over_only_when_it_is_asked_to(room: Keyroom, one: Program) -> None:
    one.locksmith.set_passphrase(PASSPHRASE)
    other = MemoryBackend("Another")
    moved = room.program(other)
    moved.vault.unlock_with(PASSPHRASE)
    with pytest.raises(KeyringChanged):
        moved.locksmith.rotate(PASSPHRASE)
    moved.locksmith.add_keyring()
    room.program(other).vault.unlock()
    assert len(other.entries) == 1
    assert len(room.memory.entries) == 1  # it lies where this session cannot reach it
    one.vault.unlock_with(PASSPHRASE)
    one.locksmith.sweep()
    assert room.memory.entries == {}


@pytest.mark.parametrize("deed", ["add", "rotate"])
def test_a_keyring_that_refuses_changes_nothing(room: Keyroom, one: Program, deed: str) -> None:
    one.add("t1")
    slots, sealed = one.slots.slots(), one.store.sealed("t1")
    room.memory.locked = True
    with pytest.raises(KeyringLocked):
        one.locksmith.add_keyring() if deed == "add" else one.locksmith.rotate(None)
    room.memory.locked = False
    assert (one.slots.slots(), one.store.sealed("t1")) == (slots, sealed)
    again = room.program()
    again.vault.unlock()
    assert opened(again) == {"t1": secret_of("t1")}


# ---- the data key -----------------------------------------------------------------------------


def test_a_new_data_key_seals_every_secret_anew(room: Keyroom, one: Program) -> None:
    live = one.add("live")
    one.add("app", kind=Kind.OAUTH_APP_V1)
    one.add("removed")
    one.trash.put(["removed"])
    one.add_pending("pasted", "live")
    before, (old,) = opened(one), one.slots.slots()

    assert one.locksmith.rotate(None) == Rotation(renewed=4, kept=0)

    again = room.program()
    again.vault.unlock()
    (new,) = again.slots.slots()
    assert opened(again) == before == {id: secret_of(id) for id in before}
    assert len(before) == 4
    assert again.vault.key_id == new.key_id == one.vault.key_id != old.key_id
    assert again.vault.key(old.key_id) is None
    assert room.entries() == {new.vault_id}
    assert again.store.token("live").version == live.version  # so its access token stays at hand
    for id in ("live", "app"):
        print_of = again.vault.fingerprint(Secret(secret_of(id)))
        found = again.store.named_by(print_of)
        assert found is not None
        assert found.id == id
    assert again.trash.named_by(again.vault.fingerprint(Secret(secret_of("removed")))) is not None


def test_a_renewed_key_is_at_hand_from_the_moment_at_which_it_is_stored(tmp_path: Path) -> None:
    """Replacing the copies takes a while, in which many tokens may be asked for."""
    clock = Witness(NOW)
    room = Keyroom(tmp_path, clock=clock)
    one, other = room.begun(), room.program()
    one.add("t1")
    seen: list[tuple[str, str]] = []
    clock.look = lambda: seen.append((other.slots.slots()[-1].key_id, one.vault.key_id))
    old = one.vault.key_id
    one.locksmith.rotate(None)
    clock.look = None
    room.end()
    assert (one.vault.key_id, one.vault.key_id) in seen
    assert old != one.vault.key_id
    assert [stored for stored, at_hand in seen if stored != at_hand] == []


def test_nothing_of_the_old_key_is_left_in_any_file(room: Keyroom, one: Program) -> None:
    one.add("t1")
    one.locksmith.set_passphrase(PASSPHRASE)
    one.database.back_up("daily")
    old = [slot.wrapped_key for slot in one.slots.slots()]
    sealed = one.store.sealed("t1").ciphertext
    assert room.files_with(sealed)
    one.locksmith.rotate(PASSPHRASE)
    for wrapped in old:
        assert room.files_with(wrapped) == []
    assert room.files_with(sealed) == []
    (copy,) = room.copies()
    assert "before" not in copy.name


def test_a_new_data_key_is_opened_by_the_same_passphrase(room: Keyroom, one: Program) -> None:
    one.add("t1")
    one.locksmith.set_passphrase(PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        one.locksmith.rotate(ANOTHER)
    one.locksmith.rotate(PASSPHRASE)
    by_keyring, by_passphrase = room.program(), room.program()
    by_keyring.vault.unlock()
    by_passphrase.vault.unlock_with(PASSPHRASE)
    assert opened(by_keyring) == opened(by_passphrase) == {"t1": secret_of("t1")}


def test_without_the_passphrase_its_slot_is_dropped(room: Keyroom, one: Program) -> None:
    one.locksmith.set_passphrase(PASSPHRASE)
    one.locksmith.rotate(None)
    assert kinds(one) == {SlotKind.KEYRING}
    with pytest.raises(WrongPassphrase):
        room.program().vault.unlock_with(PASSPHRASE)


def test_where_only_a_passphrase_opens_it_is_needed(room: Keyroom) -> None:
    program = room.program()
    program.vault.begin_with_passphrase(PASSPHRASE)
    program.add("t1")
    with pytest.raises(LastWayIn):
        program.locksmith.rotate(None)
    assert program.locksmith.rotate(PASSPHRASE) == Rotation(1, 0)
    again = room.program()
    again.vault.unlock_with(PASSPHRASE)
    assert opened(again) == {"t1": secret_of("t1")}
    assert room.memory.entries == {}


def test_rows_of_a_lost_key_stay_until_it_returns(room: Keyroom, one: Program) -> None:
    one.add("old")
    lost = dict(room.memory.entries)
    room.memory.entries.clear()
    anew = room.program()
    anew.vault.begin_anew_with_keyring()
    anew.add("new")
    assert anew.locksmith.holding().strangers == 1

    assert anew.locksmith.rotate(None) == Rotation(renewed=1, kept=1)
    again = room.program()
    again.vault.unlock()
    assert opened(again) == {"new": secret_of("new")}
    assert [t.result.state for t in again.registry.tokens()] == [State.UNREADABLE, State.UNPROVEN]

    room.memory.entries |= lost
    again.vault.unlock()
    assert opened(again) == {id: secret_of(id) for id in ("old", "new")}
    assert again.locksmith.rotate(None) == Rotation(renewed=2, kept=0)
    assert room.entries() == {slot.vault_id for slot in again.slots.slots()}
    assert len(room.memory.entries) == 1


def test_slots_of_a_lost_key_that_no_row_needs_go(room: Keyroom, one: Program) -> None:
    room.memory.entries.clear()
    anew = room.program()
    anew.vault.begin_anew_with_keyring()
    anew.add("t1")
    assert len(anew.slots.slots()) == 2
    anew.locksmith.rotate(None)
    assert len(anew.slots.slots()) == 1


def test_a_row_that_does_not_open_stays_as_it_is_with_its_key(room: Keyroom, one: Program) -> None:
    one.add("moved")
    one.add("fine")
    with one.database.writing() as connection:
        connection.execute("UPDATE tokens SET endpoint = 'https://x.example' WHERE id = 'moved'")
    assert one.locksmith.rotate(None) == Rotation(renewed=1, kept=1)
    again = room.program()
    again.vault.unlock()
    with again.database.writing() as connection:
        connection.execute("UPDATE tokens SET endpoint = ? WHERE id = 'moved'", (ENDPOINT,))
    assert opened(again) == {id: secret_of(id) for id in ("moved", "fine")}
    assert len(room.memory.entries) == 2


def test_one_secret_under_two_keys_is_sealed_anew_once_and_both_open(
    room: Keyroom, one: Program
) -> None:
    one.add("first", text="the same")
    lost = dict(room.memory.entries)
    room.memory.entries.clear()
    anew = room.program()
    anew.vault.begin_anew_with_keyring()
    anew.add("second", text="the same")
    room.memory.entries |= lost
    anew.vault.unlock()
    assert anew.locksmith.rotate(None) == Rotation(renewed=1, kept=1)
    again = room.program()
    again.vault.unlock()
    assert opened(again) == {"first": "the same", "second": "the same"}
    assert again.store.token("second").key_id == again.vault.key_id


# ---- another program has the old key open -----------------------------------------------------


def stale(room: Keyroom, one: Program) -> Program:
    """A program that was open when another one renewed the key."""
    other = room.program()
    other.vault.unlock()
    one.locksmith.rotate(None)
    return other


def draft(organization: str = "Contoso", secret: str = "a-new-token") -> Draft:
    return Draft(organization, "new", ENDPOINT, Secret(secret))


def test_a_stale_key_seals_nothing_until_the_vault_is_opened_anew(
    room: Keyroom, one: Program
) -> None:
    seen = one.add("t1")
    other = stale(room, one)
    assert other.vault.is_stale
    changed = replace(draft(), name="edited")
    attempts: list[Callable[[], object]] = [
        lambda: other.registry.add(draft(), None),
        lambda: other.registry.edit(seen, changed, None),
        lambda: other.add("t2"),
        lambda: other.store.add_all([batch(other, "t3")]),
    ]
    for attempt in attempts:
        with pytest.raises(KeyReplaced):
            attempt()
    assert [token.name for token in one.store.tokens()] == ["t1"]
    other.vault.unlock()
    assert not other.vault.is_stale
    for attempt in attempts[1:]:  # the very same drafts, and the row as it was seen before
        attempt()
    assert sorted(token.name for token in one.store.tokens()) == ["edited", "t2", "t3"]
    assert len(opened(one)) == 3


def batch(program: Program, id: str) -> tuple[ApiToken, Sealed, bytes]:
    secret = Secret(secret_of(id))
    token = ApiToken(id, Organization("Contoso"), id, ENDPOINT, program.clock())
    sealed = program.vault.seal(secret, token_id=id, endpoint=ENDPOINT)
    return token, sealed, program.vault.fingerprint(secret)


def test_what_is_sealed_before_and_stored_after_is_refused(room: Keyroom, one: Program) -> None:
    token, sealed, fingerprint = batch(one, "t1")
    one.locksmith.rotate(None)
    with pytest.raises(KeyReplaced):
        one.store.add(token, sealed, fingerprint)


def test_an_edit_without_a_secret_needs_no_key(room: Keyroom, one: Program) -> None:
    seen = one.add("t1")
    other = stale(room, one)
    edited = other.registry.edit(seen, replace(draft(), name="renamed", secret=None), None)
    assert edited.name == "renamed"
    assert edited.result.state is not State.UNREADABLE


def test_rows_are_not_called_unreadable_while_the_vault_is_stale(
    room: Keyroom, one: Program
) -> None:
    one.add("t1")
    other = stale(room, one)
    (token,) = other.registry.tokens()
    assert token.result.state is not State.UNREADABLE
    sealed = other.store.sealed("t1")
    with pytest.raises(KeyReplaced):
        other.vault.open(sealed, token_id="t1", endpoint=ENDPOINT)
    other.vault.unlock()
    assert other.vault.open(sealed, token_id="t1", endpoint=ENDPOINT).reveal() == secret_of("t1")
    with pytest.raises(SecretUnreadable):
        other.vault.open(replace(sealed, key_id="?"), token_id="t1", endpoint=ENDPOINT)


def test_a_stale_program_does_no_deed_on_the_slots(room: Keyroom, one: Program) -> None:
    other = stale(room, one)
    slots = one.slots.slots()
    for deed in deeds(other.locksmith):
        with pytest.raises(KeyReplaced):
            deed()
    assert one.slots.slots() == slots
    assert room.entries() == {slot.vault_id for slot in slots}


def test_another_slot_of_the_same_key_makes_nobody_stale(room: Keyroom, one: Program) -> None:
    other = room.program()
    other.vault.unlock()
    one.locksmith.set_passphrase(PASSPHRASE)
    assert not other.vault.is_stale
    other.add("t1")


def test_rows_that_are_stored_during_a_rotation_all_open(room: Keyroom, one: Program) -> None:
    other = room.program()
    other.vault.unlock()
    refused = []

    def store() -> None:
        for number in range(60):
            try:
                other.add(f"t{number}")
            except KeyReplaced:
                refused.append(number)
                other.vault.unlock()
                other.add(f"t{number}")

    def rotate() -> None:
        for _ in range(3):
            one.locksmith.rotate(None)

    run_together([store, rotate])
    again = room.program()
    again.vault.unlock()
    assert len(opened(again)) == 60


def run_together(works: list[Callable[[], None]]) -> None:
    failures: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # told by the test
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


# ---- copies -----------------------------------------------------------------------------------


SLOT_DEEDS: list[Callable[[Program], object]] = [
    lambda p: p.locksmith.set_passphrase(ANOTHER),
    lambda p: p.locksmith.remove_passphrase(),
    lambda p: p.locksmith.add_keyring(),
    lambda p: p.locksmith.remove_keyring(PASSPHRASE),
    lambda p: p.locksmith.rotate(None),
    lambda p: p.vault.begin_anew_with_keyring(),
]


@pytest.mark.parametrize("deed", SLOT_DEEDS)
@pytest.mark.parametrize("left", ["live", "removed", "nothing"])
def test_every_change_of_slots_replaces_all_copies(
    room: Keyroom, one: Program, deed: Callable[[Program], object], left: str
) -> None:
    one.add("t1")
    one.locksmith.set_passphrase(PASSPHRASE)
    for _ in range(3):
        one.database.back_up("daily")
    if left != "live":
        one.trash.put(["t1"])
    if left == "nothing":
        with one.database.writing() as connection:
            connection.execute("DELETE FROM tokens")
    older = room.copies()
    assert len(older) >= 3
    deed(one)
    (copy,) = room.copies()
    assert copy not in older
    assert "before" not in copy.name
    assert not one.database.owes_fresh_backup


def test_an_unfinished_copy_of_a_killed_program_goes_too(room: Keyroom, one: Program) -> None:
    one.add("t1")
    one.database.back_up("daily")
    unfinished = room.backups / "999999.part"
    unfinished.write_bytes(room.copies()[0].read_bytes())
    one.locksmith.rotate(None)
    assert not unfinished.exists()


def test_a_copy_whose_file_another_program_cleared_away_is_made_anew(
    room: Keyroom, one: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.add("t1")
    backups, calls = one.database._backups, []
    real = backups._next_name

    def named(reason: str) -> str:
        calls.append(reason)
        if len(calls) == 1:
            (part,) = room.backups.glob("*.part")
            part.unlink()
        return real(reason)

    monkeypatch.setattr(backups, "_next_name", named)
    assert one.database.back_up("daily") in room.copies()
    assert calls == ["daily", "daily"]


def test_a_lost_file_without_tokens_is_mended_from_the_copy_with_the_new_slots(
    room: Keyroom, one: Program
) -> None:
    one.locksmith.rotate(None)
    slots = one.slots.slots()
    one.end()
    for path in room.data.glob("tokens.sqlite3*"):
        path.unlink()
    again = room.program()
    mended = again.database.mend()
    assert mended is not None
    assert mended.restored_at is not None
    assert again.slots.slots() == slots
    again.vault.unlock()
    again.add("t1")


def test_copies_that_could_not_be_replaced_keep_the_old_entry_until_they_are(
    room: Keyroom, one: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.add("t1")
    one.database.back_up("daily")
    (old,) = one.slots.slots()

    def refuse(_reason: str) -> Path | None:
        raise StoreUnwritable("x", "full")

    with monkeypatch.context() as patch:
        patch.setattr(one.database, "replace_backups", refuse)
        one.locksmith.rotate(None)
    assert old.vault_id in room.entries()  # else an older copy would open by nothing
    assert one.database.owes_fresh_backup
    one.trash.keep_house()
    one.locksmith.sweep()
    assert room.entries() == {one.slots.slots()[-1].vault_id}
    assert len(room.copies()) == 1


# ---- entries that nothing needs ---------------------------------------------------------------


def test_an_old_entry_that_could_not_be_deleted_is_deleted_when_it_can(
    room: Keyroom, one: Program
) -> None:
    (old,) = one.slots.slots()

    class Stubborn(MemoryBackend):
        def delete_password(self, service: str, username: str) -> None:
            raise KeyringLocked

    stubborn = Stubborn()
    stubborn.entries = room.memory.entries
    other = room.program(stubborn)
    other.vault.unlock()
    other.locksmith.rotate(None)
    assert old.vault_id in room.entries()
    again = room.program()
    again.vault.unlock()
    again.locksmith.sweep()
    assert room.entries() == {slot.vault_id for slot in again.slots.slots()}
    with again.database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM loose_entries").fetchone() == (0,)


def test_a_planned_entry_is_left_alone_for_an_hour_then_cleared_away(
    room: Keyroom, one: Program
) -> None:
    planned = replace(one.slots.slots()[0], vault_id="planned")
    one.slots.plan(planned)
    one.keychain.create("planned", Secret("text"))
    room.clock.now += PLANNED_FOR
    one.locksmith.sweep()
    assert "planned" in room.entries()
    room.clock.now += timedelta(seconds=1)
    one.locksmith.sweep()
    assert "planned" not in room.entries()


def test_a_slot_whose_entry_was_cleared_away_meanwhile_is_not_stored(
    room: Keyroom, one: Program
) -> None:
    class Slow(MemoryBackend):
        """Lets a prompt stand open for hours, while another program clears up."""

        wrote = False

        def set_password(self, service: str, username: str, password: str) -> None:
            super().set_password(service, username, password)
            self.wrote = True

        def get_password(self, service: str, username: str) -> str | None:
            text = super().get_password(service, username)
            if self.wrote:
                self.wrote = False
                room.clock.forward(hours=3)
                one.locksmith.sweep()
            return text

    slow = Slow()
    slow.entries = room.memory.entries
    other = room.program(slow)
    other.vault.unlock()
    other.add("t1")
    before = other.slots.slots()
    with pytest.raises(KeyReplaced):
        other.locksmith.rotate(None)
    assert other.slots.slots() == before
    again = room.program()
    again.vault.unlock()
    assert opened(again) == {"t1": secret_of("t1")}


def test_an_entry_that_a_slot_names_is_never_cleared_away(room: Keyroom, one: Program) -> None:
    (slot,) = one.slots.slots()
    one.slots.plan(slot)
    room.clock.forward(days=1)
    one.locksmith.sweep()
    assert room.entries() == {slot.vault_id}


# ---- size -------------------------------------------------------------------------------------


def test_two_thousand_rows_are_sealed_anew_in_a_moment(room: Keyroom, one: Program) -> None:
    rows = [batch(one, f"t{number}") for number in range(2000)]
    one.store.add_all(rows)
    started = time.perf_counter()
    assert one.locksmith.rotate(None) == Rotation(2000, 0)
    took = time.perf_counter() - started
    print(f"rotation of 2,000 rows: {took * 1000:.0f} ms")  # noqa: T201  # shown by -s
    assert took < 10
    assert len(opened(one)) == 2000


def test_a_slot_of_a_kind_unknown_here_is_passed_over(one: Program) -> None:
    with one.database.writing() as connection:
        connection.execute("UPDATE slots SET kind = 'smart card'")
    assert one.slots.slots() == ()
    (planned,) = [Slot(SlotKind.PASSPHRASE, "k", "v2", b"n" * 12, b"w", one.clock())]
    assert not one.slots.put_first(planned)
