"""Takes the inventory, the days of expiry or a history out into a file that the user chooses."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.export import Export, as_file, exported
from partner_tokens.core.files import write_whole
from partner_tokens.core.language import _, _n
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.file_to_write import ask_for_file
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.token_model import TokenModel

if TYPE_CHECKING:
    from partner_tokens.parts import Parts

KINDS = {Act.EXPORT_CSV: Export.CSV, Act.EXPORT_ICS: Export.ICS}


class Exporting(QObject):
    """Asks where to; writes on another thread; says when it is done, or why not.

    Not on the store's thread: a disk in the network that hangs would hold up every change.
    """

    def __init__(
        self,
        parts: "Parts",
        window: MainWindow,
        model: TokenModel,
        background: Background,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        self._model = model
        self._background = background
        self._clock = clock
        window.wanted.connect(self._ask)

    def _ask(self, act: Act) -> None:
        kind, token = KINDS.get(act), self._window.table.selected()
        if kind is not None:
            self._ask_where(_title(kind), kind, "", lambda file: self.write(kind, file))
        elif act is Act.EXPORT_HISTORY and token is not None:
            title = _("Export the history of {organization}, {name}").format(
                organization=token.organization.name, name=token.name
            )
            self._ask_where(
                title, Export.CSV, "history", lambda file: self.write_history(token, file)
            )

    def _ask_where(
        self, title: str, kind: Export, subject: str, chosen: Callable[[Path], None]
    ) -> None:
        ask_for_file(
            self._window,
            title,
            _name_filter(kind),
            kind.value,
            self._clock,
            chosen,
            subject=subject,
        )

    def write(self, kind: Export, file: Path) -> None:
        """Writes all tokens, shown or filtered away, as they are in the list now."""
        tokens, now = self._model.tokens(), self._clock()
        self._background.run(
            self,
            lambda: self._write(kind, file, tokens, now),
            done=lambda _nothing: self._tell(kind, file, tokens),
            failed=self._tell_failure,
            lane=Lane.EXPORTS,
        )

    def _write(self, kind: Export, file: Path, tokens: tuple[ApiToken, ...], now: datetime) -> None:
        write_whole(file, as_file(kind, exported(kind, tokens, self._parts.store.identity(), now)))

    def _tell(self, kind: Export, file: Path, tokens: tuple[ApiToken, ...]) -> None:
        told = tokens if kind is Export.CSV else [t for t in tokens if t.expiry.at is not None]
        words = _n(
            "{count} token written to {file}.", "{count} tokens written to {file}.", len(told)
        )
        self._window.notices.tell(
            words.format(count=len(told), file=file.name),
            _("It holds no secret, but your customers' names. Only you can read it."),
        )

    def write_history(self, token: ApiToken, file: Path) -> None:
        """Writes what happened to one token."""

        def write() -> int:
            from partner_tokens.core.history_sheet import history_sheet

            entries = self._parts.history.of(token.id)
            write_whole(file, as_file(Export.CSV, history_sheet(token, entries)))
            return len(entries)

        def tell(count: int) -> None:
            words = _n("{count} line written to {file}.", "{count} lines written to {file}.", count)
            self._window.notices.tell(
                words.format(count=count, file=file.name),
                _("It holds no secret, but your customer's name. Only you can read it."),
            )

        self._background.run(self, write, done=tell, failed=self._tell_failure, lane=Lane.EXPORTS)

    def _tell_failure(self, error: AppError) -> None:
        self._window.notices.warn_of(error)


def _title(kind: Export) -> str:
    match kind:
        case Export.CSV:
            return _("Export the inventory")
        case Export.ICS:
            return _("Export the days of expiry")


def _name_filter(kind: Export) -> str:
    match kind:
        case Export.CSV:
            return _("Spreadsheets (*.csv)")
        case Export.ICS:
            return _("Calendars (*.ics)")
