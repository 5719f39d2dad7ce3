"""Which languages there are, and which of them the user's system asks for."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE = "en"
"""The language that the program is written in: it needs no catalogue."""

LANGUAGES = {SOURCE: "English", "es": "Español"}
"""What can be chosen, each by its own name, for whoever reads no other."""

PSEUDO = frozenset({"en_XA", "ar_XB"})
"""Made by `dev.py words`: English made strange, and that from right to left."""

_SPANISH_ON_WINDOWS = 0x0A
"""The primary language id of all kinds of Spanish: LANG_SPANISH of winnt.h."""


def system_language() -> str:
    """The first of the user's languages that is one of ours; else the one we are written in."""
    for name in _wanted():
        if name in PSEUDO:
            return name
        language = name.replace("-", "_").partition("_")[0].partition(".")[0].lower()
        if language in LANGUAGES:
            return language
    return SOURCE


def system_speaks_source() -> bool:
    """Whether all that the environment says of languages is SOURCE, or nothing; False if unsure."""
    told = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LC_NUMERIC", "LANG"))
    languages = {text.partition(".")[0].partition("_")[0] for text in told if text}
    return sys.platform not in ("win32", "darwin") and languages <= {SOURCE, "C", "POSIX"}


def _wanted() -> Iterator[str]:
    """As gettext does: LANGUAGE names several, but not where there is to be none (C, POSIX)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        told = os.environ.get(name)
        if told:
            if told.partition(".")[0] not in {"C", "POSIX"}:
                yield from filter(None, os.environ.get("LANGUAGE", "").split(":"))
                yield told
            return
    yield from filter(None, os.environ.get("LANGUAGE", "").split(":"))
    yield from _set_in_the_system()


def _set_in_the_system() -> list[str]:
    """What a program started from the desktop does not find in its environment."""
    if sys.platform == "win32":
        import ctypes

        language: int = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return ["es"] if language & 0x3FF == _SPANISH_ON_WINDOWS else []
    if sys.platform == "darwin":
        return apple_languages(Path.home())
    return []


def apple_languages(home: Path) -> list[str]:
    """The languages of macOS's settings, the dearest first, such as `es-MX`; none if unknown."""
    import plistlib

    settings = home / "Library" / "Preferences" / ".GlobalPreferences.plist"
    try:
        found = plistlib.loads(settings.read_bytes()).get("AppleLanguages", [])
    except (OSError, ValueError, AttributeError):
        return []
    return [name for name in found if isinstance(name, str)]
