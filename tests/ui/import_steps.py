"""Steps through the import dialog, as a user takes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from partner_tokens.core.columns import Meaning
from partner_tokens.core.tokens import Kind
from partner_tokens.sandbox.behaviours import KnownToken
from partner_tokens.ui.choice_box import ChoiceBox
from partner_tokens.ui.import_dialog import ImportDialog
from partner_tokens.ui.import_model import Column
from ui.world import CONTROL, Key, World

MARKER = "marker-1f7a"


@contextmanager
def importing_world(qtbot: QtBot, qapp: QApplication, folder: Path) -> Iterator[World]:
    """The whole window; a dialog that is left open is closed with it."""
    built = World.build(qtbot, qapp, folder / "profile")
    yield built
    for dialog in built.window.findChildren(ImportDialog):
        dialog.done(0)
    built.end()


def token(number: int) -> str:
    return f"{MARKER}{number:04d}{'x' * 44}"


def know(world: World, *numbers: int) -> None:
    world.sandbox.register(
        *(KnownToken(token(number), f"org-{number}", f"Customer {number}") for number in numbers)
    )


def table(world: World, *numbers: int) -> str:
    """As copied out of a spreadsheet."""
    lines = [f"Customer {n}\tbuild\t{token(n)}\t{world.sandbox.url}" for n in numbers]
    return "\n".join(["Organization\tName\tToken\tEndpoint", *lines])


def opened(world: World) -> ImportDialog:
    world.press(Key.Key_I, CONTROL)
    dialog = world.dialog()
    assert isinstance(dialog, ImportDialog)
    return dialog


def pasted(world: World, text: str) -> ImportDialog:
    """The dialog with this text on the clipboard pasted into it."""
    world.qt.clipboard().setText(text)
    dialog = opened(world)
    world.press(Key.Key_V, CONTROL)
    world.until(lambda: dialog.preview.model.rowCount() > 0)
    return dialog


def marks(dialog: ImportDialog) -> list[str]:
    return [
        dialog.preview.model.row_at(line).mark.value
        for line in range(dialog.preview.model.rowCount())
    ]


def choose(dialog: ImportDialog, place: int, meaning: Meaning) -> None:
    """Chooses what a column is, as a click in its list does."""
    box = dialog.preview.sheets.columns.box(place)
    box.setCurrentIndex(box.findData(meaning))
    box.activated.emit(box.currentIndex())


def take_kind(box: ChoiceBox, kind: Kind) -> None:
    """Chooses a kind for all rows, as a click in the list of the box does."""
    box.setCurrentIndex(box.findData(kind.value))
    box.activated.emit(box.currentIndex())


def edit(dialog: ImportDialog, line: int, column: Column, text: str) -> None:
    """Types into a cell as a user would."""
    editor = editor_of(dialog, line, column)
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Key.Key_Return)


def editor_of(dialog: ImportDialog, line: int, column: Column) -> QLineEdit:
    """The cell opened for editing by F2."""
    dialog.preview.table.setCurrentIndex(dialog.preview.model.index(line, column))
    QTest.keyClick(dialog.preview.table, Key.Key_F2)
    editors = dialog.preview.table.viewport().findChildren(QLineEdit)
    return next(editor for editor in editors if editor.isVisible())


def drop(widget: QWidget, *paths: Path) -> None:
    """Files let go over a widget, which takes them."""
    assert is_dropped(widget, *paths)


def is_dropped(widget: QWidget, *paths: Path) -> bool:
    """Files let go over a widget, as the platform tells it; whether they are taken."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(widget.rect().center(), copy, data, left, none)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(widget.rect().center()), copy, data, left, none)
    QApplication.sendEvent(widget, event)
    assert event.isAccepted()
    return True


def everything_in(model: QAbstractItemModel) -> str:
    roles = [role.value for role in Qt.ItemDataRole if role is not Qt.ItemDataRole.UserRole]
    cells = [
        model.index(line, column)
        for line in range(model.rowCount())
        for column in range(model.columnCount())
    ]
    headings = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(model.columnCount())]
    return repr([cell.data(role) for cell in cells for role in roles] + headings)
