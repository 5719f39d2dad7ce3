"""Builds the window and its parts, joins them, starts and stops them."""

import base64
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from partner_tokens.assets import resources_folder
from partner_tokens.core.clock import Clock, utc_now
from partner_tokens.core.door import Door
from partner_tokens.core.errors import AppError
from partner_tokens.core.faults import forbid_core_dumps
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.actions import Act, say_format
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
    from partner_tokens.parts import Parts

FAREWELL = timedelta(seconds=1)
"""How long quitting waits for the last writes; what hangs longer is left behind."""

LIST_WITHIN = timedelta(seconds=0.2)
"""So long the window waits for the list, so that it need not be painted twice."""

QUEUED = Qt.ConnectionType.QueuedConnection
"""For what other threads tell by `Background.say`."""

USUAL_SIZE = QSize(1040, 720)
KEEP_HOUSE_EVERY = timedelta(hours=24)


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
    """The only composition root of the window.

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
        self._qt = qt
        self.parts = parts
        self._first_rows = first_rows
        self._demo = demo
        self._clock = clock
        self._door: Door | None = None
        self._knows_list = False
        self._is_furnished = False
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
        self._early = EarlyWishes(self.window, self._furnish)
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

    def _furnish(self) -> None:
        """Builds all that works on the list, once: after the first paint, or for a deed before it.

        Its modules are imported here, too, or the first paint would wait for them.
        """
        if self._is_furnished:
            return
        self._is_furnished = True
        self._early.end()
        self._add_deeds()
        self._add_company()
        self._house = timer(self.window, KEEP_HOUSE_EVERY, self.shelf.keep_house)
        self._join_deeds()

    def _add_deeds(self) -> None:
        """The deeds on tokens: copied, proven, imported, edited, removed, renewed."""
        from partner_tokens.ui.asking import Asking
        from partner_tokens.ui.bulk_editing import BulkEditing
        from partner_tokens.ui.clipboard import Clipboard
        from partner_tokens.ui.copy_notices import CopyNotices
        from partner_tokens.ui.copying import Copying
        from partner_tokens.ui.desk import Desk
        from partner_tokens.ui.holding import Holding
        from partner_tokens.ui.importing import Importing
        from partner_tokens.ui.organizing import Organizing
        from partner_tokens.ui.pausing import Pausing
        from partner_tokens.ui.portal import Portal
        from partner_tokens.ui.proving import Proving
        from partner_tokens.ui.proving_desk import ProvingDesk
        from partner_tokens.ui.renewing import Renewing
        from partner_tokens.ui.retiring import Retiring
        from partner_tokens.ui.revoking import Revoking
        from partner_tokens.ui.undoing import Undoing

        self.clipboard = Clipboard(self._qt, self._clock)
        self.copying = Copying(
            self.session,
            self.background,
            self.clipboard,
            self.shelf,
            lambda: self.parts.preferences,
        )
        self.proving = Proving(self.session, self.background, self.shelf, self.watch, self._clock)
        self.proving_desk = ProvingDesk(
            self.window, self.model, self.session, self.shelf, self.proving, self.look
        )
        self.desk = Desk(
            self.window,
            self.model,
            self.session,
            self.shelf,
            self.copying,
            self.watch,
            self.background,
            self.look,
            self._clock,
        )
        self.holding = Holding(
            self.window, self.model, self.session, self.shelf, self.copying, self.background
        )
        self.importing = Importing(
            self.window,
            self.session,
            self.shelf,
            self.watch,
            self.proving,
            self.background,
            self.look,
            self._clock,
        )
        self.undoing = Undoing(self.window)
        self.retiring = Retiring(
            self.window,
            self.model,
            self.session,
            self.shelf,
            self.background,
            self.undoing,
            self.look,
            self._clock,
        )
        self.portal = Portal(self.parts, self.background, self.window)
        self.revoking = Revoking(
            self.window,
            self.model,
            self.retiring,
            self.shelf,
            self.copying,
            self.clipboard,
            self.portal,
            self.look,
            self._clock,
        )
        self.pausing = Pausing(self.window, self.watch)
        self.asking = Asking(self.window, self.model, self.session, self.background, self.pausing)
        self.bulk_editing = BulkEditing(
            self.window,
            self.model,
            self.session,
            self.shelf,
            self.proving,
            self.undoing,
            self.background,
            self.look,
            self._clock,
        )
        self.organizing = Organizing(
            self.window,
            self.model,
            self.session,
            self.shelf,
            lambda name, parent: self.desk.open_dialog(None, name, parent),
            self.background,
            self.look,
            self._clock,
        )
        self.renewing = Renewing(
            self.parts,
            self.window,
            self.model,
            self.session,
            self.shelf,
            self.portal,
            self.background,
            self.look,
            self._clock,
        )
        self.copy_notices = CopyNotices(
            self.window.notices,
            self.copying,
            self.clipboard,
            self.desk,
            self.retiring,
            self.renewing,
            self._clock,
            self.window,
        )

    def _add_company(self) -> None:
        """What keeps the list company: tray, quick copy, reminders, lock, preferences, help."""
        from partner_tokens.ui.backing_up import BackingUp
        from partner_tokens.ui.calling import Calling
        from partner_tokens.ui.calls import Calls
        from partner_tokens.ui.choosing import Choosing
        from partner_tokens.ui.details import Details
        from partner_tokens.ui.exporting import Exporting
        from partner_tokens.ui.guiding import Guiding
        from partner_tokens.ui.helping import Helping
        from partner_tokens.ui.keeping import Keeping
        from partner_tokens.ui.lending import Lending
        from partner_tokens.ui.locking import Locking
        from partner_tokens.ui.pulse import Pulse
        from partner_tokens.ui.quick_copy import QuickCopy
        from partner_tokens.ui.refreshing import Refreshing
        from partner_tokens.ui.reminders import Reminders
        from partner_tokens.ui.staying import Staying
        from partner_tokens.ui.tray import Tray

        self.tray = Tray(self.window, self.model, self.session, self.pausing)
        self.quick = QuickCopy(
            self.session, self.model, self.copying, self.look, self._clock, self.window
        )
        self.locking = Locking(
            self._qt, self.parts, self.window, self.session, self.clipboard, self.quick, self._clock
        )
        self.lending = Lending(
            self.parts, self.session, self.background, self.locking.is_late, self.window
        )
        self.calls = Calls(self.lending.answer, self.background)
        self.calling = Calling(self.parts, self.window)
        self._staying = Staying(
            self._qt, self.window, self.quick, self.clipboard, self.tray, self.parts
        )
        self.exporting = Exporting(
            self.parts, self.window, self.model, self.background, self._clock
        )
        self.backing_up = BackingUp(
            self.window, self.model, self.session, self.background, self.look, self._clock
        )
        self.details = Details(
            self.parts,
            self.window,
            self.model,
            self.session,
            self.background,
            self.look,
            self._qt.clipboard(),
            self._clock,
        )
        self.refreshing = Refreshing(
            self.session, self.shelf, self.pausing, self.background, self.window
        )
        self.pulse = Pulse(self._hangs_on_time, self.window)
        self.keeping = Keeping(self.window, self.session, self.shelf, self.background, self.look)
        self.reminders = Reminders(
            self.parts,
            self.window,
            self.model,
            self.session,
            self.shelf,
            self.watch,
            self.background,
            self.tray,
            self._clock,
        )
        self.helping = Helping(
            self._qt,
            self.parts,
            self.window,
            self.model,
            self.session,
            self.watch,
            self.background,
            self.look,
            self._qt.clipboard(),
        )
        self.guiding = Guiding(
            self.parts, self.window, self.session, self.desk, self.background, self.look
        )
        self.choosing = Choosing(
            self.parts, self.window, self.background, self.look, demo=self._demo
        )

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
        self._qt.aboutToQuit.connect(self.stop)

    def _join_deeds(self) -> None:
        self.background.went_wrong.connect(self.desk.tell_failure)
        self.copying.fetching.connect(self.model.set_fetching)
        self.copying.exchanged.connect(self.watch.exchanged)
        self.window.ticked.connect(self.clipboard.tick)
        self.window.seen.connect(self.clipboard.count)
        self.clipboard.count(self.window.can_be_seen)
        self.window.seen.connect(self.pulse.see)
        self.background.delivered.connect(self.pulse.hear)
        self.pulse.beat.connect(self.locking.look)  # first: what is locked fetches nothing
        self.pulse.beat.connect(self.refreshing.look)
        self.pulse.beat.connect(self.asking.look)
        self.pulse.beat.connect(self.proving.look)
        self.window.ticked.connect(self.proving.look)
        self.quick.shown.connect(self.shelf.look)
        self.lending.lent.connect(self.shelf.refresh, QUEUED)
        self.lending.came_late.connect(self.locking.look, QUEUED)
        self.choosing.changed.connect(self._take_preferences)
        self.guiding.reminders_changed.connect(self.reminders.start)
        self._join_calls()

    def _join_calls(self) -> None:
        """What is asked for outside the window; whoever comes too late finds it locked."""
        for late in (self.tray.palette_wanted, self.tray.copy_wanted, self.calling.called):
            late.connect(self.locking.look)
        self.tray.palette_wanted.connect(self.quick.open)
        self.tray.copy_wanted.connect(self.quick.copy_token)
        self.calls.raise_wanted.connect(self._raise, QUEUED)
        self.calls.quick_wanted.connect(self._open_palette, QUEUED)
        self.calling.called.connect(self.quick.open)
        self.calls.copy_wanted.connect(self._copy_meant, QUEUED)
        self.quick.window_wanted.connect(self.window.come_forward)

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
            self._door.open(self.calls.answer)

    def start_without_window(self, deed: Callable[[], None]) -> None:
        """Does the deed as soon as the list is read; shows the window only if that fails."""
        self._lay_out()
        self.shelf.pause(True)

        def begin() -> None:
            self.shelf.loaded.disconnect(begin)
            self._furnish()
            deed()
            if self.quick.is_open:  # it is painted first: what is loaded now would delay that
                self.quick.shown.connect(self._begin)
                self.quick.done.connect(self._begin)
            else:
                self._begin()

        self.shelf.loaded.connect(begin)
        self.shelf.failed.connect(self.window.show)
        self.shelf.start(self._first_rows)

    def _lay_out(self) -> None:
        preferences = self.parts.preferences
        self.window.resize(USUAL_SIZE.boundedTo(self._qt.primaryScreen().availableSize() * 0.9))
        self.window.restoreGeometry(_unpacked(preferences.geometry))
        self.window.table.horizontalHeader().restoreState(_unpacked(preferences.header))

    def _begin(self) -> None:
        if self._has_begun:
            return
        self._has_begun = True
        self._unread.stop()
        if self._owns_process:
            self.collecting.start()
        self._furnish()
        say_format(self.window.acts, self.copying.usual_form)
        self._open_door()
        self.session.start()
        self.details.start()
        self.tray.start()
        self.reminders.start()
        self.locking.start()
        self.calling.start()
        self.choosing.start()
        self.shelf.keep_house()
        self._house.start()
        self.pulse.start(seen=self.window.can_be_seen)
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
        stopping = Stopping(self._qt)
        if copy is not None:
            self.start_without_window(lambda: self.quick.copy(copy))
        elif quick:
            self.start_without_window(lambda: self.quick.open())
        else:
            self.start()
        code = self._qt.exec()
        stopping.close()
        self._net.remove()
        return code

    def paint_picture(self, file: Path) -> int:
        """Writes a picture of the window after its first copy, then ends; 1 if it cannot."""
        saved: list[bool] = []

        def paint() -> None:
            saved.append(self.window.grab().save(str(file), "PNG"))
            self._qt.quit()

        def copy_first() -> None:
            if self.watch.healths() and not self.copying.is_busy:
                self.watch.changed.disconnect(copy_first)
                self.copying.copied.connect(lambda: QTimer.singleShot(500, paint))
                self.window.wanted.emit(Act.COPY)

        self.watch.changed.connect(copy_first)
        QTimer.singleShot(15_000, paint)
        self.window.painted.connect(lambda: self.window.resize(USUAL_SIZE))
        self.run()
        return 0 if saved and saved[0] else 1

    # ---- running ----

    def _hangs_on_time(self) -> bool:
        """Whether anything ends or is due by itself while nobody looks; reminders know themselves.

        What is locked waits for the user.
        """
        core, access = self.session.core, self.session.access
        if core is None or access is not Access.OPEN:
            return False
        return core.broker.hangs_on_time or self.proving.is_running or self.locking.is_due

    def _session_changed(self) -> None:
        if self.session.access is Access.LOCKED:
            self.collecting.sweep()
        # The login of a proxy can be had only while the store is open.
        if self.session.access is Access.OPEN and self.parts.preferences.proxy == "manual":
            self.watch.start_over()

    def _take_preferences(self, names: frozenset[str]) -> None:
        """What is asked for each time holds already; the others are told."""
        from partner_tokens.ui.choosing import PROXY_LOGIN

        self.reminders.start()
        self.locking.start()
        self.calling.start()
        self.watch.hurry()
        if names & {"proxy", "proxy_address", PROXY_LOGIN, "ca_file"}:
            self.watch.start_over()
        say_format(self.window.acts, self.copying.usual_form)

    def _raise(self, activation: str) -> None:
        _allow(activation)
        self.window.come_forward()

    def _open_palette(self, activation: str) -> None:
        _allow(activation)
        self.locking.look()
        self.quick.open()

    def _copy_meant(self, words: str, activation: str) -> None:
        _allow(activation)
        self.locking.look()
        self.quick.copy(words)

    # ---- stopping ----

    def stop(self) -> None:
        """Timers stop, nothing more is delivered, the clipboard is cleared if it is ours."""
        if self._door is not None:
            self._door.shut()
        self.background.stop()
        self._unread.stop()
        if self._is_furnished:
            self.pulse.stop()
            self.quick.stop()
            self.tray.stop()
            self.calling.stop()
            self.clipboard.clear_now()
        geometry = _packed(self.window.saveGeometry())
        header = _packed(self.window.table.horizontalHeader().saveState())

        remembered = self.details.remembered() if self._has_begun else {}
        background, parts = self.background, self.parts  # `farewell` may outlive all else

        def farewell() -> None:
            with suppress(OSError):
                parts.remember(geometry=geometry, header=header, **remembered)
            background.wait(FAREWELL)  # what the user changed is still being written
            parts.close()

        last = threading.Thread(target=farewell, name="farewell", daemon=True)
        last.start()
        last.join(FAREWELL.total_seconds())


def _allow(activation: str) -> None:
    """Lets the next window that comes forward have the keyboard, under Wayland."""
    if activation:
        with suppress(ValueError):  # no text for an environment: then no desktop has given it
            os.environ["XDG_ACTIVATION_TOKEN"] = activation  # Qt takes it from there, and away


def _packed(state: QByteArray) -> str:
    return base64.b64encode(state.data()).decode()


def _unpacked(text: str) -> QByteArray:
    try:
        return QByteArray(base64.b64decode(text, validate=True))
    except ValueError:
        return QByteArray()
