"""The window in which tokens are renewed: what stands in it, and how it is closed."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialogButtonBox, QVBoxLayout, QWidget

from partner_tokens.core.language import _
from partner_tokens.ui.growing_dialog import GrowingDialog
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import MessagePanel
from partner_tokens.ui.renewal_bar import RenewalBar
from partner_tokens.ui.renewal_form import RenewalForm
from partner_tokens.ui.tall_scroll import TallScroll

WIDTH = 600


class RenewalWindow(GrowingDialog):
    """Open it with `show()`: the list stays in reach. What is typed is never given up unasked.

    It holds one token's form at a time; with a `bar` it is for many, one after the other.
    """

    go_on = Signal()
    """The one primary deed was asked for."""
    skipped = Signal()
    """The token is to be left for later."""
    stopped = Signal()
    """What is under way is not to be waited for."""

    def __init__(
        self, look: Look, *, bar: RenewalBar | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.bar = bar
        self.form: RenewalForm | None = None
        self.panel = MessagePanel(look)
        self._is_busy = False
        self._asks = False
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.close_button = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole
        self.go = self._buttons.addButton("", role.AcceptRole)
        self.skip = self._buttons.addButton(_("&Skip"), role.ResetRole)
        self._holder = QWidget()
        self._scroll = TallScroll(self._holder)
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        self.setWindowTitle(_("Renew what runs out") if self.bar else _("Regenerate token"))
        self.go.setProperty("primary", True)
        inner = QVBoxLayout(self._holder)
        inner.setContentsMargins(0, 0, 0, 0)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 16)
        foot.setSpacing(16)
        foot.addWidget(self.panel)
        foot.addStretch(1)
        foot.addWidget(self._buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if self.bar:
            column.addWidget(self.bar)
        column.addWidget(self._scroll, 1)
        column.addLayout(foot)
        self.go.setDefault(True)

    def _wire(self) -> None:
        self._buttons.accepted.connect(self._ask_to_go_on)
        self._buttons.rejected.connect(self.reject)
        self.skip.clicked.connect(lambda: self._unless_typed(self.skipped.emit))
        for keys in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(Qt.Modifier.CTRL | keys), self, self._ask_to_go_on)

    # ---- what stands in it ----

    def put_form(self, form: RenewalForm | None) -> None:
        """Takes the form of another token, or of none; the life chosen for the last stays."""
        self.panel.clear()
        self._asks = False
        before, self.form = self.form, form
        if before is not None:
            before.secret.clear()
            before.hide()
            before.deleteLater()
        layout = self._holder.layout()
        self._scroll.setVisible(form is not None)
        if form is not None and layout is not None:
            layout.addWidget(form)
            form.edited.connect(self.take_back_question)
            if before is not None:
                form.choose_expiry_as(before)
            self._put_buttons_last()

    def _put_buttons_last(self) -> None:
        """Tab reaches them after the form, though that came later."""
        for button in (self.skip, self.go, self.close_button):
            last = self.previousInFocusChain()  # it is a ring that begins with the window
            if last is not None and last is not button:
                self.setTabOrder(last, button)

    def offer(self, words: str) -> None:
        """What the primary button does; nothing for no words: then there is no token either."""
        self.go.setText(words)
        self.go.setVisible(bool(words))
        self.skip.setVisible(bool(words) and self.bar is not None)
        self.close_button.setText(_("S&top") if words and self.bar else _("&Close"))
        if not self.isVisible() or not words:
            self.begin_at(max(self.width() if self.isVisible() else 0, WIDTH))

    @property
    def is_free(self) -> bool:
        """Whether another token may be shown: nothing runs, and nothing typed would be lost."""
        return not self._is_busy and (self.form is None or self.form.secret.is_empty)

    def become_busy(self, words: str) -> None:
        """Says what is going on; with no words nothing is, and the panel is empty."""
        self._is_busy = bool(words)
        if words:
            self.close_button.setFocus()
            self.panel.say("plain", "clock", words)
        else:
            self.panel.clear()
        for widget in (self.form, self.go, self.skip, self.bar):
            if widget is not None:
                widget.setEnabled(not self._is_busy)

    # ---- leaving ----

    def reject(self) -> None:
        """Stops what is under way, or closes; what is typed and not sealed is asked for."""
        if self._is_busy:
            self.stopped.emit()
        else:
            self._unless_typed(super().reject)

    def _unless_typed(self, deed: Callable[[], None]) -> None:
        if self._is_busy:
            return
        if self.form is None or self.form.secret.is_empty:
            deed()
            return
        self._asks = True
        secret = self.form.secret

        def discard() -> None:
            secret.clear()
            deed()

        title = _("Discard the pasted token?")
        text = _("The portal shows it only once; it is not sealed yet.")
        deeds = ((_("&Discard"), discard), (_("&Keep editing"), self._keep_editing))
        self.panel.say("urgent", "warning", title, text, deeds=deeds)
        self.panel.buttons[1].setFocus()

    def _keep_editing(self) -> None:
        self.take_back_question()
        if self.form is not None:
            self.form.secret.line.setFocus()

    def take_back_question(self) -> None:
        """Whether what is typed is to be discarded is no longer asked."""
        if self._asks:
            self._asks = False
            self.panel.clear()

    def _ask_to_go_on(self) -> None:
        if not self._is_busy and not self.go.isHidden():
            self.take_back_question()
            self.go_on.emit()

    def done(self, result: int) -> None:
        """Forgets what was typed."""
        if self.form is not None:
            self.form.secret.clear()
        self.panel.clear()
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not event.matches(QKeySequence.StandardKey.Cancel):
            super().keyPressEvent(event)
        elif event.isAutoRepeat():
            return  # a key held down answers no question
        elif self._asks:
            self._keep_editing()
        else:
            self.reject()
