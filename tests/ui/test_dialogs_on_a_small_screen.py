"""The larger dialogs on a small screen, or on one that shows everything larger."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton

from ui.world import CONTROL, Key, World

SHIFT = Qt.KeyboardModifier.ShiftModifier
DIALOGS = {
    "import": (Key.Key_I, CONTROL),
    "organizations": (Key.Key_G, CONTROL),
    "trash": (Key.Key_T, CONTROL),
    "preferences": (Key.Key_Comma, CONTROL),
    "renewal": (Key.Key_R, CONTROL | SHIFT),
    "add": (Key.Key_N, CONTROL),
}


def buttons_out_of_sight(dialog: QDialog) -> list[str]:
    """The buttons that no screen shows."""
    screen = dialog.screen().availableGeometry()
    return [
        button.text()
        for button in dialog.findChildren(QPushButton)
        if button.isVisible()
        and not screen.contains(button.rect().translated(button.mapToGlobal(button.pos() * 0)))
    ]


@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_is_no_larger_than_the_screen_and_shows_its_buttons(
    world: World, name: str
) -> None:
    world.store("a", "Contoso", days=3)
    world.start()
    world.until(lambda: bool(world.shown()))
    world.press(*DIALOGS[name])
    world.until(lambda: world.qt.activeWindow() is not world.window)
    dialog = world.dialog()
    room = dialog.screen().availableSize()
    assert dialog.width() < room.width()
    assert dialog.height() < room.height()
    dialog.move(0, 0)
    assert buttons_out_of_sight(dialog) == []
    dialog.reject()
