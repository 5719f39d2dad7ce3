"""The first minute: nothing is asked before it is explained, one token is seen to work."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from partner_tokens.core.errors.keys import KeyringMissing
from partner_tokens.core.sealing import SlotKind
from partner_tokens.core.secret import Secret
from partner_tokens.sandbox.behaviours import KnownToken
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.ui.actions import Act
from partner_tokens.ui.guide_dialog import GuideDialog
from partner_tokens.ui.guide_words import Stop
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.passphrase_dialog import PassphraseDialog
from partner_tokens.ui.preferences_page import PreferencesPage
from partner_tokens.ui.session import Access
from partner_tokens.ui.token_dialog import TokenDialog
from ui.world import CONTROL, Key, World

API_TOKEN = f"first-{'0' * 58}"


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    """A computer on which the program was never started."""
    built = World.build(qtbot, qapp, tmp_path / "profile")
    yield built
    for dialog in built.window.findChildren(QDialog):
        dialog.done(0)
    built.end()


def guide(world: World) -> GuideDialog:
    """The open guide."""
    found = world.window.findChildren(GuideDialog)
    assert len(found) == 1
    return found[0]


def first_start(world: World) -> GuideDialog:
    """Starts the program and waits for the guide to know the keyring."""
    world.application.start()
    world.until(lambda: bool(world.window.findChildren(GuideDialog)))
    dialog = guide(world)
    world.until(lambda: dialog.forward.isEnabled() or bool(dialog.panel.words()))
    return dialog


def front(world: World, kind: type[QDialog]) -> QDialog:
    """The dialog that stands in front of the guide."""
    world.until(lambda: isinstance(world.qt.activeModalWidget(), kind))
    dialog = world.qt.activeModalWidget()
    assert isinstance(dialog, QDialog)
    return dialog


def kept(world: World) -> dict[str, object]:
    """The preferences on disk, apart from the window's own."""
    path = world.parts.profile.preferences_path
    written: dict[str, object] = json.loads(path.read_text()) if path.exists() else {}
    return {name: value for name, value in written.items() if name not in {"geometry", "header"}}


def test_no_key_is_made_and_no_keyring_asked_before_the_user_has_read_where_it_goes(
    world: World,
) -> None:
    dialog = first_start(world)
    assert "The key will go into your keyring: Test keyring." in dialog.words()
    assert "It may ask for its password" in dialog.words()
    assert world.backend.entries == {}
    assert world.application.session.access is Access.NEW
    assert world.window.page is Page.EMPTY
    world.press(Key.Key_Return)
    world.until(lambda: world.application.session.access is Access.OPEN)
    assert "The key is in Test keyring." in dialog.panel.words()
    assert len(world.backend.entries) == 1


def test_a_token_is_pasted_at_its_step_as_the_step_says(world: World) -> None:
    dialog = first_start(world)
    world.press(Key.Key_Return)
    world.until(lambda: "The key is in" in dialog.panel.words())
    world.press(Key.Key_Return)
    world.qt.clipboard().setText(API_TOKEN)
    world.press(Key.Key_V, CONTROL)
    adding = front(world, TokenDialog)
    assert isinstance(adding, TokenDialog)
    assert adding.form.secret.secret() == Secret(API_TOKEN)


def test_three_steps_by_the_enter_key_alone_end_with_a_working_token(world: World) -> None:
    world.sandbox.register(KnownToken(API_TOKEN, "org-contoso", "Contoso"))
    dialog = first_start(world)
    world.press(Key.Key_Return)
    world.until(lambda: "The key is in" in dialog.panel.words())
    world.press(Key.Key_Return)
    assert dialog.stop is Stop.TOKEN
    world.press(Key.Key_Return)  # the button that pastes has the keyboard
    adding = front(world, TokenDialog)
    assert isinstance(adding, TokenDialog)
    adding.form.secret.take_pasted(API_TOKEN)
    adding.form.endpoint.setCurrentText(world.sandbox.url)
    adding.form.fields["name"].focus_widget.setFocus()
    world.type("build")
    world.press(Key.Key_Return)
    world.until(lambda: "Contoso, build works." in dialog.panel.words())
    assert world.token(world.shown()[0]).organization.name == "Contoso"
    world.press(Key.Key_Return)
    assert dialog.stop is Stop.REMINDERS
    dialog.reminders.days.setText("10, 2")
    world.press(Key.Key_Return)
    world.until(lambda: kept(world) == {"reminder_days": [10, 2]})
    world.until(lambda: not world.window.findChildren(GuideDialog))


def test_a_guide_that_is_skipped_leaves_the_usual_choice_and_does_not_come_again(
    world: World,
) -> None:
    first_start(world)
    world.press(Key.Key_Escape)
    world.until(lambda: world.application.session.access is Access.OPEN)
    assert world.application.session.slot_kinds == {SlotKind.KEYRING}
    assert kept(world) == {}
    world.restart_parts(lambda: world.backend)
    world.start(page=Page.EMPTY)
    assert not world.window.findChildren(GuideDialog)


def test_a_passphrase_can_keep_the_key_instead(world: World) -> None:
    dialog = first_start(world)
    dialog.passphrase.click()
    asking = front(world, PassphraseDialog)
    for line in asking.findChildren(QLineEdit)[:2]:
        line.setText("correct horse battery")
    world.press(Key.Key_Return)
    world.until(lambda: world.application.session.access is Access.OPEN)
    world.until(lambda: "by your passphrase" in dialog.panel.words())
    assert world.application.session.slot_kinds == {SlotKind.PASSPHRASE}
    assert world.backend.entries == {}


def test_without_a_keyring_the_guide_says_so_and_offers_the_passphrase(world: World) -> None:
    def missing() -> MemoryBackend:
        raise KeyringMissing

    world.restart_parts(missing)
    dialog = first_start(world)
    assert "No usable keyring" in dialog.panel.words()
    assert not dialog.forward.isEnabled()
    world.until(dialog.passphrase.hasFocus)
    world.press(Key.Key_Escape)
    world.until(lambda: world.window.page is Page.SHUT)
    assert "No usable keyring" in world.window.shut.words()


def test_a_keyring_that_refuses_is_named_and_can_be_tried_again(world: World) -> None:
    world.backend.locked = True
    dialog = first_start(world)
    world.press(Key.Key_Return)
    world.until(lambda: "keyring" in dialog.panel.words() and dialog.forward.isEnabled())
    assert world.application.session.access is not Access.OPEN
    world.backend.locked = False
    dialog.forward.click()
    world.until(lambda: world.application.session.access is Access.OPEN)
    world.until(lambda: "The key is in Test keyring." in dialog.panel.words())


def test_days_that_are_none_are_said_in_place(world: World) -> None:
    dialog = first_start(world)
    world.press(Key.Key_Return)
    world.until(lambda: "The key is in" in dialog.panel.words())
    dialog.forward.click()
    dialog.forward.click()
    dialog.reminders.days.setText("soon")
    dialog.forward.click()
    assert dialog.isVisible()
    assert dialog.reminders.days_field.problem
    dialog.back.click()
    assert dialog.stop is Stop.TOKEN


def test_help_opens_it_again_and_it_says_where_the_key_is(world: World) -> None:
    first_start(world)
    world.press(Key.Key_Escape)
    world.until(lambda: world.application.session.access is Access.OPEN)
    world.window.acts[Act.GUIDE].trigger()
    dialog = guide(world)
    assert "The key is in Test keyring." in dialog.panel.words()
    assert dialog.keys.isVisibleTo(dialog)
    assert not dialog.passphrase.isVisibleTo(dialog)
    pages = dialog.findChildren(PreferencesPage)
    assert [page.title for page in pages] == ["Reminders"]


def test_where_the_key_cannot_be_had_help_tells_why_and_offers_to_make_no_other(
    world: World,
) -> None:
    world.store("a", "Contoso")
    world.restart_parts(lambda: world.backend)
    world.backend.locked = True
    world.start()
    world.window.acts[Act.GUIDE].trigger()
    world.until(lambda: "keyring is locked" in world.notice())
    assert not world.window.findChildren(GuideDialog)
    world.backend.locked = False
    world.window.acts[Act.GUIDE].trigger()
    world.until(lambda: bool(world.window.findChildren(GuideDialog)))
    assert "The key is in Test keyring." in guide(world).panel.words()


def test_a_store_that_is_there_already_needs_no_guide_to_open(world: World) -> None:
    world.store("a", "Contoso")
    world.start()
    assert world.application.session.access is Access.OPEN
    assert not world.window.findChildren(GuideDialog)


def test_an_empty_list_offers_to_paste_to_import_and_to_look_at_the_demo(world: World) -> None:
    first_start(world)
    world.press(Key.Key_Escape)
    world.until(lambda: world.application.session.access is Access.OPEN)
    page = world.window.empty
    offers = [page.action, page.second, page.third]
    assert [button.text() for button in offers] == [
        "Add your first token…",
        "Import many…",
        "Look at the demo",
    ]
    assert all(button.isVisible() for button in offers)
