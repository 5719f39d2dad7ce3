"""Every window of the program, one after the other, and what stands in each."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCalendarWidget,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QWidget,
)

from partner_tokens.core.tokens import State
from partner_tokens.ui.actions import Act
from partner_tokens.ui.guide_dialog import GuideDialog
from partner_tokens.ui.long_words import BREAK
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.preferences_dialog import PreferencesDialog
from ui.world import World

OPENED_BY = (
    *(Act.ADD, Act.EDIT, Act.IMPORT, Act.REGENERATE, Act.REVOKE, Act.RENEW, Act.ORGANIZATIONS),
    *(Act.TRASH, Act.KEYS, Act.BACKUP, Act.GUIDE, Act.SHORTCUTS, Act.ABOUT, Act.PREFERENCES),
    Act.GUIDE,
)


def fill(world: World) -> None:
    """One token of each kind of trouble, so that each chip has one."""
    world.store("a", "Contoso", days=200)
    world.store("b", "Fabrikam", days=3, state=State.UNPROVEN)
    world.store("c", "Litware", days=-4, state=State.REFUSED)
    world.store("d", "Northwind", days=20, state=State.PASSCODE)
    world.store("e", "Proseware", days=None, state=State.UNREADABLE)
    world.store("f", "Tailspin", days=400, state=State.UNREACHABLE)


def windows(world: World) -> Iterator[tuple[str, QWidget]]:
    """The name of each and the window itself, open; a dialog is closed as the next is asked for."""
    yield "empty list", world.start(page=Page.EMPTY).window
    fill(world)
    world.application.shelf.reload()
    world.until(lambda: world.window.page is Page.LIST)
    world.select("a")
    world.window.wanted.emit(Act.COPY)
    world.until(lambda: "csp-auth-token" in world.notice())
    world.window.wanted.emit(Act.DETAILS)
    world.until(lambda: world.deeds.details.panel is not None)
    yield "list with details", world.window
    for act in OPENED_BY:
        world.window.wanted.emit(act)
        world.until(lambda: any(w.isVisible() for w in _dialogs(world)))
        dialog = world.dialog()
        yield act.name.lower(), dialog
        if isinstance(dialog, PreferencesDialog):
            for row in range(1, dialog.sections.count()):
                dialog.sections.setCurrentRow(row)
                yield f"{act.name.lower()} {row}", dialog
        if isinstance(dialog, GuideDialog):
            for _step in range(2):
                dialog.forward.click()
                world.until(partial(_has_room, dialog.forward))
                yield f"{act.name.lower()} {dialog.stop}", dialog
        close(world, dialog)


def _has_room(button: QAbstractButton) -> bool:
    return button.width() >= button.sizeHint().width()


def _dialogs(world: World) -> list[QDialog]:
    return [w for w in world.qt.topLevelWidgets() if isinstance(w, QDialog)]


def close(world: World, dialog: QDialog) -> None:
    """Without asking whether anything is to be kept."""
    dialog.done(0)
    world.until(lambda: not dialog.isVisible())


def shown(window: QWidget) -> list[QWidget]:
    """All that can be seen in a window, also by scrolling."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisibleTo(window) and widget.window() is window
    ]


def menus(window: QWidget) -> list[QMenu]:
    """The menus that are made already."""
    return window.findChildren(QMenu)


def said(window: QWidget) -> Iterator[str]:
    """All that is written in a window, told of it, or read aloud from it; not what users type."""
    yield window.windowTitle()
    for action in window.findChildren(QAction):
        if not _is_in_calendar(action):  # Qt names the months
            yield action.text()
    for widget in shown(window):
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
        match widget:
            case QLabel() | QAbstractButton():
                yield widget.text().replace(BREAK, "")
            case QLineEdit():
                yield widget.placeholderText()
            case QComboBox():
                yield from (widget.itemText(place) for place in range(widget.count()))
            case QAbstractItemView() if (model := widget.model()) is not None:
                is_table = isinstance(model, QAbstractTableModel)
                yield from _in_model(model, model.columnCount() if is_table else 1)


def _is_in_calendar(thing: QObject | None) -> bool:
    while thing is not None and not isinstance(thing, QCalendarWidget):
        thing = thing.parent()
    return thing is not None


def _in_model(model: QAbstractItemModel, columns: int) -> Iterator[str]:
    roles = (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
    )
    for column in range(columns):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(model.rowCount()):
            for role in roles:
                yield str(model.index(row, column).data(role) or "")
