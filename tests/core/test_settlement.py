"""A row held for another organization: moved there, or used for it, on a deliberate word."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from clock import MovableClock
from partner_tokens.core.errors.service import PasscodeNeeded, Refused
from partner_tokens.core.errors.tokens import AnotherOrganization, EditedMeanwhile
from partner_tokens.core.profile import profile_under
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, State
from partner_tokens.parts import Parts
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.sandbox.service import Sandbox

CONTOSO = KnownToken("contoso-api-token", "org-contoso", "Contoso")
FABRIKAM = KnownToken("the-api-token-of-another", "org-fabrikam", "Fabrikam", "ana@partner.example")
STRAY = KnownToken("stray-api-token", "org-fabrikam", "Fabrikam", "bob@partner.example")


@dataclass
class Desk:
    """Real parts, with Contoso and Fabrikam stored, and a stray of Fabrikam's under Contoso."""

    parts: Parts
    sandbox: Sandbox
    clock: MovableClock
    stray: ApiToken

    def seen(self) -> ApiToken:
        return self.parts.store.token(self.stray.id)

    def held(self) -> AnotherOrganization:
        """What whoever copies the stray is told."""
        with pytest.raises(AnotherOrganization) as caught:
            self.parts.broker.fresh(self.seen(), again=True)
        return caught.value


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock, backend = MovableClock(), MemoryBackend("Memory")
    parts = Parts(profile_under(tmp_path), clock=clock, open_backend=lambda: backend)
    with Sandbox(clock) as sandbox:
        sandbox.register(CONTOSO, FABRIKAM, STRAY)
        parts.vault.begin_with_keyring()
        for known in (CONTOSO, FABRIKAM):
            draft = Draft(known.organization, "ci", sandbox.url, Secret(known.api_token))
            parts.registry.add(draft, parts.registry.prove(draft))
        draft = Draft("Contoso", "stray", sandbox.url, Secret(STRAY.api_token))
        yield Desk(parts, sandbox, clock, parts.registry.add(draft, None))
    parts.close()


def test_a_held_row_moves_to_the_organization_that_was_found_and_its_header_is_at_hand(
    desk: Desk,
) -> None:
    found = desk.held()
    moved = desk.parts.settlement.move(desk.seen(), found)
    assert (moved.organization.name, moved.organization.service_id) == ("Fabrikam", "org-fabrikam")
    assert (moved.result.state, moved.user) == (State.READY, "bob@partner.example")
    exchanges = len(desk.sandbox.exchanges)
    access = desk.parts.broker.fresh(moved)
    assert desk.sandbox.holder_of(access.value.reveal()) == STRAY
    assert len(desk.sandbox.exchanges) == exchanges
    assert {token.organization.name for token in desk.parts.store.tokens()} == {
        "Contoso",
        "Fabrikam",
    }


def test_a_name_that_repeats_the_token_is_not_what_a_row_is_moved_to(desk: Desk) -> None:
    other = "org-litware"
    desk.sandbox.register(replace(STRAY, organization_id=other, organization=STRAY.api_token))
    moved = desk.parts.settlement.move(desk.seen(), desk.held())
    assert (moved.organization.name, moved.organization.service_id) == (other, other)


def test_a_row_moves_after_its_header_is_over_too_and_is_proven_by_its_next_exchange(
    desk: Desk,
) -> None:
    found = desk.held()
    desk.clock.forward(minutes=40)
    moved = desk.parts.settlement.move(desk.seen(), found)
    assert moved.result.state is State.UNPROVEN
    desk.parts.broker.fresh(moved)
    assert desk.seen().result.state is State.READY


def test_the_header_of_a_held_row_is_given_for_the_organization_that_was_agreed_to(
    desk: Desk,
) -> None:
    found = desk.held()
    exchanges = len(desk.sandbox.exchanges)
    access = desk.parts.settlement.access(desk.seen(), found)
    assert access.organization_id == found.found_id == "org-fabrikam"
    assert len(desk.sandbox.exchanges) == exchanges
    desk.clock.forward(minutes=40)
    again = desk.parts.settlement.access(desk.seen(), found)
    assert len(desk.sandbox.exchanges) == exchanges + 1
    assert again.left(desk.clock()) > timedelta(minutes=20)
    assert desk.seen().result.state is State.HELD


def test_nothing_is_given_for_yet_another_organization(desk: Desk) -> None:
    found = desk.held()
    desk.clock.forward(minutes=40)
    desk.sandbox.register(replace(STRAY, organization_id="org-litware", organization="Litware"))
    with pytest.raises(AnotherOrganization):
        desk.parts.settlement.access(desk.seen(), found)
    desk.parts.settlement.move(desk.seen(), found)
    assert desk.seen().result.state is State.UNPROVEN
    with pytest.raises(AnotherOrganization) as caught:
        desk.parts.broker.fresh(desk.seen())
    assert caught.value.found == "Litware"


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [(Behaviour.REFUSED_CSP, Refused), (Behaviour.PASSCODE, PasscodeNeeded)],
)
def test_what_the_service_says_by_then_is_told(
    desk: Desk, behaviour: Behaviour, kind: type[Exception]
) -> None:
    found = desk.held()
    desk.clock.forward(minutes=40)
    desk.sandbox.behave(STRAY.api_token, behaviour)
    with pytest.raises(kind):
        desk.parts.settlement.access(desk.seen(), found)


def test_a_row_that_is_no_longer_what_was_seen_is_left_alone(desk: Desk) -> None:
    found, seen = desk.held(), desk.seen()
    desk.parts.settlement.move(seen, found)
    with pytest.raises(EditedMeanwhile):
        desk.parts.settlement.move(seen, found)
