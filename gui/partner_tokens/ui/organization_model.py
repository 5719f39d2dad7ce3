"""All organizations as the list beside the form shows them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from partner_tokens.core.clock import Clock
from partner_tokens.core.language import _, _n
from partner_tokens.core.marks import colour_word, production_word
from partner_tokens.core.tokens import Organization, folded
from partner_tokens.core.wording import mark_words, pause_words

if TYPE_CHECKING:
    from partner_tokens.core.organizations import Counted

Index = QModelIndex | QPersistentModelIndex

ORGANIZATION_ROLE = Qt.ItemDataRole.UserRole


class OrganizationModel(QAbstractListModel):
    """By name; those in which every typed word occurs: in name, id, note, marks or pause."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._all: Sequence[Counted] = ()
        self._shown: list[Counted] = []
        self._words: tuple[str, ...] = ()

    def show_all(self, counted: "Sequence[Counted]") -> None:
        """Takes the whole list anew."""
        self._all = counted
        self._arrange()

    def filter(self, typed: str) -> None:
        """Shows those that were meant."""
        self._words = tuple(folded(typed).split())
        self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        self._shown = [one for one in self._all if self._is_meant(one.organization)]
        self.endResetModel()

    def _is_meant(self, organization: Organization) -> bool:
        if not self._words:
            return True
        marks = [*mark_words(organization), pause_words(organization, self._clock())]
        text = folded("\n".join((organization.name, organization.service_id, *marks)))
        text = f"{text}\n{folded(organization.note)}"
        return all(word in text for word in self._words)

    def __len__(self) -> int:
        return len(self._all)

    def organization(self, key: int) -> Organization | None:
        """The one with this key, shown or filtered away."""
        return next((o.organization for o in self._all if o.organization.key == key), None)

    def organization_at(self, place: int) -> Organization:
        """The one of a line."""
        return self._shown[place].organization

    def place_of(self, key: int) -> int | None:
        """The line of an organization; None while it is filtered away."""
        keys = (one.organization.key for one in self._shown)
        return next((place for place, each in enumerate(keys) if each == key), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return one.organization.name
            case Qt.ItemDataRole.AccessibleTextRole:
                colour = one.organization.colour
                parts = (one.organization.name, colour and colour_word(colour), self.detail(index))
                return ", ".join(part for part in parts if part)
            case _ if role == ORGANIZATION_ROLE:
                return one.organization
            case _:
                return None

    def detail(self, index: Index) -> str:
        """Whether it is production, how many tokens it has, and until when it is paused."""
        one = self._shown[index.row()]
        words = _n("{count} token", "{count} tokens", one.tokens) if one.tokens else _("no tokens")
        pause = pause_words(one.organization, self._clock())
        mark = production_word() if one.organization.production else ""
        return ", ".join(part for part in (mark, words.format(count=one.tokens), pause) if part)
