"""Knows pasted texts again on the clipboard, without keeping them."""

import hashlib
import os

from PySide6.QtGui import QGuiApplication

from partner_tokens.core.secret import Secret


class Pasted:
    """What was pasted into a dialog: kept as keyed digests, which tell nothing of the texts."""

    def __init__(self) -> None:
        self._key = os.urandom(32)
        self._digests: set[bytes] = set()

    def begin_with(self, text: Secret) -> None:
        """Forgets earlier texts: what they held is not wanted any more. Empty for none."""
        self._digests.clear()
        self.add(text)

    def add(self, text: Secret) -> None:
        """One more text that was pasted."""
        if text.reveal().strip():
            self._digests.add(self._digest(text.reveal()))

    def lies_on_clipboard(self) -> bool:
        """Whether the clipboard still holds one of them. On the GUI thread."""
        if not self._digests:
            return False  # never asks another program for its text without need
        return self._digest(QGuiApplication.clipboard().text()) in self._digests

    def clear_clipboard(self) -> bool:
        """Empties the clipboard if it still holds one of them; whether none lies there now."""
        if self.lies_on_clipboard():
            QGuiApplication.clipboard().clear()
        return not self.lies_on_clipboard()

    def _digest(self, text: str) -> bytes:
        bare = text.strip().encode("utf-8", "surrogatepass")
        return hashlib.blake2b(bare, key=self._key, digest_size=32).digest()
