"""The window and its clock: set wrong by days or years, asleep for a night, and summer time."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.wording import row_sentence
from partner_tokens.ui.main_window import Page
from ui.building import spoken_about
from ui.world import World

Key, Role = Qt.Key, Qt.ItemDataRole
DAY, DECADE = timedelta(days=1), timedelta(days=3652)
EXPIRIES = {
    "contoso": Expiry(datetime(2026, 6, 21, 12, 0, tzinfo=UTC)),
    "dawn": Expiry(datetime(1970, 1, 1, tzinfo=UTC)),
    "endless": Expiry.endless(),
    "last": Expiry(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    "nobody": Expiry.unknown(),
}


@pytest.fixture
def live_in() -> Iterator[Callable[[str], None]]:
    """Moves the computer to a zone; back home when the test is over."""
    before = os.environ.get("TZ")

    def move(zone: str) -> None:
        os.environ["TZ"] = zone
        time.tzset()

    yield move
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.fixture
def odd(world: World) -> World:
    """Tokens with every kind of end."""
    for id, expiry in EXPIRIES.items():
        world.store(id, id.title())
        token = world.parts.store.token(id)
        world.parts.store.edit(replace(token, expiry=expiry))
    return world


def ends(world: World) -> dict[str, str]:
    """What is said of each token's end."""
    tokens = [world.token(id) for id in EXPIRIES]
    now = world.clock()
    return {t.id: row_sentence(t, None, now).split(", ")[2] for t in tokens}


def shows(panel: QWidget, name: str) -> bool:
    return name in spoken_about(panel)


def copied(world: World) -> str:
    """Copies Contoso's header, and gives it."""
    world.qt.clipboard().clear()
    world.select("contoso")
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    return world.clipboard()


@pytest.mark.parametrize(
    ("jump", "said"),
    [
        (DAY, "expires in 19 days"),
        (-DAY, "expires in 21 days"),
        (DECADE, "expired 10 years ago"),
        (-DECADE, "expires in 10 years"),
    ],
)
def test_a_clock_that_is_set_wrong_tells_another_countdown_and_no_old_header_is_copied(
    odd: World, jump: timedelta, said: str
) -> None:
    odd.start()
    first = copied(odd)
    odd.clock.now += jump
    odd.sandbox.switch(clock_skew=-jump)
    odd.window.ticked.emit()
    told = ends(odd)
    assert told["contoso"] == said
    assert told["dawn"].startswith("expired ")
    assert told["last"].startswith("expires in ")
    assert told["endless"] == "API token never expires"
    assert told["nobody"] == "expiry unknown"
    odd.deeds.clipboard.tick()
    odd.clock.forward(seconds=46)
    odd.deeds.clipboard.tick()
    assert odd.clipboard() == ""
    second = copied(odd)
    assert second != first
    odd.clock.now -= jump
    odd.sandbox.switch(clock_skew=timedelta(0))
    odd.window.ticked.emit()
    assert ends(odd)["contoso"] == "expires in 20 days"
    assert copied(odd) != ""


def test_after_a_night_asleep_the_clipboard_is_empty_and_a_new_header_is_copied(
    odd: World,
) -> None:
    odd.start()
    first = copied(odd)
    asked = len(odd.sandbox.exchanges)
    odd.clock.forward(hours=9)
    odd.deeds.clipboard.tick()
    odd.window.ticked.emit()
    assert odd.clipboard() == ""
    assert odd.window.page is Page.LIST
    assert ends(odd)["contoso"] == "expires in 20 days"
    assert copied(odd) != first
    assert len(odd.sandbox.exchanges) == asked + 1


@pytest.mark.parametrize("day", [datetime(2026, 3, 29), datetime(2026, 10, 25)])  # noqa: DTZ001
def test_the_hour_that_is_lost_or_doubled_moves_no_countdown_and_ends_no_header(
    odd: World, live_in: Callable[[str], None], day: datetime
) -> None:
    live_in("Europe/Berlin")
    odd.clock.now = day.replace(hour=0, minute=50, tzinfo=UTC)
    token = odd.parts.store.token("contoso")
    end = odd.clock() + timedelta(minutes=90)
    odd.parts.store.edit(replace(token, expiry=Expiry(end)))
    odd.start()
    first = copied(odd)
    before = odd.clock().astimezone()
    odd.clock.forward(minutes=15)
    after = odd.clock().astimezone()
    assert before.utcoffset() != after.utcoffset()
    odd.window.ticked.emit()
    assert ends(odd)["contoso"] == "expires in 75 minutes"
    assert copied(odd) == first
    access = odd.application.session.at_hand(odd.token("contoso"))
    assert access is not None
    assert access.left(odd.clock()) == timedelta(minutes=15)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/New_York", "Asia/Tokyo"])
def test_the_first_and_the_last_of_all_days_can_be_shown_in_every_zone(
    odd: World, live_in: Callable[[str], None], zone: str
) -> None:
    live_in(zone)
    odd.start()
    odd.press(Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    model = odd.application.model
    for id in EXPIRIES:
        odd.select(id)
        for column in range(model.columnCount()):
            at = model.index(odd.shown().index(id), column)
            for role in (Role.DisplayRole, Role.ToolTipRole, Role.AccessibleTextRole):
                model.data(at, role)
        panel = odd.deeds.details.panel
        assert panel is not None
        odd.until(partial(shows, panel, id.title()))
    odd.window.table.horizontalHeader().setSortIndicator(1, Qt.SortOrder.AscendingOrder)
    assert odd.shown()[:3] == ["dawn", "contoso", "last"]
