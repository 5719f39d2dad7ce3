"""The user's choices and their defaults: forgiving on read, sparing on write."""

import json
import os
import stat
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.formats import Format
from partner_tokens.core.forms import form_called
from partner_tokens.core.hotkeys import hotkey_in
from partner_tokens.core.languages import LANGUAGES

ATTEMPTS = 6
"""On Windows another program (a virus scanner, say) may hold the file for a moment."""

LONGEST_LEAD = 3650
"""Days."""
MOST_LEADS = 20

CLIPBOARD_SECONDS = (0, 3600)
MIN_LIFE_MINUTES = (1, 60)
CHECK_SECONDS = (15, 3600)
IDLE_MINUTES = (0, 1440)
"""The least and the most of each number that is chosen freely."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything a user may choose, and how the window stood when it was last closed."""

    clipboard_seconds: int = 45
    """After how long a copy is taken off the clipboard; 0 for when the program ends.

    The default is long enough for a terminal, a browser or an API tool; short for what lies about.
    """
    min_life: int = 10
    """Minutes that a header should live on when it is handed out."""
    format: str = Format.HEADER.value
    """What the plain copy copies: a Format, or the name of one of `templates`."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """The formats of one's own, by name; see core/templates. Never a secret in them."""
    check_seconds: int = 60
    """How long between two checks of an endpoint that can be reached."""
    proxy: str = ""
    """By which proxy to go: none, manual (see `proxy_address`); empty: as the system says."""
    proxy_address: str = ""
    """The proxy of one's own, http://host:port, never with a password in it."""
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
    language: str = ""
    """Which of LANGUAGES is spoken, from the next start on; empty: the system's."""
    hotkey: str = ""
    """The key that opens the quick copy from any program, as Ctrl+Alt+T; empty for none."""
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
    for name, value in written.items():
        if name in _USABLE and _USABLE[name](value):
            good[name] = tuple(value) if name == "reminder_days" else value
        else:
            bad.append(str(name))
    if "templates" in good:
        bad += _without_bad_templates(good)
    if form_called(good.get("format", Format.HEADER.value), good.get("templates", {})) is None:
        bad.append("format")
        del good["format"]
    if good.get("proxy") == "manual" and not good.get("proxy_address"):
        bad.append("proxy")
        del good["proxy"]
    return Preferences(**good), tuple(bad)


def _without_bad_templates(good: dict[str, Any]) -> list[str]:
    """Leaves the usable templates only; names the others."""
    from partner_tokens.core.templates import MOST_TEMPLATES, clean_template

    kept: dict[str, str] = {}
    bad: list[str] = []
    for name, text in good["templates"].items():
        try:
            template = clean_template(name, text)
        except InputError:
            bad.append(f"templates: {name}")
            continue
        if len(kept) < MOST_TEMPLATES and form_called(template.name, kept) is None:
            kept[template.name] = template.text
        else:
            bad.append(f"templates: {name}")
    good["templates"] = kept
    return bad


def _are_days(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_LEADS
        and all(type(days) is int and 0 <= days <= LONGEST_LEAD for days in value)
    )


def _is_proxy(value: object) -> bool:
    """Empty, or an address as `clean_proxy` gives it."""
    if value == "":
        return True
    from partner_tokens.core.proxy_address import clean_proxy  # few users set one

    try:
        return isinstance(value, str) and clean_proxy(value) == value
    except InputError:
        return False


def _are_texts(value: object) -> bool:
    return isinstance(value, dict) and all(type(text) is str for text in value.values())


def _is_text(value: object) -> bool:
    return type(value) is str


def _is_truth(value: object) -> bool:
    return type(value) is bool


def _is_pixels(value: object) -> bool:
    return type(value) is int


def _one_of(*choices: str) -> Callable[[object], bool]:
    return lambda value: type(value) is str and value in choices


def _within(bounds: tuple[int, int]) -> Callable[[object], bool]:
    return lambda value: type(value) is int and bounds[0] <= value <= bounds[1]


_USABLE: Mapping[str, Callable[[object], bool]] = {
    "clipboard_seconds": _within(CLIPBOARD_SECONDS),
    "min_life": _within(MIN_LIFE_MINUTES),
    "format": _is_text,
    "templates": _are_texts,
    "check_seconds": _within(CHECK_SECONDS),
    "proxy": _one_of("", "none", "manual"),
    "proxy_address": _is_proxy,
    "reminders": _is_truth,
    "reminder_days": _are_days,
    "portals": _are_texts,
    "lend_to_terminal": _one_of("", "yes", "no"),
    "stay_in_tray": _is_truth,
    "lock_when_idle": _within(IDLE_MINUTES),
    "lock_with_screen": _one_of("", "yes", "no"),
    "language": _one_of("", *LANGUAGES),
    "hotkey": lambda value: value == "" or (_is_text(value) and hotkey_in(str(value)) is not None),
    "ca_file": _is_text,
    "details": _is_truth,
    "details_width": _is_pixels,
    "geometry": _is_text,
    "header": _is_text,
}


def save(path: Path, **changes: object) -> bool:
    """Changes these values in the file as it is now, whole or not at all. Raises OSError.

    All else in it stays, and a link keeps leading to it. A file that cannot be read stays as well,
    for a user may be at work on it: then the answer is False.
    """
    written = _written(path)
    if written is None:
        return False
    usual = asdict(Preferences())
    changed = {
        name: value
        for name, value in {**written, **changes}.items()
        if name not in changes or value != usual[name]
    }
    path = path.resolve()
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
    return True


def _written(path: Path) -> dict[str, Any] | None:
    """What the file says: nothing if there is none, None if it makes no sense."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for
            return None
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
