"""The sections of the preferences that concern the program: copies, reminders, lock, window."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QLineEdit

from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.formats import Format
from partner_tokens.core.hotkeys import hotkey_in
from partner_tokens.core.language import _
from partner_tokens.core.languages import LANGUAGES
from partner_tokens.core.preferences import (
    CLIPBOARD_SECONDS,
    IDLE_MINUTES,
    LONGEST_LEAD,
    MIN_LIFE_MINUTES,
    MOST_LEADS,
    Preferences,
)
from partner_tokens.core.wording import format_label
from partner_tokens.ui.calling import can_call
from partner_tokens.ui.hotkey_field import HotkeyField, command_field
from partner_tokens.ui.look import Look
from partner_tokens.ui.preferences_page import PreferencesPage, Unfit, choose, narrow
from partner_tokens.ui.templates_page import Draft

LONGEST_LINE = 200


class CopyingPage(PreferencesPage):
    """What is copied, and how long it lives and lies about."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.title = _("Copying")
        self.format = self._add_choice(
            _("&Format"),
            [(form.value, format_label(form)) for form in Format],
            _("What Ctrl+C and Enter copy. “Copy as” offers all others."),
        )
        self.clipboard = self._add_number(
            _("Clear the &clipboard after"),
            CLIPBOARD_SECONDS,
            _("seconds"),
            _("Holds from the next copy on. 0: when the program ends."),
            zero=_("the program's end"),
        )
        self.min_life = self._add_number(
            _("A copied header &lives at least another"),
            MIN_LIFE_MINUTES,
            _("minutes"),
            _("Where the one at hand ends sooner, a fresh one is fetched."),
        )
        self._end()

    def offer(self, own: Sequence[Draft], chosen: str = "") -> None:
        """Offers these formats of the user's own behind the others.

        The one that was chosen stays, under whatever name; `chosen` chooses one by its name.
        """
        before = self.format.currentData()
        if before not in set(Format):
            choose(self.format, Format.HEADER.value)
        while self.format.count() > len(Format):
            self.format.removeItem(len(Format))
        for draft in own:
            self.format.addItem(draft.name, draft)
            if draft is before or (chosen and draft.name.casefold() == chosen.casefold()):
                self.format.setCurrentIndex(self.format.count() - 1)

    def show_values(self, preferences: Preferences) -> None:
        """Puts the values into the fields, but for a format of the user's own."""
        choose(self.format, preferences.format)
        self.clipboard.setValue(preferences.clipboard_seconds)
        self.min_life.setValue(preferences.min_life)

    def values(self) -> Mapping[str, object]:
        """What the fields say."""
        form = self.format.currentData()
        return {
            "format": " ".join(form.name.split()) if isinstance(form, Draft) else form,
            "clipboard_seconds": self.clipboard.value(),
            "min_life": self.min_life.value(),
        }


class RemindersPage(PreferencesPage):
    """Whether and when to be told of what runs out."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._kept_days: tuple[int, ...] = ()
        self.title = _("Reminders")
        self.on = self._add_tick(_("&Tell once a day which API tokens run out"))
        self.days = QLineEdit()
        self.days.setMaxLength(LONGEST_LINE)
        self.days_field = self._add(
            _("&Days before the end"),
            self.days,
            _("For example 30, 14, 7, 1. What has run out is told as well."),
        )
        self.days.textEdited.connect(self.days_field.clear_problem)
        self.on.toggled.connect(self.days_field.setEnabled)
        self._end()

    def show_values(self, preferences: Preferences) -> None:
        """Puts the values into the fields."""
        self.on.setChecked(preferences.reminders)
        self.days_field.setEnabled(preferences.reminders)
        self._kept_days = tuple(preferences.reminder_days)
        self.days.setText(", ".join(map(str, self._kept_days)))

    def values(self) -> Mapping[str, object]:
        """What the fields say. Raises Unfit for useless days, but only where they are told."""
        words = self.days.text().replace(",", " ").replace(";", " ").split()
        days = tuple(int(word) for word in words if word.isascii() and word.isdecimal())
        is_fit = len(days) == len(words) <= MOST_LEADS and max(days, default=0) <= LONGEST_LEAD
        if not is_fit and self.on.isChecked():
            raise Unfit(self.days_field, InputError(Problem.LEADS_INVALID))
        kept = days if is_fit else self._kept_days
        return {"reminders": self.on.isChecked(), "reminder_days": kept}


class LockPage(PreferencesPage):
    """What locks the window."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.title = _("Lock")
        self.idle = self._add_number(
            _("Lock when &nobody is there, after"),
            IDLE_MINUTES,
            _("minutes"),
            _("Without a key or a click in the window. 0: never."),
            zero=_("never"),
        )
        self.with_screen = self._add_choice(
            _("Lock with the &screen and before sleep"),
            [
                ("", _("For a store under a passphrase")),
                ("yes", _("Always")),
                ("no", _("Never")),
            ],
            _("On Linux, where the desktop tells of it."),
        )
        self._end()

    def show_values(self, preferences: Preferences) -> None:
        """Puts the values into the fields."""
        self.idle.setValue(preferences.lock_when_idle)
        choose(self.with_screen, preferences.lock_with_screen)

    def values(self) -> Mapping[str, object]:
        """What the fields say."""
        return {
            "lock_when_idle": self.idle.value(),
            "lock_with_screen": self.with_screen.currentData(),
        }


class ProgramPage(PreferencesPage):
    """How the program lives on the desktop, and beside the terminal."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._started: bool | None = None
        """Whether the desktop starts the program; None until it has told."""
        self._has_chosen = False
        self.title = _("Desktop and terminal")
        self.stay = self._add_tick(
            _("Stay in the &tray when the window is closed"), _("Where there is a tray.")
        )
        self.starts = self._add_tick(
            _("Start with the &desktop"), _("As soon as you log in, on this computer.")
        )
        self.starts.clicked.connect(self._choose_starts)
        self._hotkey = ""
        self.hotkey: HotkeyField | None = None
        self.command: QLineEdit | None = None
        if can_call():
            self.hotkey = HotkeyField()
            self.hotkey_field = self._add(
                _("&Key for the quick copy"),
                narrow(self.hotkey),
                _("Opens it from every program: Ctrl+Alt+Space, for instance. Backspace: none."),
                focus=self.hotkey,
            )
            self.hotkey.keySequenceChanged.connect(self.hotkey_field.clear_problem)
        else:
            self.command = command_field()
            words = _("Here no program may choose a key itself.")
            how = _("In your desktop's keyboard settings, bind one to this command.")
            self._add(_("&Key for the quick copy"), self.command, f"{words} {how}")
        self.language = self._add_choice(
            _("Lan&guage"),
            [("", _("As the system")), *LANGUAGES.items()],
            _("Holds from the next start on, also in the terminal."),
        )
        self.lend = self._add_choice(
            _("Let the te&rminal use this window"),
            [
                ("", _("While the keyring opens the tokens")),
                ("yes", _("Always")),
                ("no", _("Never")),
            ],
            _("One cache and one exchange for both. Only programs that run as you are answered."),
        )
        self._end()

    def show_command(self, command: str) -> None:
        """By which command the quick copy is opened."""
        if self.command is not None:
            self.command.setText(command)
            self.command.setCursorPosition(0)

    def show_starts(self, on: bool) -> None:
        """Whether the desktop starts the program now: the desktop knows, not the preferences.

        What the user has chosen before it was known stays.
        """
        self._started = on
        if not self._has_chosen:
            self.starts.setChecked(on)

    def _choose_starts(self) -> None:
        self._has_chosen = True

    def wanted_starts(self) -> bool | None:
        """Whether the desktop is to start the program; None for no change."""
        wanted = self.starts.isChecked()
        return wanted if self._has_chosen and wanted is not self._started else None

    def show_values(self, preferences: Preferences) -> None:
        """Puts the values into the fields."""
        self.stay.setChecked(preferences.stay_in_tray)
        self._hotkey = preferences.hotkey
        if self.hotkey is not None:
            self.hotkey.show_text(self._hotkey)
        choose(self.language, preferences.language)
        choose(self.lend, preferences.lend_to_terminal)

    def values(self) -> Mapping[str, object]:
        """What the fields say. Raises Unfit."""
        hotkey = self._hotkey if self.hotkey is None else self.hotkey.text
        if hotkey and hotkey_in(hotkey) is None:
            raise Unfit(self.hotkey_field, InputError(Problem.HOTKEY_INVALID))
        return {
            "hotkey": hotkey,
            "stay_in_tray": self.stay.isChecked(),
            "language": self.language.currentData(),
            "lend_to_terminal": self.lend.currentData(),
        }
