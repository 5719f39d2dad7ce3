"""All that works on the list: what each part is given, and how they are joined."""

import os
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from partner_tokens.ui.actions import say_format
from partner_tokens.ui.asking import Asking
from partner_tokens.ui.backing_up import BackingUp
from partner_tokens.ui.bulk_editing import BulkEditing
from partner_tokens.ui.calling import Calling
from partner_tokens.ui.calls import Calls
from partner_tokens.ui.choosing import PROXY_LOGIN, Choosing
from partner_tokens.ui.clipboard import Clipboard
from partner_tokens.ui.copy_notices import CopyNotices
from partner_tokens.ui.copying import Copying
from partner_tokens.ui.desk import Desk
from partner_tokens.ui.details import Details
from partner_tokens.ui.exporting import Exporting
from partner_tokens.ui.guiding import Guiding
from partner_tokens.ui.helping import Helping
from partner_tokens.ui.holding import Holding
from partner_tokens.ui.importing import Importing
from partner_tokens.ui.keeping import Keeping
from partner_tokens.ui.lending import Lending
from partner_tokens.ui.locking import Locking
from partner_tokens.ui.organizing import Organizing
from partner_tokens.ui.pausing import Pausing
from partner_tokens.ui.portal import Portal
from partner_tokens.ui.proving import Proving
from partner_tokens.ui.proving_desk import ProvingDesk
from partner_tokens.ui.pulse import Pulse
from partner_tokens.ui.quick_copy import QuickCopy
from partner_tokens.ui.refreshing import Refreshing
from partner_tokens.ui.reminders import Reminders
from partner_tokens.ui.renewing import Renewing
from partner_tokens.ui.retiring import Retiring
from partner_tokens.ui.revoking import Revoking
from partner_tokens.ui.session import Access
from partner_tokens.ui.staying import Staying
from partner_tokens.ui.timing import timer
from partner_tokens.ui.tray import Tray
from partner_tokens.ui.undoing import Undoing

if TYPE_CHECKING:
    from partner_tokens.application import Application

KEEP_HOUSE_EVERY = timedelta(hours=24)

QUEUED = Qt.ConnectionType.QueuedConnection
"""For what other threads tell by `Background.say`."""


class Deeds:
    """Builds, joins, starts and stops what is not needed to paint the list."""

    def __init__(self, app: "Application") -> None:
        self._app = app
        self._add_deeds(app)
        self._add_company(app)
        self._house = timer(app.window, KEEP_HOUSE_EVERY, app.shelf.keep_house)
        self._join(app)
        self._join_calls(app)

    def _add_deeds(self, app: "Application") -> None:
        """What is done with tokens: copied, proven, imported, edited, removed, renewed."""
        parts, clock, look, background = app.parts, app.clock, app.look, app.background
        window, model, session = app.window, app.model, app.session
        shelf, watch = app.shelf, app.watch

        self.clipboard = clipboard = Clipboard(app.qt, clock)
        self.copying = copying = Copying(
            session, background, clipboard, shelf, lambda: parts.preferences
        )
        self.proving = proving = Proving(session, background, shelf, watch, clock)
        self.proving_desk = ProvingDesk(window, model, session, shelf, proving, look)
        self.desk = desk = Desk(
            window, model, session, shelf, copying, watch, background, look, clock
        )
        self.holding = Holding(window, model, session, shelf, copying, background)
        self.importing = Importing(window, session, shelf, watch, proving, background, look, clock)
        self.undoing = undoing = Undoing(window)
        self.retiring = retiring = Retiring(
            window, model, session, shelf, background, undoing, look, clock
        )
        self.portal = portal = Portal(parts, background, window)
        self.revoking = Revoking(
            window, model, retiring, shelf, copying, clipboard, portal, look, clock
        )
        self.pausing = Pausing(window, watch)
        self.asking = Asking(window, model, session, background, self.pausing)
        self.bulk_editing = BulkEditing(
            window, model, session, shelf, proving, undoing, background, look, clock
        )
        self.organizing = Organizing(
            window,
            model,
            session,
            shelf,
            lambda name, parent: desk.open_dialog(None, name, parent),
            background,
            look,
            clock,
        )
        self.renewing = renewing = Renewing(
            parts, window, model, session, shelf, portal, background, look, clock
        )
        self.copy_notices = CopyNotices(
            window.notices, copying, clipboard, desk, retiring, renewing, clock, window
        )

    def _add_company(self, app: "Application") -> None:
        """What keeps the list company: tray, quick copy, reminders, lock, preferences, help."""
        qt, parts, clock, look = app.qt, app.parts, app.clock, app.look
        window, model, session = app.window, app.model, app.session
        shelf, watch, background = app.shelf, app.watch, app.background
        clipboard, pausing = self.clipboard, self.pausing

        self.tray = tray = Tray(window, model, session, pausing)
        self.quick = quick = QuickCopy(session, model, self.copying, look, clock, window)
        self.locking = Locking(qt, parts, window, session, app.troubles, clipboard, quick, clock)
        self.lending = Lending(parts, session, background, self.locking.is_late, window)
        self.calls = Calls(self.lending.answer, background)
        self.calling = Calling(parts, window)
        self.staying = Staying(qt, window, quick, clipboard, tray, parts)
        self.exporting = Exporting(parts, window, model, background, clock)
        self.backing_up = BackingUp(window, model, session, background, look, clock)
        self.details = Details(
            parts, window, model, session, background, look, qt.clipboard(), clock
        )
        self.refreshing = Refreshing(session, shelf, pausing, background, window)
        self.pulse = Pulse(self._hangs_on_time, window)
        self.keeping = Keeping(window, session, shelf, background, look)
        self.reminders = Reminders(
            parts, window, model, session, shelf, watch, background, tray, clock
        )
        self.helping = Helping(
            qt, parts, window, model, session, watch, background, look, qt.clipboard()
        )
        self.guiding = Guiding(parts, window, session, self.desk, background, look)
        self.choosing = Choosing(parts, window, background, look, demo=app.demo)

    def _join(self, app: "Application") -> None:
        app.background.went_wrong.connect(self.desk.tell_failure)
        self.copying.fetching.connect(app.model.set_fetching)
        self.copying.exchanged.connect(app.watch.exchanged)
        app.window.ticked.connect(self.clipboard.tick)
        app.window.seen.connect(self.clipboard.count)
        self.clipboard.count(app.window.can_be_seen)
        app.window.seen.connect(self.pulse.see)
        app.background.delivered.connect(self.pulse.hear)
        self.pulse.beat.connect(self.locking.look)  # first: what is locked fetches nothing
        self.pulse.beat.connect(self.refreshing.look)
        self.pulse.beat.connect(self.asking.look)
        self.pulse.beat.connect(self.proving.look)
        app.window.ticked.connect(self.proving.look)
        self.quick.shown.connect(app.shelf.look)
        self.lending.lent.connect(app.shelf.refresh, QUEUED)
        self.lending.came_late.connect(self.locking.look, QUEUED)
        self.choosing.changed.connect(self._take_preferences)
        self.guiding.reminders_changed.connect(self.reminders.start)

    def _join_calls(self, app: "Application") -> None:
        """What is asked for outside the window; whoever comes too late finds it locked."""
        for late in (self.tray.palette_wanted, self.tray.copy_wanted, self.calling.called):
            late.connect(self.locking.look)
        self.tray.palette_wanted.connect(self.quick.open)
        self.tray.copy_wanted.connect(self.quick.copy_token)
        self.calls.raise_wanted.connect(self._raise, QUEUED)
        self.calls.quick_wanted.connect(self._open_palette, QUEUED)
        self.calling.called.connect(self.quick.open)
        self.calls.copy_wanted.connect(self._copy_meant, QUEUED)
        self.quick.window_wanted.connect(app.window.come_forward)

    # ---- starting, stopping -------------------------------------------------------------------

    def start(self) -> None:
        """Begins all that works by itself."""
        say_format(self._app.window.acts, self.copying.usual_form)
        self.details.start()
        self.tray.start()
        self.reminders.start()
        self.locking.start()
        self.calling.start()
        self.choosing.start()
        self._app.shelf.keep_house()
        self._house.start()
        self.pulse.start(seen=self._app.window.can_be_seen)

    def stop(self) -> None:
        """Timers stop, what is shown outside the window goes, the clipboard is cleared if ours."""
        self.pulse.stop()
        self.quick.stop()
        self.tray.stop()
        self.calling.stop()
        self.clipboard.clear_now()

    # ---- running ------------------------------------------------------------------------------

    def _hangs_on_time(self) -> bool:
        """Whether anything ends or is due by itself while nobody looks; reminders know themselves.

        What is locked waits for the user.
        """
        core, access = self._app.session.core, self._app.session.access
        if core is None or access is not Access.OPEN:
            return False
        return core.broker.hangs_on_time or self.proving.is_running or self.locking.is_due

    def _take_preferences(self, names: frozenset[str]) -> None:
        """What is asked for each time holds already; the others are told."""
        self.reminders.start()
        self.locking.start()
        self.calling.start()
        self._app.watch.hurry()
        if names & {"proxy", "proxy_address", PROXY_LOGIN, "ca_file"}:
            self._app.watch.start_over()
        say_format(self._app.window.acts, self.copying.usual_form)

    def _raise(self, activation: str) -> None:
        _allow(activation)
        self._app.window.come_forward()

    def _open_palette(self, activation: str) -> None:
        _allow(activation)
        self.locking.look()
        self.quick.open()

    def _copy_meant(self, words: str, activation: str) -> None:
        _allow(activation)
        self.locking.look()
        self.quick.copy(words)


def _allow(activation: str) -> None:
    """Lets the next window that comes forward have the keyboard, under Wayland."""
    if activation:
        with suppress(ValueError):  # no text for an environment: then no desktop has given it
            os.environ["XDG_ACTIVATION_TOKEN"] = activation  # Qt takes it from there, and away
