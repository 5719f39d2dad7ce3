"""The section of the preferences that concerns the way to the service."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.language import _
from partner_tokens.core.preferences import CHECK_SECONDS, Preferences
from partner_tokens.core.proxy_address import LONGEST, clean_proxy
from partner_tokens.core.secret import Secret
from partner_tokens.ui.look import Look
from partner_tokens.ui.preferences_page import PreferencesPage, Unfit, choose

MANUAL = "manual"
LONGEST_PATH = 4096
LONGEST_LOGIN = 200


class NetworkPage(PreferencesPage):
    """How often to check, by which proxy to go, and whom to believe."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._kept_address = self._kept_user = ""
        self.title = _("Network")
        self.check = self._add_number(
            _("Check the &service every"),
            CHECK_SECONDS,
            _("seconds"),
            _("While the window can be seen; less often while it cannot be reached."),
        )
        self.proxy = self._add_choice(
            _("&Proxy"),
            [("", _("As the system says")), ("none", _("None")), (MANUAL, _("This one:"))],
        )
        self.address = QLineEdit()
        self.address.setMaxLength(LONGEST)
        self.address.setPlaceholderText("http://proxy.example:3128")
        self.address_field = self._add(_("Proxy &address"), self.address)
        self.address.textEdited.connect(self.address_field.clear_problem)
        self._add_login()
        self.proxy.currentIndexChanged.connect(self._show_which)
        self._add_ca_file()
        self._end()

    def _add_login(self) -> None:
        self.user, self.password = QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
        self.user_field = self._add(
            _("Proxy &user"),
            self.user,
            _("Empty: the proxy asks for none. Kept sealed, never in the file of preferences."),
        )
        self.password_field = self._add(_("Proxy pass&word"), self.password)
        for line, field in (
            (self.user, self.user_field),
            (self.password, self.password_field),
        ):
            line.setMaxLength(LONGEST_LOGIN)
            line.textEdited.connect(field.clear_problem)

    def show_user(self, user: str) -> None:
        """Whose password is kept already; it is not shown, and stays unless another is typed."""
        self._kept_user = user
        if not self.user.isModified():
            self.user.setText(user)
            self.password.setPlaceholderText(_("unchanged") if user else "")

    def typed_login(self) -> tuple[str, Secret] | None:
        """User and password to be kept from now on, both empty for none; None for no change.

        Raises Unfit: they belong together, and to one address.
        """
        if not self.is_manual:
            return None
        user, password = self.user.text().strip(), Secret(self.password.text())
        is_typed = bool(self.password.text())
        if not user and not is_typed:
            return (user, password) if self._kept_user else None
        stays = user == self._kept_user and self._typed_address() == self._kept_address
        if stays and not is_typed:
            return None
        if not user or not is_typed:
            field = self.password_field if user else self.user_field
            raise Unfit(field, InputError(Problem.PROXY_LOGIN_INCOMPLETE))
        return user, password

    def _add_ca_file(self) -> None:
        self.ca_file = QLineEdit()
        self.ca_file.setMaxLength(LONGEST_PATH)
        self.browse = QPushButton(_("Choose a fi&le…"))
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._choose_file)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.ca_file, 1)
        row.addWidget(self.browse)
        self.ca_field = self._add(
            _("Extra CA &certificates"),
            both,
            _("A file in PEM form, trusted on top of the system's. Empty: none."),
            focus=self.ca_file,
        )
        self.ca_file.textEdited.connect(self.ca_field.clear_problem)

    def show_values(self, preferences: Preferences) -> None:
        """Puts the values into the fields."""
        self.check.setValue(preferences.check_seconds)
        choose(self.proxy, preferences.proxy)
        self._kept_address = preferences.proxy_address
        self.address.setText(self._kept_address)
        self.ca_file.setText(preferences.ca_file)
        self._show_which()

    def values(self) -> Mapping[str, object]:
        """What the fields say. Raises Unfit."""
        return {
            "check_seconds": self.check.value(),
            "proxy": self.proxy.currentData(),
            "proxy_address": self._typed_address(),
            "ca_file": self.ca_file.text().strip(),
        }

    @property
    def is_manual(self) -> bool:
        """Whether a proxy of one's own is chosen."""
        return bool(self.proxy.currentData() == MANUAL)

    def _typed_address(self) -> str:
        if not self.is_manual:
            return self._kept_address
        try:
            return clean_proxy(self.address.text())
        except InputError as error:
            raise Unfit(self.address_field, error) from None

    def _show_which(self) -> None:
        for field in (self.address_field, self.user_field, self.password_field):
            field.setVisible(self.is_manual)

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, _("Certificates to trust"), self.ca_file.text())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        names = "*.pem *.crt *.cer"
        dialog.setNameFilters([_("Certificates ({names})").format(names=names), _("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._take_file)
        dialog.open()

    def _take_file(self, name: str) -> None:
        self.ca_file.setText(name)
        self.ca_field.clear_problem()
