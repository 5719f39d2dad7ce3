"""The details beside the list: opened by a key, filled off the GUI thread, following the choice."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QClipboard, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.events import Entry
from partner_tokens.core.language import _
from partner_tokens.core.tokens import AccessToken, ApiToken
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import REST, MainWindow, Page
from partner_tokens.ui.notices import announce
from partner_tokens.ui.session import Session
from partner_tokens.ui.timing import timer
from partner_tokens.ui.token_model import TokenModel

if TYPE_CHECKING:
    from partner_tokens.parts import Parts
    from partner_tokens.ui.details_panel import DetailsPanel

BESIDE_FROM = 960
"""Width of the window from which the panel stands beside the list; else below it."""

USUAL_WIDTH = 360
PAGES = frozenset({Page.LIST, Page.NO_MATCH})


class Details(QObject):
    """Open or closed is the user's choice, and is remembered, as is the width."""

    def __init__(
        self,
        parts: "Parts",
        window: MainWindow,
        model: TokenModel,
        session: Session,
        background: Background,
        look: Look,
        clipboard: QClipboard,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        self._model = model
        self._session = session
        self._background = background
        self._look = look
        self._clipboard = clipboard
        self._clock = clock
        self._is_open = False
        self._width = 0
        self._height = 0
        self._token: ApiToken | None = None
        self._access: AccessToken | None = None
        self.panel: DetailsPanel | None = None
        self._rest = timer(self, REST, self._follow, once=True)
        window.wanted.connect(self._do)

    def remembered(self) -> dict[str, object]:
        """What the preferences are to keep."""
        return {"details": self._is_open, "details_width": self._width}

    # ---- opening and closing ----

    def start(self) -> None:
        """Shows the panel again where it was open the last time."""
        preferences = self._parts.preferences
        self._width = max(0, min(preferences.details_width, self._window.width()))
        if preferences.details:
            self.open()

    def _do(self, act: Act) -> None:
        if act is not Act.DETAILS:
            return
        if self._is_open:
            self.close()
        else:
            self.open()
            announce(self._window, _("Details are shown. F6 goes there."))

    def open(self) -> None:
        """Shows the panel; the keyboard stays where it is."""
        self._is_open = True
        self._made_panel()
        self._place()
        self._follow()

    def close(self) -> None:
        """Hides the panel; where it had the keyboard, the search field has it again."""
        self._is_open = False
        self._place()
        announce(self._window, _("Details are hidden."))

    def _made_panel(self) -> "DetailsPanel":
        """The panel, made when it is first opened."""
        if self.panel is None:
            from partner_tokens.ui.details_panel import DetailsPanel

            window = self._window
            self.panel = DetailsPanel(self._look, self._clipboard)
            self.panel.closed.connect(self.close)
            self.panel.left.connect(window.search.setFocus)
            self.panel.export_wanted.connect(window.acts[Act.EXPORT_HISTORY].trigger)
            window.middle.addWidget(self.panel)
            window.middle.installEventFilter(self)
            window.middle.splitterMoved.connect(self._remember_size)
            window.table.chosen.connect(self._rest.start)
            window.page_shown.connect(self._place)
            window.ticked.connect(self._tick)
            self._model.counted.connect(self._changed)
            QShortcut(QKeySequence("F6"), window, self._change_sides)
        return self.panel

    # ---- where it stands ----

    def _place(self) -> None:
        """Beside the list where the window is wide enough, else below; away while that is shut."""
        panel = self.panel
        if panel is None:
            return
        is_shown = self._is_open and self._window.page in PAGES
        appears = is_shown and panel.isHidden()
        had_focus = self._has_focus()
        panel.setVisible(is_shown)
        if not is_shown:
            self._token = None
            panel.clear()
            if had_focus:
                self._window.search.setFocus()
            return
        if self._token is None:
            self._rest.start()
        self._turn(appears=appears)

    def _turn(self, *, appears: bool = False) -> None:
        middle, way = self._window.middle, Qt.Orientation
        is_beside = middle.width() >= BESIDE_FROM
        turned = (middle.orientation() is way.Horizontal) != is_beside
        middle.setOrientation(way.Horizontal if is_beside else way.Vertical)
        self._made_panel().stand(below=not is_beside)
        if is_beside:
            wanted = self._width or USUAL_WIDTH
            middle.setSizes([middle.width() - wanted, wanted])
        else:
            wanted = self._height or middle.height() // 2
            middle.setSizes([middle.height() - wanted, wanted])
            if appears or turned:
                QTimer.singleShot(0, self, self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        """The line that the panel speaks of is not to be behind it."""
        table = self._window.table
        if table.currentIndex().isValid():
            table.scrollTo(table.currentIndex())

    def _remember_size(self) -> None:
        middle = self._window.middle
        if middle.orientation() is Qt.Orientation.Horizontal:
            self._width = middle.sizes()[1]
        else:
            self._height = middle.sizes()[1]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window became wider or narrower."""
        if event.type() == QEvent.Type.Resize and self.panel and self.panel.isVisible():
            self._turn()
        return super().eventFilter(watched, event)

    def _change_sides(self) -> None:
        """F6: from the list into the panel, and back."""
        panel = self.panel
        if panel is None or not panel.isVisible():
            return
        if self._has_focus():
            self._window.search.setFocus()
        else:
            panel.take_focus()

    def _has_focus(self) -> bool:
        focus: QWidget | None = self._window.focusWidget()
        return focus is not None and self.panel is not None and self.panel.isAncestorOf(focus)

    # ---- what it shows ----

    def _follow(self) -> None:
        """Shows the selected token, and reads its history."""
        panel = self.panel
        if panel is None or not panel.isVisible():
            return
        before, self._token = self._token, self._window.table.selected()
        token = self._token
        if token is None:
            panel.clear()
            return
        if before is None or before.id != token.id:
            panel.scroll_up()
            panel.show_history(())
        self._show_token(token)
        self._background.run(
            self,
            lambda: self._parts.history.of(token.id),
            done=lambda entries: self._show_history(token.id, entries),
            failed=lambda error: self._tell_trouble(token.id, error),
            lane=Lane.STORE,
        )

    def _changed(self) -> None:
        """Tokens were changed: perhaps this one, and then something happened to it."""
        if self._token is not None:
            self._rest.start()

    def _show_token(self, token: ApiToken) -> None:
        panel, now = self._made_panel(), self._clock()
        panel.show_token(token, now)
        self._access = self._session.at_hand(token)
        panel.show_access(self._access, now)
        panel.show_statement(self._session.statement_at_hand(token))

    def _tick(self) -> None:
        token, panel = self._token, self.panel
        if token is None or panel is None or not panel.isVisible():
            return
        if self._session.at_hand(token) is not self._access:
            self._rest.start()  # another exchange was made: there is more to tell
            self._show_token(token)
            return
        now = self._clock()
        panel.show_token(token, now)
        panel.show_access(self._access, now)

    def _show_history(self, token_id: str, entries: Sequence[Entry]) -> None:
        if self.panel and self._token is not None and self._token.id == token_id:
            self.panel.show_history(entries)

    def _tell_trouble(self, token_id: str, error: AppError) -> None:
        if self.panel and self._token is not None and self._token.id == token_id:
            self.panel.show_trouble(f"{error.title} {error.hint}")
