"""What holds for the rows of an import that do not say it themselves: endpoint, kind, version."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from partner_tokens.core.columns import Found, Usual
from partner_tokens.core.credentials import PRESETS, fitting, kind_of_preset
from partner_tokens.core.errors import AppError
from partner_tokens.core.kind_words import kind_words
from partner_tokens.core.language import _
from partner_tokens.core.tokens import Kind, clean_endpoint
from partner_tokens.ui.choice_box import ChoiceBox
from partner_tokens.ui.form_field import FormField
from partner_tokens.ui.look import Look

WIDEST = 420
LETTERS = 18
"""Of the words of a kind, those that can be read at least."""


class ImportUsual(QWidget):
    """Three boxes, each of which is there only where some row needs it."""

    changed = Signal()
    """The user settled on something else than before."""

    def __init__(self, endpoints: Sequence[str], look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known = tuple(endpoints)
        self.endpoint = ChoiceBox(look)
        self.endpoint.setEditable(True)
        self.endpoint.setInsertPolicy(ChoiceBox.InsertPolicy.NoInsert)
        self.kind = _box_of(look, Kind.NAVIGATOR, Kind.CLOUD_SERVICES)
        self.version = _box_of(look, Kind.OAUTH_APP_V1, Kind.OAUTH_APP_V2)
        self.version.setPlaceholderText(_("choose one"))
        self.version.setCurrentIndex(-1)  # a wrong one would send the secret to a wrong address
        self._propose_endpoints()
        self.endpoint.setCurrentIndex(0)
        self._endpoint_field = FormField(
            _("&Endpoint of the rows that name none"), self.endpoint, focus=self.endpoint.lineEdit()
        )
        self._kind_field = FormField(_("&Kind of the rows that name none"), self.kind)
        self._version_field = FormField(_("&Version of the OAuth apps"), self.version)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._endpoint_field, 3)
        row.addWidget(self._kind_field, 2)
        row.addWidget(self._version_field, 2)
        row.addStretch()
        for field in (self._kind_field, self._version_field):
            field.setMaximumWidth(WIDEST)  # alone, too
        self._told = self.usual()
        self.kind.activated.connect(self._follow_kind)
        self.version.activated.connect(self._tell)
        self.endpoint.activated.connect(self._follow_endpoint)
        line = self.endpoint.lineEdit()
        if line is not None:
            line.editingFinished.connect(self._follow_endpoint)

    def usual(self) -> Usual:
        """What stands in the boxes now."""
        version = self.version.currentData()
        return Usual(
            self.endpoint.currentText(),
            Kind(self.kind.currentData()),
            None if version is None else Kind(version),
        )

    def take(self, usual: Usual) -> None:
        """Puts into the boxes what was chosen before; it is not told again."""
        self.kind.setCurrentIndex(self.kind.findData((usual.kind or Kind.NAVIGATOR).value))
        version = usual.app_kind
        self.version.setCurrentIndex(
            -1 if version is None else self.version.findData(version.value)
        )
        self._propose_endpoints()
        self.endpoint.setCurrentText(usual.endpoint)
        self._told = self.usual()

    def is_settled(self) -> bool:
        """Whether what stands there was told, not only typed so far."""
        return self.usual() == self._told

    def settle(self) -> None:
        """Takes what is still being typed."""
        self._follow_endpoint()

    def show_for(self, found: Iterable[Found]) -> None:
        """Shows the boxes that these rows need."""
        rows = tuple(found)
        self._endpoint_field.setVisible(any(not row.endpoint for row in rows))
        undecided = {row.endpoint for row in rows if _may_be_of_any_kind(row)}
        self._kind_field.setVisible(any(_told_by(endpoint) is None for endpoint in undecided))
        self._version_field.setVisible(any(map(_lacks_version, rows)))
        fields = (self._endpoint_field, self._kind_field, self._version_field)
        self.setVisible(any(not field.isHidden() for field in fields))

    def _follow_kind(self) -> None:
        """Another kind speaks to other hosts, unless one of the user's own was typed."""
        fit = fitting(self.endpoint.currentText(), Kind(self.kind.currentData()))
        self._propose_endpoints()
        self.endpoint.setCurrentText(fit)
        self._tell()

    def _follow_endpoint(self) -> None:
        """A host of one kind alone says which."""
        kind = _told_by(self.endpoint.currentText())
        if kind is not None:
            self.kind.setCurrentIndex(self.kind.findData(kind.value))
        self._tell()

    def _propose_endpoints(self) -> None:
        presets = PRESETS[Kind(self.kind.currentData())]
        self.endpoint.clear()
        self.endpoint.addItems(list(dict.fromkeys((*self._known, *presets))))

    def _tell(self) -> None:
        """Once for each choice: an endpoint that only loses the keyboard is none."""
        if not self.is_settled():
            self._told = self.usual()
            self.changed.emit()


def _box_of(look: Look, *kinds: Kind) -> ChoiceBox:
    box = ChoiceBox(look)
    for kind in kinds:
        box.addItem(kind_words(kind), kind.value)
    # On a small screen three boxes stand side by side, each with words as long as the longest.
    box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(LETTERS)
    return box


def _may_be_of_any_kind(row: Found) -> bool:
    """Unless its endpoint tells."""
    return row.kind is None and not (row.kind_words or row.client_id)


def _lacks_version(row: Found) -> bool:
    return bool(row.client_id) and row.kind is None and not row.kind_words


def _told_by(endpoint: str) -> Kind | None:
    try:
        return kind_of_preset(clean_endpoint(endpoint))
    except AppError:
        return None
