"""A token pasted anew in its row of the preview, and what an import leaves on the clipboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from partner_tokens.core.secret import Secret
from partner_tokens.ui.import_dialog import ImportDialog
from partner_tokens.ui.import_model import Column
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.pasted import Pasted
from ui.building import spoken_about
from ui.import_steps import (
    MARKER,
    drop,
    edit,
    editor_of,
    everything_in,
    importing_world,
    know,
    marks,
    pasted,
    table,
    token,
)
from ui.world import CONTROL, Key, World

ACCESS_TOKEN = "eyJhbGciOi.eyJzdWIi.c2ln"


def broken(world: World, first: str = ACCESS_TOKEN) -> str:
    """A table whose first token cannot be one."""
    url = world.sandbox.url
    return f"organization;token;url\nContoso;{first};{url}\nFabrikam;{token(2)};{url}\n"


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with importing_world(qtbot, qapp, tmp_path) as built:
        yield built


def imported(world: World, dialog: ImportDialog) -> None:
    dialog.take.click()
    world.until(lambda: "imported" in world.notice())
    world.until(lambda: not world.deeds.proving.is_running)


# ---- a token pasted anew ----------------------------------------------------------------------


def test_a_token_that_cannot_be_one_is_pasted_anew_in_its_row_behind_bullets(world: World) -> None:
    world.start(page=Page.EMPTY)
    dialog = pasted(world, broken(world))
    assert marks(dialog) == ["malformed", "new"]
    editor = editor_of(dialog, 0, Column.SECRET)
    assert (editor.text(), editor.echoMode()) == ("", QLineEdit.EchoMode.Password)
    world.qt.clipboard().setText(f" {token(1)}\n")
    QTest.keyClick(editor, Key.Key_V, CONTROL)
    assert MARKER not in spoken_about(dialog)
    assert editor.accessibleName() == "API token"
    QTest.keyClick(editor, Key.Key_Return)
    world.until(lambda: marks(dialog) == ["new", "new"])
    assert MARKER not in spoken_about(dialog) + everything_in(dialog.preview.model)
    imported(world, dialog)
    stored = {one.organization.name: one for one in world.parts.store.tokens()}
    contoso = stored["Contoso"]
    sealed = world.parts.store.sealed(contoso.id)
    vault = world.parts.vault
    opened = vault.open(sealed, token_id=contoso.id, endpoint=contoso.endpoint)
    assert opened == Secret(token(1))


def test_one_pasted_on_the_cell_itself_goes_into_its_row_not_over_the_table(world: World) -> None:
    world.start(page=Page.EMPTY)
    dialog = pasted(world, broken(world))
    dialog.preview.table.setCurrentIndex(dialog.preview.model.index(0, Column.SECRET))
    world.qt.clipboard().setText(token(1))
    world.press(Key.Key_V, CONTROL)
    world.until(lambda: marks(dialog) == ["new", "new"])
    world.press(Key.Key_V, CONTROL)  # it is fine now: this is another list
    world.confirm(dialog, "&Discard")
    world.until(lambda: dialog.preview.model.rowCount() == 1)


def test_an_editor_left_empty_or_by_escape_changes_nothing(world: World) -> None:
    world.start(page=Page.EMPTY)
    dialog = pasted(world, broken(world))
    editor = editor_of(dialog, 0, Column.SECRET)
    QTest.keyClick(editor, Key.Key_Return)
    world.until(lambda: not dialog.preview.table.viewport().findChildren(QLineEdit))
    editor = editor_of(dialog, 0, Column.SECRET)
    QTest.keyClicks(editor, token(1))
    QTest.keyClick(editor, Key.Key_Escape)
    assert marks(dialog) == ["malformed", "new"]
    assert dialog.preview.model.row_at(0).found.secret == Secret(ACCESS_TOKEN)
    assert dialog.isVisible()


def test_what_is_pasted_anew_is_judged_like_any_other(world: World) -> None:
    secret = world.store("contoso", "<b>Contoso</b>")
    world.start()
    dialog = pasted(world, broken(world))
    edit(dialog, 0, Column.SECRET, secret)
    world.until(lambda: marks(dialog) == ["duplicate", "new"])
    told = str(dialog.preview.model.index(0, Column.MARK).data(Qt.ItemDataRole.ToolTipRole))
    assert "&lt;b&gt;Contoso&lt;/b&gt;, build" in told  # and nothing in bold
    edit(dialog, 0, Column.SECRET, f"Bearer {token(1)}")
    world.until(lambda: marks(dialog) == ["malformed", "new"])
    told = str(dialog.preview.model.index(0, Column.MARK).data(Qt.ItemDataRole.ToolTipRole))
    assert told.startswith("<span>This is a whole header")


def test_a_row_without_a_token_says_that_it_is_missing(world: World) -> None:
    world.start(page=Page.EMPTY)
    dialog = pasted(world, broken(world, first=""))
    assert dialog.preview.model.index(0, Column.SECRET).data() == "missing"
    edit(dialog, 0, Column.SECRET, token(1))
    world.until(lambda: marks(dialog) == ["new", "new"])


# ---- the clipboard afterwards -----------------------------------------------------------------


def test_a_pasted_table_that_is_stored_whole_is_taken_off_the_clipboard(world: World) -> None:
    secret = world.store("contoso", "Contoso")
    know(world, 1, 2)
    world.start()
    imported(world, pasted(world, f"{table(world, 1, 2)}\nContoso\tbuild\t{secret}\t"))
    assert world.clipboard() == ""
    assert "They were taken off the clipboard." in world.notice()


def test_a_table_stored_in_part_is_taken_off_when_the_user_says_so(world: World) -> None:
    world.start(page=Page.EMPTY)
    imported(world, pasted(world, broken(world)))
    assert world.clipboard() == broken(world)
    assert "What you pasted is still on the clipboard." in world.notice()
    button = world.window.notices.button(1)
    assert button.text() == "C&lear the clipboard"
    button.click()
    assert (world.clipboard(), world.notice()) == ("", "The clipboard was cleared.")


def test_what_was_copied_since_then_stays_on_the_clipboard(world: World) -> None:
    world.start(page=Page.EMPTY)
    dialog = pasted(world, broken(world))
    world.qt.clipboard().setText("a ticket number")
    imported(world, dialog)
    assert "clipboard" not in world.notice()
    assert world.clipboard() == "a ticket number"


def test_a_late_press_does_not_clear_what_was_copied_since_then(world: World) -> None:
    world.start(page=Page.EMPTY)
    imported(world, pasted(world, broken(world)))
    world.qt.clipboard().setText("a ticket number")
    world.window.notices.button(1).click()
    assert world.clipboard() == "a ticket number"


def test_a_token_pasted_anew_is_taken_off_too(world: World) -> None:
    world.start(page=Page.EMPTY)
    dialog = pasted(world, broken(world))
    world.qt.clipboard().setText(token(1))
    editor = editor_of(dialog, 0, Column.SECRET)
    QTest.keyClick(editor, Key.Key_V, CONTROL)
    QTest.keyClick(editor, Key.Key_Return)
    world.until(lambda: marks(dialog) == ["new", "new"])
    imported(world, dialog)
    assert world.clipboard() == ""


def test_after_files_the_clipboard_is_left_alone(world: World, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(table(world, 1))
    world.start(page=Page.EMPTY)
    world.qt.clipboard().setText(token(1))
    drop(world.window, tmp_path / "list.csv")
    dialog = world.dialog()
    assert isinstance(dialog, ImportDialog)
    world.until(lambda: marks(dialog) == ["new"])
    imported(world, dialog)
    assert world.clipboard() == token(1)


def test_a_pasted_text_is_known_again_and_never_kept(qapp: QApplication) -> None:
    known = Pasted()
    known.begin_with(Secret(f"{MARKER}\n"))
    qapp.clipboard().setText(MARKER)
    assert known.lies_on_clipboard()
    assert MARKER not in repr(vars(known))
    known.begin_with(Secret(""))
    qapp.clipboard().clear()
    assert not known.lies_on_clipboard()
