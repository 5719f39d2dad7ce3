"""Several tokens changed at once: whole or not at all, back again, and each for itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import pytest

from clock import MovableClock
from partner_tokens.core.bulk_change import Wanted
from partner_tokens.core.bulk_edits import BulkEdits
from partner_tokens.core.errors.keys import KeyReplaced, Locked, SecretUnreadable
from partner_tokens.core.errors.tokens import EditedMeanwhile, NoSuchToken
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.events import Change, Event
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.profile import profile_under
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Kind, Organization, Result, State
from partner_tokens.parts import Parts
from partner_tokens.sandbox.memory_keyring import MemoryBackend

OLD, NEW = "https://console.navigator.vmware.com", "https://console.example.com"


class Shop:
    """Real parts over a profile in a folder."""

    def __init__(self, folder: Path) -> None:
        self.clock = MovableClock()
        self.parts = Parts(
            profile_under(folder),
            clock=self.clock,
            open_backend=lambda: MemoryBackend("Test keyring"),
        )
        self.parts.vault.begin_with_keyring()
        self.edits: BulkEdits = self.parts.bulk_edits

    def add(self, id: str, kind: Kind = Kind.NAVIGATOR) -> ApiToken:
        secret = Secret(f"secret-of-{id}")
        token = ApiToken(
            id=id,
            organization=Organization(f"Customer {id}"),
            name="ci",
            endpoint=OLD,
            added_at=self.clock(),
            expiry=Expiry(self.clock() + timedelta(days=9)),
            expiry_told=True,
            note=f"note of {id}",
            kind=kind,
            result=Result(State.READY, None, self.clock()),
        )
        vault = self.parts.vault
        sealed = vault.seal(secret, token_id=id, endpoint=OLD, kind=kind)
        return self.parts.store.add(token, sealed, vault.fingerprint(secret))

    def secret(self, id: str) -> str:
        """The secret as it is opened for the row as it is stored now."""
        token = self.parts.store.token(id)
        sealed = self.parts.store.sealed(id)
        opened = self.parts.vault.open(
            sealed, token_id=id, endpoint=token.endpoint, kind=token.kind
        )
        return opened.reveal()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.parts.close()


def test_a_new_endpoint_reseals_every_secret_and_makes_it_unproven(shop: Shop) -> None:
    seen = [shop.add("1"), shop.add("2", Kind.CLOUD_SERVICES)]
    outcome = shop.edits.change(seen, Wanted(endpoint="Console.Example.com/"))
    assert outcome.left == ()
    assert [after.endpoint for _before, after in outcome.changed] == [NEW, NEW]
    for before, after in outcome.changed:
        assert after.result == Result()
        assert after.nonce != before.nonce
        assert (after.note, after.expiry, after.kind) == (before.note, before.expiry, before.kind)
        assert shop.parts.store.token(after.id) == after
    assert [shop.secret(id) for id in ("1", "2")] == ["secret-of-1", "secret-of-2"]


def test_an_end_that_is_typed_is_no_longer_the_services_word(shop: Shop) -> None:
    seen = shop.add("1")
    typed = Expiry(shop.clock() + timedelta(days=200))
    ((_before, after),) = shop.edits.change([seen], Wanted(expiry=typed)).changed
    assert (after.expiry, after.expiry_told) == (typed, False)
    assert (after.result, after.nonce, after.note) == (seen.result, seen.nonce, seen.note)


def test_the_same_end_typed_again_stays_the_services_word(shop: Shop) -> None:
    seen = shop.add("1")
    ((_before, after),) = shop.edits.change([seen], Wanted(expiry=seen.expiry)).changed
    assert after.expiry_told


def test_a_note_takes_the_place_of_all_notes_and_may_be_empty(shop: Shop) -> None:
    seen = [shop.add("1"), shop.add("2")]
    shop.edits.change(seen, Wanted(note=""))
    assert [token.note for token in shop.parts.store.tokens()] == ["", ""]
    assert [token.result.state for token in shop.parts.store.tokens()] == [State.READY] * 2


def test_all_is_undone_at_once_and_what_was_proven_is_proven_again(shop: Shop) -> None:
    seen = [shop.add("1"), shop.add("2")]
    wanted = Wanted(NEW, Expiry.endless(), "moved")
    back = shop.edits.undo(shop.edits.change(seen, wanted))
    assert back.left == ()
    now = shop.parts.store.tokens()
    assert [replace(token, nonce=b"") for token in now] == [
        replace(token, nonce=b"") for token in seen
    ]
    assert [shop.secret(id) for id in ("1", "2")] == ["secret-of-1", "secret-of-2"]


def test_the_histories_tell_of_both_and_of_no_exchange(shop: Shop) -> None:
    seen = shop.add("1")
    outcome = shop.edits.change([seen], Wanted(NEW, Expiry.endless(), "moved"))
    shop.edits.undo(outcome)
    entries = shop.parts.history.of("1")
    detail = f"{Change.ENDPOINT} {Change.EXPIRY} {Change.NOTE}"
    assert [(e.event, e.detail) for e in entries[:2]] == [(Event.EDITED, detail)] * 2
    assert [e.event for e in entries].count(Event.PROVEN) == 1


def test_a_secret_that_cannot_be_opened_leaves_its_whole_row_alone(shop: Shop) -> None:
    seen = [shop.add("1"), shop.add("2")]
    with shop.parts.database.writing() as connection:
        connection.execute("UPDATE tokens SET ciphertext = x'00' WHERE id = '1'")
    outcome = shop.edits.change(seen, Wanted(NEW, note="moved"))
    ((left, error),) = outcome.left
    assert (left.id, type(error)) == ("1", SecretUnreadable)
    assert [after.id for _before, after in outcome.changed] == ["2"]
    assert shop.parts.store.token("1") == seen[0]


def test_a_note_needs_no_secret(shop: Shop) -> None:
    seen = shop.add("1")
    with shop.parts.database.writing() as connection:
        connection.execute("UPDATE tokens SET ciphertext = x'00'")
    assert shop.edits.change([seen], Wanted(note="still")).left == ()


@pytest.mark.parametrize("change", [{"note": "by another"}, {"expiry": Expiry.unknown()}])
def test_what_another_program_edited_meanwhile_is_left_alone(
    shop: Shop, change: dict[str, object]
) -> None:
    seen = shop.add("1")
    shop.parts.store.edit(replace(seen, **change))  # type: ignore[arg-type]
    ((_token, error),) = shop.edits.change([seen], Wanted(note="mine")).left
    assert isinstance(error, EditedMeanwhile)


def test_a_row_that_another_program_has_moved_meanwhile_is_left_alone(shop: Shop) -> None:
    seen = shop.add("1")
    (moved,) = shop.edits.change([seen], Wanted(endpoint=NEW)).changed
    assert moved[1].endpoint == NEW
    ((_token, error),) = shop.edits.change([seen], Wanted(note="mine")).left
    assert isinstance(error, EditedMeanwhile)
    assert shop.parts.store.token("1").note == "note of 1"


def test_undoing_leaves_later_edits_and_removed_rows_alone(shop: Shop) -> None:
    seen = [shop.add("1"), shop.add("2"), shop.add("3")]
    outcome = shop.edits.change(seen, Wanted(note="moved"))
    shop.parts.store.edit(replace(shop.parts.store.token("1"), note="later"))
    shop.parts.trash.put(["2"])
    back = shop.edits.undo(outcome)
    assert [(token.id, type(error)) for token, error in back.left] == [
        ("1", EditedMeanwhile),
        ("2", NoSuchToken),
    ]
    assert shop.parts.store.token("1").note == "later"
    assert shop.parts.store.token("3").note == "note of 3"


def test_undoing_heeds_no_new_name_of_the_organization_but_leaves_what_was_moved(
    shop: Shop,
) -> None:
    outcome = shop.edits.change([shop.add("1"), shop.add("2")], Wanted(note="for now"))
    home = shop.parts.store.token("1").organization
    shop.parts.organizations.edit(home, replace(home, name="Contoso Ltd"))
    renamed = shop.parts.store.token("2")
    shop.parts.store.edit(replace(renamed, organization=Organization("Elsewhere")))
    back = shop.edits.undo(outcome)
    assert [token.id for _before, token in back.changed] == ["1"]
    ((left, error),) = back.left
    assert (left.id, type(error)) == ("2", EditedMeanwhile)
    assert shop.parts.store.token("1").note == "note of 1"


def test_a_locked_vault_changes_nothing_at_all(shop: Shop) -> None:
    seen = [shop.add("1"), shop.add("2")]
    shop.parts.vault.close()
    with pytest.raises(Locked):
        shop.edits.change(seen, Wanted(endpoint=NEW))
    assert list(shop.parts.store.tokens()) == seen


def test_a_key_that_another_program_renewed_seals_nothing(shop: Shop) -> None:
    seen = shop.add("1")
    with shop.parts.database.writing() as connection:
        connection.execute(
            "INSERT INTO slots SELECT position + 1, kind, 'newer', vault_id || 'x', nonce, "
            "wrapped_key, made_at, backend, salt, cost FROM slots"
        )
    with pytest.raises(KeyReplaced):
        shop.edits.change([seen], Wanted(endpoint=NEW))
    assert shop.parts.store.token("1") == seen


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (Wanted(endpoint="not a host"), Problem.ENDPOINT_INVALID),
        (Wanted(endpoint="http://console.example.com"), Problem.ENDPOINT_NOT_HTTPS),
        (Wanted(note="x" * 2001), Problem.TEXT_TOO_LONG),
        (Wanted(note="a1b2c3d4e5f6" * 6), Problem.TEXT_IS_TOKEN),
    ],
)
def test_what_cannot_be_stored_is_said_before_anything_is(
    shop: Shop, wanted: Wanted, problem: Problem
) -> None:
    seen = shop.add("1")
    with pytest.raises(InputError) as caught:
        shop.edits.change([seen], wanted)
    assert caught.value.problem is problem
    assert shop.parts.store.token("1") == seen


def test_two_thousand_tokens_move_in_a_second_or_two(shop: Shop) -> None:
    seen = [shop.add(f"{number:04d}") for number in range(200)]
    began = perf_counter()
    assert len(shop.edits.change(seen, Wanted(NEW)).changed) == 200
    assert perf_counter() - began < 2  # a tenth of them, on a machine that is busy
