"""The user's choices and their defaults: forgiving on read, sparing on write."""

import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

ATTEMPTS = 6
"""On Windows another program (a virus scanner, say) may hold the file for a moment."""

LONGEST_LEAD = 3650
"""Days."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything a user may choose, and how the window stood when it was last closed."""

    reminders: bool = True
    """Whether to tell once a day which API tokens run out."""
    reminder_days: tuple[int, ...] = (30, 14, 7, 1)
    """How many days before its end an API token is told of."""
    portals: Mapping[str, str] = field(default_factory=dict)
    """By endpoint: the portal's page to open, where that is not the endpoint's root."""
    lend_to_terminal: str = ""
    """Whether the terminal may use the open window: yes, no; empty: while the keyring opens it."""
    stay_in_tray: bool = True
    """Whether closing the window leaves the program in the tray, where there is one."""
    lock_when_idle: int = 0
    """After so many minutes without a key or a click in the window; 0 for never."""
    lock_with_screen: str = ""
    """Whether to lock with the screen and on suspend: yes, no; empty: for a passphrase store."""
    ca_file: str = ""
    """A file of CA certificates, trusted on top of the system's."""
    details: bool = False
    """Whether the details of the selected token are shown."""
    details_width: int = 0
    """How wide they stand beside the list, in pixels; 0 for the usual width."""
    geometry: str = ""
    """The window's place, as Qt saves it, in base64."""
    header: str = ""
    """Column widths and sort, as Qt saves them, in base64."""


def load(path: Path) -> tuple[Preferences, tuple[str, ...]]:
    """The preferences, and the names of values that were not usable and fell back."""
    written = _written(path)
    if written is None:
        return Preferences(), (path.name,)
    good: dict[str, Any] = {}
    bad: list[str] = []
    known = {each.name: type(each.default) for each in fields(Preferences)}
    for name, value in written.items():
        if name == "reminder_days" and _are_days(value):
            good[name] = tuple(value)
        elif (name == "portals" and _are_texts(value)) or type(value) is known.get(name):
            good[name] = value
        else:
            bad.append(str(name))
    return Preferences(**good), tuple(bad)


def _are_days(value: object) -> bool:
    return isinstance(value, list) and all(
        type(days) is int and 0 <= days <= LONGEST_LEAD for days in value
    )


def _are_texts(value: object) -> bool:
    return isinstance(value, dict) and all(type(text) is str for text in value.values())


def save(path: Path, **changes: object) -> None:
    """Changes these values in the file as it is now, whole or not at all. Raises OSError.

    All else in it stays, as does a file that cannot be read: a user may be at work on it.
    """
    written = _written(path)
    if written is None:
        return
    usual = asdict(Preferences())
    changed = {
        name: value
        for name, value in {**written, **changes}.items()
        if name not in changes or value != usual[name]
    }
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".preferences-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            json.dump(changed, file, indent=2, ensure_ascii=False)
            file.write("\n")
        _replace(Path(name), path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _written(path: Path) -> dict[str, Any] | None:
    """What the file says: nothing if there is none, None if it makes no sense."""
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _replace(fresh: Path, path: Path) -> None:
    for attempt in range(ATTEMPTS):
        try:
            fresh.replace(path)
        except PermissionError:
            if attempt == ATTEMPTS - 1:
                raise
            time.sleep(0.05 * 2**attempt)
        else:
            return
