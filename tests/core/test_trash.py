"""The trash: what is removed comes back whole, and what is erased is in no file any more."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from clock import MovableClock
from partner_tokens.core.database import Database
from partner_tokens.core.errors.tokens import DuplicateToken, NoSuchToken
from partner_tokens.core.events import Event
from partner_tokens.core.history import History
from partner_tokens.core.sealing import Sealed
from partner_tokens.core.store import Store
from partner_tokens.core.tokens import ApiToken, Colour, Organization
from partner_tokens.core.trash import DOUBT, REMOVED_FOR, Erasure, Trash

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
MARKER_TEXT = b"sealed-marker-ciphertext-0123456789" * 200
"""Longer than a page of the file, so that it lies in pages of its own."""
MARKER_NAME = "a-name-that-must-vanish"
MARKER_ORGANIZATION = "Vanishing Organization Ltd"
MARKERS = (MARKER_TEXT[:35], MARKER_NAME.encode(), MARKER_ORGANIZATION.encode())


@dataclass
class House:
    """A data folder with its store and its trash."""

    folder: Path
    clock: MovableClock = field(default_factory=lambda: MovableClock(NOW))

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """As another start of the program."""
        self.database = Database(self.path, self.backups, self.clock, patience=0.2)
        self.store = Store(self.database, self.clock)
        self.trash = Trash(self.database, self.clock)

    @property
    def path(self) -> Path:
        return self.folder / "tokens.sqlite3"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    def add(
        self,
        id: str,
        organization: str = "Contoso",
        *,
        name: str = "ci",
        text: bytes = b"sealed text",
        fingerprint: str = "",
    ) -> ApiToken:
        token = ApiToken(id, Organization(organization), name, "https://example.test", self.clock())
        return self.store.add(token, Sealed("k", b"n", text), (fingerprint or id).encode())

    def add_marked(self, id: str = "marked") -> None:
        self.add(id, MARKER_ORGANIZATION, name=MARKER_NAME, text=MARKER_TEXT)

    def live(self) -> set[str]:
        return {token.id for token in self.store.tokens()}

    def removed(self) -> list[str]:
        return [removed.token.id for removed in self.trash.tokens()]

    def holding(self) -> list[str]:
        """The files, wherever they lie, that hold any marker."""
        return sorted(
            str(path.relative_to(self.folder))
            for path in self.folder.rglob("*")
            if path.is_file() and any(marker in path.read_bytes() for marker in MARKERS)
        )

    def copies(self) -> list[str]:
        return sorted(path.name for path in self.backups.glob("*.sqlite3"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.database.close()


# ---- removing and restoring -------------------------------------------------------------------


def test_a_removed_token_is_out_of_sight_and_comes_back_whole(house: House) -> None:
    token = house.add("t1")
    assert house.trash.put(["t1"]) == (token,)
    assert house.store.tokens() == ()
    assert house.store.organizations() == ()
    (removed,) = house.trash.tokens()
    assert (removed.token, removed.removed_at) == (token, NOW)
    assert removed.erased_at == NOW + timedelta(days=30)
    assert house.trash.restore(["t1"]).tokens == (token,)
    assert house.store.sealed("t1") == Sealed("k", b"n", b"sealed text")
    assert house.trash.tokens() == ()


def test_the_last_removed_stands_first(house: House) -> None:
    for id in ("t1", "t2", "t3"):
        house.add(id)
    house.trash.put(["t1", "t2"])
    house.clock.forward(minutes=1)
    house.trash.put(["t3"])
    assert house.removed() == ["t3", "t2", "t1"]


def test_several_are_removed_and_restored_at_once_whatever_became_of_some(house: House) -> None:
    for id in ("t1", "t2", "t3"):
        house.add(id)
    assert len(house.trash.put(["t1", "t2", "gone"])) == 2
    house.trash.erase(["t2"])
    assert [token.id for token in house.trash.restore(["t1", "t2"]).tokens] == ["t1"]
    for deed in (house.trash.put, house.trash.restore):
        with pytest.raises(NoSuchToken):
            deed(["t2"])


def test_who_restores_what_another_window_has_restored_is_content(house: House) -> None:
    token = house.add("t1")
    house.trash.put(["t1"])
    house.trash.restore(["t1"])
    assert house.trash.restore(["t1"]).tokens == (token,)
    told = [entry.event for entry in History(house.database).of("t1")]
    assert told.count(Event.RESTORED) == 1


def test_a_removed_token_may_be_added_anew(house: House) -> None:
    house.add("t1", fingerprint="same")
    house.trash.put(["t1"])
    house.add("t2", fingerprint="same")
    assert house.removed() == []
    with pytest.raises(NoSuchToken):
        house.trash.restore(["t1"])


def test_a_token_whose_twin_came_in_by_an_edit_stays_in_the_trash_and_is_told(
    house: House,
) -> None:
    old = house.add("t1", fingerprint="same")
    other = house.add("t2")
    house.trash.put(["t1", "t2"])
    new = house.add("t3", "Fabrikam", name="deploy")
    house.store.edit(new, Sealed("k", b"n2", b"x"), b"same")
    back = house.trash.restore(["t1", "t2"])
    assert back.tokens == (other,)
    ((token, error),) = back.refused
    assert token == old
    assert isinstance(error, DuplicateToken)
    assert (error.organization, error.name) == ("Fabrikam", "deploy")
    assert house.removed() == ["t1"]


def test_a_token_is_found_in_the_trash_by_its_fingerprint(house: House) -> None:
    house.add("t1", fingerprint="one")
    assert house.trash.named_by(b"one") is None
    house.trash.put(["t1"])
    found = house.trash.named_by(b"one")
    assert found is not None
    assert found.token.id == "t1"


# ---- erasing ----------------------------------------------------------------------------------


def test_what_is_erased_is_in_no_file_any_more(house: House) -> None:
    house.add_marked()
    house.add("stays")
    house.database.back_up("daily")
    house.trash.put(["marked"])
    house.database.back_up("daily")
    assert len(house.holding()) >= 2
    erasure = house.trash.empty()
    assert (erasure.count, erasure.is_clean) == (1, True)
    assert house.holding() == []
    assert [name[-15:] for name in house.copies()] == ["-erased.sqlite3"]
    assert house.live() == {"stays"}


def test_only_what_was_chosen_is_erased_and_never_what_is_live(house: House) -> None:
    for id in ("t1", "t2", "t3"):
        house.add(id)
    house.trash.put(["t1", "t2"])
    assert house.trash.erase(["t1", "t3", "never"]).count == 1
    assert (house.live(), house.removed()) == ({"t3"}, ["t2"])


def test_the_last_token_leaves_no_copy_behind_and_the_empty_store_is_not_taken_for_lost(
    house: House,
) -> None:
    house.add_marked()
    house.database.back_up("daily")
    house.trash.put(["marked"])
    assert house.trash.empty().is_clean
    assert house.holding() == []
    assert len(house.copies()) == 1
    house.database.close()
    house.open()
    house.database.check()
    assert (house.live(), house.removed()) == (set(), [])


def test_a_mark_on_the_organization_outlives_its_tokens(house: House) -> None:
    token = house.add("t1")
    with house.database.writing() as connection:
        connection.execute("UPDATE organizations SET colour = 'red'")
    house.trash.put(["t1"])
    house.trash.empty()
    assert house.add("t2").organization == replace(token.organization, colour=Colour.RED)


def test_a_program_that_reads_meanwhile_is_told_of_and_house_keeping_ends_it(house: House) -> None:
    house.add_marked()
    house.add("stays")
    with closing(sqlite3.connect(house.path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM tokens").fetchall()
        house.trash.put(["marked"])
        erasure = house.trash.empty()
        assert (erasure.count, erasure.is_clean) == (1, False)
        assert house.holding()
    house.trash.keep_house()
    assert house.holding() == []


def test_copies_that_cannot_be_replaced_now_are_replaced_at_the_next_start(house: House) -> None:
    house.add_marked()
    house.add("stays")
    house.database.back_up("daily")
    house.trash.put(["marked"])
    in_the_way = house.backups / f"{os.getpid()}.part"
    in_the_way.mkdir()
    erasure = house.trash.empty()
    assert (erasure.count, erasure.is_clean) == (1, False)
    in_the_way.rmdir()
    house.database.close()
    house.open()
    house.trash.keep_house()
    assert house.holding() == []


@pytest.mark.parametrize("erase", [Trash.empty, lambda trash: trash.erase(["marked"])])
def test_a_crash_between_erasing_and_copying_is_made_good_at_the_next_start(
    house: House, monkeypatch: pytest.MonkeyPatch, erase: Callable[[Trash], Erasure]
) -> None:
    class Crash(BaseException):
        pass

    def crash() -> bool:
        raise Crash

    house.add_marked()
    house.add("stays")
    house.database.back_up("daily")
    house.trash.put(["marked"])
    monkeypatch.setattr(house.database, "empty_journal", crash)
    with pytest.raises(Crash):
        erase(house.trash)
    house.database.close()
    house.open()
    assert house.holding()
    house.trash.keep_house()
    assert house.holding() == []


# ---- time -------------------------------------------------------------------------------------


def test_what_was_removed_long_ago_leaves_the_file_at_once_and_the_copies_by_age(
    house: House,
) -> None:
    house.add_marked()
    house.add("stays")
    house.trash.put(["marked"])
    house.trash.keep_house()
    house.clock.now += REMOVED_FOR
    house.trash.keep_house()
    assert house.removed() == ["marked"]  # to the second
    house.clock.forward(days=1)
    house.trash.keep_house()
    assert house.removed() == ["marked"]
    house.clock.now += DOUBT
    house.trash.keep_house()
    assert house.removed() == []
    assert {name.partition("/")[0] for name in house.holding()} == {"backups"}
    for _day in range(7):
        house.clock.forward(days=1)
        house.trash.keep_house()
    assert len(house.copies()) == 7
    assert house.holding() == []


def test_the_last_one_erased_by_time_is_in_no_copy_either(house: House) -> None:
    house.add_marked()
    house.trash.put(["marked"])
    house.trash.keep_house()
    assert house.holding()
    house.clock.now += REMOVED_FOR + timedelta(seconds=1)
    house.trash.keep_house()
    house.clock.now += DOUBT
    house.trash.keep_house()
    assert house.holding() == []


def test_a_row_that_a_new_token_waits_for_is_not_erased_by_time(house: House) -> None:
    house.add("t1")
    house.trash.put(["t1"])
    with house.database.writing() as connection:
        connection.execute(
            "INSERT INTO pending (id, token, endpoint, kind, expiry, pasted_at, key_id, nonce, "
            "ciphertext, fingerprint) VALUES ('p1', 't1', 'e', 'k', 'never', 1, 'k', x'', x'', x'')"
        )
    house.clock.now += REMOVED_FOR + timedelta(days=1)
    house.trash.keep_house()
    house.clock.now += DOUBT
    house.trash.keep_house()
    assert house.removed() == ["t1"]
    with house.database.writing() as connection:
        connection.execute("DELETE FROM pending")
    house.trash.keep_house()
    assert house.removed() == []


# ---- any sequence -----------------------------------------------------------------------------

SECRETS = some.integers(0, 3)
IDS = some.lists(some.integers(0, 7), max_size=4)
STEPS = some.lists(
    some.one_of(
        some.tuples(some.just("add"), SECRETS),
        some.tuples(some.just("edit"), some.tuples(some.integers(0, 7), SECRETS)),
        some.tuples(some.sampled_from(["put", "restore", "erase"]), IDS),
        some.tuples(some.just("empty"), some.none()),
        some.tuples(some.just("days"), some.integers(0, 40)),
    ),
    max_size=14,
)


class Model:
    """What must be true after any sequence: each id's secret, and since when it is removed."""

    def __init__(self) -> None:
        self.secrets: dict[str, int] = {}
        self.since: dict[str, datetime | None] = {}
        self.due: dict[str, datetime] = {}
        """When house-keeping found a row's time to be over."""

    def has_live(self, secret: int, *, but: str = "") -> bool:
        return any(s == secret and self.since[id] is None and id != but
                   for id, s in self.secrets.items())  # fmt: skip

    def erase(self, ids: set[str]) -> None:
        for id in ids:
            del self.secrets[id], self.since[id]
            self.due.pop(id, None)

    def removed(self) -> set[str]:
        return {id for id, since in self.since.items() if since is not None}

    def step(self, kind: str, what: object, house: House, number: int) -> None:
        match kind, what:
            case "add", int(secret):
                self._add(f"t{number}", secret, house)
            case "edit", (int(place), int(secret)):
                self._edit(f"t{place}", secret, house)
            case "days", int(days):
                house.clock.forward(days=days)
                house.trash.keep_house()
                self._keep_house(house.clock())
            case "empty", _:
                erasure = house.trash.empty()
                assert (erasure.count, erasure.is_clean) == (len(self.removed()), True)
                self.erase(self.removed())
            case _, list(places):
                self._several(kind, [f"t{place}" for place in places], house)

    def _keep_house(self, now: datetime) -> None:
        over = {id for id in self.removed() if now - (self.since[id] or NOW) > REMOVED_FOR}
        self.due = {id: self.due.get(id, now) for id in over}
        self.erase({id for id, due in self.due.items() if now - due >= DOUBT})

    def _add(self, id: str, secret: int, house: House) -> None:
        if self.has_live(secret):
            with pytest.raises(DuplicateToken):
                house.add(id, fingerprint=str(secret))
            return
        house.add(id, fingerprint=str(secret))
        self.erase({other for other, s in self.secrets.items() if s == secret})
        self.secrets[id], self.since[id] = secret, None

    def _edit(self, id: str, secret: int, house: House) -> None:
        if id not in self.secrets or self.since[id] is not None:
            return
        token = house.store.token(id)
        sealed = Sealed("k", b"n", b"edited")
        if self.has_live(secret, but=id):
            with pytest.raises(DuplicateToken):
                house.store.edit(token, sealed, str(secret).encode())
            return
        house.store.edit(token, sealed, str(secret).encode())
        self.secrets[id] = secret

    def _several(self, kind: str, ids: list[str], house: House) -> None:
        match kind:
            case "put":
                live = {id for id in ids if self.since.get(id, NOW) is None}
                if live:
                    assert {token.id for token in house.trash.put(ids)} == live
                else:
                    with pytest.raises(NoSuchToken):
                        house.trash.put(ids)
                self.since |= dict.fromkeys(live, house.clock())
                self.due = {id: due for id, due in self.due.items() if id not in live}
            case "restore":
                self._restore(ids, house)
            case "erase":
                chosen = self.removed() & set(ids)
                assert house.trash.erase(ids).count == len(chosen)
                self.erase(chosen)

    def _restore(self, ids: list[str], house: House) -> None:
        known = [id for id in ids if id in self.secrets]
        if not known:
            with pytest.raises(NoSuchToken):
                house.trash.restore(ids)
            return
        back, refused = [], []
        for id in known:
            if self.has_live(self.secrets[id], but=id):
                refused.append(id)
            else:
                self.since[id] = None
                back.append(id)
        restored = house.trash.restore(ids)
        assert [token.id for token in restored.tokens] == back
        assert [token.id for token, _error in restored.refused] == refused


@settings(max_examples=60, database=None)
@given(steps=STEPS)
def test_any_sequence_of_deeds_keeps_what_it_should_and_nothing_else(
    steps: list[tuple[str, object]],
) -> None:
    with TemporaryDirectory() as folder:
        house, model = House(Path(folder)), Model()
        try:
            for number, (kind, what) in enumerate(steps):
                model.step(kind, what, house, number)
                assert set(house.removed()) == model.removed()
                assert house.live() == set(model.secrets) - model.removed()
        finally:
            house.database.close()


def test_a_clock_that_is_far_ahead_for_a_day_erases_nothing(house: House) -> None:
    house.add("t1")
    house.trash.put(["t1"])
    house.clock.forward(days=400)
    house.trash.keep_house()
    house.clock.forward(days=1)
    house.trash.keep_house()
    house.clock.forward(days=-401)
    house.trash.keep_house()
    assert house.removed() == ["t1"]
    house.clock.forward(days=31)
    house.trash.keep_house()
    assert house.removed() == ["t1"]  # what was found at the wrong time counts no longer
    house.clock.now += DOUBT
    house.trash.keep_house()
    assert house.removed() == []


def test_what_was_removed_while_the_clock_was_set_back_keeps_its_thirty_days(house: House) -> None:
    house.add("t1")
    house.clock.forward(days=-400)
    house.trash.put(["t1"])
    house.clock.forward(days=400)
    for _day in range(29):
        house.clock.forward(days=1)
        house.trash.keep_house()
    assert house.removed() == ["t1"]
