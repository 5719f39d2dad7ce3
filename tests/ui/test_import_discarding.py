"""What was corrected by hand in a preview is given up only by the button that says so."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from partner_tokens.ui.import_dialog import ImportDialog
from partner_tokens.ui.import_model import Column
from partner_tokens.ui.main_window import Page
from ui.import_steps import (
    drop,
    edit,
    editor_of,
    importing_world,
    know,
    marks,
    pasted,
    table,
    token,
)
from ui.world import CONTROL, Key, World

QUESTION = "Discard your corrections?"


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with importing_world(qtbot, qapp, tmp_path) as built:
        know(built, 1, 2)
        yield built.start(page=Page.EMPTY)


@pytest.fixture
def corrected(world: World) -> ImportDialog:
    """Two rows; the name of the first was typed anew."""
    dialog = pasted(world, table(world, 1, 2))
    edit(dialog, 0, Column.NAME, "typed")
    world.until(lambda: name_of_first(dialog) == "typed")
    return dialog


def name_of_first(dialog: ImportDialog) -> str:
    return dialog.preview.model.row_at(0).found.name


def asks(dialog: ImportDialog) -> bool:
    """Whether it asks, with the keyboard on the button that loses nothing."""
    keep = dialog.question.buttons[1]
    return QUESTION in dialog.question.words() and keep.hasFocus() and "Keep" in keep.text()


def is_gone(world: World) -> bool:
    return not world.window.findChildren(ImportDialog)


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Space, Key.Key_Escape])
def test_closing_asks_and_keeps_what_was_corrected(
    world: World, corrected: ImportDialog, key: Key
) -> None:
    world.press(Key.Key_Escape)
    assert asks(corrected)
    world.press(key)
    assert corrected.question.words() == ""
    assert corrected.preview.table.hasFocus()
    assert name_of_first(corrected) == "typed"


@pytest.mark.parametrize("way", ["frame", "cancel"])
def test_no_way_of_closing_goes_unasked(world: World, corrected: ImportDialog, way: str) -> None:
    corrected.close() if way == "frame" else corrected.cancel.click()
    assert asks(corrected)
    world.confirm(corrected, "&Discard")
    world.until(lambda: is_gone(world))
    assert world.parts.store.tokens() == ()


def test_a_key_that_is_held_down_answers_nothing(world: World, corrected: ImportDialog) -> None:
    world.press(Key.Key_Escape)
    none = Qt.KeyboardModifier.NoModifier
    held = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Escape, none, autorep=True)
    QApplication.sendEvent(corrected, held)
    assert asks(corrected)


def test_a_token_that_was_pasted_into_its_row_is_not_lost_unasked(world: World) -> None:
    dialog = pasted(world, f"organization;token\nContoso;\nFabrikam;{token(2)}\n")
    edit(dialog, 0, Column.SECRET, token(1))
    world.until(lambda: marks(dialog) == ["new", "new"])
    world.press(Key.Key_Escape)
    assert asks(dialog)


def by_paste(world: World, _dialog: ImportDialog, _path: Path) -> None:
    world.press(Key.Key_V, CONTROL)


def by_drop(_world: World, dialog: ImportDialog, path: Path) -> None:
    drop(dialog, path)


def by_choice(world: World, dialog: ImportDialog, path: Path) -> None:
    dialog.files.click()
    (chooser,) = dialog.findChildren(QFileDialog)
    chooser.filesSelected.emit([str(path)])
    chooser.close()
    dialog.activateWindow()
    world.until(dialog.isActiveWindow)


@pytest.mark.parametrize("bring", [by_paste, by_drop, by_choice])
def test_another_list_takes_its_place_only_once_that_is_confirmed(
    world: World,
    corrected: ImportDialog,
    tmp_path: Path,
    bring: Callable[[World, ImportDialog, Path], None],
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(table(world, 1, 2, 3))
    world.qt.clipboard().setText(table(world, 1, 2, 3))
    bring(world, corrected, path)
    assert asks(corrected)
    assert name_of_first(corrected) == "typed"
    world.confirm(corrected, "&Discard")
    world.until(lambda: corrected.preview.model.rowCount() == 3)
    assert corrected.question.words() == ""
    assert name_of_first(corrected) == "build"
    world.press(Key.Key_Escape)
    world.until(lambda: is_gone(world))


def test_what_is_still_being_typed_counts_as_corrected(world: World, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(table(world, 1, 2, 3))
    dialog = pasted(world, table(world, 1, 2))
    QTest.keyClicks(editor_of(dialog, 0, Column.NAME), "typed")
    drop(dialog, path)
    assert asks(dialog)
    world.until(lambda: "typed" in name_of_first(dialog))


def test_a_correction_that_was_taken_back_is_not_asked_about(
    world: World, corrected: ImportDialog
) -> None:
    edit(corrected, 0, Column.NAME, "build")
    world.until(lambda: name_of_first(corrected) == "build")
    world.press(Key.Key_Escape)
    world.until(lambda: is_gone(world))


def test_correcting_or_importing_takes_the_question_back(
    world: World, corrected: ImportDialog
) -> None:
    world.press(Key.Key_Escape)
    edit(corrected, 1, Column.NAME, "too")
    world.until(lambda: corrected.preview.model.row_at(1).found.name == "too")
    assert corrected.question.words() == ""
    world.until(corrected.take.isEnabled)
    world.press(Key.Key_Escape)
    assert asks(corrected)
    world.press(Key.Key_Return, CONTROL)
    assert corrected.question.words() == ""
    world.until(lambda: "2 tokens imported." in world.notice())
    world.until(lambda: not world.deeds.proving.is_running)
    assert {one.name for one in world.parts.store.tokens()} == {"typed", "too"}
