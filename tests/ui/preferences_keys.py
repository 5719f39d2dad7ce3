"""The preferences as a keyboard drives them."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox

from partner_tokens.ui.preferences_dialog import PreferencesDialog
from ui.world import CONTROL, Key, World

ALT = Qt.KeyboardModifier.AltModifier


@dataclass
class Preferring:
    """The open dialog, and the keys that are pressed in it."""

    world: World
    dialog: PreferencesDialog

    @classmethod
    def begin(cls, world: World) -> "Preferring":
        """Opens it as a user does."""
        world.press(Key.Key_Comma, CONTROL)
        dialog = world.dialog()
        assert isinstance(dialog, PreferencesDialog)
        return cls(world, dialog)

    def section(self, title: str) -> "Preferring":
        """Goes down the list of sections to this one."""
        sections = self.dialog.sections
        sections.setFocus()
        self.world.press(Key.Key_Home)
        for _step in range(sections.count()):
            if sections.currentItem().text() == title:
                return self
            self.world.press(Key.Key_Down)
        raise AssertionError(title)

    def into(self, letter: str) -> "Preferring":
        """Goes to the field with this letter underlined."""
        self.world.press(getattr(Key, f"Key_{letter.upper()}"), ALT)
        return self

    def tick(self, letter: str) -> "Preferring":
        """Turns the box with this letter the other way; it is shown pressed for a moment."""
        self.into(letter)
        box = QApplication.focusWidget()
        assert isinstance(box, QCheckBox)
        before = box.isChecked()
        self.world.until(lambda: box.isChecked() is not before)
        return self

    def write(self, text: str) -> "Preferring":
        """Types over what stands in the field."""
        self.world.press(Key.Key_A, CONTROL)
        self.world.press(Key.Key_Delete)
        self.world.type(text)
        return self

    def down(self, steps: int = 1) -> "Preferring":
        """Chooses the next one in a box."""
        for _step in range(steps):
            self.world.press(Key.Key_Down)
        return self

    def ok(self, until: Callable[[], bool] | None = None) -> None:
        """Presses Enter, and waits until the dialog is gone, or until something else."""
        gone: list[bool] = []
        self.dialog.finished.connect(lambda _result: gone.append(True))
        self.world.press(Key.Key_Return)
        self.world.until(until or (lambda: bool(gone)))


def focused_name() -> str:
    """What a screen reader calls the field with the keyboard."""
    focus = QApplication.focusWidget()
    return focus.accessibleName() if focus is not None else ""


def tab() -> None:
    """Presses Tab."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Key.Key_Tab)
