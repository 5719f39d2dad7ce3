"""Access for everyone, in every window: names, the way of the Tab key, and targets large enough."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ui.contrast import contrast
from ui.windows import shown, windows
from ui.world import World

LEAST = 24
"""Pixels, each way: WCAG 2.2, 2.5.8."""
MOST_STOPS = 60


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    built = World.build(qtbot, qapp, tmp_path / "profile")
    yield built
    built.end()


def is_active(world: World, window: QWidget) -> bool:
    return world.qt.activeWindow() is window


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it: its own name, or that of what labels it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    own = interface.text(QAccessible.Text.Name).strip()
    if own:
        return own
    labels = interface.relations(QAccessible.RelationFlag.Label)
    return " ".join(label.text(QAccessible.Text.Name).strip() for label, _kind in labels).strip()


def takes_tab(widget: QWidget) -> bool:
    """Of buttons of which one is on, Tab reaches that one, and arrows the others."""
    if isinstance(widget, QAbstractButton) and widget.group() is not None:
        return widget.isChecked()
    has_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return has_tab and widget.isEnabled() and widget.focusProxy() is None


def described(widget: QWidget) -> str:
    return f"{type(widget).__name__} “{name_of(widget)}” {widget.objectName()}".strip()


def way(window: QWidget, qt: QApplication) -> list[QWidget]:
    """Where the Tab key leads, from where the keyboard is, until it is back there."""
    first = qt.focusWidget()
    assert first is not None, "nothing has the keyboard"
    assert first.window() is window
    stops = [first]
    for _stop in range(MOST_STOPS):
        QTest.keyClick(stops[-1], Qt.Key.Key_Tab)
        here = qt.focusWidget()
        assert here is not None
        if here is first:
            return stops
        if here is stops[-1]:
            continue  # from year to month to day
        assert here not in stops, f"{described(here)} comes again before the beginning"
        stops.append(here)
    raise AssertionError([described(stop) for stop in stops])


def way_back(window: QWidget, qt: QApplication) -> list[QWidget]:
    """Where Shift+Tab leads, from the top."""
    first = qt.focusWidget()
    assert first is not None
    stops = [first]
    for _stop in range(MOST_STOPS):
        QTest.keyClick(stops[-1], Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
        here = qt.focusWidget()
        assert here is not None
        if here is first:
            return from_the_top(stops)
        if here is not stops[-1]:
            stops.append(here)
    raise AssertionError([described(stop) for stop in stops])


def from_the_top(stops: list[QWidget]) -> list[QWidget]:
    """The same way, begun at the first stop of the first line."""
    highest = min(place(stop).y() for stop in stops)
    first_line = [stop for stop in stops if place(stop).y() < highest + LEAST / 2]
    top = stops.index(min(first_line, key=lambda stop: place(stop).x()))
    return stops[top:] + stops[:top]


def place(widget: QWidget) -> QPoint:
    return widget.mapTo(widget.window(), QPoint(0, 0))


def test_all_that_takes_the_keyboard_has_a_name(world: World) -> None:
    nameless = {
        (name, described(widget))
        for name, window in windows(world)
        for widget in shown(window)
        if widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
        if widget.focusProxy() is None and not name_of(widget)
    }
    assert nameless == set()


def test_all_that_is_clicked_is_large_enough(world: World) -> None:
    small = {
        (name, described(widget), widget.width(), widget.height())
        for name, window in windows(world)
        for widget in shown(window)
        if isinstance(widget, QAbstractButton | QComboBox | QLineEdit | QAbstractSpinBox | QTabBar)
        if not isinstance(widget.parent(), QComboBox | QAbstractSpinBox | QLineEdit)
        if min(widget.width(), widget.height()) < LEAST
    }
    assert small == set()


def test_tab_reaches_all_of_a_window_once_and_comes_back(world: World) -> None:
    lost = {}
    for name, window in windows(world):
        window.activateWindow()
        world.until(partial(is_active, world, window))
        reached = way(window, world.qt)
        wanted = [widget for widget in shown(window) if takes_tab(widget)]
        missed = [described(widget) for widget in wanted if widget not in reached]
        if missed:
            lost[name] = missed
    assert lost == {}


def test_tab_leads_down_and_across_and_shift_tab_the_same_way_back(world: World) -> None:
    """From the top, no stop lies above the one before, unless it lies to the right of it."""
    leaps, other_ways = {}, []
    for name, window in windows(world):
        window.activateWindow()
        world.until(partial(is_active, world, window))
        stops = way(window, world.qt)
        stops = from_the_top(stops)
        leaps[name] = [
            (described(before), described(after))
            for before, after in pairwise(stops)
            if place(after).y() + after.height() <= place(before).y()
            and place(after).x() <= place(before).x()
        ]
        if way_back(window, world.qt) != [stops[0], *reversed(stops[1:])]:
            other_ways.append(name)
    assert {name: found for name, found in leaps.items() if found} == {}
    assert other_ways == []


def test_whatever_has_the_keyboard_shows_it(world: World) -> None:
    """By a change of at least 3:1 that crosses the middle of the control, across or down."""
    unseen: dict[str, list[str]] = {}
    for name, window in windows(world):
        window.activateWindow()
        world.until(partial(is_active, world, window))
        for stop in way(window, world.qt):
            stop.setFocus(Qt.FocusReason.TabFocusReason)
            with_focus = stop.grab().toImage()
            stop.clearFocus()
            if strongest_change(stop.grab().toImage(), with_focus) < 3:
                unseen.setdefault(name, []).append(described(stop))
            stop.setFocus(Qt.FocusReason.TabFocusReason)
    assert unseen == {}


def strongest_change(before: QImage, after: QImage) -> float:
    """The highest contrast between the two, pixel by pixel on the two middle lines."""
    middle_x, middle_y = before.width() // 2, before.height() // 2
    places = [(x, middle_y) for x in range(before.width())]
    places += [(middle_x, y) for y in range(before.height())]
    changed = [place for place in places if before.pixel(*place) != after.pixel(*place)]
    pairs = {(before.pixelColor(*p).name(), after.pixelColor(*p).name()) for p in changed}
    return max((contrast(one, other) for one, other in pairs), default=1.0)


def test_nothing_moves_by_itself(world: World, qtbot: QtBot) -> None:
    """While no time passes and nobody does anything, the window looks the same two ticks later."""
    flash = world.qt.cursorFlashTime()
    world.qt.setCursorFlashTime(0)  # how the caret blinks is the user's own setting
    window = next(window for name, window in windows(world) if name == "list with details")
    window.activateWindow()
    world.until(partial(is_active, world, window))

    def picture_after_two_ticks() -> QImage:
        for _tick in range(2):
            with qtbot.waitSignal(world.window.ticked):
                pass
        return window.grab().toImage()

    before = picture_after_two_ticks()  # what it looks up has come by then
    after = picture_after_two_ticks()
    world.qt.setCursorFlashTime(flash)
    assert after == before
