"""What was corrected and skipped in a preview is there still when its rows are read anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from partner_tokens.core.columns import Meaning
from partner_tokens.core.tokens import Kind
from partner_tokens.ui.background import Lane
from partner_tokens.ui.import_dialog import ImportDialog
from partner_tokens.ui.import_model import Column
from partner_tokens.ui.main_window import Page
from ui.building import spoken_about
from ui.import_steps import (
    choose,
    drop,
    edit,
    editor_of,
    importing_world,
    know,
    pasted,
    take_kind,
    token,
)
from ui.world import Key, World

TABLE = f"Organization;Token;Odd\nContso;{token(1)};2030-01-01\nFabrikam;{token(2)};2030-01-02\n"
"""By its content the last one is the expiry."""


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with importing_world(qtbot, qapp, tmp_path) as built:
        built.start(page=Page.EMPTY)
        yield built


def cells(dialog: ImportDialog, column: Column) -> dict[int, str]:
    """What stands in this column, by the lines of the source."""
    model = dialog.preview.model
    lines = range(model.rowCount())
    return {model.row_at(n).found.line: model.index(n, column).data() for n in lines}


def taken(dialog: ImportDialog) -> list[int]:
    """The lines of the source that will be imported."""
    return sorted(row.found.line for row in dialog.preview.model.taken())


def skip(dialog: ImportDialog, line: int) -> None:
    dialog.preview.table.setCurrentIndex(dialog.preview.model.index(line, Column.ORGANIZATION))
    QTest.keyClick(dialog.preview.table, Key.Key_Space)


def gone_on(world: World, dialog: ImportDialog) -> ImportDialog:
    """The dialog for what is left out, after the rest of this one was imported."""
    dialog.take.click()
    world.until(lambda: "left out." in world.notice())
    world.until(lambda: not world.deeds.proving.is_running)
    world.window.notices.button(0).click()
    rest = world.dialog()
    assert isinstance(rest, ImportDialog)
    world.until(lambda: rest.preview.model.rowCount() > 0)
    return rest


def test_corrections_and_skips_outlive_another_meaning_of_a_column(world: World) -> None:
    dialog = pasted(world, TABLE)
    edit(dialog, 0, Column.ORGANIZATION, "Contoso")
    world.until(lambda: cells(dialog, Column.ORGANIZATION) == {2: "Contoso", 3: "Fabrikam"})
    skip(dialog, 1)
    assert taken(dialog) == [2]
    choose(dialog, 2, Meaning.NOTE)
    world.until(lambda: dialog.preview.model.row_at(0).found.note == "2030-01-01")
    assert cells(dialog, Column.ORGANIZATION) == {2: "Contoso", 3: "Fabrikam"}
    assert taken(dialog) == [2]
    assert not dialog.panel.isVisible()


def test_a_correction_goes_where_its_cell_goes(world: World) -> None:
    dialog = pasted(world, TABLE)
    edit(dialog, 0, Column.ORGANIZATION, "build")
    world.until(lambda: cells(dialog, Column.ORGANIZATION)[2] == "build")
    choose(dialog, 0, Meaning.NAME)
    world.until(lambda: cells(dialog, Column.NAME) == {2: "build", 3: "Fabrikam"})
    assert cells(dialog, Column.ORGANIZATION) == {2: "", 3: ""}


def test_a_correction_whose_cell_is_not_used_is_told_and_comes_back(world: World) -> None:
    dialog = pasted(world, TABLE)
    edit(dialog, 0, Column.EXPIRES, "2031-05-05")
    world.until(lambda: dialog.preview.model.row_at(0).found.expires == "2031-05-05")
    choose(dialog, 2, Meaning.IGNORED)
    world.until(lambda: "1 correction was not kept." in spoken_about(dialog.panel))
    assert "line 2" in spoken_about(dialog.panel)
    assert dialog.preview.model.row_at(0).found.expires == ""
    choose(dialog, 2, Meaning.EXPIRES)
    world.until(lambda: dialog.preview.model.row_at(0).found.expires == "2031-05-05")
    assert not dialog.panel.isVisible()


def test_a_token_pasted_into_its_row_outlives_another_meaning(world: World) -> None:
    dialog = pasted(world, f"Organization;Token;Odd\nContoso;;a\nFabrikam;{token(2)};b\n")
    assert taken(dialog) == [3]
    edit(dialog, 0, Column.SECRET, token(7))
    world.until(lambda: taken(dialog) == [2, 3])
    choose(dialog, 2, Meaning.NOTE)
    world.until(lambda: dialog.preview.model.row_at(0).found.note == "a")
    assert taken(dialog) == [2, 3]
    assert dialog.preview.model.row_at(0).secret.reveal() == token(7)


def test_what_is_corrected_while_a_column_is_read_anew_is_not_lost(world: World) -> None:
    dialog = pasted(world, TABLE)
    choose(dialog, 2, Meaning.NOTE)
    edit(dialog, 0, Column.ORGANIZATION, "Contoso")  # before the rows have come
    world.until(lambda: cells(dialog, Column.ORGANIZATION)[2] == "Contoso")
    assert dialog.preview.model.row_at(0).found.note == "2030-01-01"


def test_what_is_being_typed_stays_while_rows_are_read_anew(world: World) -> None:
    dialog = pasted(world, TABLE)
    choose(dialog, 2, Meaning.NOTE)
    editor = editor_of(dialog, 0, Column.ORGANIZATION)
    editor.selectAll()
    QTest.keyClicks(editor, "Conto")
    come_home: list[None] = []
    background = world.application.background
    background.run(dialog, lambda: None, done=come_home.append, lane=Lane.FILES)
    world.until(lambda: bool(come_home))  # and so are the rows before it
    QTest.keyClicks(editor, "so")
    QTest.keyClick(editor, Key.Key_Return)
    world.until(lambda: dialog.preview.model.row_at(0).found.note == "2030-01-01")
    assert cells(dialog, Column.ORGANIZATION) == {2: "Contoso", 3: "Fabrikam"}


def test_rows_read_anew_are_shown_once_a_cell_is_left_by_escape(world: World) -> None:
    dialog = pasted(world, TABLE)
    choose(dialog, 2, Meaning.NOTE)
    editor = editor_of(dialog, 0, Column.ORGANIZATION)
    QTest.keyClick(editor, Key.Key_Escape)
    world.until(lambda: dialog.preview.model.row_at(0).found.note == "2030-01-01")
    assert cells(dialog, Column.ORGANIZATION) == {2: "Contso", 3: "Fabrikam"}


def test_corrections_and_skips_outlive_another_kind(world: World) -> None:
    dialog = pasted(world, TABLE)
    edit(dialog, 0, Column.ORGANIZATION, "Contoso")
    world.until(lambda: cells(dialog, Column.ORGANIZATION)[2] == "Contoso")
    skip(dialog, 1)
    take_kind(dialog.preview.usual.kind, Kind.CLOUD_SERVICES)
    world.until(lambda: dialog.preview.model.row_at(0).kind is Kind.CLOUD_SERVICES)
    assert cells(dialog, Column.ORGANIZATION) == {2: "Contoso", 3: "Fabrikam"}
    assert taken(dialog) == [2]


def test_a_row_of_another_organization_is_never_taken_by_an_earlier_tick(world: World) -> None:
    """Its tick was given to a row that was simply new."""
    text = f"Organization;Token;Id\nContoso;{token(1)};org-1\nFabrikam;{token(2)};org-2\n"
    world.parts.intake.store(
        pasted(world, text.replace("Id\n", "Organization id\n")).preview.model.taken()
    )
    world.press(Key.Key_Escape)
    text = f"Who;Token;Id\nContoso;{token(3)};org-9\nFabrikam;{token(4)};org-2\n"
    dialog = pasted(world, text)
    choose(dialog, 0, Meaning.ORGANIZATION)
    world.until(lambda: taken(dialog) == [2, 3])
    skip(dialog, 0)
    skip(dialog, 0)
    choose(dialog, 2, Meaning.SERVICE_ID)
    world.until(lambda: taken(dialog) == [3])


def left(world: World, path: Path) -> ImportDialog:
    """The dialog for the rest of a file: line 3 is skipped, line 4 has no token but a new name."""
    know(world, 1)
    one = f"Customer 1;build;{token(1)};{world.sandbox.url};x"
    two = f"Customer 2;build;{token(2)};{world.sandbox.url};y"
    path.write_text(f"Organization;Name;Token;Endpoint;Odd\n{one}\n{two}\nLitware;build;;;z\n")
    drop(world.window, path)
    dialog = world.dialog()
    assert isinstance(dialog, ImportDialog)
    world.until(lambda: dialog.preview.model.rowCount() == 3)
    choose(dialog, 4, Meaning.NOTE)
    world.until(lambda: dialog.preview.model.row_at(0).found.note == "z")
    dialog.preview.model.setData(dialog.preview.model.index(0, Column.ORGANIZATION), "Lit Ware")
    world.until(lambda: cells(dialog, Column.ORGANIZATION)[4] == "Lit Ware")
    skip(dialog, 2)
    assert taken(dialog) == [2]
    return dialog


def test_the_rest_of_a_file_is_as_it_was_left(world: World, tmp_path: Path) -> None:
    rest = gone_on(world, left(world, tmp_path / "list.csv"))
    assert cells(rest, Column.ORGANIZATION)[4] == "Lit Ware"
    assert rest.preview.model.row_at(0).found.note == "z"
    assert taken(rest) == []
    assert not rest.panel.isVisible()


def test_the_rest_of_a_file_that_has_changed_keeps_to_its_rows_and_says_so(
    world: World, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    dialog = left(world, path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:1], "Woodgrove;build;;;v", *lines[1:]]) + "\n")
    rest = gone_on(world, dialog)
    assert "Lit Ware" not in cells(rest, Column.ORGANIZATION).values()
    assert "1 correction was not kept. 1 skipped row was not" in spoken_about(rest.panel)


def test_a_token_that_was_pasted_into_a_row_ends_with_its_dialog(
    world: World, tmp_path: Path
) -> None:
    dialog = left(world, tmp_path / "list.csv")
    edit(dialog, 0, Column.SECRET, token(7))
    world.until(lambda: taken(dialog) == [2, 4])
    skip(dialog, 0)
    rest = gone_on(world, dialog)
    assert cells(rest, Column.ORGANIZATION)[4] == "Lit Ware"
    assert not rest.preview.model.row_at(0).found.secret
    assert "is kept only until its window is closed" in spoken_about(rest.panel)
