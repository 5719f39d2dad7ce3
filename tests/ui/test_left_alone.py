"""Nobody there for too long: locked by the wall clock, seen or hidden, awake or after sleep."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from partner_tokens.core.events import Event
from partner_tokens.core.preferences import save
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.pulse import WHILE_HIDDEN
from partner_tokens.ui.session import Access
from ui.waking import beat, hide, paces, settled
from ui.world import Key, World

WISH = {
    "do": "lend",
    "id": "c",
    "organization": "Contoso",
    "form": "header",
    "min_life": None,
    "passcode": "",
}
HAND_OUT = {"do": "hand out", "words": ["contoso"], "form": "header"}


@pytest.fixture
def left(world: World) -> World:
    """A window that locks after ten minutes, with a header at hand."""
    world.store("c", "Contoso")
    save(world.parts.profile.preferences_path, lock_when_idle=10)
    world.start()
    world.select("c")
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    settled(world)
    return world


def is_locked(world: World) -> bool:
    return world.application.session.access is Access.LOCKED


def asked(world: World, message: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the window answers to the terminal, while its own thread does nothing."""
    answers: list[Mapping[str, Any]] = []
    answer = world.deeds.calls.answer
    thread = threading.Thread(target=lambda: answers.append(answer(message)))
    thread.start()
    thread.join()
    return answers[0]


# ---- seen ----


def test_a_window_left_alone_locks_if_that_is_wanted(left: World) -> None:
    left.clock.forward(minutes=9)
    left.press(Key.Key_Down)  # a key is a sign of life
    left.clock.forward(minutes=9)
    left.window.ticked.emit()
    assert not is_locked(left)
    left.clock.forward(minutes=1)
    left.until(lambda: is_locked(left))  # by the tick of a window that can be seen
    assert left.clipboard() == ""


def test_a_window_is_left_alone_for_any_time_where_nothing_else_is_wanted(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    world.clock.forward(days=30)
    world.window.ticked.emit()
    beat(world)
    assert not is_locked(world)


def test_a_key_that_comes_after_sleep_locks_and_does_nothing_else(left: World) -> None:
    left.deeds.clipboard.clear_now()
    left.clock.forward(minutes=11)  # asleep: no timer runs meanwhile
    left.press(Key.Key_Return)
    assert is_locked(left)
    assert left.clipboard() == ""


def test_a_window_that_can_be_seen_locks_without_a_key_after_sleep(left: World) -> None:
    left.clock.forward(minutes=11)
    left.window.ticked.emit()
    assert is_locked(left)


def test_a_clock_that_is_set_back_does_not_put_off_the_lock(left: World) -> None:
    left.clock.forward(days=-1)
    left.window.ticked.emit()
    assert not is_locked(left)
    left.clock.forward(minutes=11)
    left.window.ticked.emit()
    assert is_locked(left)


def test_what_was_opened_without_a_key_is_not_locked_again_at_once(left: World) -> None:
    left.clock.forward(minutes=11)
    left.until(lambda: is_locked(left))
    left.clock.forward(hours=1)
    left.window.ticked.emit()
    left.window.shut.action.click()  # as a screen reader does it
    left.until(lambda: left.window.page is Page.LIST)
    left.window.ticked.emit()
    assert not is_locked(left)


# ---- hidden ----


@pytest.mark.parametrize("how", ["minimised", "closed to the tray"])
def test_a_hidden_window_locks_within_a_minute_after_sleep(left: World, how: str) -> None:
    hide(left, how)
    left.until(lambda: paces(left).get("Pulse") == WHILE_HIDDEN)
    left.clock.forward(hours=8)
    beat(left)
    assert is_locked(left)
    assert left.clipboard() == ""
    assert not left.parts.vault.is_open


def test_a_hidden_window_wakes_once_a_minute_for_as_long_as_it_is_to_be_locked(
    world: World,
) -> None:
    world.store("c", "Contoso")
    save(world.parts.profile.preferences_path, lock_when_idle=10)
    world.start()
    settled(world)
    world.window.hide()
    world.until(lambda: paces(world) == {"Pulse": WHILE_HIDDEN})
    world.clock.forward(minutes=9)
    beat(world)
    settled(world)
    assert not is_locked(world)
    assert paces(world) == {"Pulse": WHILE_HIDDEN}
    world.clock.forward(minutes=1)
    beat(world)
    assert is_locked(world)
    settled(world)
    beat(world)
    world.until(lambda: paces(world) == {})


def test_a_window_that_comes_back_too_late_shows_nothing(left: World) -> None:
    left.window.hide()
    left.clock.forward(hours=8)
    left.window.come_forward()
    assert is_locked(left)
    left.until(lambda: left.window.page is Page.SHUT)


# ---- asked from outside, before any timer has run ----


@pytest.mark.parametrize(
    ("message", "answer"),
    [(WISH, "locked"), ({"do": "may open"}, "locked"), (HAND_OUT, "alone")],
    ids=["lend", "may open", "hand out"],
)
def test_a_window_that_ought_to_be_locked_lends_nothing(
    left: World, message: Mapping[str, Any], answer: str
) -> None:
    left.window.hide()
    left.clock.forward(hours=8)
    assert asked(left, message) == {"answer": answer}
    left.until(lambda: is_locked(left))
    assert len(left.sandbox.exchanges) == 1


def test_who_is_denied_by_a_window_that_ought_to_be_locked_is_noted(left: World) -> None:
    left.window.hide()
    left.clock.forward(hours=8)
    asked(left, WISH)
    noted = left.parts.history.of("c")[0]
    assert (noted.event, noted.detail) == (Event.DENIED, "header")


def test_until_it_is_time_a_hidden_window_lends(left: World) -> None:
    left.window.hide()
    left.clock.forward(minutes=9)
    assert asked(left, WISH)["answer"] == "lent"
    assert asked(left, HAND_OUT)["answer"] == "text"
    assert not is_locked(left)


def test_a_window_that_has_no_key_yet_is_not_taken_for_a_locked_one(world: World) -> None:
    save(world.parts.profile.preferences_path, lock_when_idle=10)
    world.application.start()
    world.until(lambda: world.application.session.access is Access.NEW)
    world.clock.forward(hours=8)
    assert asked(world, {"do": "may open"}) == {"answer": "alone"}
    world.skip_guide()


def test_a_header_that_is_asked_for_from_outside_too_late_is_not_copied(left: World) -> None:
    application = left.application
    ways: dict[str, Callable[[], object]] = {
        "another start": lambda: application.deeds.calls.copy_wanted.emit("contoso", ""),
        "another start's palette": lambda: application.deeds.calls.quick_wanted.emit(""),
        "the tray": lambda: application.deeds.tray.copy_wanted.emit(left.token("c")),
        "the tray's palette": application.deeds.tray.palette_wanted.emit,
        "the key for all programs": application.deeds.calling.called.emit,
    }
    for name, ask in ways.items():
        left.window.hide()
        left.clock.forward(hours=8)
        ask()
        left.until(lambda: is_locked(left))
        assert left.clipboard() == "", name
        assert application.deeds.quick.palette.model.rowCount() == 0, name
        application.deeds.quick.close()
        left.window.come_forward()
        left.window.shut.action.click()
        left.until(lambda: left.window.page is Page.LIST)
    assert len(left.sandbox.exchanges) == 1
