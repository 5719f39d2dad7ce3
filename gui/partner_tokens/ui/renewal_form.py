"""One token on its way to be replaced: what to do in the portal, the paste, old beside new."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from partner_tokens.core.clock import Clock
from partner_tokens.core.credentials import clean_client_secret
from partner_tokens.core.drafts import dates_of
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.kind_words import expiry_source
from partner_tokens.core.language import _
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.lookalike import looks_like_api_token
from partner_tokens.core.registry import Proof
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, clean_api_token, folded
from partner_tokens.core.wording import expiry_exact
from partner_tokens.ui import renewal_words
from partner_tokens.ui.api_token_field import ApiTokenField
from partner_tokens.ui.comparison import Comparison, Line
from partner_tokens.ui.expiry_field import ExpiryField
from partner_tokens.ui.expiry_field import Kind as Told
from partner_tokens.ui.form_field import FormField
from partner_tokens.ui.long_words import breakable
from partner_tokens.ui.look import Look, scale_font
from partner_tokens.ui.paste_watch import PasteWatch
from partner_tokens.ui.portal import Portal
from partner_tokens.ui.portal_field import PortalField

if TYPE_CHECKING:
    from partner_tokens.core.pending import Pending


class RenewalForm(QWidget):
    """Knows nothing of services and stores."""

    edited = Signal()
    """What is typed for the new token has changed."""
    pasted = Signal()
    """What looks like an API token was pasted into the empty field: it can be sealed at once."""

    def __init__(
        self, token: ApiToken, portal: Portal, look: Look, clock: Clock, *, stays: bool
    ) -> None:
        super().__init__()
        self._look = look
        self._compared: tuple[Pending, Proof | None] | None = None
        self._title = QLabel(breakable(renewal_words.named(token)))
        self._details = QLabel(breakable(renewal_words.details(token, clock())))
        step = renewal_words.first_step(token.organization.name, stays=stays)
        self._step = QLabel(breakable(step))
        self._warning = QWidget()
        self.portal = PortalField(portal, token.endpoint)
        is_app = token.kind.is_app
        self.secret = ApiTokenField(look)
        self.secret.take_as(
            clean_client_secret if is_app else clean_api_token,
            paste_words=_("Paste the client secret") if is_app else _("Paste the API token"),
            placeholder=_("paste it here: the portal shows it only once"),
        )
        words = _("&New client secret") if is_app else _("&New API token")
        self.secret_field = FormField(words, self.secret, focus=self.secret.line)
        self.comparison = Comparison(look)
        self.expiry = ExpiryField(clock, look)
        self.expiry.propose_for(token.kind)
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        self._title.setObjectName("pageTitle")
        scale_font(self._title, 1.2)
        self._details.setObjectName("hintLabel")
        for label in (self._title, self._details, self._step):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        sign, words = QLabel(), QLabel(renewal_words.warning())
        words.setObjectName("warningLabel")
        words.setWordWrap(True)
        row = QHBoxLayout(self._warning)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(sign)
        row.addWidget(words, 1)
        self._sign = sign
        self._dress()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 8)
        column.setSpacing(12)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._title)
        names.addWidget(self._details)
        column.addLayout(names)
        self._expiry_field = FormField(_("E&xpires"), self.expiry, focus=self.expiry.kind)
        for widget in (
            *(self._warning, self._step, self.portal, self.secret_field),
            *(self.comparison, self._expiry_field),
        ):
            column.addWidget(widget)
        column.addStretch()

    def _wire(self) -> None:
        self._look.changed.connect(self._dress)
        self.expiry.changed.connect(self._fill)
        self.portal.opened.connect(self.secret.line.setFocus)
        self.secret.edited.connect(self._look_at_secret)
        PasteWatch(self.secret.line, self._takes)
        self.secret.paste.clicked.connect(self._after_paste)
        self.secret.nothing_pasted.connect(
            lambda: self.secret_field.show_problem(InputError(Problem.TOKEN_MISSING))
        )

    def _dress(self) -> None:
        self._sign.setPixmap(self._look.pixmap("warning", "urgent", 16, self.devicePixelRatioF()))

    def _look_at_secret(self) -> None:
        self.secret_field.clear_problem()
        mistake = self.secret.mistake()
        if mistake:
            self.secret_field.show_problem(mistake)
        self.edited.emit()

    def _takes(self, text: str) -> bool:
        """Takes a paste by keys or menu as the paste button does; else the line pastes itself."""
        if not (self.secret.is_empty and looks_like_api_token(text)):
            return False
        self.secret.take_pasted(text)
        self._after_paste()
        return True

    def _after_paste(self) -> None:
        if looks_like_api_token(self.secret.line.text()):
            self.pasted.emit()

    # ---- its stages ----

    def title(self) -> str:
        """Which token it is about."""
        return self._title.text()

    def ask_for_paste(self) -> None:
        """Shows what to do in the portal, and where to paste."""
        self._show(pasting=True)

    def compare(self, pending: "Pending", proof: Proof | None) -> None:
        """Shows the new token beside the old one; without proof little is known of it."""
        self._compared = pending, proof
        self._fill()
        self._show(pasting=False)

    def _fill(self) -> None:
        if self._compared is None:
            return
        pending, proof = self._compared
        old = pending.token
        # It may have been renamed meanwhile.
        self._title.setText(breakable(renewal_words.named(old)))
        lines = [
            Line(_("Organization"), old.organization.name, *_organization(old, proof)),
            Line(_("User"), old.user or _("not told"), *_user(old, proof)),
            Line(_("Expires"), _end(old.expiry, told=old.expiry_told), self._new_end(proof)),
        ]
        if old.endpoint != pending.endpoint:
            lines.append(Line(_("Endpoint"), old.endpoint, pending.endpoint, differs=True))
        self.comparison.show_lines(*lines)

    def _new_end(self, proof: Proof | None) -> str:
        """As it will be stored: what was typed, else what the service said."""
        typed = self.expiry.expiry()
        expiry, told, _particulars = dates_of(typed, proof.told if proof else None)
        return _end(expiry, told=told)

    def _show(self, *, pasting: bool) -> None:
        for widget in (self._warning, self._step, self.portal, self.secret_field):
            widget.setVisible(pasting)
        self.comparison.setVisible(not pasting)

    # ---- what was typed ----

    def take_secret(self) -> Secret | None:
        """What was pasted; None where it cannot be used: the field says why, and has the focus."""
        try:
            return self.secret.secret()
        except InputError as error:
            self.secret_field.show_problem(error)
            self.secret.line.setFocus()
            return None

    def show_expiry_of(self, pending: "Pending") -> None:
        """Shows the end that was chosen when the token was pasted."""
        if not (pending.kind.tells_dates and pending.expiry == Expiry.unknown()):
            self.expiry.set_expiry(pending.expiry)

    def choose_expiry_as(self, other: "RenewalForm") -> None:
        """Proposes the same life as for the token before."""
        if other.expiry.kind.currentData() is Told.IN is self.expiry.kind.currentData():
            self.expiry.amount.setValue(other.expiry.amount.value())
            self.expiry.unit.setCurrentIndex(other.expiry.unit.currentIndex())


def _end(expiry: Expiry, *, told: bool) -> str:
    """When a token runs out, and who says so."""
    is_known = expiry.never or expiry.at is not None
    ends = expiry_exact(expiry)
    return f"{ends}\n{expiry_source(told=told)}" if is_known else ends


def _organization(old: ApiToken, proof: Proof | None) -> tuple[str, bool]:
    """What the new token says of its organization, and whether that is another one."""
    if proof is None:
        return _("not proven yet"), False
    if proof.organization_id and proof.organization_id == old.organization.service_id:
        return old.organization.name, False
    found = proof.organization_name or proof.organization_id
    return found or _("not told"), bool(found) and folded(found) != folded(old.organization.name)


def _user(old: ApiToken, proof: Proof | None) -> tuple[str, bool]:
    if proof is None:
        return _("not proven yet"), False
    return proof.user or _("not told"), bool(proof.user and old.user) and proof.user != old.user
