"""What the keys do, in groups: the window's own actions, and the keys that are no actions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence

from partner_tokens.core.language import _
from partner_tokens.core.tokens import folded
from partner_tokens.ui.actions import Act


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One thing that keys do; each of `keys` does it."""

    words: str
    keys: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """As it is read aloud."""
        return f"{self.words}: {', '.join(self.keys)}"

    def has(self, typed: str) -> bool:
        """Whether every typed word occurs in it."""
        text = folded(self.sentence)
        return all(word in text for word in folded(typed).split())


@dataclass(frozen=True, slots=True)
class Group:
    """Shortcuts that belong together."""

    title: str
    shortcuts: tuple[Shortcut, ...]


def groups(acts: Mapping[Act, QAction]) -> tuple[Group, ...]:
    """All shortcuts, in the order in which one comes to need them.

    Words and keys of an action are its own, as they are now.
    """

    def group(title: str, *members: Act | Shortcut) -> Group:
        return Group(title, tuple(_of(acts[m]) if isinstance(m, Act) else m for m in members))

    return (
        group(
            _("Find and copy"),
            Shortcut(_("Filter the list"), (_("any letter"),)),
            Shortcut(_("Move the selection"), _named("Up", "Down", "PgUp", "PgDown")),
            Shortcut(_("Copy from the selected token"), _named("Enter")),
            *(Act.COPY, Act.FORMATS, Act.FIND),
            Shortcut(_("Clear the filter, then the notice"), _named("Esc")),
        ),
        group(
            _("The selected token"),
            Act.DETAILS,
            Shortcut(_("Go to the details and back"), _named("F6")),
            *(Act.EDIT, Act.PIN, Act.REGENERATE, Act.REMOVE, Act.UNDO),
        ),
        group(
            _("In the list"),
            Shortcut(_("Select more tokens"), _named("Shift+Up", "Shift+Down")),
            Shortcut(_("Select all tokens"), _named("Ctrl+A")),
            Shortcut(_("Open the menu of the selected tokens"), _named("Menu", "Shift+F10")),
        ),
        group(
            _("Lists and windows"),
            Act.ADD,
            Shortcut(_("Add the token on the clipboard"), _named("Ctrl+V")),
            *(Act.IMPORT, Act.RENEW, Act.ORGANIZATIONS, Act.TRASH, Act.PREFERENCES),
        ),
        group(
            _("Program"),
            Shortcut(_("Open the menu"), _named("F10")),
            *(Act.CHECK, Act.LOCK, Act.PANIC, Act.SHORTCUTS, Act.QUIT),
        ),
        group(
            _("In other windows"),
            Shortcut(_("Save, or go on, from any field"), _named("Ctrl+Enter")),
            Shortcut(_("Close, or stop what is under way"), _named("Esc")),
            Shortcut(_("Import: skip a row"), _named("Space")),
            Shortcut(_("Import: correct a cell"), _named("F2")),
            Shortcut(_("Trash: restore the selected tokens"), _named("Enter")),
            Shortcut(_("Trash: erase the selected tokens"), _named("Del")),
        ),
        group(
            _("In the window of the quick copy"),
            Shortcut(_("Copy the header"), _named("Enter")),
            Shortcut(_("Copy a curl command"), _named("Ctrl+Enter")),
            Shortcut(_("Copy for PowerShell"), _named("Alt+Enter")),
            Shortcut(_("Offer the other forms"), _named("Tab")),
        ),
    )


def _of(action: QAction) -> Shortcut:
    return Shortcut(plain_words(action.text()), _written(action.shortcuts()))


def _named(*keys: str) -> tuple[str, ...]:
    return _written([QKeySequence(key) for key in keys])


def _written(keys: Sequence[QKeySequence]) -> tuple[str, ...]:
    """As the platform writes them: Ctrl+C, or ⌘C."""
    return tuple(key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys)


def plain_words(text: str) -> str:
    """An action's words without the mark of its letter, and without the dots of a dialog."""
    return re.sub(r"&(.)", r"\1", text).removesuffix("…")
