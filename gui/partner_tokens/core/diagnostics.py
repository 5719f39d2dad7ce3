"""What helps to find a fault, without a secret, a customer's name or an address in it.

In English whatever language the window speaks: it is for those who mend the program.
"""

import os
import platform
import ssl
import sys
from collections.abc import Iterable
from dataclasses import asdict

from partner_tokens import __version__
from partner_tokens.core.formats import Format
from partner_tokens.core.licences import NAME, PYTHON, shipped_parts
from partner_tokens.core.preferences import Preferences
from partner_tokens.core.redaction import redact

Facts = list[tuple[str, str]]
"""Pairs of a name and a value."""

SESSION = ("XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "LANG", "LC_ALL", "QT_SCALE_FACTOR")
"""Variables of the environment that change how a window looks, and name nobody."""

CHOICES = frozenset({"language", "proxy", "lend_to_terminal", "lock_with_screen"})
"""Preferences that are one of a few words; of any other text only that there is one is told."""

WINDOW = frozenset({"geometry", "header", "details", "details_width"})
"""How the window stood: of no use to anybody else."""


def system_facts() -> Facts:
    """The program and what it runs on."""
    facts = [
        ("Partner Tokens", __version__),
        ("Packaged", "yes" if getattr(sys, "frozen", False) else "no"),
        ("System", platform.platform()),
        ("Python", platform.python_version()),
        ("TLS", ssl.OPENSSL_VERSION),
    ]
    return facts + [(name, os.environ[name]) for name in SESSION if os.environ.get(name)]


def library_facts() -> Facts:
    """The libraries that run here. Touches the disk: not for the GUI thread."""
    told = {NAME, PYTHON}
    parts = (part for part in shipped_parts() if part.name not in told and part.version)
    return [(part.name, part.version) for part in parts]


def preference_facts(preferences: Preferences) -> Facts:
    """The preferences that have other values than the usual ones."""
    usual = asdict(Preferences())
    changed = {
        name: value
        for name, value in asdict(preferences).items()
        if value != usual[name] and name not in WINDOW
    }
    return [(f"preference {name}", _told(name, value)) for name, value in changed.items()]


def _told(name: str, value: object) -> str:
    """A number, a yes or no, or a choice; what the user has written stays unsaid."""
    is_number = isinstance(value, int) or (
        isinstance(value, tuple) and all(isinstance(one, int) for one in value)
    )
    is_choice = name in CHOICES or (name == "format" and value in set(Format))
    return str(value) if is_number or is_choice else "set"


def report(facts: Iterable[tuple[str, str]]) -> str:
    """The facts as text, one a line, with whatever looks like a secret struck out."""
    return redact("".join(f"{name}: {value}\n" for name, value in facts))
