"""While nobody looks nothing ticks, except for what is due by itself."""

from contextlib import closing
from datetime import timedelta

import pytest

from partner_tokens.core.preferences import save
from partner_tokens.parts import Parts
from partner_tokens.ui.actions import Act
from partner_tokens.ui.clipboard import UNSEEN
from partner_tokens.ui.pulse import WHILE_HIDDEN, WHILE_SEEN
from partner_tokens.ui.session import Access
from ui.waking import beat, hide, paces, settled
from ui.world import World


@pytest.mark.parametrize("how", ["minimised", "closed to the tray"])
def test_nothing_ticks_while_the_window_is_hidden(world: World, how: str) -> None:
    world.store("c", "Contoso")
    world.start()
    settled(world)
    assert {"MainWindow", "Shelf", "Pulse"} <= paces(world).keys()
    assert paces(world)["Pulse"] == WHILE_SEEN
    hide(world, how)
    world.until(lambda: paces(world) == {})
    world.window.showNormal()
    assert {"MainWindow", "Shelf", "Pulse"} <= paces(world).keys()


def test_a_token_in_use_is_looked_after_once_a_minute_for_as_long_as_it_is(world: World) -> None:
    world.store("c", "Contoso")
    save(world.parts.profile.preferences_path, clipboard_seconds=0)
    world.start()
    settled(world)
    world.window.hide()
    world.until(lambda: paces(world) == {})
    world.deeds.quick.copy("contoso")  # as from the tray
    world.until(lambda: paces(world) == {"Pulse": WHILE_HIDDEN})
    world.clock.forward(minutes=26)
    beat(world)
    world.until(lambda: len(world.sandbox.exchanges) == 2)  # refreshed ahead of time
    settled(world)
    world.until(lambda: paces(world) == {"Pulse": WHILE_HIDDEN})
    world.clock.forward(minutes=31)  # it is no longer in use, and has ended
    beat(world)
    settled(world)
    beat(world)
    world.until(lambda: paces(world) == {})
    assert len(world.sandbox.exchanges) == 2


def test_of_a_copy_by_the_tray_the_seconds_are_not_counted(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    settled(world)
    world.window.hide()
    world.deeds.quick.copy("contoso")
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    world.until(lambda: paces(world) == {"Pulse": WHILE_HIDDEN, "Clipboard": UNSEEN})
    world.window.show()
    assert paces(world)["Clipboard"] <= timedelta(seconds=1)


def test_nothing_is_looked_after_where_all_is_locked(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    settled(world)
    world.window.hide()
    world.deeds.quick.copy("contoso")
    world.until(lambda: WHILE_HIDDEN in paces(world).values())
    world.window.acts[Act.LOCK].trigger()
    world.until(lambda: world.application.session.access is Access.LOCKED)
    beat(world)
    world.until(lambda: paces(world) == {})


def test_pause_keeps_no_token_that_has_ended(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    settled(world)
    world.window.acts[Act.PAUSE].trigger()
    world.deeds.quick.copy("contoso")
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    settled(world)
    core = world.application.session.core
    assert core is not None
    assert core.broker.hangs_on_time
    world.clock.forward(minutes=31)
    beat(world)
    settled(world)
    assert not core.broker.hangs_on_time
    assert len(world.sandbox.exchanges) == 1


def test_the_quick_copy_over_a_hidden_window_knows_what_another_program_has_done(
    world: World,
) -> None:
    world.store("c", "Contoso")
    world.store("f", "Fabrikam")
    world.start()
    settled(world)
    world.window.hide()
    with closing(Parts(world.parts.profile, clock=world.clock)) as other:
        other.trash.put(["f"])
    world.deeds.quick.open()
    world.until(lambda: world.deeds.quick.palette.model.count == 1)
    world.until(lambda: "Shelf" not in paces(world))


def test_a_start_of_the_quick_copy_alone_does_not_look_at_the_store_each_second(
    world: World,
) -> None:
    world.store("c", "Contoso")
    world.application.start_without_window(lambda: world.deeds.quick.open())
    world.until(lambda: world.application.session.access is Access.OPEN)
    assert world.deeds.quick.is_open
    world.until(lambda: not world.application.background._abroad)
    world.until(lambda: "Shelf" not in paces(world))
    world.deeds.quick.close()
    world.until(lambda: paces(world) == {})
    world.window.show()
    assert "Shelf" in paces(world)
