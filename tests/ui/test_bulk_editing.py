"""Several selected tokens: selected by keys and mouse, changed, pinned, removed, and back again."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.tokens import State
from partner_tokens.ui.actions import Act
from partner_tokens.ui.bulk_dialog import BulkDialog
from partner_tokens.ui.trash_dialog import TrashDialog
from ui.world import CONTROL, Key, World

NEW = "https://127.0.0.1:9"
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def four(world: World) -> World:
    """Four tokens of three organizations, started, the keyboard in the list."""
    for id, organization in (("a", "Contoso"), ("b", "Contoso"), ("c", "Fabrikam"), ("d", "Zoo")):
        world.store(id, organization, name=f"token {id}")
    world.start()
    world.window.table.setFocus()
    world.select("a")
    return world


def picked(world: World) -> list[str]:
    return [token.id for token in world.window.table.selected_all()]


def click(world: World, id: str, modifier: Qt.KeyboardModifier) -> None:
    table = world.window.table
    place = world.application.model.place_of(id)
    assert place is not None
    line = table.visualRect(world.application.model.index(place, 0))
    at = line.center() + QPoint(0, 2)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def opened(world: World, *ids: str) -> BulkDialog:
    world.select(ids[0])
    for id in ids[1:]:
        click(world, id, CONTROL)
    world.press(Key.Key_F2)
    dialog = world.dialog()
    assert isinstance(dialog, BulkDialog)
    return dialog


def tick(dialog: BulkDialog, *names: str) -> None:
    for name in names:
        dialog.ticks[name].setChecked(True)


def changed(world: World, dialog: BulkDialog) -> str:
    dialog.save.click()
    world.until(lambda: world.qt.activeModalWidget() is None)
    return world.notice()


def undo(world: World) -> None:
    world.press(Key.Key_Z, CONTROL)


# ---- selecting --------------------------------------------------------------------------------


def test_shift_and_arrows_select_many_and_the_current_one_is_copied_from(four: World) -> None:
    four.press(Key.Key_Down, SHIFT)
    four.press(Key.Key_Down, SHIFT)
    assert picked(four) == ["a", "b", "c"]
    current = four.window.table.selected()
    assert current is not None
    assert current.id == "c"
    four.press(Key.Key_Down)
    assert picked(four) == ["d"]


def test_control_a_selects_all_that_is_shown(four: World) -> None:
    four.press(Key.Key_A, CONTROL)
    assert picked(four) == ["a", "b", "c", "d"]


def test_control_click_takes_lines_in_and_out_and_one_stays_current(four: World) -> None:
    click(four, "c", CONTROL)
    assert picked(four) == ["a", "c"]
    click(four, "c", CONTROL)
    four.until(lambda: (token := four.window.table.selected()) is not None and token.id == "a")
    assert picked(four) == ["a"]
    click(four, "a", CONTROL)
    four.until(lambda: picked(four) == ["a"])


def test_what_works_on_all_says_for_how_many_and_what_is_for_one_rests(four: World) -> None:
    acts = four.window.acts
    four.press(Key.Key_A, CONTROL)
    assert acts[Act.EDIT].text() == "&Edit 4 tokens…"
    assert acts[Act.REMOVE].text() == "&Remove 4 tokens"
    assert not acts[Act.REVOKE].isEnabled()
    assert acts[Act.COPY].isEnabled()
    four.press(Key.Key_Down)
    assert acts[Act.EDIT].text() == "&Edit…"
    assert acts[Act.REVOKE].isEnabled()


def test_what_is_filtered_away_is_no_longer_selected(four: World) -> None:
    four.press(Key.Key_A, CONTROL)
    four.window.search.setText("contoso")
    assert picked(four) == ["a", "b"]
    four.window.search.clear()
    assert picked(four) == ["a", "b"]


def test_the_selection_outlives_a_list_that_is_read_anew(four: World) -> None:
    click(four, "c", CONTROL)
    click(four, "d", CONTROL)
    four.store("e", "Another")
    four.application.shelf.reload()
    four.until(lambda: "e" in four.shown())
    assert picked(four) == ["a", "c", "d"]


# ---- removing and pinning ---------------------------------------------------------------------


def test_all_selected_are_removed_at_once_and_come_back_at_once(four: World) -> None:
    four.press(Key.Key_A, CONTROL)
    four.press(Key.Key_Delete, CONTROL)
    four.until(lambda: "4 tokens were removed" in four.notice())
    assert four.parts.store.tokens() == ()
    undo(four)
    four.until(lambda: len(four.parts.store.tokens()) == 4)


def test_all_that_come_back_are_selected(four: World) -> None:
    four.select("b")
    click(four, "d", CONTROL)
    four.press(Key.Key_Delete, CONTROL)
    four.until(lambda: "2 tokens were removed" in four.notice())
    four.window.search.setText("contoso")
    four.window.wanted.emit(Act.UNDO)
    four.until(lambda: "2 tokens are back" in four.notice())
    assert picked(four) == ["b", "d"]
    with four.qtbot.waitSignal(four.application.shelf.loaded):
        four.application.shelf.reload()
    assert picked(four) == ["b", "d"]


def test_a_change_of_tokens_that_were_erased_is_no_longer_undone(four: World) -> None:
    dialog = opened(four, "c", "d")
    tick(dialog, "note")
    dialog.note.setPlainText("typed")
    changed(four, dialog)
    assert four.window.notices.button(0).isVisible()
    four.window.table.setFocus()
    assert picked(four) == ["c", "d"]
    four.press(Key.Key_Delete, CONTROL)
    four.until(lambda: "were removed" in four.notice())
    four.window.wanted.emit(Act.TRASH)
    trash = four.dialog()
    assert isinstance(trash, TrashDialog)
    four.until(lambda: trash.model.rowCount() == 2)
    trash.empty_all.click()
    four.confirm(trash, "Erase for &good")
    four.until(trash.empty.isVisible)
    trash.reject()
    assert not four.window.acts[Act.UNDO].isEnabled()


def test_all_selected_are_pinned_and_then_none(four: World) -> None:
    click(four, "d", CONTROL)
    four.press(Key.Key_D, CONTROL)
    four.until(lambda: "2 tokens are pinned" in four.notice())
    assert [token.id for token in four.parts.store.tokens() if token.pinned] == ["a", "d"]
    four.until(lambda: picked(four) == ["a", "d"])
    four.press(Key.Key_D, CONTROL)
    four.until(lambda: "no longer pinned" in four.notice())
    assert not any(token.pinned for token in four.parts.store.tokens())


# ---- changing ---------------------------------------------------------------------------------


def test_nothing_is_changed_that_is_not_ticked(four: World) -> None:
    dialog = opened(four, "a", "c", "d")
    assert dialog.windowTitle() == "Change 3 tokens"
    assert not dialog.save.isEnabled()
    tick(dialog, "note")
    dialog.note.setPlainText("moved to the new console")
    before = four.parts.store.tokens()
    assert "3 tokens were changed" in changed(four, dialog)
    for old, now in zip(before, four.parts.store.tokens(), strict=True):
        assert now.note == ("" if now.id == "b" else "moved to the new console")
        assert (now.endpoint, now.expiry, now.nonce) == (old.endpoint, old.expiry, old.nonce)
        assert now.result.state is State.READY


def test_a_new_endpoint_makes_them_unproven_and_control_z_brings_all_back(four: World) -> None:
    before = four.parts.store.tokens()
    dialog = opened(four, "a", "c")
    tick(dialog, "endpoint", "expiry")
    dialog.endpoint.setCurrentText("https://127.0.0.1:9")
    dialog.expiry.set_expiry(Expiry.endless())
    changed(four, dialog)
    a, b, c, _d = four.parts.store.tokens()
    assert [t.endpoint for t in (a, c)] == [NEW, NEW]
    assert b.endpoint == four.sandbox.url
    assert {t.result.state for t in (a, c)} == {State.UNPROVEN}
    four.until(lambda: four.token("a").result.state is State.UNPROVEN)
    undo(four)
    four.until(lambda: "2 tokens are as they were" in four.notice())
    now = four.parts.store.tokens()
    fields = [(t.endpoint, t.expiry, t.result.state) for t in now]
    assert fields == [(t.endpoint, t.expiry, t.result.state) for t in before]
    four.select("a")
    four.window.wanted.emit(Act.COPY)
    four.until(lambda: "copied" in four.notice())


def test_a_change_whose_dialog_was_closed_early_is_shown_and_can_be_undone(four: World) -> None:
    dialog = opened(four, "a", "c")
    tick(dialog, "note")
    dialog.note.setPlainText("changed")
    dialog.save.click()
    assert "Changing 2 tokens" in dialog.panel.words()
    dialog.cancel.click()
    assert not dialog.isVisible()
    four.until(lambda: "2 tokens were changed" in four.notice())
    assert four.token("c").note == "changed"
    undo(four)
    four.until(lambda: four.token("c").note == "")


def test_what_cannot_be_done_is_said_where_it_was_asked_for(four: World) -> None:
    dialog = opened(four, "a", "c")
    tick(dialog, "note")
    with closing(sqlite3.connect(four.parts.profile.store_path, isolation_level=None)) as other:
        with four.parts.database.reading() as connection:
            connection.execute("PRAGMA busy_timeout = 100")
        other.execute("BEGIN IMMEDIATE")
        dialog.save.setFocus()
        four.press(Key.Key_Space)
        assert dialog.cancel.hasFocus()
        four.until(dialog.save.isEnabled)
    assert "could not be saved" in dialog.panel.words()
    assert dialog.save.hasFocus()
    assert dialog.note.isEnabled()
    assert not dialog.endpoint.isEnabled()
    four.press(Key.Key_Escape)


def test_each_deed_is_undone_in_its_turn(four: World) -> None:
    dialog = opened(four, "a", "b")
    tick(dialog, "note")
    dialog.note.setPlainText("first")
    changed(four, dialog)
    four.window.table.setFocus()
    four.select("d")
    four.press(Key.Key_Delete, CONTROL)
    four.until(lambda: "was removed" in four.notice())
    undo(four)
    four.until(lambda: "is back" in four.notice())
    assert len(four.parts.store.tokens()) == 4
    assert four.parts.store.token("a").note == "first"
    undo(four)
    four.until(lambda: "2 tokens are as they were" in four.notice())
    assert four.parts.store.token("a").note == ""
    assert not four.window.acts[Act.UNDO].isEnabled()


def test_what_cannot_be_opened_is_named_and_left_alone(four: World) -> None:
    with four.parts.database.writing() as connection:
        connection.execute("UPDATE tokens SET ciphertext = x'00' WHERE id = 'c'")
    dialog = opened(four, "a", "c")
    tick(dialog, "endpoint")
    dialog.endpoint.setCurrentText(NEW)
    told = changed(four, dialog)
    assert "1 token was changed" in told
    assert "1 was left alone: Fabrikam, token c" in told
    assert four.parts.store.token("c").endpoint == four.sandbox.url


def test_an_endpoint_that_is_none_is_said_below_its_field(four: World) -> None:
    dialog = opened(four, "a", "c")
    tick(dialog, "endpoint")
    dialog.endpoint.setCurrentText("not a host")
    dialog.save.click()
    assert dialog.fields["endpoint"].problem
    assert dialog.isVisible()
    assert four.parts.store.token("a").endpoint == four.sandbox.url
    dialog.reject()


def test_the_moved_ones_can_be_proven_at_once(four: World) -> None:
    dialog = opened(four, "a", "c")
    tick(dialog, "endpoint")
    port = four.sandbox.url.rpartition(":")[2]
    dialog.endpoint.setCurrentText(f"http://localhost:{port}")
    changed(four, dialog)
    # The bar above the list offers it, too: a letter of both would do neither.
    four.until(lambda: "2 tokens were never tried" in four.window.proving.words())
    four.press(Key.Key_N, Qt.KeyboardModifier.AltModifier)
    four.until(lambda: "2 of 2 tokens work" in four.window.proving.words())
    four.clock.forward(seconds=1)
    assert four.parts.store.token("a").result.state is State.READY


def test_what_all_have_in_common_stands_in_the_fields(four: World) -> None:
    dialog = opened(four, "a", "c")
    assert dialog.endpoint.currentText() == four.sandbox.url
    end = four.parts.store.token("a").expiry.at
    assert end is not None
    assert abs(end - four.clock() - timedelta(days=90)) < timedelta(days=1)
    dialog.reject()
