"""What is selected and what is seen stay while the list changes by itself, or by others."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu

from partner_tokens.core.tokens import State
from partner_tokens.ui.token_model import Chip
from ui.world import CONTROL, Key, World


@pytest.fixture
def customers(world: World) -> World:
    """Forty of them; nothing is known of any token."""
    for number in range(40):
        world.store(f"t{number:02}", f"Customer {number:02}", state=State.UNPROVEN)
    return world.start()


@pytest.fixture
def unproven(customers: World) -> World:
    """The same under the chip that counts them, which are all of them as yet."""
    customers.window.chips.choose(Chip.UNPROVEN)
    return customers


def selected(world: World) -> str:
    token = world.window.table.selected()
    assert token is not None
    return token.id


def copy(world: World, id: str) -> None:
    """Its line says from now on that it works, and stays, although the chip counts it no more."""
    world.select(id)
    world.press(Key.Key_Return)
    world.until(lambda: world.token(id).result.state is State.READY)
    assert id in world.shown()


def read_anew(world: World, until: Callable[[], bool]) -> None:
    world.application.shelf.reload()
    world.until(until)


def another_adds(world: World, organization: str) -> None:
    world.store("new", organization, state=State.UNPROVEN)
    read_anew(world, lambda: "new" in world.shown())


def another_removes(world: World, *ids: str) -> None:
    world.parts.trash.put(ids)
    read_anew(world, lambda: not {*ids} & {*world.shown()})


# ---- what is selected -------------------------------------------------------------------------


def test_below_a_line_that_the_chip_counts_no_more_the_next_one_is_selected(
    unproven: World,
) -> None:
    copy(unproven, "t25")
    another_adds(unproven, "Another")
    assert "t25" not in unproven.shown()
    assert selected(unproven) == "t26"


def test_a_removal_under_a_chip_leads_to_the_next_line_although_others_leave_above(
    unproven: World,
) -> None:
    for number in range(3):
        copy(unproven, f"t{number:02}")
    unproven.select("t25")
    unproven.press(Key.Key_Delete, CONTROL)
    unproven.until(lambda: "t25" not in unproven.shown())
    assert unproven.shown()[0] == "t03"
    assert selected(unproven) == "t26"


def test_where_all_below_have_left_too_the_next_line_above_is_selected(unproven: World) -> None:
    unproven.select("t37")
    another_removes(unproven, "t36", "t37", "t38", "t39")
    assert selected(unproven) == "t35"


def test_of_several_that_are_removed_the_first_line_below_the_top_one_is_selected(
    customers: World,
) -> None:
    customers.window.table.select_several(["t10", "t12"])
    customers.press(Key.Key_Delete, CONTROL)
    customers.until(lambda: "t12" not in customers.shown())
    assert selected(customers) == "t11"


def test_other_words_and_other_chips_lead_to_the_first_line(unproven: World) -> None:
    copy(unproven, "t25")
    unproven.type("customer 3")
    assert selected(unproven) == "t03"
    unproven.select("t35")
    copy(unproven, "t36")
    unproven.window.chips.choose(Chip.ALL)
    assert selected(unproven) == "t36"
    unproven.window.chips.choose(Chip.UNPROVEN)
    assert selected(unproven) == "t03"


# ---- what is seen -----------------------------------------------------------------------------


def top_line(world: World) -> tuple[str, int]:
    """The topmost line in view, and how far it is cut off."""
    table = world.window.table
    line = table.rowAt(0)
    return world.shown()[line], table.rowViewportPosition(line)


def is_current_seen(world: World) -> bool:
    table = world.window.table
    return table.viewport().rect().contains(table.visualRect(table.currentIndex()))


def wheel_down(world: World) -> None:
    """Until the selected line, which is one of the first, is out of view; it stays selected."""
    bar = world.window.table.verticalScrollBar()
    world.until(lambda: bar.maximum() > 400)
    bar.setValue(bar.maximum() // 2 + 7)
    assert not is_current_seen(world)


@pytest.mark.parametrize("organization", ["Another", "Zoo"])
def test_what_another_program_adds_leaves_the_lines_in_view_where_they_are(
    customers: World, organization: str
) -> None:
    customers.select("t02")
    wheel_down(customers)
    before = top_line(customers)
    another_adds(customers, organization)
    assert top_line(customers) == before
    assert selected(customers) == "t02"


def test_what_another_program_removes_leaves_the_lines_in_view_where_they_are(
    customers: World,
) -> None:
    customers.select("t02")
    wheel_down(customers)
    table = customers.window.table
    top, _cut = top_line(customers)
    below = f"t{int(top[1:]) + 1:02}"
    place = table.rowViewportPosition(customers.shown().index(below))
    another_removes(customers, top, "t03")
    assert table.rowViewportPosition(customers.shown().index(below)) == place


def test_the_line_below_a_removed_one_comes_into_view(customers: World) -> None:
    customers.select("t02")
    wheel_down(customers)
    customers.press(Key.Key_Delete, CONTROL)
    customers.until(lambda: "t02" not in customers.shown())
    assert selected(customers) == "t03"
    assert is_current_seen(customers)


def test_the_selected_line_comes_into_view_when_other_words_are_sought(customers: World) -> None:
    customers.select("t02")
    wheel_down(customers)
    customers.type("customer")
    customers.type(" 0")
    assert selected(customers) == "t02"
    assert is_current_seen(customers)


def test_the_selected_line_comes_into_view_when_the_list_is_sorted_anew(customers: World) -> None:
    customers.select("t02")
    wheel_down(customers)
    customers.window.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert is_current_seen(customers)


def test_a_selected_line_in_view_stays_in_view(customers: World) -> None:
    table = customers.window.table
    last = customers.shown()[table.rowAt(table.viewport().height() - table.rowHeight(0))]
    customers.select(last)
    another_adds(customers, "Another")
    assert selected(customers) == last
    assert is_current_seen(customers)


# ---- what a menu is for -----------------------------------------------------------------------


def menu_on(world: World, *ids: str) -> QMenu:
    """The menu of these lines, which stands open."""
    table = world.window.table
    table.select_several(ids)
    place = table.visualRect(table.currentIndex()).center()
    where = table.viewport().mapToGlobal(place)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, where)
    world.qt.sendEvent(table.viewport(), event)
    menu = world.qt.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def whole_menu(world: World) -> QMenu:
    world.press(Key.Key_F10)
    world.until(lambda: isinstance(world.qt.activePopupWidget(), QMenu))
    menu = world.qt.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_a_menu_closes_when_a_line_it_is_for_leaves(customers: World) -> None:
    menu_on(customers, "t02")
    another_removes(customers, "t02")
    assert customers.qt.activePopupWidget() is None
    assert selected(customers) == "t03"
    menu_on(customers, "t05", "t07")
    another_removes(customers, "t07")
    assert customers.qt.activePopupWidget() is None


def test_the_menu_of_all_closes_when_the_selected_line_leaves(customers: World) -> None:
    customers.select("t02")
    whole_menu(customers)
    another_removes(customers, "t02")
    assert customers.qt.activePopupWidget() is None


def test_a_menu_closes_when_what_was_removed_comes_back_selected(customers: World) -> None:
    customers.select("t02")
    customers.press(Key.Key_Delete, CONTROL)
    customers.until(lambda: "t02" not in customers.shown())
    customers.press(Key.Key_Z, CONTROL)
    menu_on(customers, "t05")
    customers.until(lambda: "t02" in customers.shown())
    assert customers.qt.activePopupWidget() is None


def test_a_menu_stays_when_other_lines_come_and_go(customers: World) -> None:
    menu = menu_on(customers, "t05", "t07")
    another_removes(customers, "t06")
    another_adds(customers, "Another")
    assert customers.qt.activePopupWidget() is menu
    assert [token.id for token in customers.window.table.selected_all()] == ["t05", "t07"]
    menu.hide()
