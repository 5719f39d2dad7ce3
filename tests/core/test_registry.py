"""The deeds on tokens, against the service in small, a real store and a real vault."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from clock import MovableClock
from partner_tokens.core.database import Database
from partner_tokens.core.errors.keys import Locked, SecretUnreadable
from partner_tokens.core.errors.service import PasscodeNeeded, Refused, Unreachable
from partner_tokens.core.errors.tokens import (
    AnotherOrganization,
    DuplicateToken,
    EditedMeanwhile,
    NoSuchToken,
)
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.keychain import Keychain
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.organizations import Organizations
from partner_tokens.core.registry import Draft, Registry
from partner_tokens.core.sealing import Sealed
from partner_tokens.core.secret import Secret
from partner_tokens.core.service import Service
from partner_tokens.core.slots import Slots
from partner_tokens.core.store import Store
from partner_tokens.core.tokens import Kind, Result, State
from partner_tokens.core.transport import Transport
from partner_tokens.core.trash import Trash
from partner_tokens.core.vault import Vault
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.sandbox.service import Sandbox

CONTOSO = KnownToken("contoso-api-token", "org-contoso", "Contoso", "ana@partner.example")
SECOND = KnownToken("contoso-second-token", "org-contoso", "Contoso", "bob@partner.example")
FABRIKAM = KnownToken("the-api-token-of-another", "org-fabrikam", "Fabrikam")


class Office:
    """A registry over real parts."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.clock = MovableClock()
        self.folder = folder
        self.sandbox = sandbox
        self.database = Database(folder / "tokens.sqlite3", folder / "backups", self.clock)
        self.store = Store(self.database, self.clock)
        self.backend = MemoryBackend()
        self.keychain = Keychain(lambda: self.backend)
        self.vault = Vault(Slots(self.database, self.clock), self.keychain, self.clock)
        self.transport = Transport(clock=self.clock)
        self.service = Service(self.transport, self.clock)
        self.registry = Registry(self.store, self.vault, self.service, self.clock)

    def draft(self, known: KnownToken = CONTOSO, organization: str = "Contoso") -> Draft:
        return Draft(organization, "ci", self.sandbox.url, Secret(known.api_token))

    def secret_of(self, id: str) -> Secret:
        token = self.store.token(id)
        return self.vault.open(self.store.sealed(id), token_id=id, endpoint=token.endpoint)

    def close(self) -> None:
        self.transport.close()
        self.keychain.stop_waiting()
        self.database.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Sandbox() as sandbox:
        sandbox.register(CONTOSO, SECOND, FABRIKAM)
        office = Office(tmp_path, sandbox)
        office.vault.begin_with_keyring()
        yield office
        office.close()


# ---- proving and adding -----------------------------------------------------------------------


def test_a_proof_tells_organization_and_user_and_stores_nothing(office: Office) -> None:
    proof = office.registry.prove(office.draft())
    assert proof.organization_name == "Contoso"
    assert proof.organization_id == "org-contoso"
    assert proof.user == "ana@partner.example"
    assert proof.access.value
    assert office.registry.tokens() == ()


ECHO = "q7Zr2VbN8mKd4XcP1wTy6HsJ3gLf9AuE"


@pytest.mark.parametrize(("id", "told"), [("org-contoso", "org-contoso"), (ECHO, "")])
def test_what_repeats_the_token_is_neither_told_nor_stored(
    office: Office, id: str, told: str
) -> None:
    office.sandbox.register(KnownToken(ECHO, id, ECHO, user=ECHO))
    draft = replace(office.draft(), secret=Secret(ECHO))
    proof = office.registry.prove(draft)
    assert (proof.organization_name, proof.organization_id, proof.user) == ("", told, "")
    office.registry.add(draft, proof)
    office.database.empty_journal()
    assert ECHO.encode() not in (office.folder / "tokens.sqlite3").read_bytes()


def test_a_proven_token_is_stored_sealed_with_all_that_was_typed_and_told(office: Office) -> None:
    expiry = Expiry(office.clock() + timedelta(days=180))
    draft = replace(
        office.draft(organization=" Contoso "),
        name=" ci  token ",
        endpoint=office.sandbox.url + "/",
        expiry=expiry,
        note="a note",
        pinned=True,
        interactive=True,
    )
    stored = office.registry.add(draft, office.registry.prove(draft))
    assert office.registry.tokens() == (stored,)
    assert (stored.organization.name, stored.organization.service_id) == ("Contoso", "org-contoso")
    assert (stored.name, stored.endpoint, stored.user) == (
        "ci token",
        office.sandbox.url,
        "ana@partner.example",
    )
    assert (stored.expiry, stored.note, stored.pinned, stored.interactive) == (
        expiry,
        "a note",
        True,
        True,
    )
    assert stored.result == Result(State.READY, at=office.clock())
    assert stored.added_at == office.clock()
    assert office.secret_of(stored.id) == Secret("contoso-api-token")
    assert office.registry.organizations() == (stored.organization,)


def test_an_organization_left_empty_is_filled_in_by_the_service(office: Office) -> None:
    draft = office.draft(organization="")
    assert office.registry.add(draft, office.registry.prove(draft)).organization.name == "Contoso"


def test_an_organization_nobody_tells_must_be_typed(office: Office) -> None:
    office.sandbox.register(replace(CONTOSO, tells_organization=False))
    draft = office.draft(organization="")
    proof = office.registry.prove(draft)
    assert proof.organization_name == ""
    with pytest.raises(InputError) as caught:
        office.registry.add(draft, proof)
    assert caught.value.problem is Problem.ORGANIZATION_MISSING
    with pytest.raises(InputError):
        office.registry.add(draft, None)
    assert office.registry.tokens() == ()


def test_of_a_token_whose_organization_the_service_does_not_tell_the_id_stays_unknown(
    office: Office,
) -> None:
    office.sandbox.register(KnownToken("nameless-token", "", ""))
    office.registry.add(office.draft(), office.registry.prove(office.draft()))
    draft = replace(office.draft(), name="second", secret=Secret("nameless-token"))
    proof = office.registry.prove(draft)
    assert proof.organization_id == ""
    assert office.registry.disagreement(draft, proof) is None


def test_an_organization_stored_already_keeps_the_name_the_user_gave_it(office: Office) -> None:
    first = office.draft(organization="Contoso (ours)")
    office.registry.add(first, office.registry.prove(first))
    second = office.draft(SECOND, organization="")
    proof = office.registry.prove(second)
    assert proof.organization_name == "Contoso (ours)"
    stored = office.registry.add(second, proof)
    assert stored.organization.name == "Contoso (ours)"


def test_a_token_may_be_stored_unproven(office: Office) -> None:
    office.sandbox.stop()
    with pytest.raises(Unreachable):
        office.registry.prove(office.draft())
    stored = office.registry.add(office.draft(), None)
    assert stored.result == Result(State.UNPROVEN)
    assert stored.organization.service_id == ""


def test_a_refused_token_is_not_stored(office: Office) -> None:
    office.sandbox.behave(CONTOSO.api_token, Behaviour.REFUSED_CSP)
    with pytest.raises(Refused):
        office.registry.prove(office.draft())
    assert office.registry.tokens() == ()


def test_a_passcode_is_handed_on(office: Office) -> None:
    office.sandbox.behave(CONTOSO.api_token, Behaviour.PASSCODE)
    with pytest.raises(PasscodeNeeded):
        office.registry.prove(office.draft())
    assert office.registry.prove(office.draft(), Secret("123456")).organization_name == "Contoso"


def test_a_token_stored_already_is_named_before_the_service_is_asked(office: Office) -> None:
    office.registry.add(office.draft(), None)
    asked = len(office.sandbox.requests)
    with pytest.raises(DuplicateToken) as caught:
        office.registry.prove(office.draft(organization="Elsewhere"))
    assert (caught.value.organization, caught.value.name) == ("Contoso", "ci")
    with pytest.raises(DuplicateToken):
        office.registry.add(office.draft(), None)
    assert len(office.sandbox.requests) == asked


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": "  "}, Problem.NAME_MISSING),
        ({"organization": "x" * 201}, Problem.TEXT_TOO_LONG),
        ({"endpoint": "ftp://console.example"}, Problem.ENDPOINT_NOT_HTTPS),
        ({"secret": Secret("Bearer abc")}, Problem.TOKEN_IS_HEADER),
        ({"secret": None}, Problem.TOKEN_MISSING),
        ({"note": "a\0b"}, Problem.TEXT_UNPRINTABLE),
        ({"note": f"it is {'a1b2c3d4e5f6' * 5}"}, Problem.TEXT_IS_TOKEN),
        ({"name": "a1b2c3d4e5f6" * 5}, Problem.TEXT_IS_TOKEN),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_happens(
    office: Office, change: dict[str, object], problem: Problem
) -> None:
    draft = replace(office.draft(), **change)  # type: ignore[arg-type]
    for deed in (lambda: office.registry.prove(draft), lambda: office.registry.add(draft, None)):
        with pytest.raises(InputError) as caught:
            deed()
        assert caught.value.problem is problem
    assert office.sandbox.requests == ()
    assert office.registry.tokens() == ()


def test_a_locked_vault_stores_nothing(office: Office) -> None:
    office.vault.close()
    with pytest.raises(Locked):
        office.registry.prove(office.draft())
    with pytest.raises(Locked):
        office.registry.add(office.draft(), None)
    assert office.registry.tokens() == ()


# ---- whose token is it? -----------------------------------------------------------------------


def test_a_token_of_the_organization_that_was_typed_agrees(office: Office) -> None:
    for typed in ("Contoso", " contoso ", ""):
        draft = office.draft(organization=typed)
        assert office.registry.disagreement(draft, office.registry.prove(draft)) is None


def test_a_token_the_service_calls_otherwise_disagrees(office: Office) -> None:
    draft = office.draft(FABRIKAM)
    found = office.registry.disagreement(draft, office.registry.prove(draft))
    assert found is not None
    assert (found.named, found.found) == ("Contoso", "Fabrikam")


def test_a_token_of_a_stored_organization_of_another_name_disagrees(office: Office) -> None:
    first = office.draft(organization="Our Contoso")
    office.registry.add(first, office.registry.prove(first))
    draft = office.draft(SECOND, organization="Fabrikam")
    found = office.registry.disagreement(draft, office.registry.prove(draft))
    assert found is not None
    assert found.found == "Our Contoso"
    agreeing = office.draft(SECOND, organization="our contoso")
    assert office.registry.disagreement(agreeing, office.registry.prove(agreeing)) is None


def test_a_known_name_with_another_id_disagrees_even_if_the_service_tells_no_name(
    office: Office,
) -> None:
    office.registry.add(office.draft(), office.registry.prove(office.draft()))
    office.sandbox.register(replace(FABRIKAM, tells_organization=False))
    draft = office.draft(FABRIKAM, organization="Contoso")
    found = office.registry.disagreement(draft, office.registry.prove(draft))
    assert found is not None
    assert found.found == "org-fabrikam"


def test_a_name_nobody_contradicts_agrees(office: Office) -> None:
    office.sandbox.register(replace(FABRIKAM, tells_organization=False))
    draft = office.draft(FABRIKAM, organization="Whatever")
    assert office.registry.disagreement(draft, office.registry.prove(draft)) is None


# ---- editing ----------------------------------------------------------------------------------


def test_an_edit_without_secret_keeps_it_and_its_result(office: Office) -> None:
    stored = office.registry.add(office.draft(), office.registry.prove(office.draft()))
    office.registry.pin(stored.id, True)
    draft = replace(office.draft(), name="renamed", secret=None)
    edited = office.registry.edit(stored, draft, None)
    assert (edited.name, edited.pinned) == ("renamed", True)
    assert (edited.result, edited.user) == (stored.result, stored.user)
    assert office.secret_of(stored.id) == Secret("contoso-api-token")


def test_a_new_endpoint_seals_the_secret_anew(office: Office) -> None:
    stored = office.registry.add(office.draft(), None)
    endpoint = office.sandbox.url.replace("127.0.0.1", "localhost")
    draft = replace(office.draft(), endpoint=endpoint, secret=None)
    proof = office.registry.prove(draft, seen=stored)
    edited = office.registry.edit(stored, draft, proof)
    assert edited.endpoint != stored.endpoint
    assert edited.result.state is State.READY
    assert office.secret_of(stored.id) == Secret("contoso-api-token")


def test_a_new_secret_without_proof_makes_the_row_unproven(office: Office) -> None:
    stored = office.registry.add(office.draft(), office.registry.prove(office.draft()))
    edited = office.registry.edit(stored, office.draft(SECOND), None)
    assert edited.result == Result(State.UNPROVEN)
    assert edited.user == ""
    assert edited.organization == stored.organization
    assert office.secret_of(stored.id) == Secret("contoso-second-token")


def test_the_same_secret_again_is_no_duplicate_of_itself(office: Office) -> None:
    stored = office.registry.add(office.draft(), None)
    proof = office.registry.prove(office.draft(), seen=stored)
    assert office.registry.edit(stored, office.draft(), proof).result.state is State.READY


def test_the_secret_of_another_row_is_refused(office: Office) -> None:
    office.registry.add(office.draft(), None)
    other = office.registry.add(office.draft(SECOND), None)
    with pytest.raises(DuplicateToken):
        office.registry.edit(other, office.draft(), None)
    assert office.secret_of(other.id) == Secret("contoso-second-token")


def test_a_new_name_renames_the_organization(office: Office) -> None:
    stored = office.registry.add(office.draft(), office.registry.prove(office.draft()))
    other = office.registry.add(office.draft(SECOND), office.registry.prove(office.draft(SECOND)))
    draft = replace(office.draft(organization="Contoso Ltd"), secret=None)
    office.registry.edit(stored, draft, None)
    assert office.store.token(other.id).organization.name == "Contoso Ltd"
    assert office.store.token(other.id).organization.service_id == "org-contoso"


def test_the_name_of_another_organization_moves_the_token_there(office: Office) -> None:
    stored = office.registry.add(office.draft(), office.registry.prove(office.draft()))
    fabrikam = office.draft(FABRIKAM, "Fabrikam")
    other = office.registry.add(fabrikam, office.registry.prove(fabrikam))
    draft = replace(office.draft(organization="fabrikam"), secret=None)
    assert office.registry.edit(stored, draft, None).organization == other.organization


def test_the_name_of_an_organization_that_only_bears_a_mark_moves_the_token_there(
    office: Office,
) -> None:
    stored = office.registry.add(office.draft(), office.registry.prove(office.draft()))
    other = office.registry.add(office.draft(SECOND), office.registry.prove(office.draft(SECOND)))
    fabrikam = office.registry.add(office.draft(FABRIKAM, "Fabrikam"), None)
    organizations = Organizations(office.database, office.clock)
    marked = organizations.edit(
        fabrikam.organization, replace(fabrikam.organization, production=True)
    )
    Trash(office.database, office.clock).put([fabrikam.id])
    draft = replace(office.draft(organization="Fabrikam"), secret=None)
    assert office.registry.edit(stored, draft, None).organization == marked
    assert office.store.token(other.id).organization.name == "Contoso"


def test_an_app_takes_its_organization_under_no_name_of_another(office: Office) -> None:
    app = KnownToken(
        "build-app:the-client-secret", "org-contoso", "Contoso", kind=Kind.OAUTH_APP_V2
    )
    office.sandbox.register(app)
    ours = replace(office.draft(app), kind=app.kind, organization_id="org-contoso")
    stored = office.registry.add(ours, office.registry.prove(ours))
    other = office.registry.add(office.draft(), office.registry.prove(office.draft()))
    office.registry.add(office.draft(FABRIKAM, "Fabrikam"), None)
    typed = replace(ours, secret=None, organization="fabrikam")
    with pytest.raises(AnotherOrganization) as caught:
        office.registry.edit(stored, typed, None)
    assert (caught.value.named, caught.value.found) == ("fabrikam", "Contoso")
    assert office.store.token(other.id).organization.name == "Contoso"
    renamed = office.registry.edit(stored, replace(typed, organization="Contoso Ltd"), None)
    assert renamed.organization.name == "Contoso Ltd"


def test_a_held_token_given_another_organization_may_be_tried_again(office: Office) -> None:
    stored = office.registry.add(office.draft(), office.registry.prove(office.draft()))
    other = office.registry.add(office.draft(SECOND), office.registry.prove(office.draft(SECOND)))
    office.store.record(stored, Result(State.HELD))
    same = replace(office.draft(), secret=None, note="still held")
    assert office.registry.edit(stored, same, None).result.state is State.HELD
    draft = replace(office.draft(organization="Northwind"), secret=None)
    edited = office.registry.edit(stored, draft, None)
    assert edited.result.state is State.UNPROVEN
    assert (edited.organization.name, edited.organization.service_id) == ("Northwind", "")
    assert office.store.token(other.id).organization.name == "Contoso"


def test_a_proof_moves_the_token_to_the_organization_it_belongs_to(office: Office) -> None:
    stored = office.registry.add(office.draft(FABRIKAM), None)
    draft = replace(office.draft(organization=""), secret=None)
    kept = office.registry.edit(stored, draft, None)
    assert kept.organization == stored.organization
    proof = office.registry.prove(draft, seen=stored)
    moved = office.registry.edit(stored, draft, proof)
    assert (moved.organization.name, moved.organization.service_id) == ("Fabrikam", "org-fabrikam")


def test_a_stale_draft_brings_no_new_secret_to_an_old_endpoint(office: Office) -> None:
    seen = office.registry.add(office.draft(), None)
    stale = replace(office.draft(), name="renamed", secret=None)
    elsewhere = replace(office.draft(SECOND), endpoint="https://elsewhere.example")
    edited = office.registry.edit(seen, elsewhere, None)
    asked = len(office.sandbox.requests)
    with pytest.raises(EditedMeanwhile):
        office.registry.edit(seen, stale, None)
    with pytest.raises(EditedMeanwhile):
        office.registry.prove(stale, seen=seen)
    assert office.registry.tokens() == (edited,)
    assert office.secret_of(seen.id) == Secret("contoso-second-token")
    assert len(office.sandbox.requests) == asked


def test_a_stale_draft_does_not_move_a_row_back(office: Office) -> None:
    seen = office.registry.add(office.draft(), office.registry.prove(office.draft()))
    stale = replace(office.draft(), note="new", secret=None)
    renamed = replace(office.draft(organization="Contoso Ltd"), secret=None)
    edited = office.registry.edit(seen, renamed, None)
    with pytest.raises(EditedMeanwhile):
        office.registry.edit(seen, stale, None)
    assert office.registry.tokens() == (edited,)


def test_a_draft_outlives_what_an_exchange_has_told_meanwhile(office: Office) -> None:
    seen = office.registry.add(office.draft(), None)
    office.store.record(seen, Result(State.READY), user="ana", organization_id="org-contoso")
    draft = replace(office.draft(), name="renamed", secret=None)
    edited = office.registry.edit(seen, draft, None)
    assert (edited.name, edited.organization.service_id) == ("renamed", "org-contoso")


def test_what_a_draft_leaves_alone_stays_as_it_was_stored_meanwhile(office: Office) -> None:
    seen = office.registry.add(office.draft(), None)
    told = Expiry(office.clock() + timedelta(days=5))
    office.store.edit(
        replace(
            office.store.token(seen.id),
            name="renamed",
            note="a note",
            expiry=told,
            expiry_told=True,
            interactive=True,
        )
    )
    mine = replace(office.draft(), secret=None, note="my note")
    edited = office.registry.edit(seen, mine, None)
    assert (edited.name, edited.note) == ("renamed", "my note")
    assert (edited.expiry, edited.expiry_told) == (told, True)
    assert edited.interactive


def test_the_end_beside_a_new_secret_is_that_ones_whatever_was_told_of_the_old(
    office: Office,
) -> None:
    typed = Expiry(office.clock() + timedelta(days=90))
    seen = office.registry.add(replace(office.draft(), expiry=typed), None)
    told = Expiry(office.clock() + timedelta(days=5))
    office.store.edit(replace(office.store.token(seen.id), expiry=told, expiry_told=True))
    edited = office.registry.edit(seen, replace(office.draft(SECOND), expiry=typed), None)
    assert (edited.expiry, edited.expiry_told) == (typed, False)


class _EditedFirst(Store):
    """Another program edits a row between two readings."""

    act: Callable[[], object]

    def sealed(self, id: str) -> Sealed:
        act, self.act = self.act, lambda: None
        act()
        return super().sealed(id)


def test_a_secret_stored_a_moment_ago_is_not_proven_for_the_old_draft(office: Office) -> None:
    seen = office.registry.add(office.draft(), None)
    store = _EditedFirst(office.database, office.clock)
    store.act = lambda: office.registry.edit(seen, office.draft(SECOND), None)
    registry = Registry(store, office.vault, office.service, office.clock)
    with pytest.raises(EditedMeanwhile):
        registry.prove(replace(office.draft(), secret=None), seen=seen)
    assert office.sandbox.exchanges == ()


def test_a_secret_stored_a_moment_ago_is_not_sealed_for_another_endpoint(office: Office) -> None:
    seen = office.registry.add(office.draft(), None)
    store = _EditedFirst(office.database, office.clock)
    store.act = lambda: office.registry.edit(seen, office.draft(SECOND), None)
    registry = Registry(store, office.vault, office.service, office.clock)
    moved = replace(office.draft(), endpoint="https://elsewhere.example", secret=None)
    with pytest.raises(EditedMeanwhile):
        registry.edit(seen, moved, None)
    assert office.store.token(seen.id).endpoint == office.sandbox.url
    assert office.secret_of(seen.id) == Secret(SECOND.api_token)


# ---- removing, and a key that is gone ---------------------------------------------------------


def test_a_removed_token_is_not_edited(office: Office) -> None:
    stored = office.registry.add(office.draft(), None)
    Trash(office.database, office.clock).put([stored.id])
    assert office.registry.tokens() == ()
    with pytest.raises(NoSuchToken):
        office.registry.edit(stored, office.draft(), None)


def test_rows_under_a_lost_key_stay_and_can_be_pasted_again(office: Office) -> None:
    stored = office.registry.add(office.draft(), office.registry.prove(office.draft()))
    office.backend.entries.clear()
    office.vault.close()
    assert office.registry.tokens() == (stored,)
    office.vault.begin_anew_with_keyring()
    (token,) = office.registry.tokens()
    assert token == replace(stored, result=Result(State.UNREADABLE))
    moved = replace(office.draft(), endpoint="https://elsewhere.example", secret=None)
    with pytest.raises(SecretUnreadable):
        office.registry.edit(stored, moved, None)
    renamed = replace(office.draft(), name="renamed", secret=None)
    assert office.registry.edit(stored, renamed, None).result.state is State.UNREADABLE
    proof = office.registry.prove(office.draft(), seen=stored)
    assert office.registry.edit(stored, office.draft(), proof).result.state is State.READY
    assert office.secret_of(stored.id) == Secret("contoso-api-token")
