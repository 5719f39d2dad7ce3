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
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.language import _
from partner_tokens.core.lookalike import holds_api_token, looks_like_api_token
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import (
    ApiToken,
    State,
    clean_endpoint,
    clean_name,
    clean_note,
)
from partner_tokens.ui.choice_box import ChoiceBox, TickBox
from partner_tokens.ui.credential_fields import CredentialFields
from partner_tokens.ui.expiry_field import ExpiryField
from partner_tokens.ui.form_field import FormField
from partner_tokens.ui.look import Look
from partner_tokens.ui.notices import announce
from partner_tokens.ui.organization_field import OrganizationField
from partner_tokens.ui.paste_watch import Editor, PasteWatch
from partner_tokens.ui.proposals import (
    endpoints,
    free_name,
    known_id,
    usual_endpoint,
    usual_name,
)

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
        self._known = subject.tokens
        names = {known.organization.name for known in subject.tokens}
        self.organization = OrganizationField(names)
        self.name = QLineEdit()
        self.endpoint = ChoiceBox(look)
        self.credential = CredentialFields(token, look, self)
        self.secret = self.credential.secret
        self.expiry = ExpiryField(clock, look)
        self.note = QPlainTextEdit()
        self.interactive = TickBox(_("The exchange &wants a passcode"), look)
        self._prepare()
        self.fields = self._make_fields()
        self._lay_out()
        self.credential.arrange()
        self._fill(subject)
        self._wire()

    # ---- building ----

    def _prepare(self) -> None:
        self.organization.setPlaceholderText(_("taken from the service if left empty"))
        self.endpoint.setEditable(True)
        self.endpoint.setInsertPolicy(ChoiceBox.InsertPolicy.NoInsert)
        self._propose()
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(3 * self.note.fontMetrics().lineSpacing() + 18)
        self.interactive.setToolTip(
            _("For organizations that demand multi-factor sign-in for API tokens")
        )

    def _make_fields(self) -> dict[str, FormField]:
        line = self.endpoint.lineEdit()
        return {
            **self.credential.fields,
            "organization": FormField(_("&Organization"), self.organization),
            "name": FormField(_("Token &name"), self.name),
            "endpoint": FormField(_("&Endpoint"), self.endpoint, focus=line),
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
        first.addWidget(fields["organization_id"], 1, 0, 1, 2, top)
        first.setVerticalSpacing(12)
        first.setColumnStretch(0, 1)
        first.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 8)
        column.setSpacing(12)
        for name in ("kind", "client_id", "secret"):
            column.addWidget(fields[name])
        column.addLayout(first)
        for name in ("endpoint", "expiry", "note"):
            column.addWidget(fields[name])
        column.addWidget(self.interactive)
        column.addStretch()

    def _fill(self, subject: Subject) -> None:
        token = subject.token
        self.organization.setText(token.organization.name if token else subject.organization)
        if token is not None:
            self.name.setText(token.name)
            self.endpoint.setCurrentText(token.endpoint)
            self.expiry.set_expiry(token.expiry, told=token.expiry_told)
            self.note.setPlainText(token.note)
            self.interactive.setChecked(token.interactive)
            self.interactive.setVisible(not token.kind.is_app)
        for line in (self.organization, self.name, self.endpoint.lineEdit()):
            if line is not None:
                line.setCursorPosition(0)  # a long text shows its beginning

    def _wire(self) -> None:
        self.organization.textEdited.connect(self.organization_edited)
        self.organization.textChanged.connect(self._propose_id)
        for name, editor in self._in_clear().items():
            PasteWatch(editor, self._diverts)
            editor.textChanged.connect(
                lambda *_text, name=name, editor=editor: self._look_at(name, editor)
            )
        self.endpoint.editTextChanged.connect(self.fields["endpoint"].clear_problem)
        self.endpoint.editTextChanged.connect(self.exchange_edited)
        self.secret.edited.connect(self._look_at_secret)
        self.credential.edited.connect(self.exchange_edited)
        self.credential.kind_chosen.connect(self._follow_kind)
        self.secret.nothing_pasted.connect(self._say_nothing_pasted)
        self.interactive.toggled.connect(self.exchange_edited)

    def _propose(self) -> None:
        kind = self.credential.chosen
        name = usual_name(kind)
        self.name.setPlaceholderText(_("“{name}” if left empty").format(name=name))
        self._proposed = endpoints(self._known, kind)
        self.endpoint.clear()
        self.endpoint.addItems(self._proposed)
        self.endpoint.setCurrentText(usual_endpoint(self._known, kind))

    def _propose_id(self, organization: str) -> None:
        if self._token is None:
            self.credential.propose_id(known_id(self._known, organization))

    def _follow_kind(self) -> None:
        """Another kind: other hosts, unless one was typed, and another way to know the end."""
        kind, typed = self.credential.chosen, self.endpoint.currentText()
        is_own = typed not in self._proposed
        self._propose()
        if is_own:
            self.endpoint.setEditText(typed)
        self.expiry.propose_for(kind)
        self.interactive.setVisible(not kind.is_app)

    def _in_clear(self) -> dict[str, Editor]:
        """The fields that are stored unencrypted."""
        return {"organization": self.organization, "name": self.name, "note": self.note}

    # ---- while it is typed ----

    def _diverts(self, pasted: str) -> bool:
        """Takes an API token that is pasted into a field stored in clear to its own field."""
        is_free = self.secret.is_empty or self.secret.holds(pasted)
        if not (is_free and looks_like_api_token(pasted)):
            return False
        self.secret.take_pasted(pasted)
        words = _("Moved here: the other fields are stored unencrypted.")
        self.fields["secret"].set_remark(words)
        announce(self.secret.line, _("API token: {words}").format(words=words))
        return True

    def _look_at(self, name: str, editor: Editor) -> None:
        text = editor.text() if isinstance(editor, QLineEdit) else editor.toPlainText()
        self.fields[name].clear_problem()
        if holds_api_token(text):
            self.fields[name].show_problem(InputError(Problem.TEXT_IS_TOKEN))

    def _look_at_secret(self) -> None:
        field = self.fields["secret"]
        field.clear_problem()
        field.set_remark("")
        mistake = self.secret.mistake()
        if mistake:
            field.show_problem(mistake)

    def _say_nothing_pasted(self) -> None:
        is_app = self.credential.chosen.is_app
        problem = Problem.CLIENT_SECRET_MISSING if is_app else Problem.TOKEN_MISSING
        self.fields["secret"].show_problem(InputError(problem))

    def clear_problems(self) -> None:
        """Nothing is said to be wrong any more."""
        for field in self.fields.values():
            field.clear_problem()

    # ---- what was typed ----

    def first_focus(self) -> QWidget:
        """Where the caret stands when the form opens."""
        if self._token is None or self._token.result.state is State.UNREADABLE:
            return self.secret.line
        return self.name

    def draft(self, *, needs_organization: bool) -> Draft | None:
        """All fields, cleaned; None if one cannot be used: that one says so and has the focus."""
        self.clear_problems()
        wrong: list[FormField] = []
        secret = self.credential.read(lambda name, clean: self._read(name, clean, wrong))
        hidden = self.credential.hidden_word()
        organization_id = self._read("organization_id", self.credential.asked_for, wrong)
        organization = self._read(
            "organization",
            lambda: _clear(self._organization(needed=needs_organization), hidden),
            wrong,
        )
        name = self._read("name", lambda: _clear(self._name(), hidden), wrong)
        endpoint = self._read(
            "endpoint", lambda: clean_endpoint(self.endpoint.currentText()), wrong
        )
        note = self._read(
            "note", lambda: _clear(clean_note(self.note.toPlainText()), hidden), wrong
        )
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
            interactive=self.interactive.isChecked() and not self.credential.chosen.is_app,
            pinned=self._token.pinned if self._token else False,
            kind=self.credential.chosen,
            organization_id=organization_id or "",
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

    def _name(self) -> str:
        if self.name.text().strip():
            return clean_name(self.name.text())
        others = [token for token in self._known if token is not self._token]
        return free_name(others, self.organization.text(), self.credential.chosen)

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
            or (draft.kind.is_app and draft.organization_id != before.organization.service_id)
        )


def _clear(text: str, secret: Secret | None) -> str:
    """A text that is stored unencrypted. Raises InputError where an API token is in it."""
    if holds_api_token(text) or any(Secret(word) == secret for word in text.split()):
        raise InputError(Problem.TEXT_IS_TOKEN)
    return text
