"""What came of proving many tokens, grouped by cause."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.errors import AnotherOrganization, AppError
from partner_tokens.core.language import _
from partner_tokens.core.tokens import ApiToken, folded

WIDTH, HEIGHT = 620, 480

Outcome = tuple[ApiToken, AppError | None]


class ProvingResults(QDialog):
    """A group for each cause, the largest first, with its next step and its tokens."""

    def __init__(self, outcomes: Iterable[Outcome], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Results of proving"))
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName(_("Results by cause"))
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for title, group in _grouped(outcomes):
            self._add_group(title, group)
        self.tree.setCurrentIndex(self.tree.model().index(0, 0))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(_("Close"))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        column.addWidget(self.tree, 1)
        column.addWidget(buttons)
        self.resize(WIDTH, HEIGHT)

    def _add_group(self, title: str, group: list[Outcome]) -> None:
        item = QTreeWidgetItem(self.tree, [f"{title} ({len(group)})"])
        item.setExpanded(group[0][1] is not None)
        for token, error in group:
            words = f"{token.organization.name}, {token.name}"
            if isinstance(error, AnotherOrganization):
                words = f"{words}: {error.title}"
            line = QTreeWidgetItem(item, [words])
            if error is not None:
                line.setToolTip(0, error.hint)


def _grouped(outcomes: Iterable[Outcome]) -> list[tuple[str, list[Outcome]]]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in sorted(outcomes, key=_place):
        groups.setdefault(_cause(outcome[1]), []).append(outcome)
    return sorted(groups.items(), key=lambda group: (group[1][0][1] is None, -len(group[1])))


def _place(outcome: Outcome) -> tuple[str, str]:
    """By organization and name, as in the list."""
    token = outcome[0]
    return folded(token.organization.name), folded(token.name)


def _cause(error: AppError | None) -> str:
    if error is None:
        return _("These work")
    if isinstance(error, AnotherOrganization):
        return _("These belong to another organization")
    return error.title.rstrip(".")
