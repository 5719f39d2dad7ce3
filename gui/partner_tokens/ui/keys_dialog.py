"""The dialog that shows what opens the tokens, and in which that is changed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.ui import keys_words
from partner_tokens.ui.form_field import Deed
from partner_tokens.ui.growing_dialog import GrowingDialog
from partner_tokens.ui.key_card import KeyCard
from partner_tokens.ui.keys_words import KeyDeed
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import MessagePanel
from partner_tokens.ui.passphrase_dialog import PassphraseDialog, Purpose
from partner_tokens.ui.tall_scroll import TallScroll

if TYPE_CHECKING:
    from partner_tokens.core.locksmith import Holding

WIDTH = 560


class KeysDialog(GrowingDialog):
    """Asks for a deed and waits; then call `show_done` or `show_error`, and `show_holding`.

    What takes something away is asked about in place; a passphrase is typed in a dialog of its own.
    """

    wanted = Signal(object, object)
    """A KeyDeed, and the passphrase for it, a Secret, or None."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._holding: Holding | None = None
        self._passphrase: PassphraseDialog | None = None
        self._is_busy = False
        self.setWindowTitle(_("Keys and recovery"))
        self.keyring = KeyCard(look, "key")
        self.passphrase = KeyCard(look, "lock")
        self.key = KeyCard(look, "shield")
        self._cards = (self.keyring, self.passphrase, self.key)
        self.panel = MessagePanel(look)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.close_button = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        self.close_button.setText(_("Close"))
        self._buttons.rejected.connect(self.reject)
        self._lay_out()

    def _lay_out(self) -> None:
        intro = QLabel(keys_words.intro())
        intro.setTextFormat(Qt.TextFormat.PlainText)
        intro.setWordWrap(True)
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(16, 16, 16, 0)
        rows.setSpacing(12)
        for widget in (intro, *self._cards):
            rows.addWidget(widget)
        rows.addStretch()
        self._scroll = TallScroll(body)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 0, 16, 16)
        foot.setSpacing(12)
        foot.addWidget(self.panel)  # in sight, however little room there is
        foot.addWidget(self._buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._scroll, 1)
        column.addLayout(foot)
        for card in self._cards:
            card.say(("", ""), (), is_on=False)
        self.close_button.setDefault(True)

    # ---- what opens the tokens ----------------------------------------------------------------

    def show_holding(self, holding: "Holding") -> None:
        """Shows what opens the tokens now."""
        first = self._holding is None
        self._holding = holding
        has_keyring = holding.keyring_since is not None
        has_passphrase = holding.passphrase_since is not None
        self.keyring.say(
            keys_words.keyring(holding), self._keyring_deeds(holding), is_on=has_keyring
        )
        self.passphrase.say(
            keys_words.passphrase(holding), self._passphrase_deeds(holding), is_on=has_passphrase
        )
        renew = (_("&Renew the key…"), self._ask_to_renew)
        self.key.say(keys_words.key(holding), (renew,), is_on=not holding.strangers)
        if not self.panel.words():
            self._warn_of_one_way_in()
        layout = self.layout()
        if first and layout is not None:
            self.begin_at(WIDTH)
            self.resize(WIDTH, min(self.height(), layout.totalHeightForWidth(WIDTH)))
        if self.focusWidget() is None or not self.focusWidget().isVisible():
            self.close_button.setFocus()

    def _keyring_deeds(self, holding: "Holding") -> tuple[Deed, ...]:
        if holding.keyring_since is None:
            return ((_("Let the &keyring open them too"), self._add_keyring),)
        if holding.passphrase_since is None:
            words = _("Use a passphrase &instead…")
            return ((words, lambda: self._ask_passphrase(KeyDeed.REMOVE_KEYRING, Purpose.ALONE)),)
        words = _("&Stop using the keyring…")
        return ((words, lambda: self._ask_passphrase(KeyDeed.REMOVE_KEYRING, Purpose.CONFIRM)),)

    def _passphrase_deeds(self, holding: "Holding") -> tuple[Deed, ...]:
        if holding.passphrase_since is None:
            return ((_("&Add a recovery passphrase…"), self._add_passphrase),)
        change = (_("C&hange…"), self._change_passphrase)
        if holding.keyring_since is None:
            return (change,)
        return (change, (_("Re&move…"), self._ask_to_remove_passphrase))

    def _warn_of_one_way_in(self) -> None:
        holding = self._holding
        if holding is None or holding.keyring_since is None or holding.passphrase_since is not None:
            return
        title, text = keys_words.lonely(holding)
        self.panel.say("urgent", "warning", title, text)

    # ---- what the user asks for ---------------------------------------------------------------

    def _add_passphrase(self) -> None:
        self._ask_passphrase(KeyDeed.SET_PASSPHRASE, Purpose.ADD)

    def _change_passphrase(self) -> None:
        self._ask_passphrase(KeyDeed.SET_PASSPHRASE, Purpose.CHANGE)

    def _add_keyring(self) -> None:
        self._want(KeyDeed.ADD_KEYRING, None)

    def _ask_to_remove_passphrase(self) -> None:
        deed = KeyDeed.REMOVE_PASSPHRASE
        self._ask(deed, (_("Remove the &passphrase"), lambda: self._want(deed, None)))

    def _ask_to_renew(self) -> None:
        holding, deed = self._holding, KeyDeed.RENEW
        if holding is None:
            return
        if holding.passphrase_since is None:
            self._ask(deed, (_("Renew &now"), lambda: self._want(deed, None)))
            return
        typed = (_("&Type the passphrase…"), lambda: self._ask_passphrase(deed, Purpose.RENEW))
        if holding.keyring_since is None:
            self._ask(deed, typed)
        else:
            self._ask(deed, typed, (_("&Drop the passphrase"), lambda: self._want(deed, None)))

    def _ask(self, deed: KeyDeed, *choices: Deed) -> None:
        """A question in place; the answer that changes nothing has the keyboard."""
        if self._holding is None:
            return
        title, text = keys_words.question(deed, self._holding)
        no = (_("&No, leave it"), self._forget_question)
        self.panel.say("urgent", "question", title, text, deeds=(*choices, no))
        self.panel.buttons[len(choices)].setFocus()

    def _forget_question(self) -> None:
        self.panel.clear()
        self._warn_of_one_way_in()
        self.close_button.setFocus()

    def _ask_passphrase(self, deed: KeyDeed, purpose: Purpose) -> None:
        def forget() -> None:
            self._passphrase = None
            if self._is_busy:  # closing the one that asked has ended nothing
                self.panel.say("plain", "clock", keys_words.busy(deed))

        self.panel.clear()
        self._warn_of_one_way_in()
        dialog = PassphraseDialog(self._look, purpose, self)
        dialog.given.connect(lambda passphrase: self._want(deed, passphrase))
        dialog.finished.connect(forget)
        self._passphrase = dialog
        dialog.open()

    def _want(self, deed: KeyDeed, passphrase: Secret | None) -> None:
        if self._is_busy:
            return
        self._become_busy(True)
        if self._passphrase is None:
            self.panel.say("plain", "clock", keys_words.busy(deed))
        self.wanted.emit(deed, passphrase)

    # ---- what became of it --------------------------------------------------------------------

    def show_waiting(self, stop: Deed | None) -> None:
        """Says that the keyring takes its time; `stop` ends the wait."""
        title, text = keys_words.waiting()
        deeds = () if stop is None else (stop,)
        if self._passphrase is not None:
            self._passphrase.show_waiting(title, text, deeds)
        else:
            self.panel.say("plain", "clock", title, text, deeds=deeds)

    def show_done(self, title: str, text: str) -> None:
        """The deed is done."""
        self._become_busy(False)
        if self._passphrase is not None:
            self._passphrase.accept()
        self.panel.say("fine", "check-circle", title, text)
        self.close_button.setFocus()

    def show_error(self, error: AppError) -> None:
        """Nothing was changed; a passphrase that was typed may be typed again."""
        self._become_busy(False)
        if self._passphrase is not None:
            self._passphrase.show_error(error)
        else:
            self.panel.say_error(error)
            self.close_button.setFocus()

    def _become_busy(self, busy: bool) -> None:
        self._is_busy = busy
        for card in self._cards:
            card.setEnabled(not busy)
