"""A new token in the place of an old one: sealed at once, proven, swapped in; nothing is lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from clock import MovableClock
from partner_tokens.core.errors.keys import Locked, SecretUnreadable
from partner_tokens.core.errors.service import PasscodeNeeded, Refused, Unreachable
from partner_tokens.core.errors.tokens import (
    AnotherOrganization,
    DuplicateToken,
    EditedMeanwhile,
    NoSuchToken,
    PendingGone,
    SameToken,
)
from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.events import Event
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.pending import Pending
from partner_tokens.core.profile import profile_under
from partner_tokens.core.registry import Draft
from partner_tokens.core.rows import SEALED_COLUMNS, sealed_from
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Kind, Result, State
from partner_tokens.parts import Parts
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.sandbox.service import Sandbox

OLD = KnownToken("contoso-old-token", "org-contoso", "Contoso", "ana@partner.example")
NEW = KnownToken("contoso-new-token", "org-contoso", "Contoso", "bob@partner.example")
NEWER = KnownToken("contoso-newer-token", "org-contoso", "Contoso")
FABRIKAM = KnownToken("token-of-another", "org-fabrikam", "Fabrikam", "ana@partner.example")


class Office:
    """A renewal over real parts, and a second program on the same files."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.clock = MovableClock()
        self.sandbox = sandbox
        self.folder = folder
        self.backend = MemoryBackend()
        self.parts = self.other_program()
        self.parts.vault.begin_with_keyring()
        self.renewal, self.store = self.parts.renewal, self.parts.store

    def other_program(self) -> Parts:
        return Parts(
            profile_under(self.folder), clock=self.clock, open_backend=lambda: self.backend
        )

    def add(self, known: KnownToken = OLD, *, proven: bool = True, name: str = "ci") -> ApiToken:
        draft = Draft(
            known.organization,
            name,
            self.sandbox.url,
            Secret(known.api_token),
            note="a note",
            pinned=True,
        )
        proof = self.parts.registry.prove(draft) if proven else None
        return self.parts.registry.add(draft, proof)

    def paste(self, old: ApiToken, known: KnownToken = NEW) -> Pending:
        return self.renewal.paste(old, Secret(f" {known.api_token}\n"), self.in_six_months())

    def in_six_months(self) -> Expiry:
        return Expiry(self.clock() + timedelta(days=180))

    def secret_of(self, token: ApiToken) -> str:
        """Also of a row in the trash."""
        with self.parts.database.reading() as connection:
            row = connection.execute(
                f"SELECT {SEALED_COLUMNS} FROM tokens WHERE id = ?",  # noqa: S608
                (token.id,),
            ).fetchone()
        return self.parts.vault.open(
            sealed_from(row), token_id=token.id, endpoint=token.endpoint, kind=token.kind
        ).reveal()

    def trash(self) -> list[ApiToken]:
        return [removed.token for removed in self.parts.trash.tokens()]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Sandbox() as sandbox:
        sandbox.register(OLD, NEW, NEWER, FABRIKAM)
        office = Office(tmp_path, sandbox)
        yield office
        office.parts.close()


# ---- pasting ----------------------------------------------------------------------------------


def test_what_is_pasted_is_sealed_before_the_service_hears_of_it(office: Office) -> None:
    old = office.add()
    asked = len(office.sandbox.requests)
    pending = office.paste(old)
    assert len(office.sandbox.requests) == asked
    assert office.renewal.pending() == (pending,)
    assert (pending.token, pending.endpoint, pending.kind) == (old, old.endpoint, Kind.NAVIGATOR)
    assert pending.expiry == office.in_six_months()
    assert pending.pasted_at == office.clock()
    assert not pending.is_orphan
    assert office.store.tokens() == (old,)
    stored = b"".join(p.read_bytes() for p in office.folder.rglob("*") if p.is_file())
    assert NEW.api_token.encode() not in stored


def test_it_opens_under_its_own_id_endpoint_and_kind_only(office: Office) -> None:
    pending = office.paste(office.add())
    vault, sealed = office.parts.vault, pending.sealed
    for id, endpoint, kind in (
        (pending.token.id, pending.endpoint, pending.kind),
        (pending.id, "https://other.example", pending.kind),
        (pending.id, pending.endpoint, Kind.CLOUD_SERVICES),
    ):
        with pytest.raises(SecretUnreadable):
            vault.open(sealed, token_id=id, endpoint=endpoint, kind=kind)


def test_the_old_token_pasted_again_is_told_from_a_new_one(office: Office) -> None:
    old = office.add()
    with pytest.raises(SameToken):
        office.paste(old, OLD)
    assert office.renewal.pending() == ()


def test_the_token_of_another_row_is_refused_by_name(office: Office) -> None:
    old = office.add()
    office.add(FABRIKAM, name="ops")
    with pytest.raises(DuplicateToken) as caught:
        office.paste(old, FABRIKAM)
    assert (caught.value.organization, caught.value.name) == ("Fabrikam", "ops")


def test_a_token_that_waits_for_another_row_is_refused_by_name(office: Office) -> None:
    office.paste(office.add())
    other = office.add(FABRIKAM, name="ops")
    with pytest.raises(DuplicateToken) as caught:
        office.paste(other, NEW)
    assert (caught.value.organization, caught.value.name) == ("Contoso", "ci")


@pytest.mark.parametrize("text", ["", "two words", "Bearer abc", "eyJhbGciOi.eyJzdWIi.c2ln"])
def test_what_is_plainly_no_api_token_is_refused(office: Office, text: str) -> None:
    old = office.add()
    with pytest.raises(InputError):
        office.renewal.paste(old, Secret(text), Expiry.unknown())
    assert office.renewal.pending() == ()


def test_while_the_vault_is_closed_nothing_is_taken(office: Office) -> None:
    old = office.add()
    office.parts.vault.close()
    with pytest.raises(Locked):
        office.paste(old)


def test_the_same_token_pasted_again_waits_once(office: Office) -> None:
    old = office.add()
    office.paste(old)
    again = office.paste(old)
    assert office.renewal.pending() == (again,)
    assert office.trash() == []


def test_an_older_one_that_was_never_in_place_goes_to_the_trash_and_still_opens(
    office: Office,
) -> None:
    old = office.add()
    first = office.paste(old)
    office.clock.forward(days=1)
    second = office.paste(old, NEWER)
    assert office.renewal.pending() == (second,)
    (kept,) = office.trash()
    assert (kept.organization, kept.name, kept.expiry) == (
        old.organization,
        old.name,
        first.expiry,
    )
    assert (kept.result, kept.pinned) == (Result(), False)
    assert office.secret_of(kept) == NEW.api_token
    office.parts.trash.restore([kept.id])
    assert {token.id for token in office.store.tokens()} == {old.id, kept.id}


def test_it_is_taken_also_where_the_row_was_removed_a_moment_ago(office: Office) -> None:
    old = office.add()
    office.parts.trash.put([old.id])
    assert office.paste(old).is_orphan


def test_nothing_is_kept_for_a_row_that_was_erased_meanwhile(office: Office) -> None:
    old = office.add()
    office.parts.trash.put([old.id])
    assert office.parts.trash.erase([old.id]).count == 1
    with pytest.raises(NoSuchToken):
        office.paste(old)
    assert office.renewal.pending() == ()


# ---- proving ----------------------------------------------------------------------------------


def test_a_proof_tells_whose_it_is_and_stores_nothing(office: Office) -> None:
    pending = office.paste(office.add())
    proof = office.renewal.prove(pending)
    assert (proof.organization_id, proof.user) == ("org-contoso", "bob@partner.example")
    assert office.renewal.objection(pending, proof) is None
    assert office.renewal.pending() == (pending,)


def test_it_is_proven_at_the_endpoint_it_was_pasted_for(office: Office) -> None:
    old = office.add()
    pending = office.paste(old)
    draft = Draft("Contoso", "ci", "http://127.0.0.1:9", None)
    office.parts.registry.edit(old, draft, None)
    (now,) = office.renewal.pending()
    assert (now.endpoint, now.token.endpoint) == (office.sandbox.url, "http://127.0.0.1:9")
    assert office.renewal.prove(now).access.value
    assert pending.id == now.id


def test_one_that_is_refused_still_waits(office: Office) -> None:
    pending = office.paste(office.add())
    office.sandbox.revoke(NEW.api_token)
    with pytest.raises(Refused):
        office.renewal.prove(pending)
    assert office.renewal.pending() == (pending,)


def test_a_passcode_proves_it(office: Office) -> None:
    pending = office.paste(office.add())
    office.sandbox.behave(NEW.api_token, Behaviour.PASSCODE)
    with pytest.raises(PasscodeNeeded):
        office.renewal.prove(pending)
    assert office.renewal.prove(pending, Secret("123456")).organization_id == "org-contoso"


# ---- swapping ---------------------------------------------------------------------------------


def test_the_new_row_takes_the_old_ones_place_and_the_old_one_lies_whole_in_the_trash(
    office: Office,
) -> None:
    old = office.add()
    office.store.mark_used(old.id, office.clock(), Event.COPIED, "header")
    old = office.store.token(old.id)
    pending = office.paste(old)
    office.clock.forward(minutes=5)
    new = office.renewal.swap(
        pending, old, office.renewal.prove(pending), pending.expiry, interactive=True
    )
    assert office.store.tokens() == (new,)
    assert new.id not in {old.id, pending.id}
    assert (new.organization, new.name, new.endpoint, new.kind, new.note, new.pinned) == (
        old.organization,
        old.name,
        old.endpoint,
        old.kind,
        old.note,
        old.pinned,
    )
    assert (new.expiry, new.user) == (pending.expiry, "bob@partner.example")
    assert (new.last_used_at, new.use_weight) == (old.last_used_at, old.use_weight)
    assert new.interactive
    assert new.result == Result(State.READY, at=office.clock())
    assert office.secret_of(new) == NEW.api_token
    assert office.renewal.pending() == ()
    (removed,) = office.trash()
    assert removed.id == old.id
    assert office.secret_of(removed) == OLD.api_token


def test_without_proof_the_new_row_is_unproven(office: Office) -> None:
    old = office.add()
    pending = office.paste(old)
    office.sandbox.stop()
    with pytest.raises(Unreachable):
        office.renewal.prove(pending)
    new = office.renewal.swap(pending, old, None, Expiry.unknown())
    assert (new.result, new.user, new.expiry) == (Result(), old.user, Expiry.unknown())


def test_the_history_goes_over_to_the_new_row(office: Office) -> None:
    old = office.add()
    office.clock.forward(days=1)
    pending = office.paste(old)
    new = office.renewal.swap(pending, old, office.renewal.prove(pending), pending.expiry)
    history = office.parts.history
    assert [entry.event for entry in reversed(history.of(new.id))] == [
        Event.ADDED,
        Event.PROVEN,
        Event.REPLACED,
        Event.PROVEN,
    ]
    assert [entry.event for entry in history.of(old.id)] == [Event.REMOVED]


def test_of_an_app_only_the_client_secret_is_pasted(office: Office) -> None:
    draft = Draft(
        "Contoso",
        "app",
        office.sandbox.url,
        Secret("app-id:old-secret"),
        kind=Kind.OAUTH_APP_V1,
        organization_id="org-contoso",
    )
    old = office.parts.registry.add(draft, None)
    pending = office.renewal.paste(old, Secret(" new-secret "), Expiry.unknown())
    new = office.renewal.swap(pending, old, None, Expiry.unknown())
    assert (new.kind, new.user) == (Kind.OAUTH_APP_V1, "app-id")
    assert office.secret_of(new) == "app-id:new-secret"


def test_what_the_service_tells_of_the_end_is_taken_where_nothing_was_typed(
    office: Office,
) -> None:
    told = office.clock().replace(microsecond=0) + timedelta(days=90)
    known = KnownToken(
        "told-token", "org-contoso", "Contoso", kind=Kind.CLOUD_SERVICES, expires_at=told
    )
    office.sandbox.register(known)
    draft = Draft(
        "Contoso", "csp", office.sandbox.url, Secret("old-told"), kind=Kind.CLOUD_SERVICES
    )
    old = office.parts.registry.add(draft, None)
    pending = office.paste(old, known)
    proof = office.renewal.prove(pending)
    new = office.renewal.swap(pending, old, proof, Expiry.unknown())
    assert (new.expiry, new.expiry_told) == (Expiry(told), True)


def test_the_id_of_the_organization_is_taken_where_none_was_known(office: Office) -> None:
    old = office.add(proven=False)
    assert old.organization.service_id == ""
    pending = office.paste(old)
    new = office.renewal.swap(pending, old, office.renewal.prove(pending), pending.expiry)
    assert new.organization.service_id == "org-contoso"
    assert new.organization.key == old.organization.key


def test_one_of_another_organization_is_refused_and_still_waits(office: Office) -> None:
    old = office.add()
    pending = office.paste(old, FABRIKAM)
    proof = office.renewal.prove(pending)
    with pytest.raises(AnotherOrganization) as caught:
        office.renewal.swap(pending, old, proof, pending.expiry)
    assert (caught.value.named, caught.value.found) == ("Contoso", "Fabrikam")
    assert office.store.tokens() == (old,)
    assert office.renewal.pending() == (pending,)


def test_where_the_rows_own_id_is_unknown_a_stored_organization_tells(office: Office) -> None:
    old = office.add(proven=False)
    pending = office.paste(old, FABRIKAM)
    proof = office.renewal.prove(pending)
    assert office.renewal.objection(pending, proof) is None
    other = KnownToken("second-of-another", "org-fabrikam", "Fabrikam")
    office.sandbox.register(other)
    office.add(other, name="ops")
    assert office.renewal.objection(pending, proof) is not None


def test_one_of_another_organization_can_be_stored_there(office: Office) -> None:
    old = office.add()
    pending = office.paste(old, FABRIKAM)
    new = office.renewal.store_apart(pending, office.renewal.prove(pending), pending.expiry)
    assert (new.organization.name, new.organization.service_id) == ("Fabrikam", "org-fabrikam")
    assert {token.id for token in office.store.tokens()} == {old.id, new.id}
    assert office.secret_of(new) == FABRIKAM.api_token
    assert office.renewal.pending() == ()
    assert office.trash() == []


def test_what_was_dropped_is_in_no_file_any_more(office: Office) -> None:
    pending = office.paste(office.add())
    office.parts.database.back_up("daily")

    def holding() -> list[str]:
        files = (path for path in office.folder.rglob("*") if path.is_file())
        return [path.name for path in files if pending.sealed.ciphertext in path.read_bytes()]

    assert holding()
    office.renewal.drop(pending)
    assert holding() == []


def test_it_is_dropped_on_the_users_word_only(office: Office) -> None:
    old = office.add()
    pending = office.paste(old)
    office.renewal.drop(pending)
    assert office.renewal.pending() == ()
    assert office.store.tokens() == (old,)
    for deed in (
        lambda: office.renewal.drop(pending),
        lambda: office.renewal.swap(pending, old, None, pending.expiry),
        lambda: office.renewal.store_apart(pending, None, pending.expiry),
    ):
        with pytest.raises(PendingGone):
            deed()
    assert office.store.tokens() == (old,)


# ---- other windows ----------------------------------------------------------------------------


def test_two_windows_that_swap_at_once_make_one_row(office: Office) -> None:
    old = office.add()
    pending = office.paste(old)
    other = office.other_program()
    other.vault.unlock()
    (theirs,) = other.renewal.pending()
    new = other.renewal.swap(theirs, theirs.token, None, theirs.expiry)
    other.close()
    with pytest.raises(PendingGone):
        office.renewal.swap(pending, old, None, pending.expiry)
    assert office.store.tokens() == (new,)


def test_what_another_window_wrote_on_the_row_goes_over_to_the_new_one(office: Office) -> None:
    old = office.add()
    pending = office.paste(old)
    draft = Draft("Contoso", "ci of Finance", old.endpoint, None, note="another note")
    office.parts.registry.edit(old, draft, None)
    new = office.renewal.swap(pending, old, None, pending.expiry)
    assert (new.name, new.note) == ("ci of Finance", "another note")


def test_a_mark_that_was_taken_away_meanwhile_does_not_come_back(office: Office) -> None:
    bare = office.add().organization
    marked = office.parts.organizations.edit(bare, replace(bare, production=True))
    [seen] = office.store.tokens()
    pending = office.paste(seen)
    proof = office.renewal.prove(pending)
    office.parts.organizations.edit(marked, bare)
    new = office.renewal.swap(pending, seen, proof, office.in_six_months())
    assert new.organization == bare


def test_a_row_that_got_another_secret_meanwhile_is_not_replaced_unseen(office: Office) -> None:
    old = office.add()
    pending = office.paste(old)
    draft = Draft("Contoso", "ci", old.endpoint, Secret(NEWER.api_token))
    office.parts.registry.edit(old, draft, None)
    with pytest.raises(EditedMeanwhile):
        office.renewal.swap(pending, old, None, pending.expiry)
    (now,) = office.renewal.pending()
    new = office.renewal.swap(now, now.token, None, now.expiry)
    assert office.secret_of(new) == NEW.api_token
    (removed,) = office.trash()
    assert office.secret_of(removed) == NEWER.api_token


def test_a_row_that_was_removed_meanwhile_is_told_and_the_new_token_can_be_stored_alone(
    office: Office,
) -> None:
    old = office.add()
    pending = office.paste(old)
    office.parts.trash.put([old.id])
    with pytest.raises(NoSuchToken):
        office.renewal.swap(pending, old, None, pending.expiry)
    (now,) = office.renewal.pending()
    assert now.is_orphan
    new = office.renewal.store_apart(now, None, now.expiry)
    assert (new.organization.name, new.name, new.note) == ("Contoso", "ci", "a note")
    assert [token.id for token in office.trash()] == [old.id]


def test_one_that_was_added_by_another_way_is_not_stored_twice(office: Office) -> None:
    old = office.add()
    pending = office.paste(old)
    office.add(NEW, name="other")
    for deed in (
        lambda: office.renewal.swap(pending, old, None, pending.expiry),
        lambda: office.renewal.store_apart(pending, None, pending.expiry),
        lambda: office.renewal.prove(pending),
    ):
        with pytest.raises(DuplicateToken):
            deed()
    assert office.renewal.pending() == (pending,)
    assert len(office.store.tokens()) == 2


def test_emptying_the_trash_leaves_a_row_whose_successor_waits(office: Office) -> None:
    old = office.add()
    pending = office.paste(old)
    gone = office.add(FABRIKAM)
    office.parts.trash.put([old.id, gone.id])
    office.clock.forward(days=60)
    office.parts.trash.keep_house()
    office.clock.forward(days=3)
    office.parts.trash.keep_house()
    for erasure in (office.parts.trash.empty(), office.parts.trash.erase([old.id])):
        assert (erasure.count, erasure.kept) == (0, 1)
    assert [token.id for token in office.trash()] == [old.id]
    (now,) = office.renewal.pending()
    assert now.id == pending.id
    office.renewal.drop(now)
    assert office.parts.trash.empty().count == 1


# ---- keys -------------------------------------------------------------------------------------


def test_with_a_new_key_an_older_one_that_cannot_be_read_is_still_kept(office: Office) -> None:
    old = office.add()
    first = office.paste(old)
    other = office.other_program()
    other.vault.begin_anew_with_keyring()
    with pytest.raises(SecretUnreadable):
        other.renewal.prove(first)
    second = other.renewal.paste(old, Secret(NEWER.api_token), Expiry.unknown())
    new = other.renewal.swap(second, old, None, second.expiry)
    other.close()
    assert [token.id for token in office.store.tokens()] == [new.id]
    assert office.secret_of(next(t for t in office.trash() if t.id == first.id)) == NEW.api_token


def test_the_new_row_is_sealed_and_found_again_with_the_present_key(office: Office) -> None:
    old = office.add()
    pending = office.paste(old)
    vault = office.parts.vault
    vault.begin_anew_with_keyring()
    vault.unlock()
    new = office.renewal.swap(pending, old, None, pending.expiry)
    assert new.key_id == vault.key_id
    found = office.store.named_by(vault.fingerprint(Secret(NEW.api_token)))
    assert found is not None
    assert found.id == new.id


def test_a_new_token_that_was_typed_into_its_row_meanwhile_is_said_to_be_there(
    office: Office,
) -> None:
    old = office.add()
    pending = office.paste(old)
    draft = Draft(OLD.organization, "ci", office.sandbox.url, Secret(NEW.api_token), note="a note")
    edited = office.parts.registry.edit(old, draft, None)
    (again,) = office.renewal.pending()
    with pytest.raises(SameToken):
        office.renewal.swap(again, edited, None, again.expiry)
    assert office.renewal.pending() == (again,)
    assert office.secret_of(edited) == NEW.api_token
    office.renewal.drop(pending)
    assert office.store.tokens() == (edited,)
