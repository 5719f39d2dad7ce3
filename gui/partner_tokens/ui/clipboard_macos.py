"""The pasteboard of macOS, where Qt can neither mark a secret nor tell who wrote last."""

import hmac
import importlib
import secrets
from typing import Any

from PySide6.QtGui import QClipboard, QGuiApplication

from partner_tokens.ui.clipboard_board import Board, Clearing, QtBoard

MARKS = ("org.nspasteboard.ConcealedType", "org.nspasteboard.TransientType")
"""nspasteboard.org: clipboard managers hide or skip what carries them."""

PLAIN_TEXT = "public.utf8-plain-text"


def macos_board(application: QGuiApplication) -> Board:
    """The pasteboard through PyObjC; without it through Qt, unmarked."""
    try:
        kit = importlib.import_module("AppKit")
    except ImportError:
        return UnmarkedBoard(application)
    return Pasteboard(kit.NSPasteboard.generalPasteboard())


class Pasteboard:
    """NSPasteboard: its change count tells exactly whether anybody wrote after us."""

    def __init__(self, pasteboard: Any) -> None:
        self._pasteboard = pasteboard
        self._count: int | None = None

    def put(self, text: str) -> bool:
        count = self._pasteboard.clearContents()
        took = self._pasteboard.setString_forType_(text, PLAIN_TEXT)
        for mark in MARKS:
            self._pasteboard.setString_forType_("", mark)
        self._count = count if took else None  # what lay there before is gone in any case
        return self.is_ours()

    def is_ours(self) -> bool:
        return self._count is not None and self._pasteboard.changeCount() == self._count

    def clear(self) -> Clearing:
        self._pasteboard.clearContents()
        return Clearing.DONE


class UnmarkedBoard(QtBoard):
    """Knows its text again by a keyed hash, so that it keeps no copy of it."""

    def __init__(self, application: QGuiApplication) -> None:
        super().__init__(application)
        self._key = secrets.token_bytes(32)
        self._hash = b""

    def put(self, text: str) -> bool:
        super().put(text)
        before, self._hash = self._hash, self._hashed(text)
        if self.is_ours():
            return True
        self._hash = before
        return False

    def is_ours(self) -> bool:
        text = self._clipboard.text(QClipboard.Mode.Clipboard)
        return hmac.compare_digest(self._hash, self._hashed(text))

    def _hashed(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode(errors="surrogatepass"), "sha256")
