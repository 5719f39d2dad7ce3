"""The window over its parts: built, started, run and stopped."""

import base64
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from partner_tokens.assets import resources_folder
from partner_tokens.core.clock import Clock, utc_now
from partner_tokens.core.door import Door
from partner_tokens.core.errors import AppError
from partner_tokens.core.faults import forbid_core_dumps
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.collecting import Collecting
from partner_tokens.ui.crash import CrashNet, keep_native_traces
from partner_tokens.ui.early import EarlyWishes
from partner_tokens.ui.look import Look
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.qt_words import speak_our_language
from partner_tokens.ui.session import Access, Session
from partner_tokens.ui.shelf import Shelf
from partner_tokens.ui.stopping import Stopping
from partner_tokens.ui.timing import timer
from partner_tokens.ui.token_model import TokenModel
from partner_tokens.ui.troubles import Troubles
from partner_tokens.ui.watch import Watch

if TYPE_CHECKING:
    from partner_tokens.deeds import Deeds
    from partner_tokens.parts import Parts

FAREWELL = timedelta(seconds=1)
"""How long quitting waits for the last writes; what hangs longer is left behind."""

LIST_WITHIN = timedelta(seconds=0.2)
"""So long the window waits for the list, so that it need not be painted twice."""

USUAL_SIZE = QSize(1040, 720)


def make_qt(arguments: Sequence[str] = ()) -> QApplication:
    """The QApplication, with the program's name, icon and style."""
    qt = QApplication(["partner-tokens", *arguments])
    speak_our_language(qt)
    qt.setStyle("Fusion")
    qt.setApplicationName("partner-tokens")
    qt.setApplicationDisplayName("Partner Tokens")
    QGuiApplication.setDesktopFileName("partner-tokens")
    qt.setWindowIcon(QIcon(str(resources_folder() / "icons" / "app.svg")))
    return qt


def tell(error: AppError) -> None:
    """Says in a window of its own why the program does not start; waits until it is closed."""
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(QMessageBox.Icon.Warning, "Partner Tokens", error.title)
    box.setInformativeText(error.hint)
    box.exec()


class Application:
    """The composition root of the window; what the list does not need to be painted is in `deeds`.

    Order of a start: rows are read on another thread while Qt loads; the list is painted; only then
    all that works on it is built, the core's libraries are loaded, the vault is opened and the
    endpoints are checked.
    """

    def __init__(
        self,
        qt: QApplication,
        parts: "Parts",
        first_rows: Callable[[], Sequence[ApiToken]],
        *,
        demo: bool = False,
        clock: Clock = utc_now,
    ) -> None:
        self.qt = qt
        self.parts = parts
        self.clock = clock
        self.demo = demo
        self._first_rows = first_rows
        self._door: Door | None = None
        self._knows_list = False
        self._deeds: Deeds | None = None
        self._has_begun = False
        self._owns_process = False
        """Whether `run` was called; a test's process is not ours alone."""
        self._net = CrashNet(parts.profile.log_path)
        self.look = Look(qt)
        self.background = Background()
        self.collecting = Collecting(self.background)
        self.session = Session(parts, self.background)
        self.model = TokenModel(clock, self.session.at_hand)
        self.window = MainWindow(self.model, self.look, demo=demo)
        self._early = EarlyWishes(self.window, lambda: self.deeds)
        self._unread = timer(self.window, LIST_WITHIN, self._go_on_without_list, once=True)
        self.shelf = Shelf(parts, self.session, self.model, self.background)
        self.watch = Watch(
            self.session,
            self.background,
            clock,
            every=lambda: timedelta(seconds=parts.preferences.check_seconds),
        )
        self.troubles = Troubles(
            self.window,
            self.model,
            self.session,
            self.shelf,
            self.watch,
            self.look,
            qt.clipboard(),
        )
        self._join()

    @property
    def deeds(self) -> "Deeds":
        """All that works on the list; built once, after the first paint or for a deed before it."""
        if self._deeds is None:
            from partner_tokens.deeds import Deeds  # the first paint does not wait for it

            self._early.end()
            self._deeds = Deeds(self)
        return self._deeds

    def _join(self) -> None:
        self.background.bug.connect(self._net.take)
        self.background.delivered.connect(self.collecting.look)
        self._net.caught.connect(self.troubles.tell_fault)
        self.shelf.loaded.connect(self._know_list)
        self.shelf.failed.connect(self._know_list)
        self.window.painted.connect(self._begin)
        self.window.ticked.connect(self.watch.tick)
        self.window.ticked.connect(self.collecting.look)
        self.window.seen.connect(lambda seen: self.shelf.pause(not seen))
        self.session.changed.connect(self._session_changed)
        self.qt.aboutToQuit.connect(self.stop)

    def _session_changed(self) -> None:
        if self.session.access is Access.LOCKED:
            self.collecting.sweep()
        # The login of a proxy can be had only while the store is open.
        if self.session.access is Access.OPEN and self.parts.preferences.proxy == "manual":
            self.watch.start_over()

    # ---- starting ----

    def start(self) -> None:
        """Shows the window; everything else begins once the list is painted."""
        self._lay_out()
        self.shelf.start(self._first_rows)
        self.window.setUpdatesEnabled(False)
        self.window.show()
        self._unread.start()

    def _go_on_without_list(self) -> None:
        self.window.setUpdatesEnabled(True)
        self._begin()

    def let_in(self, door: Door) -> None:
        """What other starts have asked for is done once the list is read, or cannot be."""
        self._door = door

    def _know_list(self, _error: AppError | None = None) -> None:
        self._knows_list = True
        self.window.setUpdatesEnabled(True)
        self._open_door()

    def _open_door(self) -> None:
        if self._door is not None and self._knows_list and self._has_begun:
            self._door.open(self.deeds.calls.answer)

    def start_without_window(self, deed: Callable[[], None]) -> None:
        """Does the deed as soon as the list is read; shows the window only if that fails."""
        self._lay_out()
        self.shelf.pause(True)

        def begin() -> None:
            self.shelf.loaded.disconnect(begin)
            quick = self.deeds.quick
            deed()
            if quick.is_open:  # it is painted first: what is loaded now would delay that
                quick.shown.connect(self._begin)
                quick.done.connect(self._begin)
            else:
                self._begin()

        self.shelf.loaded.connect(begin)
        self.shelf.failed.connect(self.window.show)
        self.shelf.start(self._first_rows)

    def _lay_out(self) -> None:
        preferences = self.parts.preferences
        self.window.resize(USUAL_SIZE.boundedTo(self.qt.primaryScreen().availableSize() * 0.9))
        self.window.restoreGeometry(_unpacked(preferences.geometry))
        self.window.table.horizontalHeader().restoreState(_unpacked(preferences.header))

    def _begin(self) -> None:
        if self._has_begun:
            return
        self._has_begun = True
        self._unread.stop()
        if self._owns_process:
            self.collecting.start()
        deeds = self.deeds
        self._open_door()
        self.session.start()
        deeds.start()
        self.background.run(
            self.window,
            lambda: keep_native_traces(self.parts.profile.log_path.with_suffix(".crash")),
            done=lambda _nothing: None,
            lane=Lane.STORE,
        )

    def run(self, *, quick: bool = False, copy: str | None = None) -> int:
        """Until the last window is closed; returns the process's exit code.

        Begins with the palette for `quick`, with copying what the words of `copy` mean, else with
        the window.
        """
        self._net.install()
        forbid_core_dumps()
        self._owns_process = True
        stopping = Stopping(self.qt)
        if copy is not None:
            self.start_without_window(lambda: self.deeds.quick.copy(copy))
        elif quick:
            self.start_without_window(lambda: self.deeds.quick.open())
        else:
            self.start()
        code = self.qt.exec()
        stopping.close()
        self._net.remove()
        return code

    # ---- stopping ----

    def stop(self) -> None:
        """Timers stop, nothing more is delivered, the clipboard is cleared if it is ours."""
        if self._door is not None:
            self._door.shut()
        self.background.stop()
        self._unread.stop()
        if self._deeds is not None:
            self._deeds.stop()
        geometry = _packed(self.window.saveGeometry())
        header = _packed(self.window.table.horizontalHeader().saveState())

        remembered = self.deeds.details.remembered() if self._has_begun else {}
        background, parts = self.background, self.parts  # `farewell` may outlive all else

        def farewell() -> None:
            with suppress(OSError):
                parts.remember(geometry=geometry, header=header, **remembered)
            background.wait(FAREWELL)  # what the user changed is still being written
            parts.close()

        last = threading.Thread(target=farewell, name="farewell", daemon=True)
        last.start()
        last.join(FAREWELL.total_seconds())


def _packed(state: QByteArray) -> str:
    return base64.b64encode(state.data()).decode()


def _unpacked(text: str) -> QByteArray:
    try:
        return QByteArray(base64.b64decode(text, validate=True))
    except ValueError:
        return QByteArray()
