"""The dialog in which many API tokens are looked over before they are stored together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.clock import Clock
from partner_tokens.core.columns import Found
from partner_tokens.core.corrections import Corrections, Lost, Remembered, Rows
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.files import Unimportable, Unusable
from partner_tokens.core.importing import Origin, Reading, read_files, read_text
from partner_tokens.core.language import _, _n
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.import_model import Column, ImportModel, counts_words
from partner_tokens.ui.import_outcome import Imported
from partner_tokens.ui.import_passphrase import PassphrasePage
from partner_tokens.ui.import_sheets import ImportSheets
from partner_tokens.ui.import_table import ImportTable
from partner_tokens.ui.import_usual import ImportUsual
from partner_tokens.ui.import_words import lost_words, unused_words
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import MessagePanel
from partner_tokens.ui.notices import announce
from partner_tokens.ui.offers import Offer, offer_in
from partner_tokens.ui.pages import StatePage
from partner_tokens.ui.pasted import Pasted
from partner_tokens.ui.screen_room import bounded
from partner_tokens.ui.session import Core, Failed, Session
from partner_tokens.ui.unsealing import Unsealing

if TYPE_CHECKING:
    from partner_tokens.core.intake import Row

WIDTH, HEIGHT = 1040, 640


@dataclass(frozen=True, slots=True)
class _Judged:
    """Rows as their source has them, as the user wants them, and what is thought of them."""

    rows: Rows
    found: tuple[Found, ...]
    unused: tuple[Origin, ...]
    """Where the rows stand of corrections that fit no cell now."""
    judged: "tuple[Row, ...]"


class ImportDialog(QDialog):
    """Open it with `open()`. Nothing is stored before "Import", and then all of it at once."""

    imported = Signal(object)
    """All chosen rows are stored: an Imported."""

    def __init__(
        self,
        session: Session,
        background: Background,
        look: Look,
        clock: Clock,
        *,
        endpoints: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Import API tokens"))
        self.setAcceptDrops(True)
        self._session = session
        self._background = background
        self._others: tuple[Found, ...] = ()
        self._rows: Rows = ()
        self._corrections = Corrections()
        self._remembered: Remembered | None = None
        self._unused: tuple[Origin, ...] = ()
        self._held: Callable[[], None] | None = None
        """Shows what was judged while a cell was open: it would take away what is typed there."""
        self._pasted = Pasted()
        self._offer = Offer()
        self._paths: tuple[Path, ...] = ()
        self._attempt = 0
        self._is_busy = False
        self.model = ImportModel(look, clock, self)
        self.table = ImportTable(self.model, look)
        self.sheets = ImportSheets(look)
        self.panel = MessagePanel(look)
        self.begin = StatePage(look, "paste")
        self.locked = PassphrasePage(look)
        self._unsealing = Unsealing(self.locked, self._run_on_files, self)
        self.usual = ImportUsual(endpoints, look)
        self._counts = QLabel()
        self._detail = QLabel()
        self._pages = QStackedWidget()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.take = QPushButton()
        self._buttons.addButton(self.take, QDialogButtonBox.ButtonRole.AcceptRole)
        self.files = QPushButton(_("Choose &files…"))
        self.paste = QPushButton(_("&Paste"))
        self._lay_out()
        self._wire()
        self._show_counts()

    def _lay_out(self) -> None:
        self._buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(_("Cancel"))
        self.take.setProperty("primary", True)
        for button in (self.files, self.paste):
            self._buttons.addButton(button, QDialogButtonBox.ButtonRole.ResetRole)
        self.begin.say(
            _("Bring in many API tokens at once"),
            _(
                "Drop files here, choose them, or paste a table or a list. "
                "You see every row before anything is stored."
            ),
        )
        self._counts.setObjectName("hintLabel")
        self._counts.setWordWrap(True)
        self._detail.setTextFormat(Qt.TextFormat.PlainText)
        self._detail.setWordWrap(True)
        self._detail.setContentsMargins(16, 0, 16, 0)
        preview = QWidget()
        rows = QVBoxLayout(preview)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        above = QVBoxLayout()
        above.setContentsMargins(16, 16, 16, 4)
        above.setSpacing(8)
        for widget in (self.sheets, self.usual):
            above.addWidget(widget)
        rows.addLayout(above)
        rows.addWidget(self.table, 1)
        rows.addWidget(self._detail)
        self._pages.addWidget(self.begin)
        self._pages.addWidget(preview)
        self._pages.addWidget(self.locked)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 16)
        foot.setSpacing(12)
        for part in (self.panel, self._counts, self._buttons):
            foot.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addLayout(foot)
        self.resize(bounded(self, WIDTH, HEIGHT))

    def _wire(self) -> None:
        self._buttons.accepted.connect(self._store)
        self._buttons.rejected.connect(self.reject)
        self.files.clicked.connect(self._choose_files)
        self.paste.clicked.connect(self._paste)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self, self._paste)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self, self.take.click)
        self.table.uneditable.connect(self._say_uneditable)
        self.table.closed.connect(self._show_held)
        self.sheets.corrected.connect(self._read_columns)
        self._unsealing.finished.connect(self._take_opened)
        self.finished.connect(lambda _result: self.locked.forget())
        self.model.edited.connect(self._correct)
        self.model.chosen.connect(self._show_counts)
        self.model.dataChanged.connect(self._show_detail)
        self.table.selectionModel().currentChanged.connect(self._show_detail)
        self.usual.changed.connect(lambda: self._judge(anew=False))

    # ---- reading ----

    def read(self, offer: Offer, remembered: Remembered | None = None) -> None:
        """Reads files or a text, in the background, and shows what is in it.

        What was left of it before is as it was `remembered`.
        """
        files, text = offer.files, offer.text
        self._remembered = remembered
        work = (lambda: read_files(files)) if files else (lambda: read_text(text.reveal()))
        self._run(work, lambda reading: self._take_reading(reading, offer), Lane.FILES)
        self.panel.say("plain", "clock", _("Reading…"), quiet=True)

    def _choose_files(self) -> None:
        dialog = QFileDialog(self, _("Files with API tokens"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.read(Offer(tuple(map(Path, names)))))
        dialog.open()

    def _paste(self) -> None:
        offer = offer_in(QGuiApplication.clipboard().mimeData())
        if offer is None:
            self.panel.say_error(Unimportable(Unusable.NO_TOKENS, _("the clipboard")))
        else:
            self.read(offer)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if offer_in(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        offer = offer_in(event.mimeData())
        if offer is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.read(offer)

    def _take_reading(self, reading: Reading, offer: Offer) -> None:
        self._offer = offer
        if reading.sealed:
            self.panel.clear()
            self._pages.setCurrentWidget(self.locked)
            self._show_counts()
        self._unsealing.begin(reading)

    def _take_opened(self, reading: Reading) -> None:
        """Shows what was read; where that is nothing, what was shown before is there again."""
        if not (reading.others or reading.sheets):
            self._pages.setCurrentIndex(1 if self._rows else 0)
            self._show_counts()
            if reading.left_out:
                self.panel.say_error(reading.left_out[0])
            return
        self._others = reading.others
        self._pasted.begin_with(self._offer.text)
        self._paths = self._offer.files
        self._offer = Offer()
        self._corrections = Corrections()
        self.model.begin(frozenset())
        before, self._remembered = self._remembered, None
        if before is not None:
            self._go_on(reading, before)
            return
        self.sheets.show_sheets(reading.sheets)
        self._pages.setCurrentIndex(1)
        self._read_columns()
        if reading.left_out or (reading.has_rows and reading.unread):
            self._say_left_out((*reading.left_out, *reading.unread))

    def _go_on(self, reading: Reading, before: Remembered) -> None:
        """With columns, kind, corrections and skips as they were left."""
        reading = replace(reading, sheets=tuple(map(before.read_again, reading.sheets)))
        self.sheets.show_sheets(reading.sheets)
        self.usual.take(before.usual)
        self._pages.setCurrentIndex(1)

        def found_again(found: tuple[Corrections, frozenset[Origin], Lost]) -> None:
            self._corrections, skipped, lost = found
            self.model.begin(skipped)
            self._read_columns()
            if lost:
                self.panel.say("urgent", "warning", *lost_words(lost))

        self._run(lambda: before.found_again(reading.rows), found_again, Lane.FILES)

    def _read_columns(self) -> None:
        self.panel.clear()
        self._unused = ()
        if not self._reading().has_rows:
            self._ask_for_token_column()
        self._judge(anew=True)

    def _reading(self) -> Reading:
        return Reading(self._others, self.sheets.sheets())

    def _ask_for_token_column(self) -> None:
        self.panel.say(
            "urgent",
            "question",
            _("Which column holds the API tokens?"),
            _("None of them looks like it. Choose “API token” above it."),
        )

    def _say_left_out(self, errors: Sequence[Unimportable]) -> None:
        title = _n("{count} file was left out.", "{count} files were left out.", len(errors))
        self.panel.say(
            "urgent",
            "warning",
            title.format(count=len(errors)),
            " ".join(error.title for error in errors[:3]) + (" …" if len(errors) > 3 else ""),
        )

    # ---- judging ----

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
            self._run(judged, show, Lane.FILES)

        self._session.when_open(start, self._say_failure)

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
            self.panel.say("urgent", "warning", *unused_words(judged.unused))
        self._unused = judged.unused
        self._show_counts()

    def _correct(self, place: int, found: Found) -> None:
        origin, read = self._rows[place]
        if found.secret != self.model.found_at(place).secret:
            self._pasted.add(found.secret)
        self._corrections = self._corrections.with_row(origin, read, found)
        self._judge(anew=False, corrected=origin)

    def _show_counts(self) -> None:
        count = len(self.model.taken())
        counts = self.model.counts()
        told = counts_words(counts)
        left_out = self.model.left_out()
        if count and left_out > counts["malformed"]:  # else it is said already
            words = _n("{count} row will be left out", "{count} rows will be left out", left_out)
            told = f"{told} · {words.format(count=left_out)}"
        can_be_seen = self._pages.currentWidget() is not self.locked
        self._counts.setText(told)
        self._counts.setVisible(bool(told) and can_be_seen)
        text = _n("&Import {count} token", "&Import {count} tokens", count).format(count=count)
        self.take.setText(text if count else _("&Import"))
        self.take.setEnabled(bool(count) and can_be_seen and not self._is_busy)

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

    # ---- storing ----

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()  # nobody stores a whole list by an Enter that was meant for a cell
        else:
            super().keyPressEvent(event)

    def _store(self) -> None:
        if self.table.is_edited:
            self.table.setFocus()  # takes what was typed; the user sees what becomes of it first
            return
        if not self.usual.is_settled():
            self.usual.settle()  # the same for an endpoint that is still being typed
            return
        rows = self.model.taken()
        if not rows or self._is_busy:
            return
        sources = tuple(dict.fromkeys(row.found.source for row in rows if row.found.source))
        files = tuple(name for name in sources if name not in self._unsealing.names)
        left_out, remembered = self.model.left_out(), self._remember()

        def stored(tokens: tuple[ApiToken, ...]) -> None:
            self.accept()
            is_sealed = files != sources
            self.imported.emit(
                Imported(tokens, files, self._pasted, left_out, self._paths, is_sealed, remembered)
            )

        def start(core: Core, failed: Failed) -> None:
            self._run(lambda: core.intake.store(rows), stored, Lane.STORE, failed)

        self.panel.say("plain", "clock", _("Storing…"))
        self._session.attempt_twice(start, self._could_not_store)

    def _remember(self) -> Remembered:
        untaken = self.model.untaken()
        return Remembered(
            tuple((origin, found) for origin, found in self._rows if origin in untaken),
            self._corrections,
            self.model.skipped() & untaken,
            self.sheets.sheets(),
            self.usual.usual(),
        )

    def _could_not_store(self, error: AppError) -> None:
        self._say_failure(error)
        self._judge(anew=False)  # another program may have stored some of them

    # ---- inside ----

    def _run_on_files(
        self,
        work: Callable[[], Reading],
        done: Callable[[Reading], None],
        failed: Callable[[AppError], None],
    ) -> None:
        self._run(work, done, Lane.FILES, failed)

    def _run(
        self,
        work: Callable[[], object],
        done: Callable[..., None],
        lane: Lane,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """What an earlier attempt brings home is dropped."""
        self._attempt += 1
        attempt = self._attempt

        def end(tell: Callable[..., None]) -> Callable[..., None]:
            def ended(outcome: object) -> None:
                if attempt == self._attempt:
                    self._become_busy(False)
                    tell(outcome)

            return ended

        self._become_busy(True)
        self._background.run(
            self, work, done=end(done), failed=end(failed or self._say_failure), lane=lane
        )

    def _become_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self._show_counts()

    def _say_failure(self, error: AppError) -> None:
        self.panel.say_error(error)
