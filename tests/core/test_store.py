"""The store: what is written is read again, and deeds are whole or not at all."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clock import MovableClock
from partner_tokens.core.database import Database
from partner_tokens.core.errors.tokens import DuplicateToken, EditedMeanwhile, NoSuchToken
from partner_tokens.core.events import Event
from partner_tokens.core.lifetime import Band, Expiry
from partner_tokens.core.ranking import HALF_LIFE
from partner_tokens.core.sealing import Sealed
from partner_tokens.core.stages import Stage
from partner_tokens.core.store import Store
from partner_tokens.core.tokens import ApiToken, Organization, Result, State
from partner_tokens.core.trash import Trash

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
SEALED = Sealed("key-1", b"nonce-nonce-", b"sealed text")

Open = Callable[[], Store]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def open_store(tmp_path: Path, clock: MovableClock) -> Iterator[Open]:
    opened: list[Database] = []

    def open_one() -> Store:
        path = tmp_path / "data" / "tokens.sqlite3"
        opened.append(Database(path, tmp_path / "data" / "backups", clock))
        return Store(opened[-1], clock)

    yield open_one
    for database in opened:
        database.close()


@pytest.fixture
def store(open_store: Open) -> Store:
    return open_store()


def a_token(
    id: str = "t1", organization: str = "Contoso", name: str = "ci", service_id: str = ""
) -> ApiToken:
    endpoint = "https://console.navigator.vmware.com"
    return ApiToken(id, Organization(organization, service_id), name, endpoint, NOW)


def add(store: Store, token: ApiToken) -> ApiToken:
    return store.add(token, SEALED, token.id.encode())


def test_everything_about_a_token_is_read_again_as_it_was_written(open_store: Open) -> None:
    token = ApiToken(
        id="t1",
        organization=Organization("Contoso", "org-1"),
        name="ci",
        endpoint="https://console.navigator.vmware.com",
        added_at=NOW,
        expiry=Expiry(NOW + timedelta(days=90)),
        user="admin@contoso.example",
        note="two\nlines",
        pinned=True,
        interactive=True,
        result=Result(State.UNREACHABLE, Stage.TLS, NOW - timedelta(minutes=1), "req-7"),
        last_used_at=NOW - timedelta(hours=1),
        key_id="key-1",
        nonce=b"nonce-nonce-",
    )
    stored = add(open_store(), token)
    again = open_store()
    assert replace(stored, organization=token.organization) == token
    assert again.tokens() == (stored,)
    assert again.token("t1") == stored
    assert again.sealed("t1") == SEALED
    assert again.named_by(b"t1") == stored


@pytest.mark.parametrize(
    "expiry",
    [Expiry.unknown(), Expiry.endless(), Expiry(NOW), Expiry(datetime(1950, 1, 1, tzinfo=UTC))],
)
def test_every_kind_of_expiry_comes_back(store: Store, expiry: Expiry) -> None:
    assert add(store, replace(a_token(), expiry=expiry)).expiry == expiry


def test_an_instant_that_no_date_can_hold_does_not_hide_the_row(
    store: Store, tmp_path: Path
) -> None:
    add(store, a_token())
    with store._database.writing() as connection:
        connection.execute(
            "UPDATE tokens SET expiry = 'at', expires_at = ?, added_at = ?, state = 'from 2031'",
            (10**17, -(10**17)),
        )
    (token,) = store.tokens()
    assert token.expiry.band(NOW) is Band.UNKNOWN
    assert token.result.state is State.UNPROVEN


def test_the_same_secret_is_stored_once(store: Store) -> None:
    store.add(a_token("t1"), SEALED, b"same")
    with pytest.raises(DuplicateToken) as caught:
        store.add(a_token("t2", "Fabrikam", "other"), SEALED, b"same")
    assert (caught.value.organization, caught.value.name) == ("Contoso", "ci")
    assert [token.id for token in store.tokens()] == ["t1"]
    assert [organization.name for organization in store.organizations()] == ["Contoso"]


def test_a_token_that_is_gone_is_named_as_such(store: Store) -> None:
    add(store, a_token("t1"))
    Trash(store._database, store._clock).put(["t1"])
    for use in (
        store.token,
        store.sealed,
        lambda id: store.pin(id, True),
        lambda id: store.mark_used(id, NOW, Event.COPIED, "header"),
        lambda id: store.record(a_token(id), Result(State.READY)),
        lambda id: store.edit(a_token(id)),
    ):
        with pytest.raises(NoSuchToken):
            use("t1")
    assert store.named_by(b"t1") is None


# ---- organizations ----------------------------------------------------------------------------


def test_tokens_of_one_organization_share_it_by_id_whatever_it_is_called(store: Store) -> None:
    first = add(store, a_token("t1", "Contoso", service_id="org-1"))
    second = add(store, a_token("t2", "Contoso Ltd", service_id="org-1"))
    assert second.organization == first.organization
    assert second.organization.name == "Contoso"


def test_an_organization_is_found_by_name_without_case_and_accents(store: Store) -> None:
    first = add(store, a_token("t1", "Société"))
    assert add(store, a_token("t2", "SOCIETE")).organization == first.organization


def test_an_organization_takes_its_id_when_it_becomes_known(store: Store) -> None:
    add(store, a_token("t1", "Contoso"))
    known = add(store, a_token("t2", "Contoso", service_id="org-1")).organization
    assert store.token("t1").organization == known
    assert known.service_id == "org-1"


def test_two_organizations_of_one_name_stay_apart(store: Store) -> None:
    first = add(store, a_token("t1", "Contoso", service_id="org-1")).organization
    second = add(store, a_token("t2", "Contoso", service_id="org-2")).organization
    unclear = add(store, a_token("t3", "Contoso")).organization
    assert len({first.key, second.key, unclear.key}) == 3
    assert unclear.service_id == ""


def test_a_token_of_an_unknown_id_joins_the_one_organization_of_its_name(store: Store) -> None:
    known = add(store, a_token("t1", "Contoso", service_id="org-1")).organization
    assert add(store, a_token("t2", "Contoso")).organization == known


def test_an_exchange_that_tells_the_id_moves_the_token_to_that_organization(store: Store) -> None:
    known = add(store, a_token("t1", "Contoso", service_id="org-1")).organization
    add(store, a_token("t2", "Contoso (ours)"))
    moved = store.record(store.token("t2"), Result(State.READY), organization_id="org-1")
    assert moved.organization == known
    assert store.organizations() == (known,)


def test_an_exchange_never_changes_a_known_id(store: Store) -> None:
    known = add(store, a_token("t1", "Contoso", service_id="org-1")).organization
    held = store.record(store.token("t1"), Result(State.HELD), organization_id="org-2")
    assert held.organization == known


# ---- editing ----------------------------------------------------------------------------------


def test_an_edit_keeps_when_the_token_was_added_and_used(store: Store) -> None:
    add(store, a_token())
    used = store.mark_used("t1", NOW, Event.COPIED, "header")
    edited = store.edit(
        replace(used, name="new", note="note", added_at=NOW + timedelta(1), last_used_at=None)
    )
    assert (edited.name, edited.note) == ("new", "note")
    assert (edited.added_at, edited.last_used_at) == (NOW, NOW)
    assert store.sealed("t1") == SEALED


def test_each_use_adds_to_the_weight_of_those_before(store: Store) -> None:
    add(store, a_token())
    assert store.mark_used("t1", NOW, Event.COPIED, "header").use_weight == 1
    assert store.mark_used("t1", NOW + HALF_LIFE, Event.COPIED, "header").use_weight == 1.5


def test_an_edit_stores_the_new_secret_with_it(store: Store) -> None:
    token = add(store, a_token())
    new = Sealed("key-2", b"another-nonc", b"another text")
    edited = store.edit(token, new, b"new")
    assert edited.key_id == "key-2"
    assert store.sealed("t1") == new
    assert store.named_by(b"new") == edited
    assert store.named_by(b"t1") is None


def test_an_edit_to_the_secret_of_another_row_changes_nothing(store: Store) -> None:
    add(store, a_token("t1"))
    token = add(store, a_token("t2", name="other"))
    with pytest.raises(DuplicateToken):
        store.edit(replace(token, name="changed"), SEALED, b"t1")
    assert store.token("t2") == token


def test_what_was_made_for_a_secret_that_is_replaced_is_not_stored(store: Store) -> None:
    before = add(store, a_token())
    after = store.edit(before, Sealed("key-1", b"another-nonc", b"another text"), b"new")
    with pytest.raises(EditedMeanwhile):
        store.edit(replace(before, name="late"))
    with pytest.raises(EditedMeanwhile):
        store.record(before, Result(State.READY), user="late", organization_id="org-late")
    assert store.tokens() == (after,)
    moved = store.edit(replace(after, endpoint="https://elsewhere.example"))
    with pytest.raises(EditedMeanwhile):
        store.record(after, Result(State.READY))
    assert store.tokens() == (moved,)


def test_a_new_name_renames_the_organization_for_all_its_tokens(store: Store) -> None:
    token = add(store, a_token("t1", "Contoso", service_id="org-1"))
    add(store, a_token("t2", "Contoso", service_id="org-1"))
    store.edit(replace(token, organization=Organization("Contoso Ltd", "org-1")))
    assert store.token("t2").organization.name == "Contoso Ltd"
    assert add(store, a_token("t3", "contoso ltd")).organization.service_id == "org-1"


def test_a_spelling_corrected_in_an_organization_without_id_is_kept(store: Store) -> None:
    token = add(store, a_token("t1", "contoso"))
    edited = store.edit(replace(token, organization=Organization("Contoso")))
    assert edited.organization == replace(token.organization, name="Contoso")


def test_a_token_moved_to_another_organization_leaves_no_empty_one_behind(store: Store) -> None:
    token = add(store, a_token("t1", "Contoso"))
    fabrikam = add(store, a_token("t2", "Fabrikam", service_id="org-2")).organization
    moved = store.edit(replace(token, organization=Organization("fabrikam")))
    assert moved.organization == fabrikam
    assert store.organizations() == (fabrikam,)


def test_pin_and_result_and_use_are_remembered(store: Store) -> None:
    add(store, a_token())
    assert store.pin("t1", True).pinned
    assert not store.pin("t1", False).pinned
    result = Result(State.REFUSED, Stage.HTTP, NOW, "req-1")
    recorded = store.record(store.token("t1"), result, user="admin", interactive=True)
    assert (recorded.result, recorded.user, recorded.interactive) == (result, "admin", True)
    again = store.record(store.token("t1"), Result(State.READY))
    assert (again.user, again.interactive) == ("admin", True)


def test_a_write_of_another_program_is_noticed(open_store: Open) -> None:
    one, other = open_store(), open_store()
    assert not one.changed_elsewhere()
    add(one, a_token("t1"))
    assert not one.changed_elsewhere()
    add(other, a_token("t2"))
    assert one.changed_elsewhere()
    assert not one.changed_elsewhere()
