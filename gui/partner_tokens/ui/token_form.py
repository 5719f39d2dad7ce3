"""The fields of an API token: checked as they are typed, and read as one draft."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import InputError, Problem
from partner_tokens.core.language import _
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import (
    ENDPOINT_PRESETS,
    ApiToken,
    State,
    clean_endpoint,
    clean_name,
    clean_note,
)
from partner_tokens.ui.api_token_field import ApiTokenField
from partner_tokens.ui.choice_box import ChoiceBox, TickBox
from partner_tokens.ui.expiry_field import ExpiryField
from partner_tokens.ui.form_field import FormField
from partner_tokens.ui.look import Look
from partner_tokens.ui.organization_field import OrganizationField

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Subject:
    """What the form is about: a new token, or one that is stored, among the others."""

    tokens: Sequence[ApiToken]
    token: ApiToken | None = None
    organization: str = ""


class TokenForm(QWidget):
    """Knows nothing of services and stores."""

    exchange_edited = Signal()
    """The token, its endpoint or its way to be exchanged was edited: a proof no longer holds."""
    organization_edited = Signal()

    def __init__(self, subject: Subject, look: Look, clock: Clock) -> None:
        super().__init__()
        self._token = token = subject.token
        self._clock = clock
        names = {known.organization.name for known in subject.tokens}
        self.organization = OrganizationField(names)
        self.name = QLineEdit()
        self.endpoint = ChoiceBox(look)
        self.secret = ApiTokenField(look, placeholder=_secret_words(token))
        self.expiry = ExpiryField(clock, look)
        self.note = QPlainTextEdit()
        self.interactive = TickBox(_("The exchange &wants a passcode"), look)
        self._prepare(subject)
        self.fields = self._make_fields()
        self._lay_out()
        self._fill(subject)
        self._wire()

    # ---- building ----

    def _prepare(self, subject: Subject) -> None:
        self.organization.setPlaceholderText(_("taken from the service if left empty"))
        self.name.setPlaceholderText(_("as in the portal"))
        self.endpoint.setEditable(True)
        self.endpoint.setInsertPolicy(ChoiceBox.InsertPolicy.NoInsert)
        in_use = sorted({token.endpoint for token in subject.tokens} - set(ENDPOINT_PRESETS))
        self.endpoint.addItems([*ENDPOINT_PRESETS, *in_use])
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(3 * self.note.fontMetrics().lineSpacing() + 18)
        self.interactive.setToolTip(
            _("For organizations that demand multi-factor sign-in for API tokens")
        )

    def _make_fields(self) -> dict[str, FormField]:
        line = self.endpoint.lineEdit()
        return {
            "organization": FormField(_("&Organization"), self.organization),
            "name": FormField(_("Token &name"), self.name),
            "endpoint": FormField(_("&Endpoint"), self.endpoint, focus=line),
            "secret": FormField(_("&API token"), self.secret, focus=self.secret.line),
            "expiry": FormField(_("E&xpires"), self.expiry, focus=self.expiry.kind),
            "note": FormField(_("No&te"), self.note),
        }

    def _lay_out(self) -> None:
        fields = self.fields
        first = QGridLayout()
        first.setHorizontalSpacing(16)
        top = Qt.AlignmentFlag.AlignTop
        first.addWidget(fields["organization"], 0, 0, top)
        first.addWidget(fields["name"], 0, 1, top)
        first.setColumnStretch(0, 1)
        first.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 8)
        column.setSpacing(12)
        column.addLayout(first)
        for name in ("endpoint", "secret", "expiry", "note"):
            column.addWidget(fields[name])
        column.addWidget(self.interactive)
        column.addStretch()

    def _fill(self, subject: Subject) -> None:
        token = subject.token
        self.organization.setText(token.organization.name if token else subject.organization)
        if token is None:
            return
        self.name.setText(token.name)
        self.endpoint.setCurrentText(token.endpoint)
        self.expiry.set_expiry(token.expiry)
        self.note.setPlainText(token.note)
        self.interactive.setChecked(token.interactive)

    def _wire(self) -> None:
        self.organization.textEdited.connect(self.fields["organization"].clear_problem)
        self.organization.textEdited.connect(self.organization_edited)
        self.name.textEdited.connect(self.fields["name"].clear_problem)
        self.endpoint.editTextChanged.connect(self.fields["endpoint"].clear_problem)
        self.endpoint.editTextChanged.connect(self.exchange_edited)
        self.note.textChanged.connect(self.fields["note"].clear_problem)
        self.secret.edited.connect(self._look_at_secret)
        self.secret.edited.connect(self.exchange_edited)
        self.secret.nothing_pasted.connect(self._say_nothing_pasted)
        self.interactive.toggled.connect(self.exchange_edited)

    # ---- while it is typed ----

    def _look_at_secret(self) -> None:
        field = self.fields["secret"]
        field.clear_problem()
        mistake = self.secret.mistake()
        if mistake:
            field.show_problem(mistake)

    def _say_nothing_pasted(self) -> None:
        self.fields["secret"].show_problem(InputError(Problem.TOKEN_MISSING))

    def clear_problems(self) -> None:
        """Nothing is said to be wrong any more."""
        for field in self.fields.values():
            field.clear_problem()

    # ---- what was typed ----

    def first_focus(self) -> QWidget:
        """Where the caret stands when the form opens."""
        if self._token is not None:
            unreadable = self._token.result.state is State.UNREADABLE
            return self.secret.line if unreadable else self.name
        return self.name if self.organization.text() else self.organization

    def draft(self, *, needs_organization: bool) -> Draft | None:
        """All fields, cleaned; None if one cannot be used: that one says so and has the focus."""
        self.clear_problems()
        wrong: list[FormField] = []
        organization = self._read(
            "organization", lambda: self._organization(needed=needs_organization), wrong
        )
        name = self._read("name", lambda: clean_name(self.name.text()), wrong)
        endpoint = self._read(
            "endpoint", lambda: clean_endpoint(self.endpoint.currentText()), wrong
        )
        secret = self._read("secret", self._secret, wrong)
        note = self._read("note", lambda: clean_note(self.note.toPlainText()), wrong)
        if wrong:
            wrong[0].focus_widget.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        return Draft(
            organization=organization or "",
            name=name or "",
            endpoint=endpoint or "",
            secret=secret,
            expiry=self.expiry.expiry(),
            note=note or "",
            interactive=self.interactive.isChecked(),
            pinned=self._token.pinned if self._token else False,
        )

    def _read(self, name: str, clean: Callable[[], Read], wrong: list[FormField]) -> Read | None:
        try:
            return clean()
        except InputError as error:
            self.fields[name].show_problem(error, aloud=not wrong)
            wrong.append(self.fields[name])
            return None

    def _organization(self, *, needed: bool) -> str:
        text = self.organization.text()
        if not text.strip() and not needed:
            return ""
        return clean_name(text, Problem.ORGANIZATION_MISSING)

    def _secret(self) -> Secret | None:
        if self._token is not None and self.secret.is_empty:
            return None
        return self.secret.secret()

    def mark_interactive(self) -> None:
        """The exchange took a passcode: that is remembered, and the proof still holds."""
        with QSignalBlocker(self.interactive):
            self.interactive.setChecked(True)

    def needs_proof(self, draft: Draft) -> bool:
        """Whether the draft is exchanged in another way than the stored token."""
        before = self._token
        return (
            before is None
            or draft.secret is not None
            or draft.endpoint != before.endpoint
            or draft.interactive != before.interactive
        )


def _secret_words(token: ApiToken | None) -> str:
    if token is None:
        return _("paste it here: the portal shows it only once")
    if token.result.state is State.UNREADABLE:
        return _("cannot be read any more: paste it again")
    return _("unchanged")
