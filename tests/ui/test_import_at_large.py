"""The window lives on while thousands of rows, or far too much, come in.

`pytest -s tests/ui/test_import_at_large.py` prints the longest gap between two beats of a timer of
10 ms for each phase: nothing here judges the figures, since other work on the machine is in them.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from partner_tokens.ui.import_dialog import ImportDialog
from partner_tokens.ui.main_window import Page
from ui.building import spoken_about
from ui.import_steps import drop, importing_world, know, marks, opened, pasted, table, token
from ui.world import CONTROL, Key, World

MANY = 2_000
FAR_TOO_MUCH = 100_000_000


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with importing_world(qtbot, qapp, tmp_path) as built:
        yield built


class Heart(QObject):
    """Beats every 10 ms while the GUI thread is free, and remembers the gaps of each phase."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: dict[str, list[float]] = {}
        self._phase = ""
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(10)

    def begin(self, phase: str) -> None:
        self._phase, self._last = phase, time.perf_counter()
        self.gaps[phase] = []

    def stop(self) -> None:
        self._timer.stop()
        for phase, gaps in self.gaps.items():
            longest = max(gaps, default=0.0) * 1000
            sys.stdout.write(f"{phase:20} {len(gaps):4} beats, longest gap {longest:4.0f} ms\n")

    def _beat(self) -> None:
        if self._phase:
            now = time.perf_counter()
            self.gaps[self._phase].append(now - self._last)
            self._last = now


def test_the_window_lives_on_while_two_thousand_rows_come_in(world: World) -> None:
    numbers = range(MANY)
    know(world, *numbers)
    world.start(page=Page.EMPTY)
    heart = Heart()
    world.qt.clipboard().setText(table(world, *numbers))
    dialog = opened(world)
    heart.begin("reading and judging")
    world.press(Key.Key_V, CONTROL)
    world.until(lambda: dialog.preview.model.rowCount() == MANY)
    assert set(marks(dialog)) == {"new"}
    heart.begin("storing and listing")
    dialog.take.click()
    world.until(lambda: f"{MANY} tokens imported." in world.notice())
    world.until(lambda: len(world.shown()) == MANY)
    heart.begin("proving")
    proving = world.deeds.proving
    world.until(lambda: len(proving.outcomes) > 100)
    proving.stop()
    heart.stop()
    assert len(world.parts.store.tokens()) == MANY
    for phase in ("reading and judging", "storing and listing", "proving"):
        assert heart.gaps[phase], phase


def test_a_hundred_megabytes_dropped_get_a_sentence(world: World, tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(FAR_TOO_MUCH)
    world.start(page=Page.EMPTY)
    dialog = opened(world)
    drop(dialog, path)
    world.until(lambda: "huge.csv is too large for a list of tokens." in spoken_about(dialog.panel))
    still_takes_a_token(world, dialog)


def test_a_hundred_megabytes_pasted_get_a_sentence(world: World) -> None:
    data = QMimeData()
    data.setText("organization;token\n" + "x" * FAR_TOO_MUCH)
    world.qt.clipboard().setMimeData(data)
    world.start(page=Page.EMPTY)
    dialog = opened(world)
    world.press(Key.Key_V, CONTROL)
    world.until(lambda: "too large for a list of tokens." in spoken_about(dialog.panel))
    still_takes_a_token(world, dialog)


def still_takes_a_token(world: World, dialog: ImportDialog) -> None:
    """Nothing was stored, and the dialog goes on."""
    assert world.parts.store.tokens() == ()
    assert not dialog.take.isEnabled()
    world.qt.clipboard().setText(f"Contoso {token(1)}")
    world.press(Key.Key_V, CONTROL)
    world.until(lambda: marks(dialog) == ["new"])


def test_a_cell_as_large_as_a_book_is_not_painted(world: World) -> None:
    book = "word " * 20_000
    world.start(page=Page.EMPTY)
    dialog = pasted(world, f"organization;token;expires\nContoso;{token(1)};{book}\n")
    assert marks(dialog) == ["malformed"]
    for column in range(dialog.preview.model.columnCount()):
        index = dialog.preview.model.index(0, column)
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            assert len(str(index.data(role))) < 1_000
