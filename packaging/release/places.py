"""Where the parts of a release come from, and where they are put."""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
ICON = ROOT / "resources" / "icons" / "app.svg"

BUILD = Path(os.environ.get("PARTNER_TOKENS_BUILD", ROOT / "build"))
"""What is made on the way; may be deleted at any time."""
DIST = Path(os.environ.get("PARTNER_TOKENS_DIST", ROOT / "dist"))
"""What is handed out."""

UNPACKED = BUILD / "wheel"
"""The wheel unpacked: the program is frozen from what a wheel holds, not from the checkout."""
FREEZING = BUILD / "freezing"
FROZEN = FREEZING / "dist" / "partner-tokens"
"""The frozen program: both commands and the folder that they share."""
APP_BUNDLE = FREEZING / "dist" / "Partner Tokens.app"
"""The same on macOS."""
DRAWN = BUILD / "icons"
NOTICES = BUILD / "THIRD-PARTY.txt"
"""Whose works the frozen program brings along."""


def version() -> str:
    """The version of the checkout."""
    text = (ROOT / "gui" / "partner_tokens" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    if found is None:
        raise ValueError("gui/partner_tokens/__init__.py names no version")
    return found[1]
