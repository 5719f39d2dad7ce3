"""Pauses what the program does by itself: nothing is checked or fetched until it goes on."""

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.language import _
from partner_tokens.ui.actions import Act
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.watch import Watch


class Pausing(QObject):
    """For a metered line, or a service that is to be left alone. What the user asks for is done.

    It ends with the program: nobody is to wonder weeks later why nothing is checked.
    """

    changed = Signal()

    def __init__(self, window: MainWindow, watch: Watch) -> None:
        super().__init__(window)
        self._window = window
        self._watch = watch
        self._action = window.acts[Act.PAUSE]
        self._action.setCheckable(True)
        self._action.toggled.connect(self._toggled)

    @property
    def is_on(self) -> bool:
        """Whether nothing is to be done unasked."""
        return self._action.isChecked()

    def _toggled(self, on: bool) -> None:
        self._watch.hold(on)
        self._window.status.show_pause(_("Paused") if on else "")
        words = _("Nothing is checked or fetched by itself. What you ask for is done.")
        if on:
            self._window.notices.tell(_("Paused."), words)
        else:
            self._window.notices.tell(_("It goes on."))
        self.changed.emit()
