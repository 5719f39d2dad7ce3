"""The larger dialogs on a small screen, or on one that shows everything larger."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QDialog, QPushButton

from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import LONGEST_NAME
from partner_tokens.ui.actions import Act
from partner_tokens.ui.long_words import BREAK, LONGEST, breakable
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


class Sizes(QObject):
    """How tall a dialog is as it comes up, and whenever it changes afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.heights: list[int] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QDialog) and (
            event.type() == QEvent.Type.Show
            or (event.type() == QEvent.Type.Resize and self.heights)
        ):
            self.heights.append(watched.height())
        return False


@pytest.mark.parametrize("act", [Act.ADD, Act.RENEW, Act.REGENERATE, Act.REVOKE, Act.BACKUP])
def test_a_dialog_comes_up_as_tall_as_it_wants_to_be(world: World, act: Act) -> None:
    """A window manager may not hear of a size that is asked for while a window comes up."""
    world.store("a", "Contoso", days=3)
    seen = world.parts.store.token("a")
    world.parts.renewal.paste(seen, Secret("pasted-" + "x" * 50), Expiry.unknown())
    world.start()
    world.until(lambda: bool(world.shown()))
    world.select("a")
    sizes = Sizes()
    world.qt.installEventFilter(sizes)
    world.window.acts[act].trigger()
    world.until(lambda: bool(sizes.heights))
    dialog = world.dialog()
    world.until(lambda: world.qt.focusWidget() is not None)
    world.qt.processEvents()
    world.qt.removeEventFilter(sizes)
    assert set(sizes.heights) == {dialog.height()}
    dialog.reject()


@pytest.mark.parametrize("letter", ["W", "a W"])
@pytest.mark.parametrize("act", [Act.EDIT, Act.REGENERATE, Act.REVOKE, Act.BACKUP])
def test_long_names_make_no_window_wider(world: World, act: Act, letter: str) -> None:
    name = (letter * LONGEST_NAME)[:LONGEST_NAME]
    for id in ("a", "b"):
        world.store(id, name, name=name.replace("W", id), days=3)
    world.start()
    world.select("a")
    world.window.wanted.emit(Act.COPY)
    world.until(lambda: "csp-auth-token" in world.notice())
    assert world.window.notices.minimumSizeHint().width() <= world.window.width()
    world.window.wanted.emit(act)
    world.until(lambda: world.qt.activeWindow() is not world.window)
    dialog = world.dialog()
    room = dialog.screen().availableSize()
    assert dialog.minimumSizeHint().width() <= dialog.width() < room.width()
    dialog.reject()


def test_long_words_are_broken_and_others_are_left_alone() -> None:
    long = "x" * LONGEST + "yz"
    assert breakable(f"Contoso {long} Ltd") == f"Contoso {BREAK.join(['xxxx'] * 10)}{BREAK}yz Ltd"
    path = "/home/ana/.local/share/partner-tokens/of-a-colleague/tokens.sqlite3"
    for whole in ("", "Contoso Ltd", "x" * LONGEST, path, "console.navigator.vmware.com"):
        assert breakable(whole) == whole
    accents = "e\u0301" * 40
    assert BREAK in breakable(accents)
    assert BREAK + "\u0301" not in breakable(accents)


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
