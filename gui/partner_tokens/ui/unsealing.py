"""Opens the encrypted files of an import, one after the other, with what is typed for each."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.files import Unimportable
from partner_tokens.core.importing import Reading, joined, read_sealed
from partner_tokens.core.secret import Secret
from partner_tokens.ui.import_passphrase import PassphrasePage

Run = Callable[[Callable[[], Reading], Callable[[Reading], None], Callable[[AppError], None]], None]
"""Does the work off the GUI thread, then tells the outcome or the error."""


class Unsealing(QObject):
    """What was read beside the encrypted files is kept, whatever becomes of them.

    A file that is skipped while it is being opened stays skipped.
    """

    finished = Signal(object)
    """A Reading in which nothing is encrypted any more; empty where nothing could be used."""

    def __init__(self, page: PassphrasePage, run: Run, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._run = run
        self._reading = Reading()
        self._turn = 0
        self.names: set[str] = set()
        """What the opened files are called inside: their tokens lie nowhere in plain text."""
        page.given.connect(self._open)
        page.skipped.connect(self._skip)

    def begin(self, reading: Reading) -> None:
        """Asks for the passphrase of the first, then of what comes out of it, then of the next."""
        self._turn += 1
        self._reading = reading
        if reading.sealed:
            self._page.ask(reading.sealed[0].name)
        else:
            self._page.forget()
            self.finished.emit(reading)

    def _others(self) -> Reading:
        return replace(self._reading, sealed=self._reading.sealed[1:])

    def _open(self, passphrase: Secret) -> None:
        first, others, turn = self._reading.sealed[0], self._others(), self._turn

        def opened(reading: Reading) -> None:
            if turn == self._turn:
                self.names.add(first.inner_name)
                self.begin(reading)

        def failed(error: AppError) -> None:
            if turn == self._turn:
                self._failed(error)

        self._run(lambda: joined([others, read_sealed(first, passphrase)]), opened, failed)

    def _failed(self, error: AppError) -> None:
        if not isinstance(error, Unimportable):
            self._page.show_error(error)
            return
        others = self._others()  # no passphrase helps
        self.begin(replace(others, left_out=(*others.left_out, error)))

    def _skip(self) -> None:
        self.begin(self._others())
