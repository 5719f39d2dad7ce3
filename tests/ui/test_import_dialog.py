"""Bringing in many tokens through the window: paste, files, fix, skip, import; no secret shown."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from partner_tokens.core.columns import Meaning
from partner_tokens.core.tokens import State
from partner_tokens.ui.import_dialog import ImportDialog
from partner_tokens.ui.import_model import Column
from partner_tokens.ui.main_window import Page
from ui.building import spoken_about
from ui.import_steps import (
    MARKER,
    choose,
    drop,
    edit,
    everything_in,
    importing_world,
    know,
    marks,
    opened,
    pasted,
    table,
    token,
)
from ui.world import CONTROL, Key, World


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with importing_world(qtbot, qapp, tmp_path) as built:
        yield built


def test_a_pasted_table_is_shown_then_imported_then_proven(world: World) -> None:
    know(world, 1, 2, 3)
    world.start(page=Page.EMPTY)
    dialog = pasted(world, table(world, 1, 2, 3))
    assert marks(dialog) == ["new", "new", "new"]
    assert world.parts.store.tokens() == ()
    assert dialog.take.text() == "&Import 3 tokens"
    dialog.take.click()
    world.until(lambda: "3 of 3 tokens work." in world.window.proving.words())
    assert "3 tokens imported." in world.notice()
    tokens = world.parts.store.tokens()
    assert {one.organization.service_id for one in tokens} == {"org-1", "org-2", "org-3"}
    assert {one.result.state for one in tokens} == {State.READY}
    world.until(lambda: len(world.shown()) == 3)


def test_files_are_imported_and_the_user_is_reminded_of_them(world: World, tmp_path: Path) -> None:
    know(world, 1, 2)
    (tmp_path / "one.csv").write_text(table(world, 1))
    (tmp_path / "two.csv").write_text(table(world, 2))
    world.start(page=Page.EMPTY)
    drop(world.window, tmp_path / "one.csv", tmp_path / "two.csv")
    dialog = world.dialog()
    assert isinstance(dialog, ImportDialog)
    world.until(lambda: dialog.preview.model.rowCount() == 2)
    dialog.take.click()
    world.until(lambda: "2 files still hold them" in world.notice())
    assert len(world.parts.store.tokens()) == 2


def test_files_dropped_on_the_dialog_are_read(world: World, tmp_path: Path) -> None:
    path = tmp_path / "Contoso.txt"
    path.write_text(token(1))
    world.start(page=Page.EMPTY)
    dialog = opened(world)
    drop(dialog, path)
    world.until(lambda: dialog.preview.model.rowCount() == 1)
    assert dialog.preview.model.row_at(0).found.organization == "Contoso"


def test_a_row_can_be_fixed_in_place(world: World) -> None:
    world.start(page=Page.EMPTY)
    dialog = pasted(world, f"organization;token\n;{token(1)}\nFabrikam;{token(2)}\n")
    assert marks(dialog) == ["malformed", "new"]
    assert not dialog.preview.model.is_taken(0)
    edit(dialog, 0, Column.ORGANIZATION, "Contoso")
    world.until(lambda: marks(dialog) == ["new", "new"])
    assert dialog.take.text() == "&Import 2 tokens"


def test_the_next_step_of_the_current_row_stands_below_the_table(world: World) -> None:
    world.start(page=Page.EMPTY)
    dialog = pasted(world, f"organization;token\n;{token(1)}\nFabrikam;{token(2)}\n")
    assert "Type the name of the organization" in spoken_about(dialog)
    world.press(Key.Key_Down)
    assert "Type the name of the organization" not in spoken_about(dialog)
    assert "F2 or a double click corrects a cell." in spoken_about(dialog)
    world.press(Key.Key_Up)
    edit(dialog, 0, Column.ORGANIZATION, "Contoso")
    world.until(lambda: "Type the name of the organization" not in spoken_about(dialog))


def test_a_row_can_be_skipped_by_space_and_by_its_box(world: World) -> None:
    world.start(page=Page.EMPTY)
    dialog = pasted(world, table(world, 1, 2, 3))
    QTest.keyClick(dialog.preview.table, Key.Key_Space)
    box = dialog.preview.table.visualRect(dialog.preview.model.index(1, Column.TAKEN)).center()
    QTest.mouseClick(dialog.preview.table.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert [dialog.preview.model.is_taken(line) for line in range(3)] == [False, False, True]
    dialog.take.click()
    world.until(lambda: "1 token imported, 2 rows left out." in world.notice())
    assert [one.organization.name for one in world.parts.store.tokens()] == ["Customer 3"]
    world.until(lambda: not world.deeds.proving.is_running)


def test_stored_tokens_stay_out(world: World) -> None:
    secret = world.store("contoso", "Contoso")
    world.start()
    dialog = pasted(world, f"organization;token\nOther;{secret}\nFabrikam;{token(2)}\n")
    assert marks(dialog) == ["new", "duplicate"]
    dialog.preview.model.toggle(1)
    assert not dialog.preview.model.is_taken(1)
    shown = dialog.preview.model.index(1, Column.MARK).data()
    assert shown == "This token is stored already: Contoso, build."


def test_a_column_that_was_not_recognised_can_be_chosen(world: World) -> None:
    world.start(page=Page.EMPTY)
    world.qt.clipboard().setText("who;what\nContoso;short-token\n")
    dialog = opened(world)
    world.press(Key.Key_V, CONTROL)
    world.until(lambda: "Which column" in spoken_about(dialog.panel))
    assert not dialog.take.isEnabled()
    choose(dialog, 1, Meaning.TOKEN)
    world.until(lambda: marks(dialog) == ["new", "new"])  # its headings are no headings to us
    assert dialog.preview.model.row_at(1).found.organization == "Contoso"
    assert dialog.take.isEnabled()


def test_the_endpoint_for_rows_that_name_none_can_be_typed(world: World) -> None:
    know(world, 1)
    world.start(page=Page.EMPTY)
    dialog = pasted(world, f"Customer 1;{token(1)}\n")
    line = dialog.preview.usual.endpoint.lineEdit()
    assert line is not None
    line.setText(world.sandbox.url)
    line.editingFinished.emit()
    world.until(lambda: dialog.preview.model.row_at(0).endpoint == world.sandbox.url)


def test_junk_is_refused_in_words_and_the_dialog_stays_usable(world: World, tmp_path: Path) -> None:
    junk = tmp_path / "list.xlsx"
    junk.write_bytes(b"PK\x03\x04" + b"\0" * 100)
    world.start(page=Page.EMPTY)
    dialog = opened(world)
    drop(dialog, junk)
    world.until(lambda: "Save the spreadsheet as CSV" in spoken_about(dialog.panel))
    assert not dialog.take.isEnabled()
    world.qt.clipboard().setText(json.dumps({"refreshToken": token(1), "org": "Contoso"}))
    world.press(Key.Key_V, CONTROL)
    world.until(lambda: marks(dialog) == ["new"])
    assert dialog.take.isEnabled()


def test_the_columns_of_each_of_several_tables_can_be_corrected(
    world: World, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(f"organization;token\nContoso;{token(1)}\n")
    (tmp_path / "b.csv").write_text("who;what\nFabrikam;short\n")
    (tmp_path / "Litware.txt").write_text(token(2))
    world.start(page=Page.EMPTY)
    dialog = opened(world)
    drop(dialog, tmp_path)
    world.until(lambda: marks(dialog) == ["new", "new"])
    assert "No API token was found in b.csv." in spoken_about(dialog.panel)
    assert dialog.preview.sheets.file.currentText() == "b.csv"
    choose(dialog, 0, Meaning.ORGANIZATION)
    choose(dialog, 1, Meaning.TOKEN)
    world.until(lambda: dialog.preview.model.rowCount() == 4)  # its headings are no headings to us
    dialog.preview.sheets.file.setCurrentIndex(0)
    dialog.preview.sheets.file.activated.emit(0)
    choose(dialog, 0, Meaning.NAME)

    def names() -> set[str]:
        return {
            dialog.preview.model.row_at(line).found.name
            for line in range(dialog.preview.model.rowCount())
        }

    world.until(lambda: "Contoso" in names())


def test_files_that_were_left_out_are_named(world: World, tmp_path: Path) -> None:
    (tmp_path / "Contoso.txt").write_text(token(1))
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\0")
    world.start(page=Page.EMPTY)
    dialog = opened(world)
    drop(dialog, tmp_path)
    world.until(lambda: "photo.png is not a text file." in spoken_about(dialog.panel))
    world.until(lambda: marks(dialog) == ["new"])


def test_an_empty_clipboard_is_said_so(world: World) -> None:
    world.start(page=Page.EMPTY)
    world.qt.clipboard().clear()
    dialog = opened(world)
    world.press(Key.Key_V, CONTROL)
    assert "No API token was found in the clipboard." in spoken_about(dialog.panel)


def test_giving_up_stores_nothing(world: World) -> None:
    world.start(page=Page.EMPTY)
    pasted(world, table(world, 1, 2))
    world.press(Key.Key_Escape)
    world.until(lambda: not [w for w in world.qt.topLevelWidgets() if _is_open_dialog(w)])
    assert world.parts.store.tokens() == ()


def _is_open_dialog(widget: QWidget) -> bool:
    return isinstance(widget, QDialog) and widget.isVisible()


def test_what_another_program_stored_meanwhile_is_told_and_nothing_is_stored(world: World) -> None:
    secret = token(1)
    world.start(page=Page.EMPTY)
    dialog = pasted(world, table(world, 1, 2))
    found = dialog.preview.model.row_at(0)
    world.parts.intake.store([found])
    dialog.take.click()
    world.until(lambda: sorted(marks(dialog)) == ["duplicate", "new"])
    assert "stored already" in spoken_about(dialog.panel)
    assert len(world.parts.store.tokens()) == 1
    assert secret not in spoken_about(dialog)


def test_no_secret_is_shown_spoken_or_logged(world: World) -> None:
    know(world, 1)
    world.start(page=Page.EMPTY)
    swapped = f"{token(2)};Contoso\nnot-a-token;{token(3)}\n{token(4)};{token(5)}\n"
    dialog = pasted(world, table(world, 1).replace("\t", ";") + "\n" + swapped)
    assert MARKER not in everything_in(dialog.preview.model)
    assert MARKER not in spoken_about(dialog)
    choose(dialog, 0, Meaning.TOKEN)
    world.until(lambda: "new" not in marks(dialog))
    assert MARKER not in everything_in(dialog.preview.model)
    assert MARKER not in spoken_about(dialog)
    choose(dialog, 2, Meaning.TOKEN)
    choose(dialog, 0, Meaning.ORGANIZATION)
    world.until(lambda: marks(dialog).count("new") == 1)
    dialog.take.click()
    world.until(lambda: "imported" in world.notice())
    assert MARKER not in spoken_about(world.window)
    world.until(lambda: not world.deeds.proving.is_running)
    written = b"".join(path.read_bytes() for path in world.folder.rglob("*") if path.is_file())
    assert MARKER.encode() not in written


def test_the_window_answers_while_a_large_list_is_read(world: World) -> None:
    world.start(page=Page.EMPTY)
    text = table(world, *range(2_000))
    dialog = pasted(world, text)
    assert dialog.preview.model.rowCount() == 2_000
    dialog.reject()
