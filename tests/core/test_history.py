"""The history of a token: noted by each deed, bounded, folded, and read from any file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from clock import MovableClock
from partner_tokens.core.database import Database
from partner_tokens.core.errors.store import StoreUnreadable
from partner_tokens.core.errors.tokens import DuplicateToken
from partner_tokens.core.events import Entry, Event
from partner_tokens.core.history import KEPT, History, note
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.sealing import Sealed
from partner_tokens.core.stages import Stage
from partner_tokens.core.store import Store
from partner_tokens.core.tokens import ApiToken, Organization, Result, State
from partner_tokens.core.trash import Trash

SEALED = Sealed("key-1", b"nonce", b"sealed text")
MINUTE = timedelta(minutes=1)


@dataclass
class House:
    """A store with one token, and what happened to it."""

    folder: Path
    clock: MovableClock = field(default_factory=MovableClock)

    def __post_init__(self) -> None:
        self.open()
        self.token = self.add("t1")

    def open(self) -> None:
        self.database = Database(self.path, self.folder / "backups", self.clock)
        self.store = Store(self.database, self.clock)
        self.trash = Trash(self.database, self.clock)
        self.history = History(self.database)

    @property
    def path(self) -> Path:
        return self.folder / "tokens.sqlite3"

    def draft(self, id: str, **changes: object) -> ApiToken:
        token = ApiToken(id, Organization("Contoso"), "ci", "https://a.example", self.clock())
        return replace(token, **changes)  # type: ignore[arg-type]  # a test's own columns

    def add(self, id: str, **changes: object) -> ApiToken:
        return self.store.add(self.draft(id, **changes), SEALED, id.encode())

    def record(self, state: State, stage: Stage | None = None, request_id: str = "") -> None:
        self.store.record(self.token, Result(state, stage, self.clock(), request_id))

    def events(self, id: str = "t1") -> list[tuple[Event, str]]:
        """The newest first."""
        return [(entry.event, entry.detail) for entry in self.history.of(id)]

    def note(self, event: Event, detail: str = "", at: datetime | None = None) -> None:
        with self.database.writing() as connection:
            note(connection, "t1", event, at or self.clock(), detail)

    def rewrite(self, *statements: str) -> None:
        """Changes the file as another program might."""
        self.database.close()
        with closing(sqlite3.connect(self.path)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()
        self.open()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.database.close()


# ---- what is noted ----------------------------------------------------------------------------


def test_a_token_is_added_and_where_it_was_proven_that_is_said_too(house: House) -> None:
    house.add("t2", result=Result(State.READY, at=house.clock()))
    assert house.events("t1") == [(Event.ADDED, "")]
    assert house.events("t2") == [(Event.PROVEN, ""), (Event.ADDED, "")]


def test_an_import_is_told_from_adding(house: House) -> None:
    house.store.add_all([(house.draft("t2"), SEALED, b"f2"), (house.draft("t3"), SEALED, b"f3")])
    assert house.events("t2") == house.events("t3") == [(Event.IMPORTED, "")]


def test_what_is_not_stored_is_not_noted(house: House) -> None:
    with pytest.raises(DuplicateToken):
        house.store.add(house.draft("t2"), SEALED, b"t1")
    assert house.events("t2") == []


def test_each_end_of_an_exchange_is_noted_with_its_request_id(house: House) -> None:
    house.record(State.READY)
    house.record(State.UNREACHABLE, Stage.DNS)
    house.record(State.REFUSED, request_id="r-1")
    house.record(State.PASSCODE, request_id="r-2")
    house.record(State.HELD)
    assert house.events()[:-1] == [
        (Event.HELD, ""),
        (Event.PASSCODE, ""),
        (Event.REFUSED, ""),
        (Event.UNREACHABLE, "dns"),
        (Event.PROVEN, ""),
    ]
    assert [entry.request_id for entry in house.history.of("t1")] == ["", "r-2", "r-1", "", "", ""]


def test_a_copy_and_a_handing_out_are_noted_with_their_format(house: House) -> None:
    house.store.mark_used("t1", house.clock(), Event.COPIED, "curl")
    house.store.mark_used("t1", house.clock(), Event.HANDED_OUT, "header")
    assert house.events()[:2] == [(Event.HANDED_OUT, "header"), (Event.COPIED, "curl")]


def test_an_edit_names_what_it_changed(house: House) -> None:
    house.store.edit(replace(house.token, name="build", note="for May", expiry=Expiry.endless()))
    assert house.events()[0] == (Event.EDITED, "name expiry note")


def test_a_new_name_of_the_organization_is_an_edit_and_another_one_is_a_move(house: House) -> None:
    house.token = house.store.edit(
        replace(house.token, organization=replace(house.token.organization, name="Contoso Ltd"))
    )
    assert house.events()[0][0] is Event.MOVED  # nothing says yet that the two are one
    known = house.add("t2", organization=Organization("Fabrikam", "org-1"))
    house.store.edit(replace(known, organization=Organization("Fabrikam Inc", "org-1")))
    assert house.events("t2")[0] == (Event.EDITED, "organization")
    house.store.edit(replace(house.token, organization=Organization("Fabrikam Inc")))
    assert house.events()[0] == (Event.MOVED, "Contoso Ltd")


def test_an_edit_that_changes_nothing_leaves_no_line(house: House) -> None:
    house.store.edit(house.token)
    house.store.pin("t1", True)
    assert house.events() == [(Event.ADDED, "")]


def test_another_secret_is_a_replacement_and_the_same_one_sealed_anew_is_none(house: House) -> None:
    fresh = Sealed("key-1", b"other nonce", b"sealed anew")
    moved = replace(house.token, endpoint="https://b.example")
    house.token = house.store.edit(moved, fresh, b"t1")
    assert house.events() == [(Event.EDITED, "endpoint"), (Event.ADDED, "")]
    proven = replace(house.token, result=Result(State.READY, at=house.clock()))
    house.store.edit(proven, fresh, b"another fingerprint")
    assert house.events()[:2] == [(Event.PROVEN, ""), (Event.REPLACED, "")]


def test_the_trash_is_noted_and_erasing_leaves_nothing(house: House) -> None:
    house.trash.put(["t1"])
    house.trash.restore(["t1"])
    assert house.events()[:2] == [(Event.RESTORED, ""), (Event.REMOVED, "")]
    house.trash.put(["t1"])
    house.trash.empty()
    assert house.events() == []


# ---- bounds -----------------------------------------------------------------------------------


def test_a_network_that_is_down_is_one_line_however_long_it_lasts(house: House) -> None:
    began = house.clock()
    for count in range(50):
        house.record(State.UNREACHABLE, Stage.DNS if count % 2 else Stage.TCP)
        house.clock.now += MINUTE
    last = began + 49 * MINUTE
    newest, first = house.history.of("t1")
    assert newest == Entry(Event.UNREACHABLE, last, "dns", since=began, times=50)
    assert first.event is Event.ADDED


def test_each_copy_keeps_its_own_line(house: House) -> None:
    for _time in range(3):
        house.store.mark_used("t1", house.clock(), Event.COPIED, "header")
    assert house.events() == [(Event.COPIED, "header")] * 3 + [(Event.ADDED, "")]


def test_a_script_that_asks_every_minute_is_one_line_for_each_format(house: House) -> None:
    for _time in range(9):
        house.store.mark_used("t1", house.clock(), Event.HANDED_OUT, "header")
    house.store.mark_used("t1", house.clock(), Event.HANDED_OUT, "token")
    assert house.events()[:-1] == [(Event.HANDED_OUT, "token"), (Event.HANDED_OUT, "header")]


def test_the_newest_lines_are_kept_and_daily_ones_make_way_first(house: House) -> None:
    house.note(Event.REPLACED)
    for count in range(KEPT + 20):
        house.note(Event.COPIED, f"form-{count}")
    events = house.events()
    assert len(events) == KEPT
    assert events[0] == (Event.COPIED, f"form-{KEPT + 19}")
    assert events[-2:] == [(Event.REPLACED, ""), (Event.ADDED, "")]
    assert events[-3] == (Event.COPIED, "form-22")


def test_rare_lines_are_bounded_as_well(house: House) -> None:
    for count in range(KEPT + 5):
        house.note(Event.EDITED, f"edit-{count}")
    assert len(house.events()) == KEPT
    assert house.events()[-1] == (Event.EDITED, "edit-5")


def test_fewer_lines_are_given_where_fewer_are_asked_for(house: House) -> None:
    for count in range(9):
        house.note(Event.EDITED, str(count))
    assert [entry.detail for entry in house.history.of("t1", 2)] == ["8", "7"]


def test_one_history_is_not_anothers(house: House) -> None:
    house.add("t2")
    house.note(Event.EDITED, "name")
    assert house.events("t2") == [(Event.ADDED, "")]
    assert house.events("nobody") == []


# ---- a file that somebody has tampered with ---------------------------------------------------


def test_an_event_of_a_newer_version_is_another_one(house: House) -> None:
    house.rewrite("UPDATE history SET event = 'blessed'")
    house.database.check()
    assert house.events() == [(Event.OTHER, "")]


@pytest.mark.parametrize("column", ["event", "detail", "request_id"])
def test_a_text_that_is_none_is_damage(house: House, column: str) -> None:
    house.rewrite(f"UPDATE history SET {column} = cast(x'ff1b5b33316d' AS TEXT)")  # noqa: S608
    with pytest.raises(StoreUnreadable):
        house.events()
    with pytest.raises(StoreUnreadable):
        house.database.check()


def test_numbers_beyond_all_bounds_and_endless_texts_are_read_in_bounds(house: House) -> None:
    house.rewrite(
        "UPDATE history SET at = 9000000000000000000, since = -9000000000000000000, times = -5",
        "INSERT INTO history SELECT NULL, token, at, event, '', '', since, times FROM history, "
        "(WITH RECURSIVE r (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r LIMIT 5000) "
        "SELECT x FROM r)",
        "UPDATE history SET "
        "detail = printf('%.*c', 5000000, 'x'), request_id = printf('%.*c', 5000000, 'x') "
        "WHERE position = (SELECT min(position) FROM history)",
    )
    entries = house.history.of("t1")
    assert len(entries) == KEPT
    assert {entry.times for entry in entries} == {1}
    oldest = house.history.of("t1", 10_000)[-1]
    assert len(oldest.detail) == len(oldest.request_id) == 300
    house.note(Event.EDITED)  # and the next line puts it in order
    assert len(house.history.of("t1", 10_000)) == KEPT


def test_a_table_of_loose_types_is_damage(house: House) -> None:
    house.rewrite(
        "CREATE TABLE loose AS SELECT * FROM history",
        "DROP TABLE history",
        "ALTER TABLE loose RENAME TO history",
    )
    with pytest.raises(StoreUnreadable):
        house.events()
