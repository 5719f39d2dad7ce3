"""The first moments: what is typed at once, what is painted first, and a disk that is slow."""

import threading

from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest

from partner_tokens.application import Application
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.actions import Act
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.session import Access
from partner_tokens.ui.token_dialog import TokenDialog
from ui.world import CONTROL, PATIENCE_MS, Key, World


class Painted(QObject):
    """Notes which page is in the middle at each paint of the window."""

    def __init__(self, world: World) -> None:
        super().__init__(world.window)
        self._world = world
        self.pages: list[Page] = []
        world.window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self.pages.append(self._world.window.page)
        return False


def test_what_is_asked_for_before_the_first_paint_is_done(world: World) -> None:
    world.store("contoso", "Contoso")
    world.application.start()
    world.window.acts[Act.ADD].trigger()  # a key finds no window yet that is active
    assert isinstance(world.dialog(), TokenDialog)
    world.until(lambda: world.application.session.access is Access.OPEN)
    world.dialog().reject()


def test_the_first_thing_that_is_painted_is_the_list(world: World) -> None:
    world.store("contoso", "Contoso")
    painted = Painted(world)
    world.start()
    assert painted.pages[0] is Page.LIST


def test_nothing_is_begun_before_the_list_is_painted(world: World) -> None:
    world.store("contoso", "Contoso")
    painted, begun_after = Painted(world), list[int]()
    world.application.session.changed.connect(lambda: begun_after.append(len(painted.pages)))
    world.start()
    assert begun_after[0] > 0


def test_a_disk_that_is_slow_keeps_neither_the_window_nor_the_rest_waiting(world: World) -> None:
    world.store("contoso", "Contoso")
    rows, may_be_read = world.parts.store.tokens(), threading.Event()

    def slow() -> tuple[ApiToken, ...]:
        may_be_read.wait(PATIENCE_MS / 1000)
        return rows

    world.application.stop()
    world.application = Application(world.qt, world.parts, slow, clock=world.clock)
    world.qtbot.addWidget(world.window)
    painted = Painted(world)
    world.application.start()
    world.until(lambda: bool(painted.pages))
    assert set(painted.pages) == {Page.BLANK}
    QTest.keyClick(world.window, Key.Key_N, CONTROL)
    assert isinstance(world.dialog(), TokenDialog)
    world.dialog().reject()
    may_be_read.set()
    world.until(lambda: world.window.page is Page.LIST)
    world.until(lambda: painted.pages[-1] is Page.LIST)
    assert world.shown() == ["contoso"]
