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
        self.is_on = False
        """Whether nothing is to be done unasked."""
        window.wanted.connect(self._do)

    def _do(self, act: Act) -> None:
        if act is Act.PAUSE:
            self._turn(not self.is_on)

    def _turn(self, on: bool) -> None:
        self.is_on = on
        self._watch.hold(on)
        self._window.acts[Act.PAUSE].setText(_("Go on") if on else _("Pause"))
        self._window.status.show_pause(_("Paused") if on else "")
        words = _("Nothing is checked or fetched by itself. What you ask for is done.")
        if on:
            self._window.notices.tell(_("Paused."), words, names=False)
        else:
            self._window.notices.tell(_("It goes on."), names=False)
        self.changed.emit()
