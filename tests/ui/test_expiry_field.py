"""Telling when a token ends, and seeing the exact date that results."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clock import MovableClock
from partner_tokens.core.lifetime import Expiry
from partner_tokens.ui.expiry_field import ExpiryField, Kind, Unit, after
from partner_tokens.ui.look import Look

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW)


@pytest.fixture
def field(clock: MovableClock, qtbot: QtBot, qapp: QApplication) -> ExpiryField:
    made = ExpiryField(clock, Look(qapp))
    qtbot.addWidget(made)
    return made


def in_zone(zone: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.fixture
def berlin() -> Iterator[None]:
    yield from in_zone("Europe/Berlin")


@pytest.fixture
def adak() -> Iterator[None]:
    yield from in_zone("America/Adak")


def choose(field: ExpiryField, kind: Kind) -> None:
    field.kind.setCurrentIndex(field.kind.findData(kind))


@pytest.mark.parametrize(
    ("amount", "unit", "ends"),
    [
        (90, Unit.MINUTES, datetime(2026, 6, 1, 13, 30, tzinfo=UTC)),
        (36, Unit.HOURS, datetime(2026, 6, 3, 0, 0, tzinfo=UTC)),
        (30, Unit.DAYS, datetime(2026, 7, 1, 12, 0, tzinfo=UTC)),
        (7, Unit.MONTHS, datetime(2027, 1, 1, 12, 0, tzinfo=UTC)),
    ],
)
def test_an_amount_of_time_is_counted_from_now(
    field: ExpiryField, amount: int, unit: Unit, ends: datetime
) -> None:
    field.amount.setValue(amount)
    field.unit.setCurrentIndex(field.unit.findData(unit))
    assert field.expiry() == Expiry(ends)


def test_a_month_ends_on_its_last_day() -> None:
    assert after(datetime(2026, 8, 31, 9, 0, tzinfo=UTC), 6, Unit.MONTHS).date().isoformat() in {
        "2027-02-28",
        "2027-03-01",  # east of the date line the last hours are March's
    }


@pytest.mark.usefixtures("berlin")
def test_days_keep_the_time_on_the_wall_when_the_clocks_change() -> None:
    before_the_change = datetime(2026, 3, 28, 11, 0, tzinfo=UTC)
    assert after(before_the_change, 1, Unit.DAYS) == datetime(2026, 3, 29, 10, 0, tzinfo=UTC)
    assert after(before_the_change, 24, Unit.HOURS) == before_the_change + timedelta(hours=24)


@pytest.mark.usefixtures("berlin")
def test_a_date_means_that_whole_day_where_the_user_is(field: ExpiryField) -> None:
    choose(field, Kind.ON)
    field.date.setDate(QDate(2026, 12, 24))
    assert field.expiry() == Expiry(datetime(2026, 12, 24, 22, 59, tzinfo=UTC))
    assert "24 Dec 2026, 23:59 CET" in field.exact_words()


def test_a_stored_end_comes_back_unchanged_until_its_date_is_changed(field: ExpiryField) -> None:
    stored = Expiry(datetime(2026, 9, 9, 9, 9, 9, tzinfo=UTC))
    field.set_expiry(stored)
    assert field.expiry() == stored
    field.date.setDate(field.date.date().addDays(1))
    assert field.expiry() != stored


@pytest.mark.parametrize("expiry", [Expiry.endless(), Expiry.unknown()])
def test_never_and_unknown_come_back(field: ExpiryField, expiry: Expiry) -> None:
    field.set_expiry(expiry)
    assert field.expiry() == expiry
    assert field.exact_words()


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (Kind.IN, {"amount", "unit"}),
        (Kind.ON, {"date"}),
        (Kind.NEVER, set()),
        (Kind.UNKNOWN, set()),
    ],
)
def test_only_what_belongs_to_the_choice_is_shown(
    field: ExpiryField, kind: Kind, shown: set[str]
) -> None:
    choose(field, kind)
    parts = ("amount", "unit", "date")
    assert {name for name in parts if not getattr(field, name).isHidden()} == shown


def test_the_exact_date_follows_the_clock(
    field: ExpiryField, clock: MovableClock, qtbot: QtBot
) -> None:
    field.unit.setCurrentIndex(field.unit.findData(Unit.MINUTES))
    field.refresh_every(timedelta(milliseconds=10))
    field.show()
    before = field.exact_words()
    clock.forward(minutes=5)
    qtbot.waitUntil(lambda: field.exact_words() != before)
    assert field.kind.accessibleDescription() == field.exact_words()


def test_a_date_that_is_past_is_said_to_be_past(field: ExpiryField) -> None:
    choose(field, Kind.ON)
    field.date.setDate(QDate(2026, 5, 1))
    assert field.exact_words().startswith("Ran out on")


@pytest.mark.usefixtures("adak")
def test_the_last_day_of_the_calendar_may_be_chosen(field: ExpiryField) -> None:
    choose(field, Kind.ON)
    field.date.setDate(QDate(9999, 12, 31))
    assert field.expiry() == Expiry(datetime(9999, 12, 31, 23, 59, tzinfo=UTC))
    assert "31 Dec 9999" in field.exact_words()
