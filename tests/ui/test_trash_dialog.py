"""The trash by keys: what is in it, back to the list, or erased from every file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from partner_tokens.core.sealing import Sealed
from partner_tokens.core.secret import Secret
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Lane
from partner_tokens.ui.trash_dialog import TrashDialog
from ui.building import spoken_about
from ui.world import CONTROL, World

Key = Qt.Key


def opened(world: World) -> TrashDialog:
    world.press(Key.Key_T, CONTROL)
    world.until(lambda: bool(world.window.findChildren(TrashDialog)))
    dialog = world.dialog()
    assert isinstance(dialog, TrashDialog)
    world.until(lambda: dialog.table.isVisible() or dialog.empty.isVisible())
    return dialog


def removed(world: World, *ids: str) -> None:
    """Removes these by key, one after the other."""
    for id in ids:
        world.select(id)
        world.press(Key.Key_Delete, CONTROL)
        world.until(lambda id=id: world.application.model.token(id) is None)  # type: ignore[misc]


def lines(dialog: TrashDialog) -> list[str]:
    model = dialog.model
    return [" | ".join(model.index(line, column).data() for column in range(4))
            for line in range(model.rowCount())]  # fmt: skip


def holding(folder: Path, marker: bytes) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()
            and marker in path.read_bytes()]  # fmt: skip


@pytest.fixture
def three(world: World) -> World:
    """Three organizations, started."""
    for name in ("Contoso", "Fabrikam", "Litware"):
        world.store(name.lower(), name)
    return world.start()


def test_the_trash_shows_what_was_removed_and_for_how_long_it_stays(three: World) -> None:
    removed(three, "contoso")
    three.clock.forward(days=3)
    removed(three, "fabrikam")
    dialog = opened(three)
    assert lines(dialog) == [
        "Fabrikam | build | just now | in 30 days",
        f"Contoso | build | {dialog.model.index(1, 2).data()} | in 27 days",
    ]
    first = dialog.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert first == "Fabrikam, build, removed just now, erased in 30 days"
    assert dialog.table.hasFocus()
    three.press(Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_trash_tells_apart_why_a_token_is_in_it(three: World) -> None:
    three.parts.trash.put(["contoso"], revoked=True)
    three.parts.trash.put(["fabrikam"])
    dialog = opened(three)
    assert lines(dialog) == [
        "Fabrikam | build | just now | in 30 days",
        "Contoso | build | just now, revoked | in 30 days",
    ]
    three.press(Key.Key_Escape)


def test_an_empty_trash_says_so(three: World) -> None:
    dialog = opened(three)
    assert "The trash is empty" in dialog.empty.words()
    assert not dialog.empty_all.isVisible()
    assert dialog.shut.hasFocus()
    three.press(Key.Key_Escape)


def test_enter_brings_the_selected_ones_back(three: World) -> None:
    removed(three, "contoso", "fabrikam", "litware")
    dialog = opened(three)
    three.press(Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    three.press(Key.Key_Return)
    three.until(lambda: set(three.shown()) == {"fabrikam", "litware"})
    three.until(lambda: dialog.model.rowCount() == 1)
    assert "2 tokens are back." in dialog.panel.words()
    assert "2 tokens are back." in three.notice()
    three.press(Key.Key_Return)
    three.until(lambda: dialog.empty.isVisible())
    three.press(Key.Key_Escape)
    three.press(Key.Key_Z, CONTROL)
    assert not three.window.acts[Act.UNDO].isEnabled()


def test_erasing_asks_first_and_escape_keeps(three: World) -> None:
    removed(three, "contoso", "fabrikam")
    dialog = opened(three)
    three.press(Key.Key_Delete)
    assert "Erase Fabrikam, build for good?" in dialog.panel.words()
    three.press(Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.panel.words() == ""
    assert len(three.parts.trash.tokens()) == 2
    three.press(Key.Key_Delete)
    three.confirm(dialog, "Erase for &good")
    three.until(lambda: "1 token was erased." in dialog.panel.words())
    three.until(lambda: dialog.model.rowCount() == 1)
    assert [row.token.id for row in three.parts.trash.tokens()] == ["contoso"]
    three.press(Key.Key_Escape)
    three.press(Key.Key_Z, CONTROL)
    three.until(lambda: "contoso" in three.shown())  # the erased one is passed over


def test_what_is_emptied_is_gone_from_the_files_too(three: World) -> None:
    sealed = three.parts.store.sealed("contoso")
    three.parts.database.back_up("test")
    removed(three, "contoso")
    assert holding(three.folder, sealed.ciphertext)
    dialog = opened(three)
    dialog.empty_all.click()
    assert "Empty the trash?" in dialog.panel.words()
    assert "revoked in the portal" in dialog.panel.words()
    assert dialog.panel.buttons[1].hasFocus()
    three.confirm(dialog, "Erase for &good")
    three.until(lambda: dialog.empty.isVisible())
    assert "1 token was erased. Neither the list nor any backup holds" in dialog.panel.words()
    assert holding(three.folder, sealed.ciphertext) == []
    assert holding(three.folder, b"Contoso") == []
    assert not three.window.acts[Act.UNDO].isEnabled()
    three.press(Key.Key_Escape)


def test_a_notice_no_longer_offers_to_undo_what_was_erased(three: World) -> None:
    removed(three, "contoso", "fabrikam")
    three.until(lambda: "Fabrikam, build was removed" in three.notice())
    assert three.window.notices.button(0).isVisible()
    dialog = opened(three)
    three.press(Key.Key_Delete)
    three.confirm(dialog, "Erase for &good")
    three.until(lambda: dialog.model.rowCount() == 1)
    three.press(Key.Key_Escape)
    assert "Fabrikam, build was removed" in three.notice()
    assert not three.window.notices.button(0).isVisible()  # it would bring back Contoso instead
    assert three.window.acts[Act.UNDO].isEnabled()
    dialog = opened(three)
    dialog.empty_all.click()
    three.confirm(dialog, "Erase for &good")
    three.until(dialog.empty.isVisible)
    three.press(Key.Key_Escape)
    assert not three.window.acts[Act.UNDO].isEnabled()


def test_a_notice_still_offers_to_undo_what_only_partly_was_erased(three: World) -> None:
    three.window.table.setFocus()
    three.press(Key.Key_A, CONTROL)
    three.press(Key.Key_Delete, CONTROL)
    three.until(lambda: "3 tokens were removed" in three.notice())
    dialog = opened(three)
    three.press(Key.Key_Delete)
    three.confirm(dialog, "Erase for &good")
    three.until(lambda: dialog.model.rowCount() == 2)
    three.press(Key.Key_Escape)
    assert three.window.notices.button(0).isVisible()
    three.window.notices.button(0).click()
    three.until(lambda: "2 tokens are back" in three.notice())


def test_traces_that_another_program_keeps_are_told_of(three: World) -> None:
    removed(three, "contoso")
    dialog = opened(three)
    path = three.parts.profile.store_path
    with three.parts.database.reading() as connection:
        connection.execute("PRAGMA busy_timeout = 100")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM tokens").fetchall()
        dialog.empty_all.click()
        three.confirm(dialog, "Erase for &good")
        three.until(lambda: "traces of it are still on the disk" in dialog.panel.words())
    three.press(Key.Key_Escape)


def test_one_whose_new_token_waits_stays_and_is_told(three: World) -> None:
    contoso = three.token("contoso")
    three.parts.renewal.paste(contoso, Secret("new-token"), contoso.expiry)
    removed(three, "contoso", "fabrikam")
    dialog = opened(three)
    dialog.empty_all.click()
    three.confirm(dialog, "Erase for &good")
    three.until(lambda: "1 token was erased." in dialog.panel.words())
    assert "1 token stays: a new token waits to take its place." in dialog.panel.words()
    three.until(lambda: len(lines(dialog)) == 1)
    assert "Contoso" in lines(dialog)[0]
    three.press(Key.Key_Escape)


def test_a_token_whose_twin_is_stored_stays_and_is_told(three: World) -> None:
    removed(three, "contoso")
    with three.parts.database.reading() as connection:
        (fingerprint,) = connection.execute(
            "SELECT fingerprint FROM tokens WHERE id = 'contoso'"
        ).fetchone()
    litware = three.parts.store.token("litware")
    three.parts.store.edit(litware, Sealed(litware.key_id, b"another-one!", b"x"), fingerprint)
    dialog = opened(three)
    three.press(Key.Key_Return)
    three.until(lambda: "Contoso, build stays in the trash." in dialog.panel.words())
    assert "stored already: Litware, build." in dialog.panel.words()
    assert three.shown() == ["fabrikam", "litware"]
    three.press(Key.Key_Escape)
    three.press(Key.Key_Z, CONTROL)


def test_what_another_window_removes_appears_here(three: World) -> None:
    dialog = opened(three)
    three.parts.trash.put(["litware"])
    three.application.shelf.reload()
    three.until(lambda: lines(dialog) == ["Litware | build | just now | in 30 days"])
    three.press(Key.Key_Escape)


def test_what_is_selected_stays_selected_when_another_window_removes_something(
    three: World,
) -> None:
    removed(three, "contoso", "fabrikam")
    dialog = opened(three)
    three.press(Key.Key_Down)
    three.parts.trash.put(["litware"])
    three.application.shelf.reload()
    three.until(lambda: dialog.model.rowCount() == 3)
    three.press(Key.Key_Return)
    three.until(lambda: three.shown() == ["contoso"])
    three.press(Key.Key_Escape)


def test_a_question_stays_when_another_window_removes_something(three: World) -> None:
    removed(three, "contoso", "fabrikam")
    dialog = opened(three)
    three.press(Key.Key_Delete)
    keep = dialog.panel.buttons[1]
    assert keep.hasFocus()
    three.parts.trash.put(["litware"])
    three.application.shelf.reload()
    three.until(lambda: dialog.model.rowCount() == 3)
    assert "Erase Fabrikam, build for good?" in dialog.panel.words()
    assert keep.hasFocus()
    three.press(Key.Key_Return)
    assert dialog.panel.words() == ""
    three.settle(Lane.STORE)
    assert three.shown() == []
    three.press(Key.Key_Escape)


def test_emptying_the_trash_is_asked_of_all_that_is_in_it_by_now(three: World) -> None:
    removed(three, "contoso")
    dialog = opened(three)
    dialog.empty_all.click()
    assert "Contoso, build will be erased" in dialog.panel.words()
    three.parts.trash.put(["litware"])
    three.application.shelf.reload()
    three.until(lambda: "2 tokens will be erased" in dialog.panel.words())
    assert dialog.panel.buttons[1].hasFocus()
    three.press(Key.Key_Escape)
    assert len(three.parts.trash.tokens()) == 2
    three.press(Key.Key_Escape)


def test_a_question_about_a_token_that_another_window_took_back_is_taken_back_harmlessly(
    three: World,
) -> None:
    removed(three, "contoso", "fabrikam")
    dialog = opened(three)
    three.press(Key.Key_Delete)
    three.parts.trash.restore(["fabrikam"])
    three.application.shelf.reload()
    three.until(lambda: dialog.model.rowCount() == 1)
    assert dialog.panel.words() == ""
    three.press(Key.Key_Return)  # it was meant for "Keep"
    three.settle(Lane.STORE)
    assert [row.token.id for row in three.parts.trash.tokens()] == ["contoso"]
    three.press(Key.Key_Escape)


def test_the_keyboard_stays_where_it_is_when_another_window_removes_something(
    three: World,
) -> None:
    removed(three, "contoso")
    dialog = opened(three)
    dialog.shut.setFocus()
    three.parts.trash.put(["litware"])
    three.application.shelf.reload()
    three.until(lambda: dialog.model.rowCount() == 2)
    assert dialog.shut.hasFocus()
    three.press(Key.Key_Escape)


def test_after_restoring_by_a_click_the_list_has_the_keyboard(three: World) -> None:
    removed(three, "contoso", "fabrikam")
    dialog = opened(three)
    QTest.mouseClick(dialog.restore, Qt.MouseButton.LeftButton)
    three.until(lambda: dialog.model.rowCount() == 1)
    assert dialog.table.hasFocus()
    three.press(Key.Key_Escape)


def test_what_is_brought_back_is_in_the_list_also_where_the_trash_is_closed_at_once(
    three: World,
) -> None:
    removed(three, "contoso")
    opened(three)
    three.press(Key.Key_Return)
    three.press(Key.Key_Escape)
    three.until(lambda: "contoso" in three.shown())
    three.until(lambda: not three.window.findChildren(TrashDialog))
    assert "Contoso, build is back." in three.notice()
    assert not three.window.acts[Act.UNDO].isEnabled()


def test_all_that_takes_keys_has_a_name(three: World) -> None:
    removed(three, "contoso")
    dialog = opened(three)
    assert "Removed tokens" in spoken_about(dialog)
    for button in (dialog.restore, dialog.erase, dialog.empty_all, dialog.shut):
        interface = QAccessible.queryAccessibleInterface(button)
        assert interface.text(QAccessible.Text.Name)
    letters = [b.text()[b.text().index("&") + 1].casefold()
               for b in (dialog.restore, dialog.erase, dialog.empty_all, dialog.shut)]  # fmt: skip
    assert len(set(letters)) == len(letters)
    three.press(Key.Key_Escape)
