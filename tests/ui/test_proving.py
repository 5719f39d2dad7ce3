"""Proving many tokens: progress, patience, stopping, resuming, and what came of it."""

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from partner_tokens.core.tokens import State
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.ui.proving import AT_ONCE
from partner_tokens.ui.proving_results import ProvingResults
from ui.world import Key, World


def store_untried(
    world: World, count: int, behaviour: Behaviour = Behaviour.FINE, prefix: str = "t"
) -> list[str]:
    """Tokens as an import leaves them."""
    ids = [f"{prefix}{number:03d}" for number in range(count)]
    for id in ids:
        world.store(id, f"Customer {id}", behaviour=behaviour, state=State.UNPROVEN)
    with world.parts.database.writing() as connection:
        connection.execute("UPDATE tokens SET tried_at = NULL, user = '' WHERE state = 'unproven'")
    return ids


def bar(world: World) -> str:
    return world.window.proving.words()


def offered(world: World) -> World:
    world.start()
    world.until(lambda: "never tried" in bar(world))
    return world


def states(world: World) -> list[State]:
    return [token.result.state for token in world.parts.store.tokens()]


def test_untried_tokens_are_offered_at_the_start_and_proven(world: World) -> None:
    store_untried(world, 12)
    offered(world)
    assert bar(world) == "12 tokens were never tried."
    assert world.window.proving.button(0).text() == "&Prove 12 tokens"
    assert world.sandbox.exchanges == ()
    world.window.proving.button(0).click()
    world.until(lambda: bar(world) == "12 of 12 tokens work.")
    assert states(world) == [State.READY] * 12
    assert len(world.sandbox.exchanges) == 12


def test_an_offer_can_be_put_off(world: World) -> None:
    store_untried(world, 2)
    offered(world)
    world.window.proving.button(1).click()
    assert bar(world) == ""
    assert world.sandbox.exchanges == ()


def test_a_token_that_wants_a_passcode_is_never_tried(world: World) -> None:
    ids = store_untried(world, 3)
    with world.parts.database.writing() as connection:
        connection.execute("UPDATE tokens SET interactive = 1 WHERE id = ?", (ids[0],))
    offered(world)
    assert bar(world) == "2 tokens were never tried."
    world.deeds.proving.start(world.parts.store.tokens())
    world.until(lambda: bar(world) == "2 of 2 tokens work.")
    assert len(world.sandbox.exchanges) == 2


def test_a_paused_organization_is_neither_counted_nor_tried(world: World) -> None:
    ids = store_untried(world, 3)
    seen = world.parts.store.token(ids[0]).organization
    until = world.clock() + timedelta(days=1)
    world.parts.organizations.edit(seen, replace(seen, paused_until=until))
    offered(world)
    assert bar(world) == "2 tokens were never tried."
    world.deeds.proving.start(world.parts.store.tokens())
    world.until(lambda: bar(world) == "2 of 2 tokens work.")
    assert len(world.sandbox.exchanges) == 2


def test_no_more_than_four_are_asked_for_at_once(world: World) -> None:
    store_untried(world, 12)
    world.sandbox.switch(delay_seconds=0.1)
    offered(world)
    most = 0

    def watch() -> None:
        nonlocal most
        most = max(most, len(world.deeds.proving._under_way))

    world.deeds.proving.changed.connect(watch)
    world.window.proving.button(0).click()
    world.until(lambda: bar(world) == "12 of 12 tokens work.")
    assert 1 < most <= AT_ONCE


def test_progress_is_told_and_it_can_be_stopped_and_gone_on_with(world: World) -> None:
    store_untried(world, 30)
    world.sandbox.switch(delay_seconds=0.2)
    offered(world)
    world.window.proving.button(0).click()
    world.until(lambda: len(world.deeds.proving.outcomes) > 0)
    assert bar(world).startswith("Proving: ")
    assert world.window.proving.progress.isVisible()
    world.window.proving.button(0).click()
    assert "were not tried" in bar(world)
    assert not world.deeds.proving.is_running
    world.sandbox.switch(delay_seconds=0.0)
    world.until(lambda: world.window.proving.button(0).text() == "&Go on")
    assert len(world.sandbox.exchanges) < 30
    world.window.proving.button(0).click()
    world.until(lambda: states(world) == [State.READY] * 30)
    world.until(lambda: "work" in bar(world))


def test_after_a_restart_the_rest_is_offered_again(world: World) -> None:
    store_untried(world, 3)
    world.start()
    world.restart_parts(lambda: world.backend)
    assert isinstance(world.backend, MemoryBackend)
    offered(world)
    assert bar(world) == "3 tokens were never tried."


def test_what_another_program_brings_in_is_offered_at_once_and_only_once(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.until(lambda: bool(world.shown()))
    assert bar(world) == ""
    store_untried(world, 3)
    world.application.shelf.reload()
    world.until(lambda: bar(world) == "3 tokens were never tried.")
    world.window.proving.button(1).click()
    with world.qtbot.waitSignal(world.application.shelf.loaded):
        world.application.shelf.reload()
    assert bar(world) == ""


def test_a_throttled_endpoint_is_given_its_time(world: World) -> None:
    ids = store_untried(world, 4)
    world.sandbox.switch(retry_after="20")
    for id in ids:
        world.sandbox.script(f"{id}-api-token-{'0' * 40}", Behaviour.THROTTLED)
    offered(world)
    world.window.proving.button(0).click()
    world.until(lambda: "slow down: 0 of 4" in bar(world))
    asked = len(world.sandbox.exchanges)
    world.clock.forward(seconds=19)
    world.until(lambda: not world.deeds.proving._under_way)
    assert len(world.sandbox.exchanges) == asked
    world.clock.forward(seconds=2)
    world.until(lambda: bar(world) == "4 of 4 tokens work.")


def test_a_clock_that_is_set_back_does_not_make_the_rest_longer(world: World) -> None:
    [id] = store_untried(world, 1)
    world.sandbox.script(f"{id}-api-token-{'0' * 40}", *2 * [Behaviour.THROTTLED])
    world.start()
    world.until(lambda: bool(world.shown()))
    world.deeds.proving.start(world.parts.store.tokens())
    world.until(lambda: "slow down: 0 of 1" in bar(world))
    world.clock.forward(days=-1)
    world.until(lambda: len(world.sandbox.exchanges) == 2)
    world.until(lambda: "slow down: 0 of 1" in bar(world))
    world.clock.forward(seconds=10)
    world.until(lambda: bar(world) == "1 of 1 token works.")


def test_without_a_network_it_waits_until_the_endpoint_can_be_reached(world: World) -> None:
    store_untried(world, 6)
    offered(world)
    world.sandbox.switch(everywhere=Behaviour.HANG_UP)
    world.window.proving.button(0).click()
    world.until(lambda: "Waiting for the network: 0 of 6" in bar(world))
    world.until(lambda: not world.application.watch.is_reachable(world.sandbox.url))
    world.clock.forward(seconds=30)
    asked = len(world.sandbox.exchanges)
    assert asked <= AT_ONCE
    world.sandbox.switch(everywhere=None)
    world.application.watch.check_now()
    world.until(lambda: bar(world) == "6 of 6 tokens work.")


def test_a_hidden_round_goes_on_when_the_network_is_back(world: World) -> None:
    store_untried(world, 6)
    offered(world)
    world.sandbox.switch(everywhere=Behaviour.HANG_UP)
    world.window.proving.button(0).click()
    proving, watch = world.deeds.proving, world.application.watch
    world.until(lambda: proving.is_offline and not watch.is_reachable(world.sandbox.url))
    world.window.hide()
    pulse = world.deeds.pulse.findChild(QTimer)
    assert pulse is not None
    assert pulse.isActive()
    world.sandbox.switch(everywhere=None)

    def gone_on() -> bool:
        world.clock.forward(minutes=5)  # a rest is over, and a check is due
        world.deeds.pulse.beat.emit()
        return len(proving.outcomes) == 6

    world.until(gone_on)
    assert states(world) == [State.READY] * 6
    assert not proving.is_running


def test_a_hidden_round_goes_on_when_a_rest_is_over(world: World) -> None:
    [id] = store_untried(world, 1)
    world.sandbox.script(f"{id}-api-token-{'0' * 40}", Behaviour.THROTTLED)
    world.start()
    world.until(lambda: bool(world.shown()))
    proving = world.deeds.proving
    proving.start(world.parts.store.tokens())
    world.until(lambda: proving.is_paused)
    world.window.hide()
    rested = proving.findChild(QTimer)
    assert rested is not None
    assert (rested.isActive(), rested.interval()) == (True, 2000)
    world.clock.forward(seconds=2)
    rested.timeout.emit()
    world.until(lambda: len(proving.outcomes) == 1)
    assert not rested.isActive()


def test_an_endpoint_that_answers_checks_and_fails_exchanges_is_given_up(world: World) -> None:
    store_untried(world, 3, Behaviour.BAD_GATEWAY)
    offered(world)
    world.window.proving.button(0).click()

    def ended() -> bool:
        world.clock.forward(minutes=6)
        world.window.ticked.emit()
        return "0 of 3 tokens work." in bar(world)

    world.until(ended)
    assert len(world.sandbox.exchanges) <= 3 * 8


def test_results_are_grouped_by_cause(world: World) -> None:
    store_untried(world, 3)
    store_untried(world, 2, Behaviour.REFUSED_CSP, "r")
    store_untried(world, 1, Behaviour.PASSCODE, "p")
    offered(world)
    world.window.proving.button(0).click()
    world.until(lambda: bar(world) == "3 of 6 tokens work.")
    world.window.proving.button(0).click()
    dialog = world.dialog()
    assert isinstance(dialog, ProvingResults)
    groups = [dialog.tree.topLevelItem(place) for place in range(3)]
    assert [group.text(0) for group in groups if group] == [
        "Refused by the service (2)",
        "Wants a passcode (1)",
        "These work (3)",
    ]
    index = dialog.tree.model().index(0, 0, dialog.tree.model().index(0, 0))
    assert index.data() == "Customer r000, build"
    assert dialog.hint.text().startswith("It may have expired")
    dialog.tree.setStyleSheet("QTreeView { activate-on-singleclick: 1; }")  # as on some desktops
    place = dialog.tree.visualRect(index).center()
    QTest.mouseClick(dialog.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert dialog.hint.text().startswith("The service refused this token. It may have expired")
    assert dialog.isVisible()
    dialog.tree.setCurrentIndex(dialog.tree.model().index(2, 0))
    assert dialog.hint.text() == ""
    assert not dialog.go.isEnabled()
    dialog.reject()


def test_a_result_leads_to_its_row(world: World) -> None:
    store_untried(world, 2)
    store_untried(world, 2, Behaviour.REFUSED_CSP, "r")
    offered(world)
    world.window.proving.button(0).click()
    world.until(lambda: bar(world) == "2 of 4 tokens work.")
    world.type("nothing has this name")
    world.window.proving.button(0).click()
    assert isinstance(world.dialog(), ProvingResults)
    world.press(Key.Key_Down)
    world.press(Key.Key_Down)
    world.press(Key.Key_Return)
    world.until(lambda: world.qt.activeModalWidget() is None)
    selected = world.window.table.selected()
    assert selected is not None
    assert selected.id == "r001"
    world.press(Key.Key_Return)  # the keyboard is where a copy is asked for
    world.until(lambda: "refused" in world.notice())
