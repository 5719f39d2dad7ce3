"""The window: search, chips, list, notice and status line, and the keys that reach them."""

from datetime import timedelta
from enum import Enum

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.language import _, _n
from partner_tokens.core.tokens import State
from partner_tokens.ui.actions import Act, make_actions, say_number
from partner_tokens.ui.banner import Banner
from partner_tokens.ui.chips import Chips
from partner_tokens.ui.held_key import HeldKey
from partner_tokens.ui.look import Look
from partner_tokens.ui.notices import NoticeBar, announce
from partner_tokens.ui.offers import offer_in
from partner_tokens.ui.pages import StatePage
from partner_tokens.ui.proving_bar import ProvingBar
from partner_tokens.ui.search_field import SearchField, is_typing
from partner_tokens.ui.status_line import StatusLine
from partner_tokens.ui.tab_order import next_stop
from partner_tokens.ui.timing import timer
from partner_tokens.ui.token_model import Chip, TokenModel
from partner_tokens.ui.token_table import TokenTable

TICK = timedelta(seconds=1)
COUNT_EVERY = 30
"""Seconds after which the counts are made anew: time moves tokens from one to another."""

REST = timedelta(milliseconds=150)
"""A selection is read aloud once it rests, not at each step of a held arrow key."""


WHEN_SHUT = frozenset(
    {
        *(Act.LOCK, Act.PANIC, Act.CHECK, Act.PAUSE, Act.QUIT),
        *(Act.SHORTCUTS, Act.DIAGNOSTICS, Act.ABOUT),
    }
)
"""What can be asked for while a page stands before the list that shows nothing of it."""

ON_SELECTED = (
    *(Act.COPY, Act.FORMATS, Act.ASK, Act.EDIT, Act.PIN),
    *(Act.REGENERATE, Act.REVOKE, Act.REMOVE, Act.EXPORT_HISTORY),
)

ON_ONE = frozenset({Act.ASK, Act.REGENERATE, Act.REVOKE, Act.EXPORT_HISTORY})
"""What is for one token alone; copying and the details are for the current one of several."""

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Page(Enum):
    """What stands in the middle of the window."""

    BLANK = 0
    LIST = 1
    EMPTY = 2
    NO_MATCH = 3
    SHUT = 4


class MainWindow(QMainWindow):
    """Shows the parts and tells of deeds; others do them.

    Typing filters, arrows move the selection while the caret stays in the field, Enter copies, Esc
    clears the filter.
    """

    wanted = Signal(Act)
    """The user asked for a deed, by key, menu or button."""
    formats_wanted = Signal(QPoint)
    """The user asked for the other formats; the place for the menu, on the screen."""
    dropped = Signal(object)
    """Files or text were dropped on the window, or a table was pasted: an Offer."""
    token_pasted = Signal()
    """The clipboard holds an API token, and was pasted where words to find are typed."""
    ticked = Signal()
    """Once a second while the window can be seen."""
    seen = Signal(bool)
    """The window can be seen again, or no longer."""
    page_shown = Signal()
    """Another page stands in the middle."""
    painted = Signal()
    """The list, or what stands in its place, was painted for the first time."""

    def __init__(self, model: TokenModel, look: Look, *, demo: bool) -> None:
        super().__init__()
        self._look = look
        self._model = model
        self._was_painted = False
        self._key = HeldKey()
        self._seconds = 0
        self.setWindowTitle("Partner Tokens")
        self.setMinimumSize(640, 480)
        self.setAcceptDrops(True)
        self.search = SearchField(look)
        self.search.setAcceptDrops(False)  # what is dropped may be tokens, and no words to find
        self.chips = Chips()
        self.table = TokenTable(model, look)
        self.banner = Banner(look)
        self.proving = ProvingBar(look)
        self.notices = NoticeBar(look)
        self.status = StatusLine(look, demo=demo)
        self.empty = StatePage(look, "key")
        self.no_match = StatePage(look, "search")
        self.shut = StatePage(look, "lock")
        self._only_actions = {Page.SHUT: self.shut.action, Page.EMPTY: self.empty.action}
        self._pages = QStackedWidget()
        for page in (QWidget(), self.table, self.empty, self.no_match, self.shut):
            self._pages.addWidget(page)
        self.middle = QSplitter()
        self.middle.setChildrenCollapsible(False)
        self.middle.setHandleWidth(1)
        self.middle.addWidget(self._pages)
        self._add = QPushButton(_("Add token…"))
        self._import = QPushButton(_("Import…"))
        self._menu_button = QToolButton()
        self.acts = make_actions(self, look, self.painted)
        self.acts[Act.DEMO].setVisible(not demo)
        self._tick = timer(self, TICK, self._on_tick)
        self._rest = timer(self, REST, self._read_choice_aloud, once=True)
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        self._add.setObjectName("addButton")
        self._add.setProperty("primary", True)
        for button in (self._add, self._import, self._menu_button):
            button.setProperty("tall", True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._add.setToolTip(_("Add an API token (Ctrl+N)"))
        self._import.setToolTip(_("Import many API tokens at once (Ctrl+I)"))
        self._menu_button.setObjectName("menuButton")
        self._menu_button.setAccessibleName(_("Menu"))
        self._menu_button.setToolTip(_("Menu (F10)"))
        self._menu_button.setShortcut("F10")
        first = QHBoxLayout()
        first.setSpacing(10)
        first.addWidget(self.search, 1)
        first.addWidget(self._import)
        first.addWidget(self._add)
        first.addWidget(self._menu_button)
        top = QWidget()
        top.setObjectName("topBar")
        top.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        rows = QVBoxLayout(top)
        rows.setContentsMargins(16, 14, 16, 12)
        rows.setSpacing(8)
        rows.addLayout(first)
        rows.addWidget(self.chips)
        whole = QWidget()
        self._proving_place = QWidget()
        inside = QVBoxLayout(self._proving_place)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.proving)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self.banner)
        column.addWidget(self._proving_place)
        column.addWidget(self.middle, 1)
        column.addWidget(self.notices)
        column.addWidget(self.status)
        self._parts = (
            top,
            self.banner,
            self.proving,
            self.middle,
            self.notices,
            self.status,
        )
        self.setCentralWidget(whole)
        self._dress()

    def _dress(self) -> None:
        self._add.setIcon(self._look.icon("plus", "accent_text"))
        self._menu_button.setIcon(self._look.icon("menu"))

    def _dress_submenus(self) -> None:
        for menu, icon in self._submenus.items():
            menu.setIcon(self._look.icon(icon, "dim"))

    def _wire(self) -> None:
        for act, action in self.acts.items():
            action.triggered.connect(lambda _on=False, act=act: self._ask(act))
        self._look.changed.connect(self._dress)
        self._add.clicked.connect(lambda: self._ask(Act.ADD))
        self._import.clicked.connect(lambda: self._ask(Act.IMPORT))
        self._submenus: dict[QMenu, str] = {}
        self._whole_menu = self._menu(whole=True)
        self.painted.connect(self._dress_submenus)
        self._look.changed.connect(self._dress_submenus)
        self._menu_button.clicked.connect(self._open_menu)
        self.table.menu_wanted.connect(lambda at: self._menu(whole=False).popup(at))
        self.table.copy_wanted.connect(lambda: self._ask(Act.COPY))
        self.table.typed.connect(self.search.take)
        self.table.chosen.connect(self._choice_changed)
        self.table.picked.connect(self._choice_changed)
        self.search.copy_wanted.connect(lambda: self._ask(Act.COPY))
        self.search.list_key.connect(self.table.step)
        self.search.escaped.connect(self._escape)
        self.search.textChanged.connect(self._filter)
        self.search.tokens_pasted.connect(self._take_pasted)
        self.chips.chosen.connect(self._filter)
        self._model.counted.connect(self._show_counts)
        self._model.counted.connect(self._fit_acts)
        self.notices.focus_freed.connect(self.search.setFocus)

    def _menu(self, *, whole: bool) -> QMenu:
        acts: list[Act | None] = [Act.COPY, Act.FORMATS, None]
        acts += [Act.DETAILS, Act.ASK, Act.EDIT, Act.PIN, None]
        acts += [Act.REGENERATE, Act.REVOKE, Act.REMOVE]
        if whole:
            acts = [Act.ADD, Act.IMPORT, None, *acts, Act.UNDO, None]
            acts += [Act.RENEW, Act.ORGANIZATIONS, Act.TRASH, None]
            acts += [Act.FIND, Act.CHECK, Act.PAUSE, None, Act.KEYS, Act.LOCK, Act.PANIC, None]
            acts += [Act.PREFERENCES, None, Act.QUIT]
        menu = QMenu(self)
        for act in acts:
            menu.addAction(self.acts[act]) if act else menu.addSeparator()
        if whole:
            export = QMenu(_("E&xport"), menu)
            kinds = (Act.EXPORT_CSV, Act.EXPORT_ICS, Act.EXPORT_HISTORY)
            export.addActions([self.acts[kind] for kind in kinds])
            export.addSeparator()
            export.addAction(self.acts[Act.BACKUP])
            menu.insertMenu(self.acts[Act.QUIT], export)
            help_menu = QMenu(_("He&lp"), menu)
            helpful = (Act.GUIDE, Act.DEMO, Act.SHORTCUTS, Act.DIAGNOSTICS, Act.ABOUT)
            help_menu.addActions([self.acts[act] for act in helpful])
            self._submenus = {export: "table", help_menu: "question"}
            menu.insertMenu(self.acts[Act.QUIT], help_menu)
            menu.insertSeparator(self.acts[Act.QUIT])
        if not whole:
            menu.aboutToHide.connect(menu.deleteLater)
        self.table.led_away.connect(menu.hide)  # what it offers would be done to others
        return menu

    def _open_menu(self) -> None:
        """Below its button; by a click, since a screen reader cannot open a button's own menu."""
        button, width = self._menu_button, self._whole_menu.sizeHint().width()
        corner = button.rect().bottomLeft() if self.isRightToLeft() else button.rect().bottomRight()
        left = 0 if self.isRightToLeft() else 1 - width
        self._whole_menu.popup(button.mapToGlobal(corner) + QPoint(left, 1))

    # ---- what the user does ----

    def _ask(self, act: Act) -> None:
        if self._key.is_held or (self.page is Page.SHUT and act not in WHEN_SHUT):
            return
        match act:
            case Act.FIND:
                self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.search.selectAll()
            case Act.FORMATS:
                line = self.table.visualRect(self.table.currentIndex())
                self.formats_wanted.emit(self.table.viewport().mapToGlobal(line.bottomLeft()))
            case _:
                self.wanted.emit(act)

    def _escape(self) -> None:
        if self.search.text():
            self.search.clear()
        elif self.chips.chip is not Chip.ALL:
            self.chips.choose(Chip.ALL)
        else:
            self.notices.dismiss()

    def _filter(self) -> None:
        self._model.filter(self.search.text(), self.chips.chip)

    def show_only(self, chip: Chip) -> None:
        """Shows the tokens a chip counts, whatever was typed, in front of other windows."""
        self.search.clear()
        self.chips.choose(chip)
        self.come_forward()

    def go_to(self, token_id: str) -> None:
        """Selects a token's row, whatever was filtered; nothing where there is none any more."""
        if self._model.token(token_id) is None:
            return
        if self._model.place_of(token_id) is None:
            self.clear_filter()
        self.table.select(token_id)
        self.search.setFocus()

    def come_forward(self) -> None:
        """Stands in front of other windows and has the keyboard, as far as the desktop allows."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def clear_filter(self) -> None:
        """Shows all tokens again."""
        self.search.clear()
        self.chips.choose(Chip.ALL)

    def _choice_changed(self) -> None:
        self._fit_acts()
        self._rest.start()

    def _fit_acts(self) -> None:
        """What can be done with the selected token, or with several, as they are now."""
        token, count = self.table.selected(), len(self.table.selected_all())
        for act in ON_SELECTED:
            self.acts[act].setEnabled(token is not None and (count == 1 or act not in ON_ONE))
        say_number(self.acts, count)
        self.status.show_selected(count)
        is_refused = token is not None and token.result.state is State.REFUSED
        words = _("Re&place…") if is_refused else _("Re&generate…")
        self.acts[Act.REGENERATE].setText(words)

    def _read_choice_aloud(self) -> None:
        token, count = self.table.selected(), len(self.table.selected_all())
        if count > 1:
            words = _n("{count} token selected", "{count} tokens selected", count)
            announce(self.table, words.format(count=count))
        elif token is not None and self.search.hasFocus():
            announce(self.search, self._model.sentence(token))

    # ---- what others tell it ----

    def show_page(self, page: Page) -> None:
        """Puts a page into the middle; a shut store offers nothing to type into.

        Where a page has one thing to do, Enter does it.
        """
        self._pages.setCurrentIndex(page.value)
        if not self._was_painted:
            self.update()
        for part in (self.search, self._add, self._import):
            part.setEnabled(page is not Page.SHUT)
        self.chips.setVisible(page not in self._only_actions)
        self.banner.be_discreet(page is Page.SHUT)
        self.notices.be_discreet(page is Page.SHUT)
        self._proving_place.setHidden(page is Page.SHUT)
        action = self._only_actions.get(page)
        if action is not None:
            action.setFocus()
        elif any(other.hasFocus() for other in self._only_actions.values()):
            self.search.setFocus()
        self.page_shown.emit()

    @property
    def page(self) -> Page:
        """The page in the middle."""
        return Page(self._pages.currentIndex())

    def focusNextPrevChild(self, forward: bool) -> bool:
        """From part to part as they stand: the details are made late, and stand beside the list."""
        stop = next_stop(self, self._parts, forward=forward)
        if stop is None:
            return super().focusNextPrevChild(forward)
        reasons = Qt.FocusReason
        stop.setFocus(reasons.TabFocusReason if forward else reasons.BacktabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no button wanted: letters belong to the search field, Esc clears."""
        focus = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self._escape()
        elif event.key() in ENTER and isinstance(focus, QAbstractButton):
            focus.click()
        elif is_typing(event):
            self.search.take(event)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            self._key.pressed(event)
        return super().event(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._key.released(event)
        super().keyReleaseEvent(event)

    # ---- what is dropped on it ----

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.page is not Page.SHUT and offer_in(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        offer = offer_in(event.mimeData())
        if offer is not None and self.page is not Page.SHUT:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.dropped.emit(offer)

    def _take_pasted(self) -> None:
        offer = offer_in(QGuiApplication.clipboard().mimeData())
        if offer is None or self.page is Page.SHUT:
            return
        is_one = not offer.files and len(offer.text.reveal().split()) == 1
        if is_one:
            self.token_pasted.emit()
        else:
            self.dropped.emit(offer)

    # ---- being seen ----

    def _on_tick(self) -> None:
        self._model.tick(*self.table.shown_lines())
        self._seconds += 1
        if self._seconds % COUNT_EVERY == 0:
            self._show_counts()
        self.ticked.emit()

    def _show_counts(self) -> None:
        self.chips.show_counts(self._model.counts())

    @property
    def can_be_seen(self) -> bool:
        """Whether it is neither minimised nor closed to the tray."""
        return self.isVisible() and not self.isMinimized()

    def _look_whether_seen(self) -> None:
        can_be_seen = self.can_be_seen
        if can_be_seen != self._tick.isActive():
            if can_be_seen:
                self._tick.start()
                self._on_tick()
            else:
                self._tick.stop()
            self.seen.emit(can_be_seen)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.search.setFocus()
        self._look_whether_seen()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._look_whether_seen()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._look_whether_seen()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted and self.page is not Page.BLANK:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)
