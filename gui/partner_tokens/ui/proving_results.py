"""What came of proving many tokens, grouped by cause."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.keys import SecretUnreadable
from partner_tokens.core.errors.service import PasscodeNeeded, Refused, ServiceError
from partner_tokens.core.errors.tokens import AnotherOrganization
from partner_tokens.core.language import _
from partner_tokens.core.tokens import ApiToken, State, folded
from partner_tokens.core.wording import result_words
from partner_tokens.ui.long_words import breakable
from partner_tokens.ui.look import Look
from partner_tokens.ui.screen_room import bounded
from partner_tokens.ui.token_delegate import STATE_ICONS

WIDTH, HEIGHT = 640, 520
HINT_ROLE = Qt.ItemDataRole.UserRole
ID_ROLE = HINT_ROLE + 1
"""The id of a line's token; a group has none."""

Outcome = tuple[ApiToken, AppError | None]


class _Tree(QTreeWidget):
    """Hears Enter itself: "activated" would be a single click on some desktops."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class ProvingResults(QDialog):
    """A group for each cause, the largest first, with its tokens; below, the current one's hint.

    A button, Enter or a double click leads to a token's row.
    """

    chosen = Signal(str)
    """The user wants to go to the row of this id; the dialog is closed."""

    def __init__(
        self, outcomes: Iterable[Outcome], look: Look, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Results of proving"))
        self._look = look
        self.tree = _Tree()
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName(_("Results by cause"))
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.hint = QLabel()
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.hint.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        for cause, group in _grouped(outcomes):
            self._add_group(cause, group)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(_("Close"))
        buttons.rejected.connect(self.reject)
        self.go = buttons.addButton(_("&Go to it"), QDialogButtonBox.ButtonRole.ActionRole)
        self.go.clicked.connect(self._go)
        self.tree.currentItemChanged.connect(self._show_choice)
        self.tree.entered.connect(self._go)
        self.tree.itemDoubleClicked.connect(self._go)
        self.tree.setCurrentIndex(self.tree.model().index(0, 0))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.tree, 1)
        column.addWidget(self.hint)
        column.addWidget(buttons)
        self.resize(bounded(self, WIDTH, HEIGHT))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tree.doItemsLayout()  # the lines were measured before the style sheet was heard

    def _add_group(self, cause: str, group: list[Outcome]) -> None:
        error = group[0][1]
        item = QTreeWidgetItem(self.tree, [f"{cause} ({len(group)})"])
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
        item.setIcon(0, self._look.icon(*STATE_ICONS[_state(error)]))
        item.setData(0, HINT_ROLE, error.hint if error else "")
        item.setExpanded(error is not None)
        for token, problem in group:
            line = QTreeWidgetItem(item, [f"{token.organization.name}, {token.name}"])
            words = f"{problem.title} {problem.hint}" if problem else ""
            line.setData(0, HINT_ROLE, words)
            line.setData(0, ID_ROLE, token.id)
            line.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, words)

    def _show_choice(self, item: QTreeWidgetItem | None) -> None:
        self.go.setEnabled(item is not None and item.data(0, ID_ROLE) is not None)
        self.hint.setText(breakable(str(item.data(0, HINT_ROLE))) if item else "")

    def _go(self) -> None:
        item = self.tree.currentItem()
        id = item.data(0, ID_ROLE) if item else None
        if id is not None:
            self.accept()
            self.chosen.emit(id)


def _grouped(outcomes: Iterable[Outcome]) -> list[tuple[str, list[Outcome]]]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in sorted(outcomes, key=_place):
        groups.setdefault(_cause(outcome[1]), []).append(outcome)
    return sorted(groups.items(), key=lambda group: (group[1][0][1] is None, -len(group[1])))


def _place(outcome: Outcome) -> tuple[str, str]:
    """By organization and name, as in the list."""
    token = outcome[0]
    return folded(token.organization.name), folded(token.name)


def _state(error: AppError | None) -> State:
    """How the list shows a token that ended so."""
    match error:
        case None:
            return State.READY
        case Refused():
            return State.REFUSED
        case PasscodeNeeded():
            return State.PASSCODE
        case AnotherOrganization():
            return State.HELD
        case SecretUnreadable():
            return State.UNREADABLE
        case _:
            return State.UNREACHABLE


def _cause(error: AppError | None) -> str:
    """In the words of the list."""
    if error is None:
        return _("These work")
    state = _state(error)
    if state is State.UNREACHABLE and not isinstance(error, ServiceError):
        return error.title.rstrip(".")
    return result_words(state, error.stage)
