"""The rows of an import as they were read, corrected and judged, before any of them is stored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from partner_tokens.core.clock import Clock
from partner_tokens.core.columns import Found
from partner_tokens.core.corrections import Corrections, Lost, Remembered, Rows
from partner_tokens.core.errors.files import ColumnUnread
from partner_tokens.core.importing import Origin, Reading
from partner_tokens.core.language import _
from partner_tokens.ui.import_model import Column, ImportModel
from partner_tokens.ui.import_sheets import ImportSheets
from partner_tokens.ui.import_table import ImportTable
from partner_tokens.ui.import_usual import ImportUsual
from partner_tokens.ui.import_words import lost_words, unused_words
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import MessagePanel
from partner_tokens.ui.notices import announce
from partner_tokens.ui.pasted import Pasted
from partner_tokens.ui.session import Core, Session

if TYPE_CHECKING:
    from partner_tokens.core.intake import Row

Run = Callable[[Callable[[], object], Callable[..., None]], None]
"""Does the work off the GUI thread, then tells the outcome; an earlier one is dropped."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """Rows as their source has them, as the user wants them, and what is thought of them."""

    rows: Rows
    found: tuple[Found, ...]
    unused: tuple[Origin, ...]
    """Where the rows stand of corrections that fit no cell now."""
    judged: "tuple[Row, ...]"


class ImportPreview(QWidget):
    """The table, above it what holds for all rows, below it what is to say of the current one."""

    changed = Signal()
    """Other rows would be stored now."""

    def __init__(
        self,
        session: Session,
        run: Run,
        panel: MessagePanel,
        pasted: Pasted,
        endpoints: Sequence[str],
        look: Look,
        clock: Clock,
    ) -> None:
        super().__init__()
        self._session = session
        self._run = run
        self._panel = panel
        self._pasted = pasted
        self._others: tuple[Found, ...] = ()
        self._rows: Rows = ()
        self._corrections = Corrections()
        self._unused: tuple[Origin, ...] = ()
        self._held: Callable[[], None] | None = None
        """Shows what was judged while a cell was open: it would take away what is typed there."""
        self.model = ImportModel(look, clock, self)
        self.table = ImportTable(self.model, look)
        self.sheets = ImportSheets(look)
        self.usual = ImportUsual(endpoints, look)
        self._detail = QLabel()
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        self._detail.setTextFormat(Qt.TextFormat.PlainText)
        self._detail.setWordWrap(True)
        self._detail.setContentsMargins(16, 0, 16, 0)
        above = QVBoxLayout()
        above.setContentsMargins(16, 16, 16, 4)
        above.setSpacing(8)
        for widget in (self.sheets, self.usual):
            above.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(above)
        column.addWidget(self.table, 1)
        column.addWidget(self._detail)

    def _wire(self) -> None:
        self.table.uneditable.connect(self._say_uneditable)
        self.table.closed.connect(self._show_held)
        self.sheets.corrected.connect(self._read_columns)
        self.model.edited.connect(self._correct)
        self.model.chosen.connect(self.changed)
        self.model.dataChanged.connect(self._show_detail)
        self.table.selectionModel().currentChanged.connect(self._show_detail)
        self.usual.changed.connect(self.judge)

    # ---- what was read ----

    @property
    def has_rows(self) -> bool:
        """Whether anything is shown."""
        return bool(self._rows)

    def is_corrected(self) -> bool:
        """Whether something was corrected by hand; what is being typed in a cell is taken first."""
        if self.table.is_edited:
            self.table.setFocus()
        return any(self._corrections.by_row.values())

    def begin(self, reading: Reading) -> None:
        """Shows what was read, with nothing corrected."""
        self._begin(reading)
        self.sheets.show_sheets(reading.sheets)
        self._read_columns()

    def go_on(self, reading: Reading, before: Remembered) -> None:
        """With columns, kind, corrections and skips as they were left."""
        self._begin(reading)
        reading = replace(reading, sheets=tuple(map(before.read_again, reading.sheets)))
        self.sheets.show_sheets(reading.sheets)
        self.usual.take(before.usual)

        def found_again(found: tuple[Corrections, frozenset[Origin], Lost]) -> None:
            self._corrections, skipped, lost = found
            self.model.begin(skipped)
            self._read_columns()
            if lost:
                self._panel.say("urgent", "warning", *lost_words(lost))

        self._run(lambda: before.found_again(reading.rows), found_again)

    def _begin(self, reading: Reading) -> None:
        self._others = reading.others
        self._corrections = Corrections()
        self.model.begin(frozenset())

    def _read_columns(self) -> None:
        self._panel.clear()
        self._unused = ()
        if not self._reading().has_rows:
            self._ask_for_token_column()
        elif unread := self.passed_over():
            first, *others = unread
            more = " ".join([*(error.title for error in others[:2]), first.hint])
            self._panel.say("urgent", "warning", first.title, more)
        self._judge(anew=True)

    def passed_over(self) -> tuple[ColumnUnread, ...]:
        """What is to be said of columns that may hold tokens, and are not used now."""
        return self._reading().passed_over

    def _reading(self) -> Reading:
        return Reading(self._others, self.sheets.sheets())

    def _ask_for_token_column(self) -> None:
        self._panel.say(
            "urgent",
            "question",
            _("Which column holds the API tokens?"),
            _("None of them looks like it. Choose “API token” above it."),
        )

    # ---- what is to be stored ----

    def settle(self) -> bool:
        """Whether nothing is being typed; what is, is taken: the user sees what becomes of it."""
        if self.table.is_edited:
            self.table.setFocus()
            return False
        if not self.usual.is_settled():
            self.usual.settle()
            return False
        return True

    def remembered(self) -> Remembered:
        """What is left where the chosen rows are stored, for when the rest is read anew."""
        untaken = self.model.untaken()
        return Remembered(
            tuple((origin, found) for origin, found in self._rows if origin in untaken),
            self._corrections,
            self.model.skipped() & untaken,
            self.sheets.sheets(),
            self.usual.usual(),
        )

    # ---- judging ----

    def judge(self) -> None:
        """Judges the same rows anew: something else holds for them now."""
        self._judge(anew=False)

    def _judge(self, *, anew: bool, corrected: Origin | None = None) -> None:
        """Judges all rows as they are to be read now; a `corrected` one's fate is told aloud."""
        reading, corrections, usual = self._reading(), self._corrections, self.usual.usual()

        def start(core: Core) -> None:
            def judged() -> _Judged:
                rows = reading.rows
                found, unused = corrections.applied(rows)
                return _Judged(rows, found, unused, core.intake.judge(found, usual))

            def show(outcome: _Judged) -> None:
                self._held = lambda: self._show(outcome, anew=anew, corrected=corrected)
                if not self.table.is_edited:
                    self._show_held()

            self._held = None
            self._run(judged, show)

        self._session.when_open(start, self._panel.say_error)

    def _show_held(self) -> None:
        show, self._held = self._held, None
        if show is not None:
            show()

    def _show(self, judged: "_Judged", *, anew: bool, corrected: Origin | None) -> None:
        origins = tuple(origin for origin, _found in judged.rows)
        anew = anew or len(origins) != len(self._rows)
        self._rows = judged.rows
        self.usual.show_for(judged.found)
        self.model.show_rows(judged.judged, origins, anew=anew)
        if corrected in origins:
            line = self.model.line_of(origins.index(corrected))
            announce(self.table, str(self.model.index(line, Column.MARK).data()))
        if anew and origins:
            self.table.setCurrentIndex(self.model.index(0, 1))
            self.table.setFocus()
        if judged.unused and judged.unused != self._unused:
            self._panel.say("urgent", "warning", *unused_words(judged.unused))
        self._unused = judged.unused
        self.changed.emit()

    def _correct(self, place: int, found: Found) -> None:
        origin, read = self._rows[place]
        if found.secret != self.model.found_at(place).secret:
            self._pasted.add(found.secret)
        self._corrections = self._corrections.with_row(origin, read, found)
        self._judge(anew=False, corrected=origin)

    # ---- the current row ----

    def _show_detail(self) -> None:
        """All that is to say of the current row: its own cell is too short for the next step."""
        index = self.table.currentIndex()
        problem = self.model.row_at(index.row()).problem if index.isValid() else None
        words = _(
            "Space takes a row or skips it. F2 or a double click corrects a cell. "
            "Ctrl+Enter imports."
        )
        self._detail.setText(f"{problem.title} {problem.hint}" if problem else words)

    def _say_uneditable(self) -> None:
        """Said below the table until the user goes on."""
        problem = self.model.row_at(self.table.currentIndex().row()).problem
        words = _("This cell cannot be corrected. Go to the one you want to correct.")
        if problem is not None:
            hint = _("No cell here corrects it. Correct it in the source, then read that again.")
            words = f"{problem.title} {hint}"
        self._detail.setText(words)
        announce(self.table, words)
