"""Every kind of token: proven, stored, edited, exchanged, asked about."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clock import MovableClock
from partner_tokens.core.asking import Asking
from partner_tokens.core.credentials import Credential, Told
from partner_tokens.core.errors.keys import Locked, SecretUnreadable
from partner_tokens.core.errors.service import DatesUnknown, Refused
from partner_tokens.core.errors.tokens import AnotherOrganization, EditedMeanwhile
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.profile import profile_under
from partner_tokens.core.registry import Draft, Registry
from partner_tokens.core.sealing import Sealed
from partner_tokens.core.secret import Secret
from partner_tokens.core.service import Service
from partner_tokens.core.store import Store
from partner_tokens.core.tokens import AccessToken, ApiToken, Kind, State
from partner_tokens.parts import Parts
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.sandbox.service import Sandbox

CONTOSO, FABRIKAM = "org-contoso", "org-fabrikam"
APPS = (Kind.OAUTH_APP_V1, Kind.OAUTH_APP_V2)
DETAILS = "/csp/gateway/am/api/auth/api-tokens/details"


class Bench:
    """The real parts over a store on disk and the service in small."""

    def __init__(self, folder: Path, sandbox: Sandbox, clock: MovableClock) -> None:
        self.clock = clock
        self.sandbox = sandbox
        backend = MemoryBackend()
        self.parts = Parts(profile_under(folder), clock=clock, open_backend=lambda: backend)
        self.parts.vault.begin_with_keyring()

    def know(self, kind: Kind, text: str = "", organization: str = CONTOSO, **more: Any) -> str:
        """Makes the service know a secret of a kind; gives it."""
        text = text or ("build-app:s3cret:with-colon" if kind.is_app else f"{kind.value}-secret")
        user = text.partition(":")[0] if kind.is_app else "ana@partner.example"
        known = KnownToken(text, organization, organization.removeprefix("org-").title(), user)
        self.sandbox.register(replace(known, kind=kind, **more))
        return text

    def draft(self, kind: Kind, text: str, **more: Any) -> Draft:
        id = CONTOSO if kind.is_app else ""
        draft = Draft(
            "Contoso", "ci", self.sandbox.url, Secret(text), kind=kind, organization_id=id
        )
        return replace(draft, **more)

    def add(self, kind: Kind, *, proven: bool = True, **more: Any) -> ApiToken:
        draft = self.draft(kind, self.know(kind), **more)
        proof = self.parts.registry.prove(draft) if proven else None
        return self.parts.registry.add(draft, proof)

    def asked(self) -> int:
        """How often the service was asked about an API token."""
        return sum(request.path == DETAILS for request in self.sandbox.requests)

    def stored(self, id: str) -> ApiToken:
        return self.parts.store.token(id)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    clock = MovableClock()
    with Sandbox(clock) as sandbox:
        bench = Bench(tmp_path, sandbox, clock)
        yield bench
        bench.parts.close()


def days(bench: Bench, count: float) -> datetime:
    return bench.clock.now + timedelta(days=count)


# ---- adding and exchanging --------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_a_token_of_each_kind_is_proven_stored_and_exchanged(bench: Bench, kind: Kind) -> None:
    token = bench.add(kind)
    assert (token.kind, token.result.state) == (kind, State.READY)
    assert (token.organization.name, token.organization.service_id) == ("Contoso", CONTOSO)
    assert token.user == ("build-app" if kind.is_app else "ana@partner.example")
    access = bench.parts.broker.fresh(token)
    assert access.organization_id == CONTOSO
    assert bench.stored(token.id).user == token.user


@pytest.mark.parametrize("kind", Kind)
def test_a_secret_does_not_open_as_another_kind(bench: Bench, kind: Kind) -> None:
    token = bench.add(kind, proven=False)
    sealed = bench.parts.store.sealed(token.id)
    for other in set(Kind) - {kind}:
        with pytest.raises(SecretUnreadable):
            bench.parts.vault.open(sealed, token_id=token.id, endpoint=token.endpoint, kind=other)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.NAVIGATOR])
def test_a_secret_sent_as_the_wrong_kind_is_refused_and_tried_no_further(
    bench: Bench, kind: Kind
) -> None:
    bench.know(Kind.NAVIGATOR, "an-id:and-a-secret")
    draft = bench.draft(kind, "an-id:and-a-secret")
    with pytest.raises(Refused):
        bench.parts.registry.prove(draft)
    assert len(bench.sandbox.requests) == 1


@pytest.mark.parametrize("kind", APPS)
def test_an_app_needs_its_id_its_secret_and_its_organizations_id(bench: Bench, kind: Kind) -> None:
    for text, id, problem in (
        ("build-app:secret", "", Problem.ORGANIZATION_ID_MISSING),
        ("build-app:secret", "no id/at all", Problem.ORGANIZATION_ID_INVALID),
        ("build-app:secret", "aB3dE5fG" * 8, Problem.TEXT_IS_TOKEN),
        ("build-app", CONTOSO, Problem.CLIENT_SECRET_MISSING),
        (":secret", CONTOSO, Problem.CLIENT_ID_MISSING),
        ("build app:secret", CONTOSO, Problem.CLIENT_ID_INVALID),
        ("build-app:sec ret", CONTOSO, Problem.CLIENT_SECRET_INVALID),
    ):
        with pytest.raises(InputError) as caught:
            bench.parts.registry.prove(bench.draft(kind, text, organization_id=id))
        assert caught.value.problem is problem
    assert bench.sandbox.requests == ()


@pytest.mark.parametrize("kind", APPS)
def test_an_app_stored_unproven_shows_its_client_id_and_can_be_exchanged(
    bench: Bench, kind: Kind
) -> None:
    token = bench.add(kind, proven=False)
    assert (token.user, token.result.state) == ("build-app", State.UNPROVEN)
    assert token.organization.service_id == CONTOSO
    assert bench.parts.broker.fresh(token).user == "build-app"


def test_an_app_of_another_organization_is_not_stored_under_the_typed_id(bench: Bench) -> None:
    text = bench.know(Kind.OAUTH_APP_V1, organization=FABRIKAM)
    bench.sandbox.register(
        KnownToken(text, FABRIKAM, "Fabrikam", "build-app", kind=Kind.OAUTH_APP_V1)
    )
    draft = bench.draft(Kind.OAUTH_APP_V1, text)
    with pytest.raises((Refused, AnotherOrganization)):
        bench.parts.registry.prove(draft)


def test_an_app_that_the_service_takes_for_another_organizations_is_not_proven(
    bench: Bench,
) -> None:
    class Careless(Service):
        """As a service that heeds no organization in the request."""

        def exchange(self, credential: Credential, passcode: Secret | None = None) -> AccessToken:
            return super().exchange(replace(credential, organization_id=FABRIKAM), passcode)

    text = bench.know(Kind.OAUTH_APP_V1, organization=FABRIKAM)
    parts = bench.parts
    careless = Careless(parts.transport, bench.clock)
    registry = Registry(parts.store, parts.vault, careless, bench.clock)
    with pytest.raises(AnotherOrganization) as caught:
        registry.prove(bench.draft(Kind.OAUTH_APP_V1, text))
    assert (caught.value.named, caught.value.found) == (CONTOSO, FABRIKAM)


# ---- editing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_an_edit_keeps_the_kind_whatever_the_draft_says(bench: Bench, kind: Kind) -> None:
    token = bench.add(kind)
    elsewhere = bench.sandbox.url.replace("127.0.0.1", "localhost")  # sealed anew for it
    draft = Draft("Contoso", "renamed", elsewhere, None)
    edited = bench.parts.registry.edit(token, draft, None)
    assert (edited.kind, edited.name, edited.user) == (kind, "renamed", token.user)
    assert edited.organization.service_id == CONTOSO
    assert bench.parts.broker.fresh(edited, again=True).organization_id == CONTOSO


def test_a_new_pair_shows_its_new_client_id(bench: Bench) -> None:
    token = bench.add(Kind.OAUTH_APP_V2)
    text = bench.know(Kind.OAUTH_APP_V2, "other-app:another-secret")
    edited = bench.parts.registry.edit(token, bench.draft(token.kind, text), None)
    assert (edited.user, edited.result.state) == ("other-app", State.UNPROVEN)
    assert bench.parts.broker.fresh(edited, again=True).user == "other-app"


def test_an_app_moved_to_another_organization_is_exchanged_anew(bench: Bench) -> None:
    token = bench.add(Kind.OAUTH_APP_V1)
    draft = bench.draft(token.kind, "", secret=None, organization_id=FABRIKAM)
    edited = bench.parts.registry.edit(token, replace(draft, organization="Fabrikam"), None)
    assert (edited.organization.name, edited.organization.service_id) == ("Fabrikam", FABRIKAM)
    assert edited.result.state is State.UNPROVEN
    assert edited.version != token.version
    for _from_memory in (False, True):
        with pytest.raises(Refused) as caught:
            bench.parts.broker.fresh(edited)
        assert caught.value.title == "The service refused this app."
    assert f"/accounts/{FABRIKAM}/" in bench.sandbox.requests[-1].path


# ---- the service's word -----------------------------------------------------------------------


def test_a_proof_of_a_cloud_services_token_brings_its_dates(bench: Bench) -> None:
    ends, made = days(bench, 60), days(bench, -30)
    text = bench.know(Kind.CLOUD_SERVICES, name="nightly", expires_at=ends, made_at=made)
    draft = bench.draft(Kind.CLOUD_SERVICES, text)
    token = bench.parts.registry.add(draft, bench.parts.registry.prove(draft))
    assert (token.expiry, token.expiry_told) == (Expiry(ends), True)
    assert token.particulars is not None
    assert (token.particulars.name, token.particulars.made_at) == ("nightly", made)
    assert bench.asked() == 1


@pytest.mark.parametrize("kind", [kind for kind in Kind if not kind.tells_dates])
def test_nobody_else_is_asked_unless_the_user_wishes(bench: Bench, kind: Kind) -> None:
    token = bench.add(kind)
    bench.parts.broker.fresh(token, again=True)
    assert bench.parts.asking.due() == ()
    assert bench.asked() == 0


def test_an_end_that_was_typed_holds_against_the_proof(bench: Bench) -> None:
    typed = Expiry(days(bench, 5))
    text = bench.know(Kind.CLOUD_SERVICES, expires_at=days(bench, 60))
    draft = bench.draft(Kind.CLOUD_SERVICES, text, expiry=typed)
    token = bench.parts.registry.add(draft, bench.parts.registry.prove(draft))
    assert (token.expiry, token.expiry_told) == (typed, False)
    assert token.particulars is not None


def test_details_that_cannot_be_had_do_not_spoil_a_proof(bench: Bench) -> None:
    text = bench.know(Kind.CLOUD_SERVICES, tells_dates=False)
    draft = bench.draft(Kind.CLOUD_SERVICES, text)
    token = bench.parts.registry.add(draft, bench.parts.registry.prove(draft))
    assert (token.result.state, token.particulars) == (State.READY, None)
    assert (token.expiry, token.expiry_told) == (Expiry.unknown(), False)


def told_token(bench: Bench) -> ApiToken:
    """A Cloud Services token whose end the service told: in 60 days."""
    text = bench.know(Kind.CLOUD_SERVICES, expires_at=days(bench, 60))
    draft = bench.draft(Kind.CLOUD_SERVICES, text)
    return bench.parts.registry.add(draft, bench.parts.registry.prove(draft))


def test_an_edit_that_leaves_a_told_end_alone_keeps_it_told(bench: Bench) -> None:
    token = told_token(bench)
    draft = Draft("Contoso", "renamed", token.endpoint, None, token.expiry)
    edited = bench.parts.registry.edit(token, draft, None)
    assert (edited.expiry, edited.expiry_told) == (token.expiry, True)
    assert edited.particulars == token.particulars


def test_an_end_typed_over_a_told_one_is_the_users(bench: Bench) -> None:
    token = told_token(bench)
    draft = Draft("Contoso", "ci", token.endpoint, None, Expiry.endless())
    edited = bench.parts.registry.edit(token, draft, None)
    assert (edited.expiry, edited.expiry_told) == (Expiry.endless(), False)
    bench.clock.forward(days=2)
    bench.parts.broker.fresh(edited, again=True)
    assert bench.parts.asking.due() == (token.id,)
    asked = bench.parts.asking.ask(token.id, wished=False)
    assert (asked.expiry, asked.expiry_told) == (Expiry.endless(), False)
    asked = bench.parts.asking.ask(token.id, wished=True)
    assert (asked.expiry, asked.expiry_told) == (token.expiry, True)


def test_a_told_end_goes_with_the_secret_it_was_told_of(bench: Bench) -> None:
    token = told_token(bench)
    text = bench.know(Kind.CLOUD_SERVICES, "the-next-secret", expires_at=days(bench, 180))
    draft = bench.draft(token.kind, text, expiry=token.expiry)
    unproven = bench.parts.registry.edit(token, draft, None)
    assert (unproven.expiry, unproven.expiry_told) == (Expiry.unknown(), False)
    assert unproven.particulars is None
    proof = bench.parts.registry.prove(draft, seen=unproven)
    proven = bench.parts.registry.edit(unproven, draft, proof)
    assert (proven.expiry, proven.expiry_told) == (token.expiry, False)  # typed by now
    draft = replace(draft, expiry=Expiry.unknown())
    proven = bench.parts.registry.edit(proven, draft, proof)
    assert (proven.expiry, proven.expiry_told) == (Expiry(days(bench, 180)), True)


# ---- asking -----------------------------------------------------------------------------------


def test_the_service_is_asked_once_a_day_after_an_exchange(bench: Bench) -> None:
    token = bench.add(Kind.CLOUD_SERVICES, proven=False)
    asking, broker = bench.parts.asking, bench.parts.broker
    assert asking.due() == ()  # never exchanged
    broker.fresh(token)
    assert asking.due() == (token.id,)
    bench.parts.vault.close()  # locked before it was asked: still due afterwards
    with pytest.raises(Locked):
        asking.ask(token.id, wished=False)
    assert asking.due() == ()
    bench.parts.vault.unlock()
    assert asking.due() == (token.id,)
    asking.ask(token.id, wished=False)
    broker.fresh(token, again=True)
    bench.clock.forward(hours=23)
    assert asking.due() == ()
    bench.clock.forward(hours=2)
    assert asking.due() == ()  # not exchanged since
    broker.fresh(token, again=True)
    assert asking.due() == (token.id,)


def test_what_cannot_be_told_is_asked_again_tomorrow_only(bench: Bench) -> None:
    text = bench.know(Kind.CLOUD_SERVICES, tells_dates=False)
    token = bench.parts.registry.add(bench.draft(Kind.CLOUD_SERVICES, text), None)
    bench.parts.broker.fresh(token)
    assert bench.parts.asking.due() == (token.id,)
    with pytest.raises(DatesUnknown):
        bench.parts.asking.ask(token.id, wished=False)
    bench.parts.broker.fresh(token, again=True)
    assert bench.parts.asking.due() == ()
    bench.clock.forward(days=1, minutes=1)
    bench.parts.broker.fresh(token, again=True)
    assert bench.parts.asking.due() == (token.id,)


def test_nobody_is_asked_about_a_paused_organization_or_a_refused_token(bench: Bench) -> None:
    token = bench.add(Kind.CLOUD_SERVICES, proven=False)
    bench.sandbox.behave("cloud-services-token-secret", Behaviour.REFUSED_CSP)
    with pytest.raises(Refused):
        bench.parts.broker.fresh(token)
    assert bench.parts.asking.due() == ()
    bench.sandbox.behave("cloud-services-token-secret", Behaviour.FINE)
    bench.parts.broker.fresh(token, again=True)
    with bench.parts.database.writing() as connection:
        connection.execute(
            "UPDATE organizations SET paused_until = ?", (int(days(bench, 1).timestamp()),)
        )
    assert bench.parts.asking.due() == ()


def test_a_navigators_token_is_asked_about_on_the_users_wish(bench: Bench) -> None:
    ends = days(bench, 40)
    text = bench.know(Kind.NAVIGATOR, expires_at=ends)
    draft = bench.draft(Kind.NAVIGATOR, text, expiry=Expiry(days(bench, 3)))
    token = bench.parts.registry.add(draft, bench.parts.registry.prove(draft))
    asked = bench.parts.asking.ask(token.id, wished=True)
    assert (asked.expiry, asked.expiry_told) == (Expiry(ends), True)
    assert asked.result == token.result


def test_a_service_that_does_not_know_says_so_and_changes_nothing(bench: Bench) -> None:
    text = bench.know(Kind.NAVIGATOR, tells_dates=False)
    token = bench.parts.registry.add(bench.draft(Kind.NAVIGATOR, text), None)
    with pytest.raises(DatesUnknown):
        bench.parts.asking.ask(token.id, wished=True)
    assert bench.stored(token.id) == token


def test_a_service_that_names_no_end_leaves_the_typed_one(bench: Bench) -> None:
    typed = Expiry(days(bench, 3))
    token = bench.add(Kind.CLOUD_SERVICES, proven=False, expiry=typed)
    asked = bench.parts.asking.ask(token.id, wished=True)
    assert (asked.expiry, asked.expiry_told) == (typed, False)
    assert asked.particulars is not None


def test_a_token_that_was_asked_about_lately_is_proven_without_asking_again(bench: Bench) -> None:
    token = told_token(bench)
    bench.parts.asking.ask(token.id, wished=True)
    asked, draft = bench.asked(), Draft("Contoso", "renamed", token.endpoint, None)
    seen = bench.stored(token.id)
    assert bench.parts.registry.prove(draft, seen=seen).told is None
    assert bench.asked() == asked
    bench.clock.forward(days=1, minutes=1)
    assert bench.parts.registry.prove(draft, seen=seen).told is not None
    assert bench.asked() == asked + 1


def test_a_row_edited_while_the_service_was_asked_takes_nothing_from_it(bench: Bench) -> None:
    token = told_token(bench)
    parts = bench.parts

    class Slow(Service):
        def told(self, credential: Credential) -> Told:
            text = bench.know(Kind.CLOUD_SERVICES, "the-next-secret")
            parts.registry.edit(token, bench.draft(token.kind, text), None)
            return super().told(credential)

    slow = Slow(parts.transport, bench.clock)
    asking = Asking(parts.database, parts.store, parts.vault, slow, bench.clock)
    with pytest.raises(EditedMeanwhile):
        asking.ask(token.id, wished=True)
    assert bench.stored(token.id).particulars is None


def test_a_secret_stored_a_moment_ago_is_not_asked_about_as_the_one_before(bench: Bench) -> None:
    token = told_token(bench)
    parts = bench.parts
    asked = bench.asked()

    class EditedFirst(Store):
        """Another program edits the row between two readings."""

        def sealed(self, id: str) -> Sealed:
            text = bench.know(Kind.CLOUD_SERVICES, "the-next-secret")
            parts.registry.edit(token, bench.draft(token.kind, text), None)
            return super().sealed(id)

    store = EditedFirst(parts.database, bench.clock)
    asking = Asking(parts.database, store, parts.vault, parts.service, bench.clock)
    with pytest.raises(EditedMeanwhile):
        asking.ask(token.id, wished=True)
    assert bench.asked() == asked


# ---- renewing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_a_renewed_token_keeps_its_kind_and_an_app_its_id(bench: Bench, kind: Kind) -> None:
    token = bench.add(kind)
    ends = days(bench, 180)
    text = "build-app:the-next-secret" if kind.is_app else "the-next-secret"
    bench.know(kind, text, expires_at=ends)
    renewal = bench.parts.renewal
    pending = renewal.paste(token, Secret("the-next-secret"), Expiry.unknown())
    swapped = renewal.swap(pending, token, renewal.prove(pending), pending.expiry)
    assert (swapped.kind, swapped.user) == (kind, token.user)
    assert (swapped.expiry.at, swapped.expiry_told) == (
        (ends, True) if kind.tells_dates else (None, False)
    )
    assert bench.parts.broker.fresh(swapped, again=True).organization_id == CONTOSO
