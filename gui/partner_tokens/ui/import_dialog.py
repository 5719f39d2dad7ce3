"""The dialog in which many API tokens are looked over before they are stored together."""

from collections.abc import Callable, Sequence
from pathlib import Path

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
from partner_tokens.core.corrections import Remembered
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.files import Unimportable, Unusable
from partner_tokens.core.importing import Reading, read_files, read_text
from partner_tokens.core.language import _, _n
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.import_model import counts_words
from partner_tokens.ui.import_passphrase import PassphrasePage
from partner_tokens.ui.import_preview import ImportPreview
from partner_tokens.ui.import_wish import Wish
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import MessagePanel
from partner_tokens.ui.offers import Offer, offer_in
from partner_tokens.ui.pages import StatePage
from partner_tokens.ui.pasted import Pasted
from partner_tokens.ui.screen_room import bounded
from partner_tokens.ui.session import Session
from partner_tokens.ui.unsealing import Unsealing

WIDTH, HEIGHT = 1040, 640


class ImportDialog(QDialog):
    """Open it with `open()`. Nothing is stored before "Import", and then all of it at once.

    What was corrected by hand is never given up unasked.
    While it is stored, nothing else can be done here: then call `accept`, or `show_failure`.
    """

    wished = Signal(object)
    """All chosen rows are to be stored: a Wish."""

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
        self._remembered: Remembered | None = None
        self._pasted = Pasted()
        self._offer = Offer()
        self._paths: tuple[Path, ...] = ()
        self._attempt = 0
        self._is_busy = False
        self._is_storing = False
        self.panel = MessagePanel(look)
        self.question = MessagePanel(look)
        """Its own, so that no message that comes meanwhile takes the question away."""
        self.begin = StatePage(look, "paste")
        self.locked = PassphrasePage(look)
        self._unsealing = Unsealing(self.locked, self._run, self)
        self.preview = ImportPreview(
            session, self._run, self.panel, self._pasted, endpoints, look, clock
        )
        self._counts = QLabel()
        self._pages = QStackedWidget()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.cancel = self._buttons.button(QDialogButtonBox.StandardButton.Cancel)
        self.take = QPushButton()
        self._buttons.addButton(self.take, QDialogButtonBox.ButtonRole.AcceptRole)
        self.files = QPushButton(_("Choose &files…"))
        self.paste = QPushButton(_("&Paste"))
        self._lay_out()
        self._wire()
        self._show_counts()

    def _lay_out(self) -> None:
        self.cancel.setText(_("Cancel"))
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
        self._pages.addWidget(self.begin)
        self._pages.addWidget(self.preview)
        self._pages.addWidget(self.locked)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 16)
        foot.setSpacing(12)
        for part in (self.panel, self.question, self._counts, self._buttons):
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
        self._unsealing.finished.connect(self._take_opened)
        self.finished.connect(lambda _result: self.locked.forget())
        self.preview.changed.connect(self._show_counts)
        self.preview.model.edited.connect(self.question.clear)

    # ---- reading ----

    def read(self, offer: Offer, remembered: Remembered | None = None) -> None:
        """Reads files or a text, in the background, and shows what is in it.

        What was left of it before is as it was `remembered`.
        """
        self._unless_corrected(lambda: self._read(offer, remembered))

    def _read(self, offer: Offer, remembered: Remembered | None) -> None:
        files, text = offer.files, offer.text
        self._remembered = remembered
        work = (lambda: read_files(files)) if files else (lambda: read_text(text.reveal()))
        self._run(work, lambda reading: self._take_reading(reading, offer))
        self.panel.say("plain", "clock", _("Reading…"), quiet=True)

    def _choose_files(self) -> None:
        dialog = QFileDialog(self, _("Files with API tokens"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.read(Offer(tuple(map(Path, names)))))
        dialog.open()

    def _paste(self) -> None:
        if self._is_storing:
            return
        offer = offer_in(QGuiApplication.clipboard().mimeData())
        if offer is None:
            self.panel.say_error(Unimportable(Unusable.NO_TOKENS, _("the clipboard")))
        else:
            self.read(offer)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not self._is_storing and offer_in(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        offer = offer_in(event.mimeData())
        if offer is not None and not self._is_storing:
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
            self._pages.setCurrentWidget(self.preview if self.preview.has_rows else self.begin)
            self._show_counts()
            if reading.left_out:
                self.panel.say_error(reading.left_out[0])
            return
        self._pasted.begin_with(self._offer.text)
        self._paths = self._offer.files
        self._offer = Offer()
        before, self._remembered = self._remembered, None
        self._pages.setCurrentWidget(self.preview)
        if before is not None:
            self.preview.go_on(reading, before)
            return
        self.preview.begin(reading)
        if reading.left_out or (reading.has_rows and reading.unread):
            self._say_left_out((*reading.left_out, *reading.unread))

    def _say_left_out(self, files: Sequence[Unimportable]) -> None:
        title = _n("{count} file was left out.", "{count} files were left out.", len(files))
        errors = (*self.preview.passed_over(), *files)
        self.panel.say(
            "urgent",
            "warning",
            title.format(count=len(files)),
            " ".join(error.title for error in errors[:3]) + (" …" if len(errors) > 3 else ""),
        )

    def _show_counts(self) -> None:
        model = self.preview.model
        count, counts = len(model.taken()), model.counts()
        told = counts_words(counts)
        left_out = model.left_out()
        if count and left_out > counts["malformed"]:  # else it is said already
            words = _n("{count} row will be left out", "{count} rows will be left out", left_out)
            told = f"{told} · {words.format(count=left_out)}"
        can_be_seen = self._pages.currentWidget() is not self.locked
        self._counts.setText(told)
        self._counts.setVisible(bool(told) and can_be_seen)
        text = _n("&Import {count} token", "&Import {count} tokens", count).format(count=count)
        self.take.setText(text if count else _("&Import"))
        is_free = not (self._is_busy or self._is_storing)
        self.take.setEnabled(bool(count) and can_be_seen and is_free)

    # ---- storing ----

    def _store(self) -> None:
        if not self.preview.settle():
            return
        rows = self.preview.model.taken()
        if not rows or self._is_busy or self._is_storing:
            return
        sources = tuple(dict.fromkeys(row.found.source for row in rows if row.found.source))
        files = tuple(name for name in sources if name not in self._unsealing.names)
        wish = Wish(
            rows,
            files,
            self._pasted,
            self.preview.model.left_out(),
            self._paths,
            is_read=not self.preview.passed_over(),
            was_encrypted=files != sources,
            remembered=self.preview.remembered(),
        )
        self.question.clear()
        self._become_storing(True)
        self.panel.say("plain", "clock", _("Storing…"))
        self.wished.emit(wish)

    def show_failure(self, error: AppError) -> None:
        """Nothing was stored."""
        self._become_storing(False)
        self.preview.table.setFocus()
        self._say_failure(error)
        self.preview.judge()  # another program may have stored some of them

    def _become_storing(self, storing: bool) -> None:
        if storing:
            self.cancel.setFocus()
        self._is_storing = storing
        for widget in (self.preview, self.files, self.paste):
            widget.setEnabled(not storing)
        self._show_counts()

    # ---- what was corrected is not lost ----

    def _unless_corrected(self, deed: Callable[[], None]) -> None:
        """Does it at once where nothing was corrected by hand; else asks first."""
        if not self.preview.is_corrected():
            deed()
            return

        def discard() -> None:
            self._take_back_question()
            deed()

        title = _("Discard your corrections?")
        text = _("What you typed into the rows is not stored yet.")
        deeds = ((_("&Discard"), discard), (_("Keep edi&ting"), self._take_back_question))
        self.question.say("urgent", "warning", title, text, deeds=deeds)
        self.question.buttons[1].setFocus()

    def _take_back_question(self) -> None:
        self.question.clear()
        is_locked = self._pages.currentWidget() is self.locked
        (self.locked.line if is_locked else self.preview.table).setFocus()

    def reject(self) -> None:
        """Closes, but for what is being stored: that can no longer be stopped."""
        if not self._is_storing:
            self._unless_corrected(super().reject)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()  # nobody stores a whole list by an Enter that was meant for a cell
        elif not event.matches(QKeySequence.StandardKey.Cancel):
            super().keyPressEvent(event)
        elif event.isAutoRepeat():
            return  # a key held down answers no question
        elif self.question.words():
            self._take_back_question()
        else:
            self.reject()

    # ---- inside ----

    def _run(
        self,
        work: Callable[[], object],
        done: Callable[..., None],
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
            self, work, done=end(done), failed=end(failed or self._say_failure), lane=Lane.FILES
        )

    def _become_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self._show_counts()

    def _say_failure(self, error: AppError) -> None:
        self.panel.say_error(error)
