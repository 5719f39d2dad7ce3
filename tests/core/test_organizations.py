"""Organizations by themselves: what is marked is kept, and no two become hard to tell apart."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from clock import MovableClock
from partner_tokens.core.database import Database
from partner_tokens.core.errors.organizations import (
    OrganizationEdited,
    OrganizationIdTaken,
    OrganizationNameTaken,
)
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.events import Change, Event
from partner_tokens.core.history import History
from partner_tokens.core.organizations import Organizations
from partner_tokens.core.sealing import Sealed
from partner_tokens.core.store import Store
from partner_tokens.core.tokens import ApiToken, Colour, Organization, search_text
from partner_tokens.core.trash import Trash

ENDPOINT = "https://console.navigator.vmware.com"


class Shop:
    """A store, and the organizations in it."""

    def __init__(self, folder: Path) -> None:
        self.clock = MovableClock()
        self.database = Database(folder / "tokens.sqlite3", folder / "backups", self.clock)
        self.store = Store(self.database, self.clock)
        self.trash = Trash(self.database, self.clock)
        self.organizations = Organizations(self.database, self.clock)

    def add(self, id: str, organization: str = "Contoso", service_id: str = "") -> Organization:
        home = Organization(organization, service_id)
        token = ApiToken(id, home, "ci", ENDPOINT, self.clock())
        sealed = Sealed("key-1", id.encode(), b"sealed text")
        return self.store.add(token, sealed, id.encode()).organization

    def counts(self) -> dict[str, int]:
        return {each.organization.name: each.tokens for each in self.organizations.all()}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.database.close()


def test_organizations_are_listed_by_name_with_the_number_of_their_tokens(shop: Shop) -> None:
    for id, name in (("1", "Fabrikam"), ("2", "álpine"), ("3", "Fabrikam")):
        shop.add(id, name)
    assert list(shop.counts().items()) == [("álpine", 1), ("Fabrikam", 2)]
    shop.trash.put(["1"])
    assert shop.counts() == {"álpine": 1, "Fabrikam": 1}


def test_all_marks_are_stored_for_every_token_of_the_organization(shop: Shop) -> None:
    seen = shop.add("1")
    shop.add("2")
    until = shop.clock() + timedelta(days=3)
    wanted = replace(
        seen, colour=Colour.RED, production=True, note="Owner: Finance", paused_until=until
    )
    assert shop.organizations.edit(seen, wanted) == wanted
    assert [token.organization for token in shop.store.tokens()] == [wanted, wanted]


@pytest.mark.parametrize(
    "mark",
    [{"colour": Colour.BLUE}, {"production": True}, {"note": "Ask Maria"}],
)
def test_an_organization_that_bears_a_mark_stays_without_tokens(
    shop: Shop, mark: dict[str, object]
) -> None:
    seen = shop.add("1")
    marked = shop.organizations.edit(seen, replace(seen, **mark))  # type: ignore[arg-type]
    shop.trash.put(["1"])
    shop.trash.empty()
    assert shop.counts() == {"Contoso": 0}
    shop.organizations.edit(marked, replace(seen))
    assert shop.counts() == {}
    with shop.database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM organizations").fetchone() == (0,)


def test_a_pause_that_is_over_is_no_mark(shop: Shop) -> None:
    seen = shop.add("1")
    past = shop.clock() - timedelta(days=1)
    assert shop.organizations.edit(seen, replace(seen, paused_until=past)).paused_until is None


def test_what_was_stored_can_be_edited_again_at_once(shop: Shop) -> None:
    seen = shop.add("1")
    until = shop.clock() + timedelta(days=1, microseconds=17)
    stored = shop.organizations.edit(seen, replace(seen, paused_until=until))
    shop.organizations.edit(stored, replace(stored, note="again"))


def test_a_rename_holds_for_all_tokens_and_stands_in_their_histories(shop: Shop) -> None:
    seen = shop.add("1")
    shop.add("2")
    shop.organizations.edit(seen, replace(seen, name="  Contoso   Ltd "))
    assert {token.organization.name for token in shop.store.tokens()} == {"Contoso Ltd"}
    history = History(shop.database)
    for id in ("1", "2"):
        newest = history.of(id)[0]
        assert (newest.event, newest.detail) == (Event.EDITED, Change.ORGANIZATION)


def test_a_name_may_change_its_case(shop: Shop) -> None:
    seen = shop.add("1", "contoso")
    assert shop.organizations.edit(seen, replace(seen, name="CONTOSO")).name == "CONTOSO"


@pytest.mark.parametrize(("id", "other"), [("", ""), ("a", ""), ("", "b")])
def test_a_name_that_would_be_told_apart_by_nothing_is_refused(
    shop: Shop, id: str, other: str
) -> None:
    seen = shop.add("1", "Contoso", id)
    shop.add("2", "Fabrikam", other)
    with pytest.raises(OrganizationNameTaken) as caught:
        shop.organizations.edit(seen, replace(seen, name="FABRIKAM", note="lost?"))
    assert "Fabrikam" in caught.value.title
    assert shop.store.token("1").organization == seen


def test_two_that_the_service_tells_apart_may_share_a_name(shop: Shop) -> None:
    seen = shop.add("1", "Contoso", "a")
    shop.add("2", "Fabrikam", "b")
    assert shop.organizations.edit(seen, replace(seen, name="Fabrikam")).name == "Fabrikam"


def test_an_id_is_typed_where_none_is_known_and_never_changed(shop: Shop) -> None:
    seen = shop.add("1")
    named = shop.organizations.edit(seen, replace(seen, service_id=" 11-aa "))
    assert named.service_id == "11-aa"
    assert shop.organizations.edit(named, replace(named, service_id="22-bb")) == named
    assert shop.store.token("1").organization.service_id == "11-aa"


def test_an_id_of_another_organization_is_refused(shop: Shop) -> None:
    seen = shop.add("1")
    shop.add("2", "Fabrikam", "22-bb")
    with pytest.raises(OrganizationIdTaken) as caught:
        shop.organizations.edit(seen, replace(seen, service_id="22-bb"))
    assert "Fabrikam" in caught.value.title


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"name": " "}, Problem.ORGANIZATION_MISSING),
        ({"service_id": "no id at all"}, Problem.ORGANIZATION_ID_INVALID),
        ({"note": "n" * 2001}, Problem.TEXT_TOO_LONG),
        ({"note": "x1y2z3w4v5u6" * 5}, Problem.TEXT_IS_TOKEN),
    ],
)
def test_what_cannot_be_stored_is_said(shop: Shop, typed: dict[str, str], problem: Problem) -> None:
    seen = shop.add("1")
    with pytest.raises(InputError) as caught:
        shop.organizations.edit(seen, replace(seen, **typed))  # type: ignore[arg-type]
    assert caught.value.problem is problem


def test_nothing_is_stored_over_what_changed_since_it_was_read(shop: Shop) -> None:
    seen = shop.add("1")
    shop.organizations.edit(seen, replace(seen, production=True))
    with pytest.raises(OrganizationEdited):
        shop.organizations.edit(seen, replace(seen, note="stale"))
    assert shop.store.token("1").organization.production


def test_an_id_that_the_service_told_meanwhile_is_kept(shop: Shop) -> None:
    seen = shop.add("1")
    shop.add("2", "Contoso", "11-aa")
    assert shop.organizations.edit(seen, replace(seen, note="fine")).service_id == "11-aa"


def test_one_that_is_gone_cannot_be_edited(shop: Shop) -> None:
    seen = shop.add("1")
    shop.trash.put(["1"])
    shop.trash.empty()
    with pytest.raises(OrganizationEdited):
        shop.organizations.edit(seen, replace(seen, note="ghost"))


def test_a_search_for_production_finds_the_tokens_of_marked_organizations(shop: Shop) -> None:
    seen = shop.add("1")
    assert "production" not in search_text(shop.store.token("1"))
    shop.organizations.edit(seen, replace(seen, production=True))
    assert "production" in search_text(shop.store.token("1"))
