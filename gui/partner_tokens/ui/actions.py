"""The deeds a key, a menu or a button can ask for, each with its words, icon and shortcut."""

from enum import Enum, auto

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from partner_tokens.core.formats import Form, Format
from partner_tokens.core.language import _, _n
from partner_tokens.core.wording import format_label
from partner_tokens.ui.look import Look


class Act(Enum):
    """A deed of the main window."""

    COPY = auto()
    FORMATS = auto()
    ADD = auto()
    IMPORT = auto()
    DETAILS = auto()
    ASK = auto()
    EDIT = auto()
    PIN = auto()
    REGENERATE = auto()
    REVOKE = auto()
    REMOVE = auto()
    UNDO = auto()
    RENEW = auto()
    ORGANIZATIONS = auto()
    TRASH = auto()
    FIND = auto()
    CHECK = auto()
    PAUSE = auto()
    KEYS = auto()
    LOCK = auto()
    PANIC = auto()
    PREFERENCES = auto()
    EXPORT_CSV = auto()
    EXPORT_ICS = auto()
    BACKUP = auto()
    EXPORT_HISTORY = auto()
    GUIDE = auto()
    DEMO = auto()
    SHORTCUTS = auto()
    DIAGNOSTICS = auto()
    ABOUT = auto()
    QUIT = auto()


def make_actions(window: QWidget, look: Look, may_be_drawn: SignalInstance) -> dict[Act, QAction]:
    """One action a deed, at home in the window so that its shortcut works everywhere in it.

    Their icons come when `may_be_drawn` is emitted: they are seen in menus only.
    """
    plan: dict[Act, tuple[str, str, str]] = {
        Act.COPY: (_("&Copy header"), "copy", "Ctrl+C"),
        Act.FORMATS: (_("C&opy as…"), "copy", "Ctrl+Shift+C"),
        Act.ADD: (_("&Add token…"), "plus", "Ctrl+N"),
        Act.IMPORT: (_("&Import…"), "paste", "Ctrl+I"),
        Act.DETAILS: (_("De&tails"), "info", "Alt+Return"),
        Act.ASK: (_("Ask the service for its &dates"), "calendar", ""),
        Act.EDIT: (_("&Edit…"), "pencil", "F2"),
        Act.PIN: (_("&Pin or unpin"), "star", "Ctrl+D"),
        Act.REGENERATE: (_("Re&generate…"), "renew", "Ctrl+R"),
        Act.REVOKE: (_("Re&voke…"), "cross-circle", ""),
        Act.REMOVE: (_("&Remove"), "trash", "Ctrl+Del"),
        Act.UNDO: (_("&Undo"), "undo", "Ctrl+Z"),
        Act.RENEW: (_("Rene&w what runs out…"), "clock", "Ctrl+Shift+R"),
        Act.ORGANIZATIONS: (_("Organi&zations…"), "building", "Ctrl+G"),
        Act.TRASH: (_("Tras&h…"), "trash", "Ctrl+T"),
        Act.FIND: (_("&Find"), "search", "Ctrl+F"),
        Act.CHECK: (_("Check &now"), "refresh", "F5"),
        Act.PAUSE: (_("Pause"), "pause", ""),
        Act.KEYS: (_("Ke&ys and recovery…"), "key", ""),
        Act.LOCK: (_("Loc&k"), "lock", "Ctrl+L"),
        Act.PANIC: (_("Lock, close and hide all (panic)"), "shield", "Ctrl+Shift+L"),
        Act.PREFERENCES: (_("Preference&s…"), "sliders", "Ctrl+,"),
        Act.EXPORT_CSV: (_("&Inventory for spreadsheets (CSV)…"), "table", ""),
        Act.EXPORT_ICS: (_("&Days of expiry for calendars (iCalendar)…"), "calendar", ""),
        Act.BACKUP: (_("&Back up or hand over (encrypted)…"), "lock", ""),
        Act.EXPORT_HISTORY: (_("&History of the selected token (CSV)…"), "clock", ""),
        Act.GUIDE: (_("&First minute…"), "question", ""),
        Act.DEMO: (_("Look at the &demo"), "building", ""),
        Act.SHORTCUTS: (_("&Keyboard shortcuts"), "keyboard", "F1; Ctrl+/"),
        Act.DIAGNOSTICS: (_("Copy d&iagnostics"), "copy", ""),
        Act.ABOUT: (_("&About Partner Tokens"), "info", ""),
        Act.QUIT: (_("&Quit"), "close", "Ctrl+Q"),
    }
    actions = {}
    for act, (words, _icon, chords) in plan.items():
        action = QAction(words, window)
        action.setShortcuts([QKeySequence(chord) for chord in chords.split("; ") if chord])
        action.setAutoRepeat(False)  # a key held down would remove one token after the other
        window.addAction(action)
        actions[act] = action

    def dress() -> None:
        if not isValid(window):  # the look outlives its windows, and a function hears on
            return
        for act, (_words, icon, _chords) in plan.items():
            actions[act].setIcon(look.icon(icon, "dim"))

    look.changed.connect(dress)
    may_be_drawn.connect(dress)
    return actions


def say_format(actions: dict[Act, QAction], form: Form) -> None:
    """Says in what format the plain copy copies, where that is not the header."""
    words = _("&Copy header")
    if form is not Format.HEADER:
        words = _("&Copy: {format}").format(format=format_label(form).replace("&", "&&"))
    actions[Act.COPY].setText(words)


def say_lock(actions: dict[Act, QAction], *, forgets: bool) -> None:
    """Names the act for what it is: a keyring opens again unasked, so nothing is locked by it."""
    lock, panic = _("Loc&k"), _("Lock, close and hide all (panic)")
    if forgets:
        lock, panic = _("Forget &key and headers"), _("Forget, close and hide all (panic)")
    actions[Act.LOCK].setText(lock)
    actions[Act.PANIC].setText(panic)


def say_number(actions: dict[Act, QAction], count: int) -> None:
    """Says for how many selected tokens those deeds are that work on all of them."""
    one = {Act.EDIT: _("&Edit…"), Act.PIN: _("&Pin or unpin"), Act.REMOVE: _("&Remove")}
    words = {
        Act.EDIT: _n("&Edit {count} token…", "&Edit {count} tokens…", count),
        Act.PIN: _n("&Pin or unpin {count} token", "&Pin or unpin {count} tokens", count),
        Act.REMOVE: _n("&Remove {count} token", "&Remove {count} tokens", count),
    }
    for act, text in (words if count > 1 else one).items():
        actions[act].setText(text.format(count=count))
