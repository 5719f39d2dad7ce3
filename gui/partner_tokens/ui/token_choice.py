"""A row in which a token is chosen by its names, to ask the service with."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from partner_tokens.core.language import _
from partner_tokens.core.tokens import ApiToken, folded, host_of
from partner_tokens.ui.choice_box import ChoiceBox
from partner_tokens.ui.look import Look


class TokenChoice(QWidget):
    """Choosing alone asks nothing: an arrow key would send one exchange after the other."""

    wanted = Signal(object)
    """This ApiToken is to be asked with."""

    def __init__(
        self,
        tokens: Sequence[ApiToken],
        asked: ApiToken | None,
        look: Look,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tokens = sorted(tokens, key=lambda t: (folded(t.organization.name), folded(t.name)))
        self._asked = asked
        self.box = ChoiceBox(look)
        self.ask = QPushButton(_("As&k"))
        self.ask.setAutoDefault(False)
        self.box.be_as_wide_as_there_is_room()
        self.box.setPlaceholderText(_("Choose a token"))
        self.box.addItems([_words(token) for token in self._tokens])
        ids = [token.id for token in self._tokens]
        self.box.setCurrentIndex(ids.index(asked.id) if asked is not None else -1)
        self.box.setEnabled(bool(tokens))
        label = QLabel(_("Ask &with"))
        label.setBuddy(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.box, 1)
        row.addWidget(self.ask)
        self.box.currentIndexChanged.connect(self._show_whether_new)
        self.ask.clicked.connect(self._ask)
        self._show_whether_new()

    def _chosen(self) -> ApiToken | None:
        place = self.box.currentIndex()
        return self._tokens[place] if place >= 0 else None

    def _show_whether_new(self) -> None:
        chosen = self._chosen()
        self.ask.setEnabled(chosen is not None and chosen is not self._asked)

    def _ask(self) -> None:
        self._asked = self._chosen()
        self.box.setFocus()
        self._show_whether_new()
        self.wanted.emit(self._asked)


def _words(token: ApiToken) -> str:
    return _("{organization}, {name} at {host}").format(
        organization=token.organization.name, name=token.name, host=host_of(token.endpoint)
    )
