"""While an import is stored nothing stops it half-way, and the list hears of its outcome."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from partner_tokens.ui.background import Lane
from partner_tokens.ui.import_dialog import ImportDialog
from partner_tokens.ui.import_model import Column
from partner_tokens.ui.main_window import Page
from ui.import_steps import importing_world, is_dropped, know, marks, pasted, table
from ui.world import CONTROL, Key, World


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with importing_world(qtbot, qapp, tmp_path) as built:
        know(built, 1, 2, 3)
        yield built.start(page=Page.EMPTY)


@pytest.fixture
def gate(world: World) -> Iterator[threading.Event]:
    """Until it is set, nothing is stored: the disk is slow."""
    made = threading.Event()
    yield made
    made.set()


def storing(world: World, gate: threading.Event) -> ImportDialog:
    """Three rows, which were told to be imported."""
    dialog = pasted(world, table(world, 1, 2, 3))
    world.application.background.run(
        world.window, partial(gate.wait, 20), done=lambda _through: None, lane=Lane.STORE
    )
    world.press(Key.Key_Return, CONTROL)
    assert "Storing…" in dialog.panel.words()
    return dialog


def test_escape_and_cancel_wait_for_what_is_being_stored(
    world: World, gate: threading.Event
) -> None:
    dialog = storing(world, gate)
    gone: list[int] = []
    dialog.finished.connect(gone.append)
    world.press(Key.Key_Escape)
    QTest.mouseClick(dialog.cancel, Qt.MouseButton.LeftButton)
    dialog.close()
    assert gone == []
    assert "Storing…" in dialog.panel.words()
    gate.set()
    world.until(lambda: "3 tokens imported." in world.notice())
    world.until(lambda: len(world.shown()) == 3)
    world.until(lambda: "3 of 3 tokens work." in world.window.proving.words())
    assert len(gone) == 1


def test_nothing_takes_the_place_of_rows_that_are_being_stored(
    world: World, gate: threading.Event, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(table(world, 4))
    dialog = storing(world, gate)
    world.press(Key.Key_V, CONTROL)
    assert not is_dropped(dialog, path)
    assert not dialog.files.isEnabled()
    assert not dialog.paste.isEnabled()
    world.press(Key.Key_Return, CONTROL)
    model = dialog.preview.model
    box = dialog.preview.table.visualRect(model.index(0, Column.TAKEN)).center()
    QTest.mouseClick(dialog.preview.table.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert len(model.taken()) == 3
    gate.set()
    world.until(lambda: "3 tokens imported." in world.notice())
    world.until(lambda: not world.deeds.proving.is_running)
    assert len(world.parts.store.tokens()) == 3


def test_where_nothing_could_be_stored_the_rows_have_the_keyboard_again(
    world: World, gate: threading.Event
) -> None:
    dialog = storing(world, gate)
    world.parts.intake.store([dialog.preview.model.row_at(0)])  # by another program
    gate.set()
    world.until(lambda: sorted(marks(dialog)) == ["duplicate", "new", "new"])
    assert "stored already" in dialog.panel.words()
    assert dialog.preview.table.hasFocus()
    assert dialog.files.isEnabled()
    world.press(Key.Key_Escape)
    world.until(lambda: not world.window.findChildren(ImportDialog))


def test_what_was_stored_as_the_window_was_locked_is_in_the_list_once_it_is_open(
    world: World,
) -> None:
    dialog = pasted(world, table(world, 1, 2, 3))
    pause = threading.Event()
    world.press(Key.Key_Return, CONTROL)
    while not world.parts.store.tokens():  # the window hears of nothing yet
        pause.wait(0.01)
    world.deeds.locking.lock()
    assert not dialog.isVisible()
    world.until(lambda: not world.window.findChildren(ImportDialog))
    assert world.notice() == ""  # it may name the file, and so a customer
    world.window.shut.action.click()
    world.until(lambda: "3 tokens imported." in world.notice())
    world.until(lambda: len(world.shown()) == 3)


def test_what_locking_kept_from_being_stored_is_there_again_once_it_is_open(
    world: World, gate: threading.Event
) -> None:
    dialog = storing(world, gate)
    world.deeds.locking.lock()
    assert not dialog.isVisible()
    gate.set()
    world.settle(Lane.STORE)
    assert world.parts.store.tokens() == ()
    world.window.shut.action.click()
    world.until(dialog.isVisible)
    world.until(dialog.take.isEnabled)
    dialog.take.click()
    world.until(lambda: "3 tokens imported." in world.notice())
    world.until(lambda: not world.deeds.proving.is_running)


@pytest.mark.parametrize("fails", [False, True])
def test_the_outcome_is_told_also_where_its_dialog_is_gone(
    world: World, gate: threading.Event, fails: bool
) -> None:
    dialog = storing(world, gate)
    if fails:
        world.parts.intake.store([dialog.preview.model.row_at(0)])
    dialog.done(0)
    world.until(lambda: not world.window.findChildren(ImportDialog))
    gate.set()
    words = "This token is stored already" if fails else "3 tokens imported."
    world.until(lambda: words in world.notice())
    world.until(lambda: len(world.shown()) == (1 if fails else 3))
    world.until(lambda: not world.deeds.proving.is_running)
