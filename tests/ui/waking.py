"""What ticks in the program while a test looks, and a beat of its pulse ahead of time."""

from collections.abc import Iterator
from datetime import timedelta

from PySide6.QtCore import QAbstractEventDispatcher, QObject, QTimer

from ui.world import World

SELDOM = timedelta(minutes=15)
"""The pace of the reminders; what wakes the program no more often than that is let pass."""


def objects(world: World) -> Iterator[QObject]:
    """Our parts, all windows, and what Qt has made below them for itself, as for the caret."""
    built = (*vars(world.application).values(), *vars(world.deeds).values())
    parts = [part for part in built if isinstance(part, QObject)]
    for thing in (world.qt, *parts, *world.qt.topLevelWidgets()):
        yield thing
        yield from thing.findChildren(QObject)


def paces(world: World) -> dict[str, timedelta]:
    """All that ticks now and more often than seldom: what it belongs to, and how often."""
    dispatcher = QAbstractEventDispatcher.instance()
    found = {}
    for thing in objects(world):
        for each in dispatcher.registeredTimers(thing):
            pace = timedelta(milliseconds=each.interval)
            if pace < SELDOM:
                owner = thing.parent() or thing
                found[type(owner).__name__] = pace
    return found


def settled(world: World) -> None:
    """The watch has asked, and what hangs on a rest of the keys is over."""
    world.until(lambda: len(world.application.watch.healths()) == 1)
    world.until(lambda: not world.application.background._abroad)


def hide(world: World, how: str) -> None:
    world.window.showMinimized() if how == "minimised" else world.window.hide()


def beat(world: World) -> None:
    """The pulse's time has come."""
    pace = world.deeds.pulse.findChild(QTimer)
    assert pace is not None
    pace.timeout.emit()
