"""Formats of the user's own: made in the preferences, offered wherever a form can be chosen."""

import json
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from partner_tokens.core.events import Event
from partner_tokens.core.preferences import save
from partner_tokens.ui.actions import Act
from partner_tokens.ui.preferences_dialog import PreferencesDialog
from ui.preferences_keys import Preferring, focused_name
from ui.world import CONTROL, Key, World

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def one(world: World) -> Iterator[World]:
    world.store("c", "Contoso")
    yield world
    for dialog in world.window.findChildren(PreferencesDialog):
        dialog.reject()


def with_templates(world: World, templates: dict[str, str], **more: object) -> World:
    save(world.parts.profile.preferences_path, templates=templates, **more)
    return world.start()


def written(world: World) -> dict[str, object]:
    path = world.parts.profile.preferences_path
    found: dict[str, object] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def own_formats(world: World) -> Preferring:
    return Preferring.begin(world).section("Own formats")


def added(world: World) -> Preferring:
    """Presses “Add”; the button is shown pressed for a moment, then the name can be typed."""
    preferring = own_formats(world).into("A")
    world.until(lambda: focused_name() == "Name")
    return preferring


def taken(world: World, label: str) -> None:
    """Opens the menu of forms and takes one of them."""
    world.select("c")
    world.press(Key.Key_C, CONTROL | SHIFT)
    menu = world.qt.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(each for each in menu.actions() if each.text().replace("&", "") == label).trigger()
    menu.close()


def test_a_format_is_made_by_keyboard_and_copied_from_the_menu(one: World) -> None:
    one.start()
    added(one).write("For Ansible").into("T").write("csp: {token:json} # {organization}").section(
        "Own formats"
    ).ok()
    assert written(one) == {"templates": {"For Ansible": "csp: {token:json} # {organization}"}}
    taken(one, "For Ansible")
    one.until(lambda: one.clipboard().startswith('csp: "eyJ'))
    assert one.clipboard().endswith('" # Contoso')
    assert "For Ansible for Contoso copied" in one.notice()
    one.until(lambda: one.parts.history.of("c")[0].event is Event.COPIED)
    assert one.parts.history.of("c")[0].detail == "For Ansible"


def test_a_format_of_ones_own_is_what_enter_copies(one: World) -> None:
    with_templates(one, {"A & B": "AB {token}"})
    preferring = Preferring.begin(one).section("Copying").into("F")
    preferring.dialog.copying.format.setCurrentText("A & B")
    preferring.ok()
    assert written(one)["format"] == "A & B"
    assert one.window.acts[Act.COPY].text() == "&Copy: A && B"
    one.select("c")
    one.press(Key.Key_Return)
    one.until(lambda: one.clipboard().startswith("AB eyJ"))


def test_the_usual_format_keeps_its_choice_under_a_new_name(one: World) -> None:
    with_templates(one, {"Old": "{token}"}, format="Old")
    own_formats(one).into("N").write("New").ok()
    assert written(one) == {"templates": {"New": "{token}"}, "format": "New"}


def test_without_it_the_header_is_the_usual_format_again(one: World) -> None:
    with_templates(one, {"Old": "{token}"}, format="Old")
    preferring = own_formats(one)
    preferring.dialog.templates.remove.click()
    preferring.ok()
    assert written(one) == {}
    assert one.window.acts[Act.COPY].text() == "&Copy header"


@pytest.mark.parametrize(
    ("name", "text", "says", "at"),
    [
        ("Mine", "{tokn}", "There is no placeholder “{tokn}”", "Text"),
        ("Mine", "nothing", "Neither the token nor the header", "Text"),
        ("Mine", "Bearer abcdefghijklmnop {token}", "looks like a token", "Text"),
        ("MarkerFreshKp8Kp8Kp8Kp8Kp8Kp8Kp8Kp8Kp8Kp8", "{token}", "looks like a token", "Name"),
        ("curl", "{token}", "a format of this name already", "Name"),
        ("OTHER", "{token}", "a format of this name already", "Name"),
        ("-x", "{token}", "cannot be the name", "Name"),
        ("", "{token}", "name", "Name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    one: World, name: str, text: str, says: str, at: str
) -> None:
    with_templates(one, {"Other": "{header}"})
    preferring = added(one).write(name).into("T").write(text)
    page = preferring.dialog.templates
    page.list.setCurrentRow(0)
    preferring.section("Lock").ok(until=lambda: focused_name() == at)
    field = page.name_field if at == "Name" else page.text_field
    assert says in field.problem
    assert page.list.currentRow() == 1
    assert written(one) == {"templates": {"Other": "{header}"}}


def test_the_example_follows_what_is_typed(one: World) -> None:
    one.start()
    preferring = added(one).into("T").write("O={organization:bash} {token}")
    page = preferring.dialog.templates
    assert page.example.toPlainText().startswith("O='Contoso Ltd' ")
    interface = QAccessible.queryAccessibleInterface(page.example)
    spoken = [interface.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Value)]
    assert spoken == ["Example", page.example.toPlainText()]
    preferring.write("O={organization} {token}")  # of two words, the second would be a command
    assert page.example.toPlainText().startswith("What stands for {organization} here has signs")
    preferring.write("{tokn}")
    assert not page.example_field.isVisible()


def test_an_example_without_spaces_makes_the_dialog_no_wider(one: World) -> None:
    one.start()
    preferring = added(one).into("T")
    dialog = preferring.dialog
    before = dialog.width()
    preferring.write("{token}" * 40)
    one.until(dialog.templates.example_field.isVisible)
    assert dialog.minimumSizeHint().width() <= before
    assert dialog.width() == before
    line = dialog.fontMetrics().lineSpacing()
    one.until(lambda: dialog.templates.example.height() > 8 * line)  # all of it can be read


def test_a_copy_that_a_shell_could_obey_is_not_made(one: World) -> None:
    one.store("e", "$(touch pwned)")
    with_templates(one, {"Bare": "{organization} {token}"}, format="Bare")
    one.select("e")
    one.press(Key.Key_Return)
    one.until(lambda: "{organization}" in one.notice())
    assert one.clipboard() == ""


def test_the_quick_copy_offers_them(one: World) -> None:
    with_templates(one, {"Mine": "mine {token}"})
    quick = one.deeds.quick
    quick.open("contoso")
    one.until(quick.palette.isVisible)
    QTest.keyClick(quick.palette.search, Key.Key_Tab)
    menu = one.qt.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.actions()[-1].trigger()
    menu.close()
    one.until(lambda: one.clipboard().startswith("mine eyJ"))
