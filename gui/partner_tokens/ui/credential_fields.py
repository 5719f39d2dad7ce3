"""What is exchanged, as it is typed: its kind, the secret, and for an app its two ids."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit

from partner_tokens.core.credentials import (
    app_secret,
    clean_client_id,
    clean_client_secret,
    clean_organization_id,
)
from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.kind_words import kind_words
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Kind, State, clean_api_token
from partner_tokens.ui.api_token_field import ApiTokenField
from partner_tokens.ui.choice_box import ChoiceBox
from partner_tokens.ui.form_field import FormField
from partner_tokens.ui.look import Look


class CredentialFields(QObject):
    """The fields; where they stand is the form's affair. A stored token keeps its kind."""

    kind_chosen = Signal()
    """The user chose another kind."""
    edited = Signal()
    """Something was typed that changes what is exchanged, or where."""

    def __init__(self, token: ApiToken | None, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._token = token
        self._proposed_id = ""
        self.kind = ChoiceBox(look)
        for kind in Kind:
            self.kind.addItem(kind_words(kind), kind.value)
        self.client_id = QLineEdit()
        self.secret = ApiTokenField(look)
        self.organization_id = QLineEdit()
        self.fields = {
            "kind": FormField(
                _("&Kind"),
                self.kind,
                remark=_("A stored token keeps its kind.") if token else "",
            ),
            "client_id": FormField(_("Client &id"), self.client_id),
            "secret": FormField(_("&API token"), self.secret, focus=self.secret.line),
            "organization_id": FormField(
                _("Or&ganization id"),
                self.organization_id,
                remark=_("The long id that the portal shows; an app's exchange needs it."),
            ),
        }
        if token is not None:
            self._fill(token)
        self.kind.currentIndexChanged.connect(self._choose)
        self.client_id.textEdited.connect(self.edited)
        for name in ("client_id", "secret"):  # it may have been said which pair is stored already
            self.client_id.textEdited.connect(self.fields[name].clear_problem)
        self.organization_id.textEdited.connect(self.edited)
        self.organization_id.textEdited.connect(self.fields["organization_id"].clear_problem)
        self.secret.edited.connect(self.edited)

    def _fill(self, token: ApiToken) -> None:
        self.kind.setCurrentIndex(self.kind.findData(token.kind.value))
        if token.kind.is_app:
            self.client_id.setText(token.user)
            self.organization_id.setText(token.organization.service_id)
        for line in (self.client_id, self.organization_id):
            line.setCursorPosition(0)

    def _choose(self) -> None:
        self.secret.clear()  # what one kind calls a secret is none of another's
        for field in self.fields.values():
            field.clear_problem()
        self.arrange()
        self.kind_chosen.emit()
        self.edited.emit()

    def arrange(self) -> None:
        """Shows what the kind needs; the fields must have their place in the form by then."""
        is_app, is_new = self.chosen.is_app, self._token is None
        self.fields["kind"].setVisible(is_new or self.chosen is not Kind.NAVIGATOR)
        self.kind.setEnabled(is_new)
        self.fields["client_id"].setVisible(is_app)
        self.fields["organization_id"].setVisible(is_app)
        words = _("Client sec&ret") if is_app else _("&API token")
        self.fields["secret"].set_label(words)
        self.secret.take_as(
            clean_client_secret if is_app else clean_api_token,
            paste_words=_("Paste the client secret") if is_app else _("Paste the API token"),
            placeholder=_secret_words(self._token),
        )

    def propose_id(self, organization_id: str) -> None:
        """Fills in the id that is known of an organization, unless another one was typed."""
        if self.organization_id.text().strip() in {"", self._proposed_id}:
            self._proposed_id = organization_id
            self.organization_id.setText(organization_id)
            self.organization_id.setCursorPosition(0)

    @property
    def chosen(self) -> Kind:
        """The kind as it is told now."""
        return Kind(self.kind.currentData())

    # ---- what was typed ----

    def read(self, read: "Callable[[str, Callable[[], object]], object]") -> Secret | None:
        """The whole secret, each part read by `read(name of the field, how to clean it)`.

        None where a part cannot be used, and where the stored secret is to be kept.
        """
        if not self.chosen.is_app:
            if self._token is not None and self.secret.is_empty:
                return None
            found = read("secret", self.secret.secret)
            return found if isinstance(found, Secret) else None
        client_id = read("client_id", lambda: clean_client_id(self.client_id.text()))
        is_kept = self._token is not None and client_id == self._token.user
        if client_id is None or (is_kept and self.secret.is_empty):
            return None
        part = read("secret", self.secret.secret)
        if not isinstance(part, Secret) or not isinstance(client_id, str):
            return None
        found = read("client_id", lambda: app_secret(client_id, part.reveal()))
        return found if isinstance(found, Secret) else None

    def whole(self) -> Secret:
        """The secret as it would be stored: an app's with its client id. Raises InputError."""
        part = self.secret.secret()
        return app_secret(self.client_id.text(), part.reveal()) if self.chosen.is_app else part

    def asked_for(self) -> str:
        """The organization's id of an app; empty for other kinds. Raises InputError."""
        return clean_organization_id(self.organization_id.text()) if self.chosen.is_app else ""

    def hidden_word(self) -> Secret | None:
        """What no other field may hold: the typed secret, as far as it is one."""
        try:
            return self.secret.secret()
        except InputError:
            return None


def _secret_words(token: ApiToken | None) -> str:
    if token is None:
        return _("paste it here: the portal shows it only once")
    if token.result.state is State.UNREADABLE:
        return _("cannot be read any more: paste it again")
    return _("unchanged")
