"""Tokens that want a passcode: found out without asking, asked for once, never tried unasked."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from partner_tokens.core.formats import Format
from partner_tokens.core.tokens import State
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.ui.actions import Act
from ui.world import Key, World

RIGHT, WRONG = "123456", "654321"


def interactive(world: World, *ids: str) -> None:
    for id in ids:
        world.store(id, f"Customer {id}", behaviour=Behaviour.PASSCODE, state=State.PASSCODE)


def asked(world: World) -> bool:
    field = world.qt.focusWidget()
    return field is not None and field.accessibleName() == "Passcode"


def answer(world: World, digits: str) -> None:
    world.until(lambda: asked(world))
    world.type(digits)
    world.press(Key.Key_Return)


def test_proving_thirty_of_them_asks_for_nothing_and_tries_each_once(world: World) -> None:
    ids = [f"t{number:02d}" for number in range(30)]
    for id in ids:
        behaviour = Behaviour.PASSCODE
        world.store(id, f"Customer {id}", behaviour=behaviour, state=State.UNPROVEN)
    world.start()
    proving = world.deeds.proving
    notices = world.window.notices.number
    for _again in range(2):
        proving.start(world.application.model.tokens())
        world.until(lambda: not proving.is_running)
        world.until(lambda: all(world.token(id).interactive for id in ids))
    assert len(world.sandbox.exchanges) == 30
    assert world.window.notices.number == notices
    assert not asked(world)
    assert {world.token(id).result.state for id in ids} == {State.PASSCODE}
    assert world.window.search.hasFocus()


def test_nothing_exchanges_one_in_the_background_after_it_was_copied(world: World) -> None:
    interactive(world, "contoso")
    world.start()
    world.press(Key.Key_Return)
    answer(world, RIGHT)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    world.until(lambda: world.token("contoso").result.state is State.READY)
    world.until(lambda: world.token("contoso").last_used_at is not None)
    core = world.application.session.core
    assert core is not None
    for _quarter in range(4):
        world.clock.forward(minutes=7)
        assert core.broker.refresh_ahead() == []
        world.deeds.refreshing.look()
        world.application.watch.check_now()
        world.deeds.proving.start(world.application.model.tokens())
    world.until(lambda: len(world.application.watch.healths()) == 1)
    assert len(world.sandbox.exchanges) == 1
    assert not asked(world)


def test_a_copy_of_one_whose_header_ended_asks_before_anything_is_sent(world: World) -> None:
    interactive(world, "contoso")
    world.start()
    world.press(Key.Key_Return)
    answer(world, RIGHT)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    world.clock.forward(minutes=31)
    world.press(Key.Key_Return)
    world.until(lambda: asked(world))
    assert len(world.sandbox.exchanges) == 1


def test_a_wrong_one_is_said_and_the_right_one_goes_on(world: World) -> None:
    interactive(world, "contoso")
    world.start()
    world.press(Key.Key_Return)
    answer(world, WRONG)
    world.until(lambda: "did not accept" in world.notice())
    assert len(world.sandbox.exchanges) == 1
    answer(world, RIGHT)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    assert len(world.sandbox.exchanges) == 2


def test_a_second_enter_while_the_passcode_is_sent_does_not_spoil_the_copy(world: World) -> None:
    interactive(world, "contoso")
    world.start()
    world.sandbox.switch(delay_seconds=0.3)
    world.press(Key.Key_Return)
    world.until(lambda: asked(world))
    world.type(RIGHT)
    world.press(Key.Key_Return)
    world.press(Key.Key_Return)  # pressed twice, or held down
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    assert len(world.sandbox.exchanges) == 1
    assert not asked(world)


def test_another_format_asked_for_meanwhile_is_what_is_copied(world: World) -> None:
    interactive(world, "contoso")
    world.start()
    world.sandbox.switch(delay_seconds=0.3)
    world.press(Key.Key_Return)
    answer(world, RIGHT)
    world.deeds.copying.copy(world.token("contoso"), Format.CURL)
    world.until(lambda: world.clipboard().startswith("curl"))
    assert len(world.sandbox.exchanges) == 1


def test_asking_for_another_takes_the_place_of_the_first_question(world: World) -> None:
    interactive(world, "a", "b")
    world.start()
    world.select("a")
    world.press(Key.Key_Return)
    world.until(lambda: "Customer a" in world.notice())
    world.press(Key.Key_Escape)
    world.select("b")
    world.press(Key.Key_Return)
    world.until(lambda: "Customer b" in world.notice())
    answer(world, RIGHT)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    holder = world.sandbox.holder_of(world.clipboard().removeprefix("csp-auth-token: "))
    assert holder is not None
    assert holder.organization == "Customer b"


def test_the_digits_are_not_kept_by_keyboards_that_learn(world: World) -> None:
    interactive(world, "contoso")
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: asked(world))
    field = world.qt.focusWidget()
    assert field is not None
    assert field.inputMethodHints() & Qt.InputMethodHint.ImhSensitiveData


NEWS = "The list was not exported. The disk is full."


def tell_news(world: World) -> None:
    world.window.notices.warn("The list was not exported.", "The disk is full.")


def ask_and_tell_news(world: World) -> None:
    """A passcode is asked for, and then something else comes home."""
    interactive(world, "contoso")
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: asked(world))
    tell_news(world)


def test_news_wait_while_one_is_typed_and_are_told_behind_the_copy(world: World) -> None:
    interactive(world, "contoso")
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: asked(world))
    world.type(RIGHT[:3])
    tell_news(world)
    assert asked(world)
    assert "passcode" in world.notice()
    world.type(RIGHT[3:])
    world.press(Key.Key_Return)
    world.until(lambda: "copied" in world.notice())
    world.press(Key.Key_Escape)
    assert world.notice() == NEWS


def test_news_that_waited_are_told_once_the_clipboard_is_cleared(world: World) -> None:
    ask_and_tell_news(world)
    answer(world, RIGHT)
    world.until(lambda: "copied" in world.notice())
    world.clock.forward(seconds=60)
    world.deeds.clipboard.tick()
    assert world.notice() == NEWS
    world.clock.forward(seconds=1)
    world.deeds.clipboard.tick()
    assert world.notice() == NEWS


def test_news_that_waited_are_told_once_nothing_is_typed_any_more(world: World) -> None:
    ask_and_tell_news(world)
    world.press(Key.Key_Escape)
    assert world.notice() == NEWS
    assert not asked(world)
    world.press(Key.Key_Escape)
    assert world.notice() == ""


def test_news_that_waited_are_told_once_the_field_is_left(world: World) -> None:
    ask_and_tell_news(world)
    table = world.window.table.viewport()
    QTest.mouseClick(table, Qt.MouseButton.LeftButton, pos=table.rect().bottomLeft())
    assert not asked(world)
    assert world.notice() == NEWS


@pytest.mark.parametrize("behaviour", [Behaviour.FINE, Behaviour.REFUSED_CSP, Behaviour.PASSCODE])
def test_another_copy_takes_the_place_of_the_question(world: World, behaviour: Behaviour) -> None:
    interactive(world, "contoso")
    world.store("fabrikam", "Fabrikam", behaviour=behaviour)
    world.start()
    world.select("contoso")
    world.press(Key.Key_Return)
    world.until(lambda: asked(world))
    tell_news(world)
    world.select("fabrikam")
    world.window.wanted.emit(Act.COPY)
    assert "Contoso" not in world.notice()
    world.until(lambda: "Fabrikam" in world.notice())
    world.window.notices.dismiss()
    assert world.notice() == NEWS


def test_news_that_waited_stay_behind_a_copy_that_is_tried_again(world: World) -> None:
    world.store("fabrikam", "Fabrikam", behaviour=Behaviour.HANG_UP)
    ask_and_tell_news(world)
    world.select("fabrikam")
    world.window.wanted.emit(Act.COPY)
    world.until(lambda: "Fabrikam" in world.notice())
    again = world.window.notices.button(0)
    assert "again" in again.text()
    before = len(world.sandbox.exchanges)
    again.click()
    world.until(lambda: len(world.sandbox.exchanges) > before and "Fabrikam" in world.notice())
    world.window.notices.dismiss()
    assert world.notice() == NEWS


def test_locking_takes_away_what_waited_too(world: World) -> None:
    interactive(world, "contoso")
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: asked(world))
    world.window.notices.warn("Contoso: nothing was copied.")
    world.deeds.locking.lock()
    assert world.notice() == ""
    assert not asked(world)
