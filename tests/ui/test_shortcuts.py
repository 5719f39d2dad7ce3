"""The sheet of shortcuts: all keys there are, found by typing, beside the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from partner_tokens.ui.actions import Act
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.shortcut_sheet import ShortcutSheet
from partner_tokens.ui.shortcuts import groups, plain_words
from partner_tokens.ui.token_dialog import TokenDialog
from ui.building import hit
from ui.world import CONTROL, Key, World

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(autouse=True)
def closes_the_sheet(world: World) -> Iterator[None]:
    """A sheet stays open until it is closed; so the test does."""
    yield
    for sheet in world.window.findChildren(ShortcutSheet):
        sheet.reject()


def sheet_of(world: World) -> ShortcutSheet:
    """The open sheet, with the keyboard."""
    dialog = world.dialog()
    assert isinstance(dialog, ShortcutSheet)
    dialog.activateWindow()
    world.until(dialog.search.hasFocus)
    return dialog


@pytest.mark.parametrize(
    ("key", "modifier"),
    [(Key.Key_F1, Qt.KeyboardModifier.NoModifier), (Key.Key_Slash, CONTROL)],
)
def test_f1_and_ctrl_slash_open_the_sheet_and_esc_closes_it(
    world: World, key: Key, modifier: Qt.KeyboardModifier
) -> None:
    world.store("a", "Contoso")
    world.start()
    world.press(key, modifier)
    sheet = sheet_of(world)
    assert "Copy header: Ctrl+C" in sheet.shown()
    assert "Keyboard shortcuts: F1, Ctrl+/" in sheet.shown()
    hit(sheet.search, Key.Key_Escape)
    world.until(lambda: not world.window.findChildren(ShortcutSheet))


def test_every_action_with_a_key_stands_on_the_sheet_once_with_all_its_keys(world: World) -> None:
    acts = world.window.acts
    lines = [line for group in groups(acts) for line in group.shortcuts]
    for act in Act:
        keys = tuple(key.toString() for key in acts[act].shortcuts())
        if keys:
            words = plain_words(acts[act].text())
            assert [line.keys for line in lines if line.words == words] == [keys], act


def test_the_readme_names_every_key_of_an_action(world: World) -> None:
    keys = README.read_text("utf-8").partition("## Keys")[2].partition("\n## ")[0]
    written = {key.replace("Del", "Delete") for key in all_keys(world)}
    assert {key for key in written if key not in keys} == set()


def all_keys(world: World) -> set[str]:
    return {key.toString() for action in world.window.acts.values() for key in action.shortcuts()}


def test_words_of_a_line_or_of_its_key_find_it_and_a_heading_stays_with_its_lines(
    world: World,
) -> None:
    world.store("a", "Contoso")
    world.start()
    world.press(Key.Key_F1)
    sheet = sheet_of(world)
    for letter in "ctrl+g":
        hit(sheet.search, getattr(Key, f"Key_{letter.upper()}", Key.Key_Plus))
    assert sheet.shown() == ["Organizations: Ctrl+G"]
    headings = [
        item.text()
        for row in range(sheet.list.count())
        if not (item := sheet.list.item(row)).isHidden() and not item.flags()
    ]
    assert headings == ["Lists and windows"]
    hit(sheet.search, Key.Key_Escape)
    assert len(sheet.shown()) > 30
    sheet.search.insert("no such key")
    assert sheet.shown() == []
    assert not sheet.list.isVisible()


def test_arrows_move_over_headings_while_the_caret_stays(world: World) -> None:
    world.store("a", "Contoso")
    world.start()
    world.press(Key.Key_F1)
    sheet = sheet_of(world)
    read = []
    for _line in sheet.shown():
        read.append(sheet.list.currentItem().data(Qt.ItemDataRole.AccessibleTextRole))
        hit(sheet.search, Key.Key_Down)
    assert read == sheet.shown()
    assert QApplication.focusWidget() is sheet.search


def test_asked_for_again_the_same_sheet_comes_forward_and_the_window_can_be_used(
    world: World,
) -> None:
    world.store("a", "Contoso")
    world.start()
    world.press(Key.Key_F1)
    sheet = sheet_of(world)
    world.window.activateWindow()
    world.press(Key.Key_F1)
    assert sheet_of(world) is sheet
    world.window.activateWindow()
    world.until(world.window.isActiveWindow)
    world.press(Key.Key_D, CONTROL)
    world.until(lambda: world.token("a").pinned)


def test_the_sheet_opens_while_the_window_is_locked(world: World) -> None:
    world.store("a", "Contoso")
    world.start()
    world.press(Key.Key_L, CONTROL)
    world.until(lambda: world.window.page is Page.SHUT)
    world.press(Key.Key_F1)
    sheet_of(world)


def test_a_dialog_hears_f1_and_the_sheet_in_front_of_it_can_be_used(world: World) -> None:
    world.store("a", "Contoso")
    world.start()
    world.press(Key.Key_F1)
    sheet_of(world)
    world.window.activateWindow()
    world.press(Key.Key_N, CONTROL)
    world.until(lambda: isinstance(world.qt.activeModalWidget(), TokenDialog))
    adding = world.qt.activeModalWidget()
    assert isinstance(adding, TokenDialog)
    for _time in range(2):  # the second time after the first sheet was closed
        world.press(Key.Key_F1)
        world.until(lambda: len(world.window.findChildren(ShortcutSheet)) == 1)
        sheet = world.window.findChildren(ShortcutSheet)[0]
        assert sheet.parent() is adding
        sheet.activateWindow()
        world.until(sheet.search.hasFocus)
        hit(sheet.search, Key.Key_Down)
        assert sheet.list.currentRow() == 2
        hit(sheet.search, Key.Key_Escape)
        world.until(lambda: not world.window.findChildren(ShortcutSheet))
    world.press(Key.Key_F1)
    world.until(lambda: len(world.window.findChildren(ShortcutSheet)) == 1)
    adding.reject()  # and the sheet goes with it
    world.until(lambda: not world.window.findChildren(ShortcutSheet))
    world.press(Key.Key_F1)
    assert sheet_of(world).parent() is world.window
