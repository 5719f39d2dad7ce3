"""The list itself: line heights, the selected line, and the Copy button beside it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QPushButton, QTableView, QWidget

from partner_tokens.core.language import _
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.look import Look, scale_font
from partner_tokens.ui.search_field import is_typing
from partner_tokens.ui.token_delegate import TokenDelegate
from partner_tokens.ui.token_model import Column, TokenModel

WIDTHS = {Column.EXPIRES: 150, Column.ACCESS: 112, Column.RESULT: 196, Column.USED: 200}
SELECT_LINE = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
SELECT_ALONE = SELECT_LINE | QItemSelectionModel.SelectionFlag.Clear
NARROW = 840
"""Below this width the last column gives way, and Copy is an icon."""


class TokenTable(QTableView):
    """One line a token; while there is any, one is current, and it is among the selected ones."""

    chosen = Signal(object)
    """The current ApiToken changed; None where nothing is shown."""
    picked = Signal()
    """Other lines are selected than before."""
    led_away = Signal()
    """Other tokens are selected, and not by a key or a click here: one has left, or come back."""
    copy_wanted = Signal()
    menu_wanted = Signal(QPoint)
    typed = Signal(QKeyEvent)
    """A key that belongs to the search field was pressed here."""

    def __init__(self, model: TokenModel, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = model
        self._look = look
        self._kept = ""
        self._kept_all: tuple[str, ...] = ()
        self._kept_place = 0
        """The topmost selected line."""
        self._shown_before: Sequence[str] = ()
        self._seen: tuple[tuple[str, int], ...] = ()
        """The lines in view and where they begin, while the current one is none of them."""
        self._sought, self._order = model.sought, model.order
        self._bring_viewport()
        self.setModel(model)
        self._painter = TokenDelegate(model, look, self)
        self.setItemDelegate(self._painter)
        self._set_up_view()
        self._copy = self._make_copy_button()
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        model.arranged.connect(self._note_question)
        self.selectionModel().currentRowChanged.connect(self._announce_choice)
        self.selectionModel().selectionChanged.connect(self.picked)
        self.verticalScrollBar().valueChanged.connect(self._place_copy)
        self.horizontalHeader().sectionResized.connect(self._place_copy)
        look.changed.connect(self._dress)
        self._dress()

    def _bring_viewport(self) -> None:
        """A viewport of ours, as Qt would make it.

        To find out what kind of widget Qt's own is, PySide makes every class that it might be:
        12 ms of a start.
        """
        viewport = QWidget()
        viewport.setBackgroundRole(QPalette.ColorRole.Base)
        viewport.setAutoFillBackground(True)
        self.setViewport(viewport)

    def _set_up_view(self) -> None:
        self.setAccessibleName(_("Tokens"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        across = self.horizontalHeader()
        across.setMinimumSectionSize(72)
        across.setHighlightSections(False)
        across.setTextElideMode(Qt.TextElideMode.ElideRight)
        scale_font(across, 0.9)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setSectionResizeMode(Column.ORGANIZATION, QHeaderView.ResizeMode.Stretch)
        for column, width in WIDTHS.items():
            across.resizeSection(column, max(width, across.sectionSizeHint(column)))
        across.setSortIndicator(Column.ORGANIZATION, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        down = self.verticalHeader()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setMinimumSectionSize(8)
        down.hide()
        self.doubleClicked.connect(lambda _index: self.copy_wanted.emit())

    def _make_copy_button(self) -> QPushButton:
        button = QPushButton(self.viewport())
        button.setObjectName("copyButton")
        button.setAccessibleName(_("Copy the header"))
        button.setToolTip(_("Copy the csp-auth-token header (Enter)"))
        button.setProperty("primary", True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(self.copy_wanted)
        button.hide()
        return button

    def _dress(self) -> None:
        self._copy.setIcon(self._look.icon("copy", "accent_text"))
        self._set_heights()
        self.viewport().update()

    # ---- the selected line ----

    def selected(self) -> ApiToken | None:
        """The token of the selected line."""
        index = self.currentIndex()
        return self._tokens.row_at(index.row()).token if index.isValid() else None

    def selected_all(self) -> tuple[ApiToken, ...]:
        """The tokens of all selected lines, from top to bottom."""
        return tuple(self._tokens.row_at(line).token for line in self._selected_lines())

    def _selected_lines(self) -> list[int]:
        ranges = self.selectionModel().selection()  # much faster than asking for single lines
        each = (ranges.at(number) for number in range(ranges.count()))
        return sorted({line for one in each for line in range(one.top(), one.bottom() + 1)})

    def _keep_current_selected(self) -> None:
        """After Ctrl took the current line out: another one is current, or it stays in."""
        selection, current = self.selectionModel(), self.currentIndex()
        if not current.isValid() or selection.isRowSelected(current.row()):
            return
        rows = selection.selectedRows()
        if rows:
            nearest = min(rows, key=lambda index: abs(index.row() - current.row()))
            selection.setCurrentIndex(nearest, QItemSelectionModel.SelectionFlag.NoUpdate)
        else:
            selection.select(current, SELECT_LINE)

    def select(self, token_id: str) -> bool:
        """Selects the line of a token and brings it into view; False while it is filtered away."""
        if self._tokens.place_of(token_id) is None:
            return False
        self.select_several([token_id])
        return True

    def select_several(self, token_ids: Iterable[str]) -> None:
        """Selects the lines of these tokens, those filtered away left out; the top one is current.

        The selection stays as it is where none of them is shown.
        """
        places = self._places_of(token_ids)
        if places:
            self._select_alone(places[0])
            self._select_also(places)
            self.led_away.emit()

    def _select_alone(self, place: int) -> None:
        """Whatever keys are held down: Qt's own way would add to the selection with Ctrl."""
        index = self._tokens.index(place, 0)
        self.selectionModel().setCurrentIndex(index, SELECT_ALONE)
        self.scrollTo(index)

    def step(self, key: Qt.Key) -> None:
        """Moves the selection as an arrow or page key would."""
        self.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))

    def shown_lines(self) -> tuple[int, int]:
        """The first and the last line in view."""
        first = self.rowAt(0)
        last = self.rowAt(self.viewport().height() - 1)
        return max(first, 0), self._tokens.rowCount() - 1 if last < 0 else last

    def _note_question(self) -> None:
        self._sought, self._order = self._tokens.sought, self._tokens.order

    def _remember(self) -> None:
        token, lines = self.selected(), self._selected_lines()
        self._kept = token.id if token else self._kept
        self._shown_before = self._tokens.shown
        self._kept_all = tuple(self._shown_before[line] for line in lines)
        self._kept_place = lines[0] if lines else 0
        self._seen = () if self._is_current_seen() else self._lines_seen()

    def _is_current_seen(self) -> bool:
        return self.viewport().rect().intersects(self.visualRect(self.currentIndex()))

    def _lines_seen(self) -> tuple[tuple[str, int], ...]:
        first, last = self.shown_lines()
        return tuple(
            (self._tokens.shown[line], self.rowViewportPosition(line))
            for line in range(first, last + 1)
        )

    def _restore(self) -> None:
        self._set_heights()
        self.executeDelayedItemsLayout()  # else the scroll bar still has the range of before
        places = self._places_of(self._kept_all)
        if self._tokens.rowCount():
            self._select_kept(places)
        else:
            self._announce_choice()
        if len(places) < len(self._kept_all):
            self.led_away.emit()
        self._place_copy()

    def _select_kept(self, places: list[int]) -> None:
        """Those that were selected before and are still shown, at these places; else one near."""
        kept = current = self._tokens.place_of(self._kept)
        if current is None:
            current = places[0] if places else self._place_instead()
        self._select_alone(current)
        if len(places) > 1:
            self._select_also(places)
        asked = self._tokens.sought, self._tokens.order
        if kept is not None and asked == (self._sought, self._order):
            self._put_back_seen()

    def _put_back_seen(self) -> None:
        """Whoever has wheeled away from the current line still has the same ones in view."""
        for id, top in self._seen:
            place = self._tokens.place_of(id)
            if place is not None:
                position = self.verticalHeader().sectionPosition(place)
                self.verticalScrollBar().setValue(position - top)
                return

    def _place_instead(self) -> int:
        """The first that is found, else the next line below those that have left, else above."""
        if self._tokens.sought != self._sought:
            return 0
        before, top = self._shown_before, self._kept_place
        near = chain(before[top:], reversed(before[:top]))
        found = (self._tokens.place_of(id) for id in near)
        return next((place for place in found if place is not None), 0)

    def _places_of(self, token_ids: Iterable[str]) -> list[int]:
        """Sorted; those filtered away are left out."""
        found = (self._tokens.place_of(id) for id in token_ids)
        return sorted(place for place in found if place is not None)

    def _select_also(self, places: list[int]) -> None:
        """Sorted places beside what is selected, by their runs: much faster than one by one."""
        selection = QItemSelection()
        for first, last in _runs(places):
            selection.select(self._tokens.index(first, 0), self._tokens.index(last, 0))
        self.selectionModel().select(selection, SELECT_LINE)

    def _set_heights(self) -> None:
        leading, following = self._painter.heights(self.font())
        leads = self._tokens.leading()
        most_lead = 2 * sum(leads) > len(leads)
        usual, other = (leading, following) if most_lead else (following, leading)
        down = self.verticalHeader()
        down.setDefaultSectionSize(usual)  # of all lines at once: a call for each is slow
        size, resize = down.sectionSize, down.resizeSection
        for place, does_lead in enumerate(leads):
            height = usual if does_lead is most_lead else other
            if size(place) != height:
                resize(place, height)

    def _announce_choice(self) -> None:
        self._place_copy()
        self.chosen.emit(self.selected())

    def _place_copy(self) -> None:
        index = self.currentIndex()
        if not index.isValid():
            self._copy.hide()
            return
        line: QRect = self.visualRect(index)
        size = self._copy.sizeHint()
        top = line.center().y() - size.height() // 2 + 1
        width = self.viewport().width()
        mirrored = self.isRightToLeft()
        left = 10 if mirrored else width - size.width() - 10
        self._copy.setGeometry(left, top, size.width(), size.height())
        self._painter.covered = self._copy.geometry()
        self._copy.show()

    # ---- events ----

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = self.width() < NARROW
        self.setColumnHidden(Column.USED, narrow)
        self._copy.setText("" if narrow else _("Copy  ⏎"))
        index = self.currentIndex()
        before = QRect(QPoint(), event.oldSize())  # the viewport itself has its new size by now
        was_seen = before.intersects(self.visualRect(index))
        super().resizeEvent(event)
        if index.isValid() and was_seen:
            self.scrollTo(index)  # a notice below must not cover the line it speaks of
        self._place_copy()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._keep_current_selected()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.copy_wanted.emit()
        elif is_typing(event):
            self.typed.emit(event)
        else:
            super().keyPressEvent(event)
            self._keep_current_selected()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.currentIndex().isValid():
            self.menu_wanted.emit(event.globalPos())


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    """Sorted places as pairs of the first and the last of each unbroken run."""
    for _offset, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        members = [place for _number, place in run]
        yield members[0], members[-1]
