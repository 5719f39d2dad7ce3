"""Ctrl+Z while a removal is still under way: it is for that one, and waits for it."""

import threading
from collections.abc import Iterator

import pytest

from partner_tokens.ui.background import Lane
from ui.world import CONTROL, Key, World


@pytest.fixture
def gate(world: World) -> Iterator[threading.Event]:
    """Opens the way to the store, which `hold_up` has shut."""
    made = threading.Event()
    yield made
    made.set()


@pytest.fixture
def three(world: World) -> World:
    for name in ("Adatum", "Coho", "Contoso"):
        world.store(name.lower(), name)
    return world.start()


def hold_up(world: World, gate: threading.Event) -> None:
    """What is asked of the store from now on is done once the gate is open."""
    world.application.background.run(
        world.window, gate.wait, done=lambda _opened: None, lane=Lane.STORE
    )


def remove(world: World, id: str) -> None:
    world.select(id)
    world.press(Key.Key_Delete, CONTROL)


def removed(world: World, id: str) -> None:
    remove(world, id)
    world.until(lambda: id not in world.shown())


def undo(world: World) -> None:
    world.press(Key.Key_Z, CONTROL)


def in_trash(world: World) -> list[str]:
    return [row.token.id for row in world.parts.trash.tokens()]


def coho_comes_back_before_adatum(three: World) -> None:
    """Coho by what was undone before, Adatum by the next Ctrl+Z."""
    three.until(lambda: three.notice().startswith("Coho, build is back"))
    assert three.shown() == ["coho", "contoso"]
    assert in_trash(three) == ["adatum"]
    undo(three)
    three.until(lambda: three.shown() == ["adatum", "coho", "contoso"])


def test_what_is_just_being_removed_is_brought_back_and_not_what_was_before(
    three: World, gate: threading.Event
) -> None:
    removed(three, "adatum")
    hold_up(three, gate)
    remove(three, "coho")
    undo(three)
    gate.set()
    coho_comes_back_before_adatum(three)


def test_the_first_removal_of_all_can_be_undone_at_once_too(
    three: World, gate: threading.Event
) -> None:
    hold_up(three, gate)
    remove(three, "coho")
    for _time in range(2):
        undo(three)
    gate.set()
    three.until(lambda: three.notice().startswith("Coho, build is back"))
    three.settle(Lane.STORE)
    assert three.shown() == ["adatum", "coho", "contoso"]
    assert in_trash(three) == []


def test_of_two_that_are_being_removed_the_later_one_is_brought_back(
    three: World, gate: threading.Event
) -> None:
    hold_up(three, gate)
    remove(three, "adatum")
    remove(three, "coho")
    undo(three)
    gate.set()
    coho_comes_back_before_adatum(three)


def test_a_removal_that_fails_leaves_what_was_removed_before_where_it_is(
    three: World, gate: threading.Event
) -> None:
    removed(three, "adatum")
    hold_up(three, gate)
    remove(three, "coho")
    undo(three)
    three.parts.trash.put(["coho"])  # as another program
    gate.set()
    coho_comes_back_before_adatum(three)


def test_a_list_that_is_read_while_a_removal_is_under_way_leaves_it_to_be_undone(
    three: World, gate: threading.Event
) -> None:
    hold_up(three, gate)
    three.application.shelf.reload()
    remove(three, "coho")
    gate.set()
    three.until(lambda: "coho" not in three.shown())
    undo(three)
    three.until(lambda: three.shown() == ["adatum", "coho", "contoso"])


def test_a_notice_offers_to_undo_what_it_tells_of_and_nothing_later(
    three: World, gate: threading.Event
) -> None:
    remove(three, "adatum")
    hold_up(three, gate)
    remove(three, "coho")
    three.until(lambda: three.notice().startswith("Adatum, build was removed"))
    assert not three.window.notices.button(0).isVisible()
    gate.set()
    three.until(lambda: three.notice().startswith("Coho, build was removed"))
    three.window.notices.button(0).click()
    three.until(lambda: three.shown() == ["coho", "contoso"])


def test_what_was_undone_before_it_was_removed_is_brought_back_at_the_end_too(
    three: World, gate: threading.Event
) -> None:
    hold_up(three, gate)
    remove(three, "coho")
    undo(three)
    gate.set()
    three.restart_parts(lambda: three.backend)
    assert in_trash(three) == []
    assert three.parts.store.token("coho").organization.name == "Coho"
