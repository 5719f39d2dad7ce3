"""The import by keys alone: Enter stores nothing by accident, F2 goes to the cell that is wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from partner_tokens.ui.import_dialog import ImportDialog
from partner_tokens.ui.import_model import Column
from partner_tokens.ui.main_window import Page
from ui.building import spoken_about
from ui.import_steps import drop, editor_of, importing_world, know, marks, opened, pasted, table
from ui.import_steps import token as secret
from ui.world import CONTROL, Key, World

ALT = Qt.KeyboardModifier.AltModifier
HEADINGS = "organization;name;token;url;expires;organization id;client id\n"


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with importing_world(qtbot, qapp, tmp_path) as built:
        built.start(page=Page.EMPTY)
        yield built


def open_editors(dialog: ImportDialog) -> list[QLineEdit]:
    return [
        one for one in dialog.preview.table.viewport().findChildren(QLineEdit) if one.isVisible()
    ]


def has_editor_in(dialog: ImportDialog, column: Column) -> bool:
    return bool(open_editors(dialog)) and dialog.preview.table.currentIndex().column() == column


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
def test_enter_in_the_list_stores_nothing(world: World, key: Key) -> None:
    dialog = pasted(world, table(world, 1, 2))
    world.until(dialog.preview.table.hasFocus)
    world.press(key)
    world.press(key)
    assert dialog.isVisible()
    assert "Storing" not in dialog.panel.words()
    assert world.parts.store.tokens() == ()


def test_a_second_enter_after_a_corrected_cell_stores_nothing(world: World) -> None:
    dialog = pasted(world, table(world, 1, 2))
    editor = editor_of(dialog, 0, Column.ORGANIZATION)
    QTest.keyClicks(editor, "Contoso")
    QTest.keyClick(editor, Key.Key_Return)
    world.until(lambda: dialog.preview.model.row_at(0).found.organization == "Contoso")
    world.press(Key.Key_Return)
    assert "Storing" not in dialog.panel.words()
    assert world.parts.store.tokens() == ()


def test_enter_in_the_endpoint_stores_nothing(world: World) -> None:
    dialog = pasted(world, f"Contoso;{secret(1)}\n")
    line = dialog.preview.usual.endpoint.lineEdit()
    assert line is not None
    line.setFocus()
    world.press(Key.Key_Return)
    world.until(lambda: marks(dialog) == ["new"])
    assert "Storing" not in dialog.panel.words()
    assert dialog.isVisible()


@pytest.mark.parametrize(
    ("key", "modifier"), [(Key.Key_Return, CONTROL), (Key.Key_Enter, CONTROL), (Key.Key_I, ALT)]
)
def test_control_and_enter_or_the_letter_of_the_button_import(
    world: World, key: Key, modifier: Qt.KeyboardModifier
) -> None:
    know(world, 1)
    dialog = pasted(world, table(world, 1))
    assert "Ctrl+Enter imports." in spoken_about(dialog)
    world.until(dialog.preview.table.hasFocus)
    world.press(key, modifier)
    world.until(lambda: "1 token imported." in world.notice())
    world.until(lambda: not world.deeds.proving.is_running)


def test_enter_on_the_button_imports(world: World) -> None:
    know(world, 1)
    dialog = pasted(world, table(world, 1))
    dialog.take.setFocus()
    world.press(Key.Key_Return)
    world.until(lambda: "1 token imported." in world.notice())
    world.until(lambda: not world.deeds.proving.is_running)


def test_what_is_still_being_typed_is_taken_into_its_row_before_anything_is_stored(
    world: World,
) -> None:
    dialog = pasted(world, table(world, 1))
    editor = editor_of(dialog, 0, Column.ORGANIZATION)
    editor.selectAll()
    QTest.keyClicks(editor, "Contoso")
    QTest.keyClick(editor, Key.Key_Return, CONTROL)
    world.until(lambda: dialog.preview.model.row_at(0).found.organization == "Contoso")
    assert world.parts.store.tokens() == ()
    assert dialog.isVisible()


def test_an_endpoint_still_being_typed_is_judged_before_anything_is_stored(world: World) -> None:
    dialog = pasted(world, f"Contoso;{secret(1)}\n")
    line = dialog.preview.usual.endpoint.lineEdit()
    assert line is not None
    line.setFocus()
    line.selectAll()
    world.type("https://typed.example")
    world.press(Key.Key_Return, CONTROL)
    world.until(lambda: dialog.preview.model.row_at(0).endpoint == "https://typed.example")
    assert world.parts.store.tokens() == ()
    assert dialog.isVisible()


def test_a_click_on_import_is_not_lost_while_the_endpoint_has_the_keyboard(world: World) -> None:
    know(world, 1)
    dialog = pasted(world, f"Contoso;{secret(1)}\n")
    line = dialog.preview.usual.endpoint.lineEdit()
    assert line is not None
    line.setFocus()
    line.selectAll()
    world.type(world.sandbox.url)
    world.press(Key.Key_Return)
    world.until(lambda: dialog.preview.model.row_at(0).endpoint == world.sandbox.url)
    QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    world.until(lambda: "1 token imported." in world.notice())
    world.until(lambda: not world.deeds.proving.is_running)


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter, Key.Key_Space])
def test_the_files_are_chosen_by_enter_as_by_space(world: World, key: Key) -> None:
    dialog = opened(world)
    world.until(dialog.files.hasFocus)
    QTest.keyClick(dialog.files, key)
    world.until(lambda: bool(dialog.findChildren(QFileDialog)))
    for chooser in dialog.findChildren(QFileDialog):
        chooser.reject()


# ---- F2 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [Column.TAKEN, Column.NAME, Column.MARK])
@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (f"Contoso;build;{secret(1)};https://a.example;31.02.2027", Column.EXPIRES),
        ("Contoso;build;two words;https://a.example;", Column.SECRET),
        ("Contoso;build;;https://a.example;", Column.SECRET),
        (f";build;{secret(1)};https://a.example;", Column.ORGANIZATION),
        (f"Contoso;build;{secret(1)};ftp://a.example;", Column.ENDPOINT),
        (f"{'x' * 300};build;{secret(1)};https://a.example;", Column.ORGANIZATION),
        (f"Contoso;{'x' * 300};{secret(1)};https://a.example;", Column.NAME),
        (f"Contoso;{secret(3)};{secret(1)};https://a.example;", Column.NAME),
    ],
)
def test_f2_opens_the_cell_that_is_wrong_from_any_other(
    world: World, row: str, wrong: Column, start: Column
) -> None:
    dialog = pasted(world, f"{HEADINGS}{row};;\nLitware;build;{secret(2)};;;;\n")
    assert marks(dialog) == ["malformed", "new"]
    dialog.preview.table.setCurrentIndex(dialog.preview.model.index(0, start))
    world.press(Key.Key_F2)
    assert has_editor_in(dialog, wrong)
    assert dialog.preview.table.currentIndex().row() == 0


def test_f2_on_a_row_without_a_problem_edits_its_own_cell_or_says_so(world: World) -> None:
    dialog = pasted(world, table(world, 1))
    dialog.preview.table.setCurrentIndex(dialog.preview.model.index(0, Column.NAME))
    world.press(Key.Key_F2)
    assert has_editor_in(dialog, Column.NAME)
    QTest.keyClick(open_editors(dialog)[0], Key.Key_Escape)
    dialog.preview.table.setCurrentIndex(dialog.preview.model.index(0, Column.MARK))
    world.press(Key.Key_F2)
    assert not open_editors(dialog)
    assert "This cell cannot be corrected" in spoken_about(dialog)
    world.press(Key.Key_Left)
    assert "This cell cannot be corrected" not in spoken_about(dialog)


def test_f2_says_that_a_problem_without_a_cell_is_mended_in_the_source(world: World) -> None:
    dialog = pasted(world, f"{HEADINGS}Contoso;build;{secret(1)};;;;my-client\n")
    assert marks(dialog) == ["malformed"]
    world.press(Key.Key_F2)
    assert not open_editors(dialog)
    assert "Correct it in the source" in spoken_about(dialog)


# ---- counts -----------------------------------------------------------------------------------


def test_a_token_twice_in_the_source_is_not_said_to_be_stored(world: World) -> None:
    dialog = pasted(world, table(world, 1, 1, 2))
    assert "2 new · 1 twice in the source" in spoken_about(dialog)
    assert "stored already" not in spoken_about(dialog)


def test_stored_and_repeated_tokens_are_counted_apart(world: World) -> None:
    stored = pasted(world, table(world, 1)).preview.model.taken()
    world.parts.intake.store(stored)
    world.press(Key.Key_Escape)
    dialog = pasted(world, table(world, 1, 2, 2))
    assert "1 new · 1 stored already · 1 twice in the source" in spoken_about(dialog)


def test_rows_left_out_are_counted_before_and_after_and_can_be_gone_on_with(world: World) -> None:
    know(world, 1, 2)
    text = f"{table(world, 1, 2, 3, 1)}\nLitware\tbuild\t\t\n"
    dialog = pasted(world, text)
    QTest.keyClick(dialog.preview.table, Key.Key_Down)
    QTest.keyClick(dialog.preview.table, Key.Key_Down)
    QTest.keyClick(dialog.preview.table, Key.Key_Down)
    QTest.keyClick(dialog.preview.table, Key.Key_Space)  # skips the third
    assert "2 rows will be left out" in spoken_about(dialog)
    dialog.take.click()
    world.until(lambda: "2 tokens imported, 2 rows left out." in world.notice())
    world.until(lambda: not world.deeds.proving.is_running)
    button = world.window.notices.button(0)
    assert button.text() == "Go on with the r&est…"
    button.click()
    rest = world.dialog()
    assert isinstance(rest, ImportDialog)
    world.until(lambda: rest.preview.model.rowCount() == 5)
    assert "1 new · 3 stored already · 1 cannot be used" in spoken_about(rest)


def test_rows_that_cannot_be_used_are_not_counted_twice(world: World) -> None:
    know(world, 1, 2)
    dialog = pasted(world, f"{table(world, 1, 2)}\nLitware\tbuild\t\t\n")
    assert "2 new · 1 cannot be used" in spoken_about(dialog)
    assert "left out" not in spoken_about(dialog)
    QTest.keyClick(dialog.preview.table, Key.Key_Down)
    QTest.keyClick(dialog.preview.table, Key.Key_Space)
    assert "2 rows will be left out" in spoken_about(dialog)


def test_the_rest_of_a_file_is_read_again(world: World, tmp_path: Path) -> None:
    know(world, 1)
    path = tmp_path / "list.csv"
    path.write_text(f"{table(world, 1)}\nLitware\tbuild\t\t\n")
    drop(world.window, path)
    dialog = world.dialog()
    assert isinstance(dialog, ImportDialog)
    world.until(lambda: dialog.preview.model.rowCount() == 2)
    dialog.take.click()
    world.until(lambda: "1 token imported, 1 row left out." in world.notice())
    world.until(lambda: not world.deeds.proving.is_running)
    world.window.notices.button(0).click()
    rest = world.dialog()
    assert isinstance(rest, ImportDialog)
    world.until(lambda: marks(rest) == ["malformed", "duplicate"])
