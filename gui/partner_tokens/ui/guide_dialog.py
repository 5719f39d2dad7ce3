"""The guide of the first minute: where secrets are kept, one token proven, reminders chosen."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _
from partner_tokens.core.preferences import Preferences
from partner_tokens.ui import guide_words
from partner_tokens.ui.form_field import Deed
from partner_tokens.ui.growing_dialog import GrowingDialog
from partner_tokens.ui.guide_words import Stop
from partner_tokens.ui.look import Look, scale_font
from partner_tokens.ui.message_panel import MessagePanel
from partner_tokens.ui.notices import announce
from partner_tokens.ui.preferences_page import Unfit
from partner_tokens.ui.preferences_pages import RemindersPage

WIDTH, HEIGHT = 600, 400


class GuideDialog(GrowingDialog):
    """Three steps; each can be skipped, and none does anything before its button is pressed."""

    begin_wanted = Signal()
    """The key is to be made and put into the keyring."""
    passphrase_wanted = Signal()
    """The key is to be kept by a passphrase instead."""
    keys_wanted = Signal()
    """What opens the tokens is to be shown."""
    token_wanted = Signal()
    """The dialog for a token is to be opened."""
    token_pasted = Signal()
    """As `token_wanted`, with what is on the clipboard in it."""
    reminders_wanted = Signal(object)
    """The reminders that were chosen, by the names of the preferences."""

    def __init__(self, preferences: Preferences, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("First minute"))
        self._key: str | None = None
        """The keyring that has the key, empty for a passphrase; None as long as there is no key."""
        self._can_begin = False
        self._count = QLabel()
        self._title = QLabel()
        self._pages = QStackedWidget()
        self._where = _paragraph(guide_words.sealed())
        self.passphrase = QPushButton(_("Use a &passphrase instead…"))
        self.keys = QPushButton(_("&Keys and recovery…"))
        self.paste = QPushButton(_("Paste an &API token…"))
        self.reminders = RemindersPage(look)
        self.reminders.show_values(preferences)
        self.panel = MessagePanel(look)
        self.skip = QPushButton(_("&Skip the guide"))
        self.back = QPushButton(_("&Back"))
        self.forward = QPushButton()
        self._lay_out()
        self._wire()
        self._go_to(Stop.SECRETS)

    def _lay_out(self) -> None:
        self._count.setObjectName("hintLabel")
        self._title.setObjectName("pageTitle")
        scale_font(self._title, 1.4)
        self._pages.addWidget(_page(self._where, self.passphrase, self.keys))
        self._pages.addWidget(_page(_paragraph(guide_words.token()), self.paste))
        self._pages.addWidget(_page(_paragraph(guide_words.reminders()), self.reminders))
        margins = self.reminders.layout()
        if margins is not None:
            margins.setContentsMargins(0, 0, 0, 0)  # it stands below the words of its step
        self.forward.setProperty("primary", True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.skip)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.forward)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        for widget in (self._count, self._title):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addWidget(self._pages, 1)
        column.addWidget(self.panel)
        column.addSpacing(8)
        column.addLayout(foot)
        self.forward.setDefault(True)
        self.keys.hide()
        self.resize(QSize(WIDTH, HEIGHT).boundedTo(self.screen().availableGeometry().size()))

    def _wire(self) -> None:
        self.passphrase.clicked.connect(self.passphrase_wanted)
        self.keys.clicked.connect(self.keys_wanted)
        self.paste.clicked.connect(self.token_wanted)
        QShortcut(QKeySequence.StandardKey.Paste, self.paste, self.token_pasted.emit)
        self.skip.clicked.connect(self.reject)
        self.back.clicked.connect(lambda: self._go_to(Stop(self.stop - 1)))
        self.forward.clicked.connect(self._forward)

    @property
    def stop(self) -> Stop:
        """The step that is shown."""
        return Stop(self._pages.currentIndex())

    def words(self) -> str:
        """What the step says, and what came of it."""
        labels = self._pages.findChildren(QLabel)
        told = [label.text() for label in labels if label.isVisibleTo(self)]
        return " ".join([self._title.text(), *told, self.panel.words()])

    # ---- going through it ----

    def _forward(self) -> None:
        if self.stop is Stop.SECRETS and self._key is None:
            self.begin_wanted.emit()
        elif self.stop is not Stop.REMINDERS:
            self._go_to(Stop(self.stop + 1))
        else:
            try:
                chosen = self.reminders.values()
            except Unfit as unfit:
                unfit.field.show_problem(unfit.error)
                unfit.field.focus_widget.setFocus()
                return
            self.reminders_wanted.emit(chosen)

    def _go_to(self, stop: Stop) -> None:
        self._pages.setCurrentIndex(stop)
        self._count.setText(guide_words.count(stop))
        self._title.setText(guide_words.title(stop))
        self.panel.clear()
        self._fit_buttons()
        self._tell_of_key()
        first = {Stop.SECRETS: self.forward, Stop.TOKEN: self.paste, Stop.REMINDERS: self.forward}
        first[stop].setFocus()
        if self.isVisible():
            announce(self, f"{self._count.text()}: {self._title.text()}")

    def _fit_buttons(self) -> None:
        begins = self.stop is Stop.SECRETS and self._key is None
        self.back.setVisible(self.stop is not Stop.SECRETS)
        self.forward.setEnabled(not begins or self._can_begin)
        if begins:
            self.forward.setText(_("&Keep the key there"))
        else:
            last = self.stop is Stop.REMINDERS
            self.forward.setText(_("&Finish") if last else _("&Next"))

    # ---- what comes of it ----

    def show_keyring(self, keyring: str) -> None:
        """Says where the key would go, and what will be asked."""
        self._where.setText(f"{guide_words.sealed()}\n\n{guide_words.before(keyring)}")
        self._can_begin = True
        self._fit_buttons()
        self.forward.setFocus()  # it could not have the keyboard before

    def show_no_keyring(self, error: AppError) -> None:
        """There is none, or it does not answer: a passphrase can keep the key."""
        self._can_begin = False
        self._fit_buttons()
        self.panel.say_error(error)
        self.passphrase.setFocus()

    def show_busy(self, title: str, text: str = "", deeds: tuple[Deed, ...] = ()) -> None:
        """The key is being made, or the keyring is being asked."""
        self.passphrase.setEnabled(False)
        self.forward.setEnabled(False)
        self.panel.say("plain", "clock", title, text, deeds=deeds)

    def show_error(self, error: AppError) -> None:
        """It did not work; it can be tried again, or done by a passphrase."""
        self.passphrase.setEnabled(True)
        self._fit_buttons()
        self.panel.say_error(error)

    def show_key(self, keyring: str) -> None:
        """There is a key: in the keyring of this name, or, where it is empty, by a passphrase."""
        self._key = keyring
        self._where.setText(guide_words.sealed())
        self.passphrase.hide()
        self.keys.show()
        self._fit_buttons()
        self._tell_of_key()
        if self.stop is Stop.SECRETS:
            self.forward.setFocus()

    def _tell_of_key(self) -> None:
        if self.stop is Stop.SECRETS and self._key is not None:
            self.panel.say("fine", "check-circle", *guide_words.after(self._key))

    def show_token(self, name: str, *, works: bool) -> None:
        """A token was stored, and whether it was proven."""
        if works:
            self.panel.say("fine", "check-circle", *guide_words.proven(name))
        else:
            self.panel.say("plain", "unproven", *guide_words.stored(name))
        self.forward.setFocus()


def _paragraph(words: str) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _page(words: QLabel, *widgets: QWidget) -> QWidget:
    """Words, and below them what can be done; a button only as wide as it needs to be."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    column.addWidget(words)
    for widget in widgets:
        if isinstance(widget, QPushButton):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeading)
        else:
            column.addWidget(widget)
    column.addStretch(1)
    return page
