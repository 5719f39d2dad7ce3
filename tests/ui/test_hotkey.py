"""The key for the quick copy as it is chosen; that it is heard is told by the stories."""

import json
import shlex
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout
from pytestqt.qtbot import QtBot

from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.preferences import Preferences, save
from partner_tokens.ui import preferences_pages
from partner_tokens.ui.hotkey_field import HotkeyField
from partner_tokens.ui.hotkey_windows import code_of
from partner_tokens.ui.look import Look
from partner_tokens.ui.preferences_dialog import PreferencesDialog
from partner_tokens.ui.preferences_page import Unfit
from partner_tokens.ui.preferences_pages import ProgramPage
from ui.preferences_keys import Preferring
from ui.world import CONTROL, Key, World

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def field(qtbot: QtBot) -> Iterator[HotkeyField]:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    made = HotkeyField()
    QVBoxLayout(dialog).addWidget(made)
    dialog.show()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    yield made
    dialog.done(0)


def test_what_is_pressed_is_what_is_chosen(field: HotkeyField) -> None:
    QTest.keyClick(field, Key.Key_T, CONTROL | ALT)
    assert field.text == "Ctrl+Alt+T"
    QTest.keyClick(field, Key.Key_Space, CONTROL)
    assert field.text == "Ctrl+Space"


@pytest.mark.parametrize("key", [Key.Key_Backspace, Key.Key_Delete])
def test_backspace_takes_it_away(field: HotkeyField, key: Qt.Key) -> None:
    field.show_text("Ctrl+Alt+T")
    QTest.keyClick(field, key)
    assert field.text == ""


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Escape])
def test_enter_and_escape_are_the_dialogs(field: HotkeyField, qtbot: QtBot, key: Qt.Key) -> None:
    field.show_text("Ctrl+Alt+T")
    dialog = field.window()
    assert isinstance(dialog, QDialog)
    if key == Key.Key_Escape:
        QTest.keyClick(field, key)
        qtbot.waitUntil(lambda: not dialog.isVisible())
    else:
        QTest.keyClick(field, key)
    assert field.text == "Ctrl+Alt+T"


def test_a_key_that_cannot_be_had_is_said_at_its_field(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preferences_pages, "can_call", lambda: True)
    page = ProgramPage(Look(qapp))
    qtbot.addWidget(page)
    page.show_values(Preferences(hotkey="Ctrl+Alt+T"))
    assert page.values()["hotkey"] == "Ctrl+Alt+T"
    assert page.hotkey is not None
    page.hotkey.show_text("Shift+T")
    with pytest.raises(Unfit) as unfit:
        page.values()
    assert unfit.value.field is page.hotkey_field
    assert isinstance(unfit.value.error, InputError)
    assert unfit.value.error.problem is Problem.HOTKEY_INVALID


def test_where_no_program_may_ask_for_a_key_the_command_is_told(world: World) -> None:
    save(world.parts.profile.preferences_path, hotkey="Ctrl+Alt+T")
    world.store("c", "Contoso")
    world.start()
    dialog = Preferring.begin(world).section("Desktop and terminal").into("K").dialog
    field = dialog.program.command
    assert field is not None
    assert field.hasFocus()
    world.until(lambda: field.text() != "")
    command = shlex.split(field.text())
    assert command[-3:] == ["--profile", str(world.folder), "--quick"]
    assert "keyboard settings" in field.accessibleDescription()
    assert isinstance(dialog, PreferencesDialog)
    dialog.copying.clipboard.setValue(20)  # another choice leaves the key of another desktop alone
    Preferring(world, dialog).ok()
    written = json.loads(world.parts.profile.preferences_path.read_text())
    assert (written["hotkey"], written["clipboard_seconds"]) == ("Ctrl+Alt+T", 20)


def test_windows_knows_the_keys_by_these_codes() -> None:
    assert [code_of(key) for key in ("A", "9", "Space", "F1", "F24")] == [65, 57, 32, 0x70, 0x87]
