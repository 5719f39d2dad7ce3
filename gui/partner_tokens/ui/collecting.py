"""Garbage is collected on the GUI thread alone, for there may be parts of Qt in it."""

import gc

from PySide6.QtCore import QObject, Slot

OLDER_EVERY = 10
"""Rounds of young garbage for one of older garbage, as Python itself counts."""


class Collecting(QObject):
    """Does what Python would do by itself, on whichever thread happened to be making objects.

    There it may delete widgets of the GUI thread: then the one waits for Qt's lock with Python's in
    its hand, the other the other way round, and the window never answers again.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_started = False
        self._rounds = 0

    def start(self) -> None:
        """Collects from now on, and nobody else does.

        What is there stays: looking through it would take 70 ms with 20,000 tokens.
        """
        gc.disable()
        gc.freeze()
        self._is_started = True

    @Slot()
    def look(self) -> None:
        """To be called often, on the GUI thread: collects if enough was made since the last time.

        The oldest generation, which takes longest, comes seldom: see OLDER_EVERY.
        """
        if not self._is_started or gc.get_count()[0] <= gc.get_threshold()[0]:
            return
        self._rounds += 1
        if self._rounds % OLDER_EVERY**2 == 0:
            gc.collect(2)
        elif self._rounds % OLDER_EVERY == 0:
            gc.collect(1)
        else:
            gc.collect(0)

    @Slot()
    def sweep(self) -> None:
        """Collects all, for what is to be forgotten may lie in it.

        As an API token does in what remains of a failed exchange.
        """
        if self._is_started:
            gc.collect()
