"""Paused: nothing goes out unasked, what is asked for does, and the user is told."""

from datetime import timedelta

from PySide6.QtGui import QAction

from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Lane
from ui.world import Key, World


def settled(world: World) -> None:
    """What was under way has been told."""
    world.settle(Lane.STORE, Lane.NETWORK, Lane.ASIDE, Lane.CHECKS)


def in_tray(world: World, words: str) -> QAction:
    world.deeds.tray.menu.aboutToShow.emit()
    actions = world.deeds.tray.menu.actions()
    return next(action for action in actions if action.text().replace("&", "") == words)


def requests(world: World) -> int:
    settled(world)
    return len(world.sandbox.requests)


def test_paused_nothing_is_checked_until_it_goes_on(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    world.until(lambda: len(world.application.watch.healths()) == 1)
    in_tray(world, "Pause").trigger()
    assert "Paused" in world.notice()
    assert world.deeds.tray.words == "Partner Tokens\nPaused"
    before = requests(world)
    for _minute in range(5):
        world.clock.forward(minutes=1)
        world.window.ticked.emit()
    assert requests(world) == before
    world.press(Key.Key_F5)  # what the user asks for is done
    world.until(lambda: len(world.sandbox.requests) > before)
    before = requests(world)
    in_tray(world, "Go on").trigger()
    world.until(lambda: len(world.sandbox.requests) > before)
    assert world.deeds.tray.words == "Partner Tokens"
    assert world.window.acts[Act.PAUSE].text() == "Pause"


def test_paused_no_header_is_fetched_ahead_but_one_that_is_wanted_is(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    world.select("c")
    world.window.acts[Act.PAUSE].trigger()
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    world.clock.now += timedelta(minutes=26)  # it ends soon, and is in use
    settled(world)
    world.deeds.refreshing.look()
    settled(world)
    assert len(world.sandbox.exchanges) == 1
    world.window.acts[Act.PAUSE].trigger()
    world.deeds.refreshing.look()
    world.until(lambda: len(world.sandbox.exchanges) == 2)
