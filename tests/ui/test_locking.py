"""Locked: nothing to be seen, nothing at hand, nothing on the clipboard, until it is opened."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton

from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import State
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Lane
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.passphrase_dialog import PassphraseDialog
from partner_tokens.ui.session import Access
from partner_tokens.ui.shortcuts import plain_words
from patience import wait_for
from ui.world import CONTROL, Key, World

SHIFT = Qt.KeyboardModifier.ShiftModifier


def copied(world: World, id: str = "c") -> str:
    world.select(id)
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    return world.clipboard()


def locked(world: World) -> None:
    world.press(Key.Key_L, CONTROL)
    world.until(lambda: world.application.session.access is Access.LOCKED)


def test_locking_forgets_hides_and_clears_at_once(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    header = copied(world)
    token = world.token("c")
    locked(world)
    assert world.window.page is Page.SHUT
    assert world.clipboard() == ""
    assert world.notice() == ""
    assert not world.parts.vault.is_open
    assert world.application.session.at_hand(token) is None
    assert header not in world.window.shut.words()


def test_with_a_keyring_it_opens_again_without_asking_and_says_so(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    copied(world)
    locked(world)
    assert "without asking" in world.window.shut.words()
    world.press(Key.Key_Return)
    world.until(lambda: world.window.page is Page.LIST)
    copied(world)
    assert len(world.sandbox.exchanges) == 2


def test_it_stays_open_where_it_was_locked_and_opened_while_it_was_being_opened(
    world: World,
) -> None:
    passphrase = Secret("correct horse")
    world.parts.vault.begin_with_passphrase(passphrase)
    world.store("c", "Contoso")
    world.parts.vault.close()
    world.start(page=Page.SHUT)
    session = world.application.session
    session.open_with(passphrase)
    wait_for(lambda: world.parts.vault.is_open, "the first key")  # the window has not heard of it
    session.lock()
    assert not world.parts.vault.is_open
    session.open_with(passphrase)
    wait_for(lambda: world.parts.vault.is_open, "the second key")
    world.until(lambda: world.window.page is Page.LIST)
    copied(world)


def test_with_a_passphrase_only_the_passphrase_opens_it(world: World) -> None:
    world.parts.vault.begin_with_passphrase(Secret("correct horse"))
    world.store("c", "Contoso")
    world.parts.vault.close()
    world.start(page=Page.SHUT)
    for _time in range(2):
        assert "passphrase" in world.window.shut.words()
        world.press(Key.Key_Return)
        world.type("correct horse")
        world.press(Key.Key_Return)
        world.until(lambda: world.window.page is Page.LIST)
        locked(world)


def test_an_exchange_under_way_is_discarded(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    world.sandbox.switch(delay_seconds=0.3)
    world.select("c")
    world.press(Key.Key_Return)
    world.until(lambda: len(world.sandbox.exchanges) == 1)
    token = world.token("c")
    locked(world)
    world.until(lambda: not world.deeds.copying.is_busy)
    assert world.clipboard() == ""
    assert world.application.session.at_hand(token) is None


def test_no_key_and_no_command_reaches_a_row_behind_the_page(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    world.select("c")
    locked(world)
    for key in (Key.Key_Delete, Key.Key_C, Key.Key_N, Key.Key_D):
        world.press(key, CONTROL)
    world.press(Key.Key_F2)
    assert world.notice() == ""
    assert world.parts.store.token("c").pinned is False
    assert world.window.page is Page.SHUT


def test_panic_locks_and_hides_the_windows(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    copied(world)
    world.deeds.quick.open()
    world.window.activateWindow()
    world.press(Key.Key_L, CONTROL | SHIFT)
    assert world.application.session.access is Access.LOCKED
    assert world.window.isMinimized()
    assert not world.deeds.quick.is_open
    assert world.clipboard() == ""


def test_a_dialog_with_a_pasted_token_is_hidden_and_comes_back(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    world.press(Key.Key_N, CONTROL)
    dialog = world.dialog()
    world.type("pasted-token-0123456789")
    world.deeds.locking.lock()
    assert not dialog.isVisible()
    world.window.shut.action.click()
    world.until(dialog.isVisible)
    dialog.done(0)


def test_a_passphrase_that_is_half_typed_is_forgotten_by_locking(world: World) -> None:
    world.parts.vault.begin_with_passphrase(Secret("correct horse"))
    world.store("c", "Contoso")
    world.parts.vault.close()
    world.start(page=Page.SHUT)
    world.press(Key.Key_Return)
    first = world.dialog()
    assert isinstance(first, PassphraseDialog)
    line = first.first
    world.type("correct ho")
    cleared: list[str] = []
    line.textChanged.connect(cleared.append)
    world.press(Key.Key_L, CONTROL | SHIFT)
    assert cleared == [""]
    world.window.come_forward()
    world.press(Key.Key_Return)
    world.type("correct horse")
    world.press(Key.Key_Return)
    world.until(lambda: world.window.page is Page.LIST)
    assert not [d for d in world.window.findChildren(QDialog) if d.isVisible()]


def test_the_palette_says_that_it_is_locked(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    locked(world)
    world.deeds.quick.copy("contoso")
    palette = world.deeds.quick.palette
    world.until(palette.isVisible)
    assert Locked().title in palette.notices.words()
    assert "Contoso" not in palette.notices.words()
    assert world.clipboard() == ""


def test_a_keyring_that_answers_after_locking_opens_nothing(world: World) -> None:
    world.store("c", "Contoso", behaviour=Behaviour.FINE)
    world.start()
    locked(world)
    session = world.application.session
    session.open()
    session.lock()
    world.settle(Lane.STORE, Lane.KEYRING)
    assert session.access is Access.LOCKED
    assert not world.parts.vault.is_open
    assert world.window.page is Page.SHUT


def test_nothing_above_or_below_the_page_names_anybody(world: World) -> None:
    world.store("c", "Contoso", days=3)
    world.store("f", "Fabrikam", state=State.UNPROVEN)
    world.start()
    world.until(lambda: "Contoso" in world.banner())
    world.type("contoso")
    copied(world)
    locked(world)
    find = world.window.findChildren
    shown = [label.text() for label in find(QLabel) if label.isVisible()]
    shown += [line.text() for line in find(QLineEdit) if line.isVisible()]
    shown += [button.text() for button in find(QPushButton) if button.isVisible()]
    assert shown
    assert not [text for text in shown if "ontoso" in text or "abrikam" in text]
    world.press(Key.Key_Return)
    world.until(lambda: world.window.page is Page.LIST)
    assert "Contoso" in world.banner()
    assert len(world.shown()) == 2


def test_panic_is_heard_in_a_dialog_and_in_the_palette(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    world.press(Key.Key_N, CONTROL)
    dialog = world.dialog()
    world.press(Key.Key_L, CONTROL | SHIFT)
    assert world.application.session.access is Access.LOCKED
    assert world.window.isMinimized()
    assert not dialog.isVisible()
    world.window.come_forward()
    world.window.shut.action.click()
    world.until(dialog.isVisible)
    dialog.done(0)
    world.deeds.quick.open()
    palette = world.deeds.quick.palette
    world.until(palette.search.hasFocus)
    QTest.keyClick(palette.search, Key.Key_L, CONTROL | SHIFT)
    assert world.application.session.access is Access.LOCKED
    assert not palette.isVisible()


def test_a_menu_that_stands_open_is_taken_away_by_locking(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    world.deeds.quick.open()
    palette = world.deeds.quick.palette
    world.until(palette.search.hasFocus)
    QTest.keyClick(palette.search, Key.Key_Tab)
    assert world.qt.activePopupWidget() is not None
    world.deeds.locking.lock()
    assert world.qt.activePopupWidget() is None


def test_with_a_keyring_the_act_is_called_forget(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    assert plain_words(world.window.acts[Act.LOCK].text()) == "Forget key and headers"
    assert "Forget" in world.window.acts[Act.PANIC].text()
    locked(world)
    assert "Forgotten" in world.window.shut.words()
    assert "Locked" not in world.window.shut.words()


def test_with_a_passphrase_the_act_is_called_lock(world: World) -> None:
    world.parts.vault.begin_with_passphrase(Secret("correct horse"))
    world.store("c", "Contoso")
    world.start()
    assert plain_words(world.window.acts[Act.LOCK].text()) == "Lock"
    assert "Forget" not in world.window.acts[Act.PANIC].text()


def test_a_program_that_is_locked_before_it_has_loaded_its_core_stays_locked(
    world: World,
) -> None:
    world.store("c", "Contoso")
    world.parts.vault.close()
    session = world.application.session
    loaded_then: list[bool] = []

    def panic() -> None:
        loaded_then.append(session.core is not None)
        world.deeds.locking.panic()

    world.window.painted.connect(panic)
    world.application.start()
    world.until(lambda: session.core is not None)
    assert loaded_then == [False]
    assert session.access is Access.LOCKED
    assert not world.parts.vault.is_open
    world.window.come_forward()
    world.until(lambda: world.window.page is Page.SHUT)
    world.window.shut.action.click()
    world.until(lambda: session.access is Access.OPEN)
    world.until(lambda: world.window.page is Page.LIST)
