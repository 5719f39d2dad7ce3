"""A provider's customers as the service lists them, beside what is stored."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock import MovableClock
from partner_tokens.core.coverage import Customer
from partner_tokens.core.errors.service import BrokenReply, TenantsHidden, Unreachable
from partner_tokens.core.profile import profile_under
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.core.tenants import MOST, Tenancy, Tenant, Tenants
from partner_tokens.core.tokens import AccessToken, ApiToken
from partner_tokens.core.transport import Reply
from partner_tokens.parts import Parts
from partner_tokens.sandbox.behaviours import KnownToken
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.sandbox.service import Sandbox

PROVIDER = "provider-1"
CUSTOMERS = (("c-1", "Contoso"), ("c-2", "Fabrikam"), ("c-3", "Zoo"))


class Shop:
    """Real parts and the service in small."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.parts = Parts(
            profile_under(folder),
            clock=MovableClock(),
            open_backend=lambda: MemoryBackend("Test keyring"),
        )
        self.parts.vault.begin_with_keyring()

    def add(self, organization: str, service_id: str, **known: Any) -> ApiToken:
        text = f"api-token-of-{'-'.join(organization.split())}"
        self.sandbox.register(KnownToken(text, service_id, organization, **known))
        draft = Draft(organization, "ci", self.sandbox.url, Secret(text))
        registry = self.parts.registry
        return registry.add(draft, registry.prove(draft))

    def compared(self, token: ApiToken) -> list[Customer]:
        coverage = self.parts.coverage
        return list(coverage.compare(coverage.ask(token)).customers)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Sandbox(MovableClock()) as sandbox:
        made = Shop(tmp_path, sandbox)
        yield made
        made.parts.close()


def test_customers_without_a_token_come_first(shop: Shop) -> None:
    provider = shop.add("Us", PROVIDER, tenants=CUSTOMERS)
    shop.add("Contoso under another name", "c-1")
    assert shop.compared(provider) == [
        Customer("c-2", "Fabrikam", 0),
        Customer("c-3", "Zoo", 0),
        Customer("c-1", "Contoso under another name", 1),
    ]


def test_a_stored_name_without_id_covers_its_customer(shop: Shop) -> None:
    provider = shop.add("Us", PROVIDER, tenants=CUSTOMERS)
    shop.add("Zoo", "c-3")
    with shop.parts.database.writing() as connection:
        connection.execute("UPDATE organizations SET service_id = '' WHERE name = 'Zoo'")
    assert Customer("c-3", "Zoo", 1) in shop.compared(provider)


def test_an_organization_that_only_bears_a_mark_is_not_covered(shop: Shop) -> None:
    provider = shop.add("Us", PROVIDER, tenants=CUSTOMERS)
    token = shop.add("Zoo", "c-3")
    home = token.organization
    shop.parts.organizations.edit(home, replace(home, production=True))
    shop.parts.trash.put([token.id])
    assert Customer("c-3", "Zoo", 0) in shop.compared(provider)


def test_customers_that_only_the_record_names_are_shown_by_their_ids(shop: Shop) -> None:
    provider = shop.add("Us", PROVIDER, tenants=CUSTOMERS[:1], unlisted=("c-9",))
    assert shop.compared(provider) == [Customer("c-1", "Contoso", 0), Customer("c-9", "", 0)]


def test_a_token_that_is_no_providers_says_so(shop: Shop) -> None:
    token = shop.add("Contoso", "c-1")
    with pytest.raises(TenantsHidden) as caught:
        shop.parts.coverage.ask(token)
    assert "provider" in caught.value.hint.lower()


def test_a_role_that_is_too_small_says_so(shop: Shop) -> None:
    token = shop.add("Contoso", "c-1", tells_organization=False)
    with pytest.raises(TenantsHidden):
        shop.parts.coverage.ask(token)


def test_a_pause_does_not_keep_the_user_from_asking(shop: Shop) -> None:
    provider = shop.add("Us", PROVIDER, tenants=CUSTOMERS)
    home, until = provider.organization, shop.parts.clock() + timedelta(days=1)
    paused = shop.parts.organizations.edit(home, replace(home, paused_until=until))
    assert len(shop.compared(replace(provider, organization=paused))) == 3


def test_a_full_list_is_larger_than_other_answers_and_is_read(shop: Shop) -> None:
    many = tuple((f"c-{n:05d}", f"Customer {n} {'x' * 60}") for n in range(MOST + 7))
    provider = shop.add("Us", PROVIDER, tenants=many)
    tenancy = shop.parts.coverage.ask(provider)
    assert (len(tenancy.tenants), tenancy.is_cut) == (MOST, True)


# ---- hostile answers --------------------------------------------------------------------------


class Answering:
    """Stands in for the transport: what the service in small never says."""

    def __init__(self, listed: bytes, status: int = 200, record: bytes | None = None) -> None:
        self.listed, self.status, self.record = listed, status, record

    def send(self, _method: str, url: str, **_more: Any) -> Reply:
        at = datetime(2026, 6, 1, tzinfo=UTC)
        is_list = url.endswith("/tenants")
        told = (404, b"{}") if self.record is None else (200, self.record)
        status, body = (self.status, self.listed) if is_list else told
        return Reply(status, {}, body, url, timedelta(0), None, at)


def read(body: bytes, status: int = 200, record: bytes | None = None) -> Tenancy:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    life = timedelta(minutes=30)
    access = AccessToken(Secret("a.b.c"), at, at + life, life, "https://console.example.com")
    tenants = Tenants(Answering(body, status, record))  # type: ignore[arg-type]
    return tenants.of(PROVIDER, access)


def test_names_and_ids_that_are_none_are_left_out() -> None:
    body = json.dumps(
        [
            {"id": "c-1", "displayName": "\u202eevil"},
            {"id": "c-2", "displayName": 7, "companyName": "Kept"},
            {"id": "c-3", "name": "x" * 500},
            {"id": "../../etc"},
            {"id": 5},
            "no record",
            {"id": PROVIDER, "displayName": "itself"},
            {"id": "c-2", "displayName": "twice"},
        ]
    )
    assert read(body.encode()).tenants == (Tenant("c-1"), Tenant("c-2", "twice"), Tenant("c-3"))


def test_a_list_inside_an_object_is_read() -> None:
    body = json.dumps({"total": 1, "tenants": [{"id": "c-1", "displayName": "Contoso"}]})
    assert read(body.encode()).tenants == (Tenant("c-1", "Contoso"),)


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"<html>", b'{"a": [], "b": []}', b"7"])
def test_what_is_no_list_is_a_broken_reply(body: bytes) -> None:
    with pytest.raises(BrokenReply):
        read(body)


@pytest.mark.parametrize("record", [b"", b"[]", b"{}", b'{"childOrgIds": "c-9"}', b"[" * 200_000])
def test_a_record_that_names_no_customers_takes_none_away(record: bytes) -> None:
    assert read(b'[{"id": "c-1"}]', record=record).tenants == (Tenant("c-1"),)


def test_a_record_names_customers_and_what_is_no_id_is_left_out() -> None:
    record = b'{"childOrgIds": ["c-9", 5, "../../etc"]}'
    assert set(read(b'[{"id": "c-1"}]', record=record).tenants) == {Tenant("c-1"), Tenant("c-9")}


def test_nested_too_deep_is_a_broken_reply() -> None:
    with pytest.raises(BrokenReply):
        read(b"[" * 200_000)


def test_trouble_of_the_service_is_no_refusal() -> None:
    with pytest.raises(Unreachable):
        read(b"", 503)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(body: bytes) -> None:
    try:
        tenancy = read(body)
    except BrokenReply:
        return
    assert len(tenancy.tenants) <= MOST
