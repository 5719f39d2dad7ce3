"""The small window for a copy in passing: type, Enter, gone."""

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QCursor, QGuiApplication, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QLabel, QListView, QVBoxLayout, QWidget

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.service import PasscodeNeeded
from partner_tokens.core.formats import Form, Format, Template
from partner_tokens.core.language import _, _n
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.formats_menu import formats_menu
from partner_tokens.ui.look import Look
from partner_tokens.ui.notices import NoticeBar, announce
from partner_tokens.ui.palette_delegate import PaletteDelegate
from partner_tokens.ui.palette_model import AtHand, PaletteModel
from partner_tokens.ui.search_field import SearchField
from partner_tokens.ui.timing import timer

# A desktop that tiles its windows leaves a dialog of a fixed size as it is.
KIND = (
    Qt.WindowType.Dialog
    | Qt.WindowType.CustomizeWindowHint
    | Qt.WindowType.WindowTitleHint
    | Qt.WindowType.WindowCloseButtonHint
)
WIDTH = 560
LINES = 8
FEWEST_LINES = 3
"""That many stay in sight while something is said below the list."""
TICK = timedelta(seconds=1)
REST = timedelta(milliseconds=150)
"""A selection is read aloud once it rests."""

CURL = Format.CURL_CMD if sys.platform == "win32" else Format.CURL


class Palette(QWidget):
    """Finds and asks; others copy, and tell it what came of that."""

    copy_wanted = Signal(object, object)
    """An ApiToken, and the Form to copy it in; None for the usual one."""
    opened = Signal()
    """It is painted for the first time since it was opened."""
    window_wanted = Signal()
    """The main window is to be opened, where more can be done."""
    closed = Signal()

    def __init__(
        self,
        look: Look,
        clock: Clock,
        at_hand: AtHand,
        own_forms: Callable[[], Sequence[Template]],
    ) -> None:
        super().__init__(None, KIND)
        self._own_forms = own_forms
        self._look = look
        self._was_painted = False
        self.setWindowTitle(_("Quick copy"))
        self.setObjectName("palette")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = PaletteModel(clock, at_hand)
        self.search = SearchField(look)
        self.list = QListView()
        self._none = QLabel()
        self._hint = QLabel()
        self.notices = NoticeBar(look)
        self._tick = timer(self, TICK, self.model.tick)
        self._rest = timer(self, REST, self._read_aloud, once=True)
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        self.list.setObjectName("paletteList")
        self.list.setAccessibleName(_("Tokens"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(PaletteDelegate(self.model, self._look, self.list))
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self._none.setObjectName("hintLabel")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._none.hide()
        self._hint.setObjectName("hintLabel")
        self._hint.setText(
            _("Enter: header  ·  Ctrl+Enter: curl  ·  Alt+Enter: PowerShell  ·  Tab: other forms")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget, margins in ((self.search, (14, 14, 14, 10)), (self._hint, (14, 8, 14, 10))):
            box = QVBoxLayout()
            box.setContentsMargins(*margins)
            box.addWidget(widget)
            column.addLayout(box)
        column.insertWidget(1, self.list, 1)
        column.insertWidget(2, self._none, 1)
        column.insertWidget(3, self.notices)
        line = 2 * self.fontMetrics().lineSpacing() + 14
        self.list.setMinimumHeight(FEWEST_LINES * line + 2)
        least = self.minimumSizeHint()
        more = (LINES - FEWEST_LINES) * line
        self._usual_size = QSize(max(WIDTH, least.width()), least.height() + more)

    def _wire(self) -> None:
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._find)
        self.search.list_key.connect(self._step)
        self.search.copy_wanted.connect(lambda: self._ask(None))
        self.search.escaped.connect(self.close)
        self.list.clicked.connect(lambda _index: self._ask(None))
        self.list.selectionModel().currentChanged.connect(self._rest.start)
        self.notices.focus_freed.connect(self.search.setFocus)

    # ---- opening ----

    def open(self, tokens: Iterable[ApiToken], words: str = "", token_id: str = "") -> None:
        """Stands in the middle of the pointer's screen with the keyboard, `words` typed already."""
        if not self.isVisible():
            self.notices.clear()
            self._was_painted = False
            self._centre()
        self.search.setText(words)
        self.set_tokens(tokens)
        if token_id:
            self.select(token_id)
        self.search.selectAll()
        self._tick.start()
        self.show()
        self.raise_()
        self.activateWindow()
        self.search.setFocus()

    def set_tokens(self, tokens: Iterable[ApiToken]) -> None:
        """Takes all tokens anew; the selected one stays, if it is offered still."""
        chosen = self.chosen()
        self.model.set_tokens(tokens)
        if chosen is None or not self.select(chosen.id):
            self._select_first()
        self._say_how_many()

    def _centre(self) -> None:
        """Where the platform lets a program choose: Wayland does not."""
        screen = QGuiApplication.screenAt(QCursor.pos()) or self.screen()
        room = screen.availableGeometry()
        size = self._usual_size.boundedTo(room.size())
        self.setFixedSize(size)
        corner = room.center() - QPoint(size.width() // 2, size.height() // 2)
        self.move(corner.x(), max(corner.y(), room.top()))

    # ---- choosing ----

    def chosen(self) -> ApiToken | None:
        """The token of the selected line."""
        index = self.list.currentIndex()
        return self.model.token_at(index.row()) if index.isValid() else None

    def select(self, token_id: str) -> bool:
        """Selects a token; False where it is not offered."""
        place = self.model.place_of(token_id)
        if place is None:
            return False
        self.list.setCurrentIndex(self.model.index(place))
        return True

    def _find(self, typed: str) -> None:
        self.notices.clear()
        self.model.find(typed)
        self._select_first()
        self._say_how_many()

    def _select_first(self) -> None:
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0))
            self.list.scrollToTop()

    def _say_how_many(self) -> None:
        shown = self.model.rowCount()
        self.list.setVisible(bool(shown))
        self._none.setVisible(not shown)
        typed = bool(self.search.text().strip())
        self._none.setText(_("No token matches.") if typed else _("No tokens are stored yet."))
        more = self.model.count - shown
        words = _n("{count} more: type to narrow", "{count} more: type to narrow", more)
        self.list.setAccessibleDescription(words.format(count=more) if more else "")

    def _step(self, key: Qt.Key) -> None:
        last = self.model.rowCount() - 1
        page = max(self.list.viewport().height() // max(self.list.sizeHintForRow(0), 1) - 1, 1)
        step = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -last,
            Qt.Key.Key_End: last,
        }[key]
        place = min(max(self.list.currentIndex().row() + step, 0), last)
        if last >= 0:
            self.list.setCurrentIndex(self.model.index(place))

    def _read_aloud(self) -> None:
        index = self.list.currentIndex()
        if index.isValid() and self.search.hasFocus():
            announce(self.search, str(index.data(Qt.ItemDataRole.AccessibleTextRole)))

    # ---- asking, and being told ----

    def _ask(self, form: Form | None) -> None:
        token = self.chosen()
        if token is not None:
            self.notices.clear()  # a passcode that another one wants is not typed any more
            self.copy_wanted.emit(token, form)

    def _offer_formats(self) -> None:
        if self.chosen() is None:
            return
        menu = formats_menu(self, self._ask, self._own_forms())
        menu.aboutToHide.connect(menu.deleteLater)
        line = self.list.visualRect(self.list.currentIndex())
        menu.popup(self.list.viewport().mapToGlobal(line.bottomLeft()))

    def tell_failure(self, name: str, error: AppError) -> None:
        """Why the copy did not come about, for whom if it is for one."""
        open_window = (_("Open the &window"), self.window_wanted.emit)
        title = f"{name}: {error.title}" if name else error.title
        self.notices.warn(title, error.hint, deeds=(open_window,), answers=True)

    def ask_passcode(
        self, name: str, error: PasscodeNeeded, given: Callable[[Secret], None]
    ) -> None:
        """Asks for the passcode without which the copy does not come about."""
        self.notices.ask_passcode(f"{name}: {error.title}", error.hint, given)

    # ---- events ----

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the search field that mean another form, and no shortcut of another window."""
        if not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._ask(CURL)
                return True
            if enter and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._ask(Format.POWERSHELL)
                return True
            if event.key() == Qt.Key.Key_Tab:
                self._offer_formats()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self.opened.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._tick.stop()
        self.search.clear()
        self.notices.clear()
        self.closed.emit()
