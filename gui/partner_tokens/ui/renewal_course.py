"""Takes one token after the other through the renewal window: pasted, proven, put in place."""

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.service import PasscodeNeeded, Refused, ServiceError
from partner_tokens.core.errors.tokens import (
    AnotherOrganization,
    DuplicateToken,
    EditedMeanwhile,
    NoSuchToken,
    PendingGone,
    SameToken,
)
from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.language import _
from partner_tokens.core.registry import Proof
from partner_tokens.core.tokens import ApiToken, host_of
from partner_tokens.ui import renewal_words, saving_words
from partner_tokens.ui.form_field import Deed
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import button_words
from partner_tokens.ui.portal import Portal
from partner_tokens.ui.renewal_form import RenewalForm
from partner_tokens.ui.renewal_steps import RenewalSteps, Step
from partner_tokens.ui.renewal_window import RenewalWindow
from partner_tokens.ui.session import Session

if TYPE_CHECKING:
    from partner_tokens.core.pending import Pending


class Stage(Enum):
    """How far the token in the window has come."""

    PASTING = "pasting"
    KEPT = "kept"
    """The new one is sealed on disk, and not proven."""
    PROVEN = "proven"


class RenewalCourse(QObject):
    """From here on a pasted token is given up on the user's word only."""

    replaced = Signal(object, object, str)
    """The ApiToken that was to be replaced, the one that is stored now, and what else to say."""
    settled = Signal(object)
    """The pasted token was discarded: None; or another window has dealt with it: the AppError."""

    def __init__(
        self,
        window: RenewalWindow,
        steps: RenewalSteps,
        session: Session,
        portal: Portal,
        look: Look,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._panel = window.panel
        self._steps = steps
        self._portal = portal
        self._look = look
        self._clock = clock
        self._stage = Stage.PASTING
        self._pending: Pending | None = None
        self._proof: Proof | None = None
        self._wants_passcode = False
        self._remark = ""
        self.token: ApiToken | None = None
        """The row that is to be replaced."""
        window.go_on.connect(self._go_on)
        window.stopped.connect(self._stop)
        steps.stepped.connect(self._show_step)
        steps.kept.connect(self._kept)
        steps.proven.connect(self._proven)
        steps.replaced.connect(self._replaced)
        steps.discarded.connect(lambda: self.settled.emit(None))
        steps.looked.connect(self._looked)
        steps.failed.connect(self._failed)
        session.waiting.connect(self._say_waiting)

    # ---- which token ----

    def begin(self, token: ApiToken, pending: "Pending | None", *, stays: bool = False) -> None:
        """Shows a token; goes on where its new one was pasted already.

        `stays` says that the token before was of the same organization and endpoint.
        """
        self.token, self._pending, self._proof = token, pending, None
        self._wants_passcode, self._remark = False, ""
        form = RenewalForm(token, self._portal, self._look, self._clock, stays=stays)
        self._window.put_form(form)
        form.pasted.connect(self._go_on)
        if pending is None:
            self._ask_for_paste()
        else:
            form.show_expiry_of(pending)
            self._become(Stage.KEPT)
            self._say_kept()

    def end(self, words: str) -> None:
        """There is no token left to show; `words` sum up what was done, if anything was."""
        self.token = self._pending = self._proof = None
        self._window.put_form(None)
        self._window.offer("")
        if words:
            self._panel.say("plain", "info", words, renewal_words.go_on_later())
        self._window.close_button.setFocus()

    @property
    def _form(self) -> RenewalForm:
        assert self._window.form is not None  # noqa: S101  # there is one as long as a token is shown
        return self._window.form

    # ---- its stages ----

    def _become(self, stage: Stage) -> None:
        self._stage = stage
        if self._pending is None or stage is Stage.PASTING:
            self._form.ask_for_paste()
        else:
            self._form.compare(self._pending, self._proof)
        words = _("P&rove")
        if stage is Stage.PROVEN:
            words = _("&Store") if self._is_orphan else _("&Replace")
        self._window.offer(words)

    @property
    def _is_orphan(self) -> bool:
        return self._pending is not None and self._pending.is_orphan

    def _ask_for_paste(self) -> None:
        self._panel.clear()
        self._become(Stage.PASTING)
        self._form.portal.button.setFocus()

    def _go_on(self) -> None:
        match self._stage:
            case Stage.PASTING:
                secret = self._form.take_secret()
                if secret is not None and self.token is not None:
                    self._steps.keep(self.token, secret, self._form.expiry.expiry())
            case Stage.KEPT:
                self._prove()
            case Stage.PROVEN:
                self._replace()

    def _kept(self, pending: "Pending") -> None:
        self._pending, self._proof = pending, None
        if self._form.secret.clear_clipboard():
            self._remark = saving_words.off_clipboard()
        self._form.secret.clear()
        self._become(Stage.KEPT)
        self._prove()

    def _prove(self) -> None:
        pending = self._pending
        if pending is None:
            return
        if self._panel.asks_passcode:
            passcode = self._panel.take_passcode()
            if passcode is not None:
                self._steps.prove(pending, passcode)
        elif pending.token.interactive:
            self._ask_passcode(PasscodeNeeded(host_of(pending.endpoint)))
        else:
            self._steps.prove(pending)

    def _proven(self, proof: Proof, objection: AnotherOrganization | None) -> None:
        self._proof = proof
        if objection is not None:
            self._become(Stage.KEPT)
            self._refuse_stranger(proof, objection)
            return
        self._become(Stage.PROVEN)
        self._panel.say(
            "fine",
            "check",
            _("The new token works."),
            "" if self._is_orphan else renewal_words.what_replacing_does(),
        )
        self._window.go.setFocus()

    def _replace(self) -> None:
        if self._is_orphan:
            self._store_apart()
        elif self._pending is not None:
            expiry = self._form.expiry.expiry()
            self._steps.replace(
                self._pending, self._proof, expiry, interactive=self._wants_passcode
            )

    def _replace_unproven(self) -> None:
        self._proof = None
        self._replace()

    def _store_apart(self) -> None:
        if self._pending is not None:
            expiry = self._form.expiry.expiry()
            self._steps.store_apart(
                self._pending, self._proof, expiry, interactive=self._wants_passcode
            )

    def _replaced(self, new: ApiToken) -> None:
        """Tells of the old row as it was put away: it may have been edited since it was shown."""
        old = self._pending.token if self._pending is not None else self.token
        self.token = self._pending = None
        self.replaced.emit(old, new, self._remark)

    def _stop(self) -> None:
        if self._steps.step is Step.PROVING:
            self._steps.abandon()
            self._say_kept()

    # ---- what is said ----

    def _show_step(self) -> None:
        step, words = self._steps.step, ""
        if step is not Step.RESTING and self.token is not None:
            words = renewal_words.step(step, host_of(self.token.endpoint))
        self._window.become_busy(words)

    def _say_waiting(self, _offer: bool) -> None:
        if self._steps.step is not Step.RESTING:
            text = _("Its prompt may be behind another window.")
            self._panel.say("plain", "key", _("Waiting for your keyring…"), text)

    def _say_kept(self) -> None:
        pending = self._pending
        if pending is None:
            return
        title = renewal_words.waits_title()
        if pending.is_orphan:
            title = renewal_words.orphan_title()
        text = renewal_words.kept_text(pending.pasted_at, self._clock())
        deeds = (self._other, self._discarding)
        self._panel.say("plain", "paste", title, text, deeds=deeds)
        self._window.go.setFocus()

    def _refuse_stranger(self, proof: Proof, error: AnotherOrganization) -> None:
        deeds = [self._other, self._discarding]
        if proof.organization_name:
            words = button_words(_("Store it under {organization}"), proof.organization_name)
            deeds.insert(0, (words, self._store_apart))
        text = renewal_words.is_kept()
        self._panel.say("urgent", "warning", error.title, text, deeds=tuple(deeds))
        self._panel.buttons[0].setFocus()

    def _ask_passcode(self, error: PasscodeNeeded) -> None:
        self._wants_passcode = True
        self._panel.ask_passcode(error.title, error.hint, deeds=(self._unproven,))

    # ---- what went wrong ----

    def _failed(self, error: AppError) -> None:
        match error:
            case InputError() | SameToken() | DuplicateToken() if self._stage is Stage.PASTING:
                self._form.secret_field.show_problem(error)
                self._form.secret.line.setFocus()
            case PasscodeNeeded():
                self._ask_passcode(error)
            case Refused():
                again = PasscodeNeeded(error.host)
                deed = (_("Try with a passcode"), lambda: self._ask_passcode(again))
                self._say(error, renewal_words.refused_hint(), deed, self._other, self._discarding)
            case EditedMeanwhile() | NoSuchToken() if self._pending is not None:
                self._steps.look_again(self._pending)
            case PendingGone():
                self.settled.emit(error)
            case ServiceError():
                self._say(error, error.hint, self._unproven, self._other, self._discarding)
            case _ if self._pending is not None and self._stage is not Stage.PASTING:
                text = f"{error.hint} {renewal_words.is_kept()}"
                self._say(error, text, self._other, self._discarding)
            case _:
                self._panel.say_error(error)

    def _say(self, error: AppError, hint: str, *deeds: Deed) -> None:
        self._panel.say("over", "warning", error.title, hint, deeds=deeds)
        self._window.go.setFocus()

    def _looked(self, pending: "Pending | None") -> None:
        """Another program has changed the row: it is shown as it is now."""
        if pending is None:
            self._failed(PendingGone())
            return
        self._pending = pending
        self._become(self._stage)
        if pending.is_orphan:
            self._say_kept()
        else:
            error = EditedMeanwhile()
            self._panel.say("urgent", "warning", error.title, renewal_words.look_again_hint())
            self._window.go.setFocus()

    @property
    def _unproven(self) -> Deed:
        words = _("Store &unproven") if self._is_orphan else _("Replace &unproven")
        return words, self._replace_unproven

    @property
    def _other(self) -> Deed:
        return _("Paste &another"), self._ask_for_paste

    @property
    def _discarding(self) -> Deed:
        return _("&Discard…"), self._ask_to_discard

    def _ask_to_discard(self) -> None:
        title = _("Discard the new token?")
        deeds = ((_("&Discard"), self._discard), (_("&Keep it"), self._say_kept))
        text = renewal_words.what_discarding_does()
        self._panel.say("urgent", "warning", title, text, deeds=deeds)
        self._panel.buttons[1].setFocus()

    def _discard(self) -> None:
        if self._pending is not None:
            self._steps.discard(self._pending)
