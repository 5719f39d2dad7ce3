"""What the user waits for never queues behind what is done unasked, however long that hangs."""

import threading
from contextlib import ExitStack
from functools import partial
from select import select
from socket import create_server

from partner_tokens.core.events import Event
from partner_tokens.core.formats import Format
from partner_tokens.core.tokens import State
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.ui.background import Lane
from partner_tokens.ui.proving import AT_ONCE
from ui.world import Key, World

MANY = 12
"""More than all threads that speak to services."""


def with_hanging_tokens(world: World) -> list[str]:
    """A healthy one to copy, and many whose exchange never ends."""
    world.store("healthy", "Healthy")
    ids = [f"t{number:02d}" for number in range(MANY)]
    for id in ids:
        world.store(id, f"Customer {id}", behaviour=Behaviour.HANG)
    world.start()
    return ids


def copies(world: World) -> None:
    """The healthy one's header is copied, while nothing has come of the others yet."""
    world.select("healthy")
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    others = [one for one in world.parts.store.tokens() if one.id != "healthy"]
    assert {one.result.state for one in others} == {State.READY}


def test_a_copy_arrives_while_headers_in_use_are_fetched_ahead_in_vain(world: World) -> None:
    ids = with_hanging_tokens(world)
    for id in ids:
        world.parts.broker.mark_used(id, Event.COPIED, Format.HEADER)
    world.deeds.refreshing.look()
    world.until(lambda: len(world.sandbox.exchanges) >= Lane.ASIDE.value[1])
    copies(world)


def test_a_copy_arrives_while_tokens_are_proven_and_fetched_ahead_in_vain(world: World) -> None:
    ids = with_hanging_tokens(world)
    for id in ids[AT_ONCE:]:
        world.parts.broker.mark_used(id, Event.COPIED, Format.HEADER)
    world.deeds.proving.start(world.parts.store.token(id) for id in ids[:AT_ONCE])
    world.deeds.refreshing.look()
    world.until(lambda: len(world.sandbox.exchanges) >= AT_ONCE)
    copies(world)


def test_a_header_that_waits_for_its_turn_is_not_fetched_twice(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    gates = [threading.Event() for _ in range(Lane.ASIDE.value[1])]
    for gate in gates:
        world.application.background.run(
            world.window, partial(gate.wait, 20), done=lambda _through: None, lane=Lane.ASIDE
        )
    world.parts.broker.mark_used("c", Event.COPIED, Format.HEADER)
    for _ in range(3):
        world.deeds.refreshing.look()
        world.settle(Lane.STORE)
    gates[0].set()  # one thread is free, and does what waits one after the other
    told: list[None] = []
    world.application.background.run(world.window, lambda: None, done=told.append, lane=Lane.ASIDE)
    world.until(lambda: bool(told))
    for gate in gates:
        gate.set()
    assert len(world.sandbox.exchanges) == 1
    world.clock.forward(minutes=25)
    world.deeds.refreshing.look()
    world.until(lambda: len(world.sandbox.exchanges) == 2)


def test_a_copy_arrives_while_endpoints_are_checked_in_vain(world: World) -> None:
    with ExitStack() as stack:
        silent = [stack.enter_context(create_server(("127.0.0.1", 0))) for _ in range(MANY)]
        for server in silent:
            port = server.getsockname()[1]
            world.store(f"t{port}", f"Customer {port}", endpoint=f"http://127.0.0.1:{port}")
        world.store("healthy", "Healthy")
        world.start()
        world.until(lambda: len(select(silent, [], [], 0)[0]) >= Lane.CHECKS.value[1])
        copies(world)
        checked = {health.endpoint for health in world.application.watch.healths()}
        assert checked <= {world.sandbox.url}


def test_an_endpoint_is_checked_while_headers_are_fetched_ahead_in_vain(world: World) -> None:
    ids = with_hanging_tokens(world)
    watch = world.application.watch
    world.until(lambda: len(watch.healths()) == 1)
    for id in ids:
        world.parts.broker.mark_used(id, Event.COPIED, Format.HEADER)
    world.deeds.refreshing.look()
    world.until(lambda: len(world.sandbox.exchanges) >= Lane.ASIDE.value[1])
    before = watch.healths()[0].at
    world.clock.forward(seconds=1)
    world.press(Key.Key_F5)
    world.until(lambda: watch.healths()[0].at > before)
    copies(world)
