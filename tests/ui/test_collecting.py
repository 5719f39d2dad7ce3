"""Garbage, in which there may be widgets, is collected on the GUI thread and nowhere else."""

import gc
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from offscreen import said_by
from partner_tokens.ui.background import Background
from partner_tokens.ui.collecting import OLDER_EVERY, Collecting
from partner_tokens.ui.main_window import Page
from ui.world import CONTROL, Key, World

KNOTS = 20_000


class Knot:
    """Holds itself, and so is garbage once nobody else holds it."""

    def __init__(self) -> None:
        self.itself = self
        self.part_of_qt = QObject()


@pytest.fixture
def collectors() -> Iterator[list[threading.Thread]]:
    """Who collects during the test."""
    seen: list[threading.Thread] = []

    def see(phase: str, _details: dict[str, int]) -> None:
        if phase == "start":
            seen.append(threading.current_thread())

    gc.callbacks.append(see)
    yield seen
    gc.callbacks.remove(see)


@pytest.fixture
def collecting(background: Background) -> Iterator[Collecting]:
    """Begun as the program begins it, in a process that collects by itself so far."""
    gc.enable()
    made = Collecting(background)
    background.delivered.connect(made.look)
    made.start()
    yield made
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def make_garbage() -> None:
    for _ in range(KNOTS):
        knot: list[object] = []
        knot.append(knot)


def test_a_worker_that_makes_garbage_leaves_it_to_the_gui_thread(
    collecting: Collecting,
    background: Background,
    collectors: list[threading.Thread],
    qtbot: QtBot,
) -> None:
    knot = Knot()
    gone = weakref.ref(knot)
    del knot
    delivered: list[None] = []
    background.run(collecting, make_garbage, done=delivered.append)
    qtbot.waitUntil(lambda: bool(delivered) and gone() is None)
    assert set(collectors) == {threading.main_thread()}


def test_what_has_grown_old_is_collected_in_the_end(collecting: Collecting) -> None:
    knot = Knot()
    gone = weakref.ref(knot)
    gc.collect(0)
    gc.collect(1)
    del knot
    for _ in range(OLDER_EVERY**2):
        kept: list[list[int]] = [[] for _ in range(2 * gc.get_threshold()[0])]
        collecting.look()
        del kept
    assert gone() is None


def test_little_is_not_worth_collecting(
    collecting: Collecting, collectors: list[threading.Thread]
) -> None:
    gc.collect()
    collectors.clear()
    collecting.look()
    assert collectors == []


def test_what_is_to_be_forgotten_is_collected_when_the_window_is_locked(world: World) -> None:
    world.store("contoso", "Contoso")
    world.restart_parts(lambda: world.backend)
    world.start()
    world.application.collecting.start()
    knot = Knot()
    gone = weakref.ref(knot)
    del knot
    world.press(Key.Key_L, CONTROL)
    world.until(lambda: world.window.page is Page.SHUT)
    assert gone() is None
    gc.unfreeze()
    gc.collect()
    gc.freeze()


PROGRAM = """
import gc, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from partner_tokens.application import Application, make_qt
from partner_tokens.core.profile import profile_under
from partner_tokens.parts import Parts

parts = Parts(profile_under(Path(sys.argv[1])))
qt = make_qt()
application = Application(qt, parts, parts.store.tokens)

def look():
    print("by itself" if gc.isenabled() else "by the window", gc.get_freeze_count() > 0)
    qt.quit()

application.window.painted.connect(lambda: QTimer.singleShot(0, look))
sys.exit(application.run())
"""


def test_a_running_program_has_python_collect_nothing_by_itself(tmp_path: Path) -> None:
    assert said_by(PROGRAM, tmp_path).split() == ["by", "the", "window", "True"]
