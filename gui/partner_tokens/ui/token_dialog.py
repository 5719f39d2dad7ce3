"""The dialog in which an API token is added or edited, proven before it is stored."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialogButtonBox, QVBoxLayout, QWidget

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.keys import SecretUnreadable
from partner_tokens.core.errors.service import PasscodeNeeded, Refused, ServiceError
from partner_tokens.core.errors.tokens import AnotherOrganization, DuplicateToken
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.language import _
from partner_tokens.core.registry import Draft, Proof
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, State, host_of
from partner_tokens.ui import saving_words
from partner_tokens.ui.background import Background
from partner_tokens.ui.form_field import Deed, FormField
from partner_tokens.ui.growing_dialog import GrowingDialog
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import MessagePanel, button_words
from partner_tokens.ui.saving import Proven, Saving, Step
from partner_tokens.ui.session import Session
from partner_tokens.ui.tall_scroll import TallScroll
from partner_tokens.ui.token_form import Subject, TokenForm
from partner_tokens.ui.token_guard import TokenGuard

WIDTH = 560


class TokenDialog(GrowingDialog):
    """Open it with `open()`. Nothing that was typed is lost until it is stored or given up."""

    saved = Signal(object, str)
    """The ApiToken as it was stored, and what else there is to say; often nothing."""
    chosen = Signal(str)
    """The pasted token is that of the row of this id, and the user wants to go there."""

    def __init__(
        self,
        session: Session,
        background: Background,
        look: Look,
        clock: Clock,
        *,
        tokens: Sequence[ApiToken],
        token: ApiToken | None = None,
        organization: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._token = token
        self._proof: Proof | None = None
        self._took_passcode = False
        self._asks_to_discard = False
        self._refused_without = token is not None and token.result.state is State.REFUSED
        self._focus_before: QWidget | None = None
        self.setWindowTitle(_("Edit token") if token else _("Add token"))
        self.form = TokenForm(Subject(tokens, token, organization), look, clock)
        self.panel = MessagePanel(look)
        box = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(box.Save | box.Cancel)
        self.save = self._buttons.button(box.Save)
        self.cancel = self._buttons.button(box.Cancel)
        self._saving = Saving(session, background, token, self)
        self._guard = TokenGuard(self.form.credential, session, background, token, self)
        self._session = session
        self._lay_out()
        self._wire()
        self.form.first_focus().setFocus()

    def _lay_out(self) -> None:
        self.save.setText(_("&Save"))
        self.cancel.setText(_("Cancel"))
        self.save.setProperty("primary", True)
        self._scroll = TallScroll(self.form)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 16)
        foot.setSpacing(16)
        foot.addWidget(self.panel)
        foot.addWidget(self._buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        column.addLayout(foot)
        self.save.setDefault(True)  # known to the dialog only now that the button is in it
        self.begin_at(WIDTH)

    def _wire(self) -> None:
        self._buttons.accepted.connect(self._save)
        self._buttons.rejected.connect(self.reject)
        for keys in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(Qt.Modifier.CTRL | keys), self, self._save)
        self.form.exchange_edited.connect(self._forget_proof)
        self.form.organization_edited.connect(self._organization_edited)
        self._saving.stepped.connect(self._show_step)
        self._saving.proven.connect(self._weigh)
        self._saving.failed.connect(self._say_failure)
        self._saving.saved.connect(self._finish)
        self._saving.restored.connect(self._finish_restored)
        self._guard.chosen.connect(self._go_to)
        self._guard.restore_wanted.connect(self._restore)
        self._session.waiting.connect(self._say_waiting)

    # ---- save ----

    def _save(self) -> None:
        if self._saving.step is not Step.RESTING:
            return
        self._take_back_question()
        draft = self.form.draft(needs_organization=self._token is not None)
        if draft is None:
            self._show_focused()
        elif not self.form.needs_proof(draft):
            self._saving.store(draft, None)
        elif self._proof is not None:
            self._saving.prove(draft, proof=self._proof)
        elif self.panel.asks_passcode:
            passcode = self.panel.take_passcode()
            if passcode is not None:
                self._prove(draft, passcode)
        elif draft.interactive:
            self._ask_passcode(PasscodeNeeded(host_of(draft.endpoint)))
        else:
            self._prove(draft)

    def _prove(self, draft: Draft, passcode: Secret | None = None) -> None:
        self._took_passcode = passcode is not None
        self._saving.prove(draft, passcode=passcode)

    def _weigh(self, proven: Proven) -> None:
        """The token works: is it of the organization that was named?"""
        self._proof = proven.proof
        if self._took_passcode:
            self.form.mark_interactive()
        if proven.disagreement:
            self._ask_which(proven.disagreement, proven)
        elif self.form.organization.text().strip():
            self._store_proven()
        else:
            self._store_proven(proven.proof.organization_name)

    def _store_proven(self, organization: str = "") -> None:
        if organization:
            self.form.organization.setText(organization)
        draft = self.form.draft(needs_organization=True)
        if draft is None:
            self._show_focused()
        else:
            self._saving.store(draft, self._proof)

    def _store_unproven(self) -> None:
        draft = self.form.draft(needs_organization=True)
        if draft is None:
            self._show_focused()
        else:
            self._saving.store(draft, None)

    def _finish(self, token: ApiToken) -> None:
        words = saving_words.off_clipboard() if self.form.secret.clear_clipboard() else ""
        self.accept()
        self.saved.emit(token, words)

    def _restore(self, token_id: str) -> None:
        self._take_back_question()
        self._saving.restore(token_id)

    def _finish_restored(self, token: ApiToken) -> None:
        self.form.secret.clear_clipboard()
        self.accept()
        self.saved.emit(token, saving_words.out_of_trash())

    def _go_to(self, token_id: str) -> None:
        self.accept()
        self.chosen.emit(token_id)

    # ---- what is said ----

    def _show_step(self) -> None:
        resting = self._saving.step is Step.RESTING
        if resting:
            self.panel.clear()
        else:
            if self.form.isEnabled():
                self._focus_before = self.focusWidget()
                self.cancel.setFocus()
            host = host_of(self.form.endpoint.currentText().strip())
            self.panel.say("plain", "clock", saving_words.step(self._saving.step, host))
        self.form.setEnabled(resting)
        self.save.setEnabled(resting)
        if resting and self._focus_before:
            self._focus_before.setFocus()

    def _say_waiting(self, _offer: bool) -> None:
        if self._saving.step is not Step.RESTING:
            text = _("Its prompt may be behind another window.")
            self.panel.say("plain", "key", _("Waiting for your keyring…"), text)

    def _say_failure(self, error: AppError) -> None:
        secret = self.form.fields["secret"]
        match error:
            case PasscodeNeeded(wrong=True) if self._refused_without:
                self._ask_passcode(error, hint=saving_words.neither_hint())
            case PasscodeNeeded():
                self._ask_passcode(error)
            case Refused():
                self._refused_without = not self._took_passcode
                again = PasscodeNeeded(error.host)
                deed = (_("Try with a passcode"), lambda: self._ask_passcode(again))
                if self.form.credential.chosen.is_app:
                    self._show_problem(secret, error, hint=saving_words.app_refused_hint())
                else:
                    self._show_problem(secret, error, deed, hint=saving_words.refused_hint())
            case SecretUnreadable():
                self._show_problem(secret, error, hint=saving_words.unreadable_hint())
            case DuplicateToken():
                self._show_problem(secret, error)
            case InputError(problem=Problem.ORGANIZATION_MISSING):
                self._show_problem(self.form.fields["organization"], error)
            case ServiceError():
                self.panel.say_error(error, deeds=(self._unproven,))
            case _:
                self.panel.say_error(error)

    def _ask_passcode(self, error: PasscodeNeeded, *, hint: str | None = None) -> None:
        self.form.fields["secret"].clear_problem()
        hint = error.hint if hint is None else hint
        self.panel.ask_passcode(error.title, hint, deeds=(self._unproven,))

    def _ask_which(self, error: AnotherOrganization, proven: Proven) -> None:
        deeds: list[Deed] = []
        found = proven.proof.organization_name
        if found:
            words = button_words(_("Store it under {organization}"), found)
            deeds.append((words, lambda: self._store_proven(found)))
        if proven.can_keep:
            words = button_words(_("Keep {organization}"), error.named)
            deeds.append((words, self._store_proven))
        text = _("In your list it may bear either name.") if proven.can_keep else error.hint
        self.panel.say("urgent", "warning", error.title, text, deeds=tuple(deeds))
        if deeds:
            self.panel.buttons[0].setFocus()

    @property
    def _unproven(self) -> Deed:
        return _("Store &unproven"), self._store_unproven

    def _show_problem(
        self,
        field: FormField,
        error: AppError,
        deed: Deed | None = None,
        *,
        hint: str | None = None,
    ) -> None:
        field.show_problem(error, deed, hint=hint)
        field.focus_widget.setFocus()
        self._show_focused()

    def _show_focused(self) -> None:
        """Scrolls to the field that has the keyboard, with what is said below it."""
        focused = self.form.focusWidget()
        for field in self.form.fields.values():
            if field.isAncestorOf(focused):
                self._scroll.ensureWidgetVisible(field)

    def _forget_proof(self) -> None:
        self._proof = None
        self._refused_without = False
        self._asks_to_discard = False
        self.panel.clear()

    def _organization_edited(self) -> None:
        if self._proof is not None:
            self._asks_to_discard = False
            self.panel.clear()

    # ---- closing ----

    def reject(self) -> None:
        """Stops what is under way, or closes; a pasted token is given up only by its own button."""
        if self._saving.step is Step.PROVING:
            self._saving.abandon()
        elif self._saving.step is Step.RESTING:
            if self.form.secret.is_empty or self._guard.is_known:
                super().reject()
            else:
                self._ask_to_discard()

    def _ask_to_discard(self) -> None:
        self._asks_to_discard = True
        title = _("Discard the pasted token?")
        text = _("The portal shows it only once; it is not stored yet.")
        deeds = ((_("&Discard"), super().reject), (_("&Keep editing"), self._keep_editing))
        self.panel.say("urgent", "warning", title, text, deeds=deeds)
        self.panel.buttons[1].setFocus()

    def _keep_editing(self) -> None:
        self._take_back_question()
        self.form.secret.line.setFocus()

    def _take_back_question(self) -> None:
        if self._asks_to_discard:
            self._asks_to_discard = False
            self.panel.clear()

    def done(self, result: int) -> None:
        """Forgets the secret and whatever is still under way."""
        self._saving.abandon()
        self.form.secret.clear()
        self.panel.clear()
        self._proof = None
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not event.matches(QKeySequence.StandardKey.Cancel):
            super().keyPressEvent(event)
        elif event.isAutoRepeat():
            return  # a key held down answers no question
        elif self._asks_to_discard:
            self._keep_editing()
        else:
            self.reject()
