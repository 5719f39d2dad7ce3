"""Puts a secret on the clipboard, marked as one, and takes it off again by the wall clock."""

import hashlib
import hmac
import math
import secrets
import shutil
import subprocess
import sys
from datetime import datetime, timedelta

from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QClipboard, QGuiApplication

from partner_tokens.core.clock import Clock
from partner_tokens.ui.timing import timer

WINDOWS_MARKS = {
    "ExcludeClipboardContentFromMonitorProcessing": b"1",
    "CanIncludeInClipboardHistory": bytes(4),
    "CanUploadToCloudClipboard": bytes(4),
    "Clipboard Viewer Ignore": b"1",
}
"""Microsoft's "Clipboard Formats" (a DWORD 0 says no); the last is for older managers."""

KDE_MARK = "x-kde-passwordManagerHint"
"""Klipper, wl-paste and others skip what carries it with the value `secret`."""

NO_SYSTEM_CLIPBOARD = frozenset({"offscreen", "minimal"})
"""Here Qt keeps a clipboard for this program alone, and never says that we own it."""


class Clipboard(QObject):
    """The system's clipboard, never the primary selection.

    It keeps a keyed hash of what it copied, not the text, and clears only what is still its own:
    a later copy, by this program or another, stays.
    """

    seconds_left = Signal(int)
    """Told with every tick while a copy waits to be cleared."""
    cleared = Signal()
    """What was copied is off the clipboard, or was replaced by something else."""
    could_not_clear = Signal()
    """The desktop lets only the active window change the clipboard (GNOME under Wayland)."""

    def __init__(
        self, application: QGuiApplication, clock: Clock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._clipboard: QClipboard = application.clipboard()
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._hash = b""
        self._clears_at: datetime | None = None
        platform = application.platformName()
        self._is_wayland = platform.startswith("wayland")
        self._knows_owner = platform not in NO_SYSTEM_CLIPBOARD
        self._is_active = lambda: (
            application.applicationState() is Qt.ApplicationState.ApplicationActive
        )
        self._timer = timer(self, timedelta(seconds=1), self.tick)
        application.applicationStateChanged.connect(self.tick)

    def copy(self, text: str, clears_in: timedelta) -> bool:
        """Copies; False where the system did not take it (another program holds the clipboard)."""
        self._clipboard.setMimeData(_marked(text), QClipboard.Mode.Clipboard)
        if sys.platform == "darwin":
            from partner_tokens.ui.pasteboard import copy_concealed

            copy_concealed(text)
        self._hash = self._hashed(text)
        self._clears_at = self._clock() + clears_in
        self._timer.start()
        return self._owns()

    def left(self) -> int | None:
        """Seconds until the clipboard is cleared, rounded up; None where nothing waits."""
        if self._clears_at is None:
            return None
        return max(math.ceil((self._clears_at - self._clock()).total_seconds()), 0)

    def tick(self) -> None:
        """Clears what is due. After sleep the wall clock tells, not the timer."""
        left = self.left()
        if left is None:
            return
        if not self._is_ours():
            self._done()
        elif left <= 0:
            self.clear_now()
        else:
            self.seconds_left.emit(left)

    def clear_now(self) -> None:
        """Clears if what lies there is still ours."""
        if self._clears_at is None:
            return
        if self._is_ours() and not self._clear():
            self._timer.stop()  # tried again when this program becomes the active one
            self.could_not_clear.emit()
            return
        self._done()

    def _clear(self) -> bool:
        if self._is_wayland and not self._is_active():
            helper = shutil.which("wl-copy")
            if helper is None:
                return False
            subprocess.Popen([helper, "--clear"], stderr=subprocess.DEVNULL)
            return True
        self._clipboard.clear(QClipboard.Mode.Clipboard)
        return True

    def _done(self) -> None:
        self._timer.stop()
        self._hash = b""
        self._clears_at = None
        self.cleared.emit()

    def _is_ours(self) -> bool:
        # Only our own clipboard is read: asking another owner may block while that one hangs.
        return self._owns() and hmac.compare_digest(
            self._hash, self._hashed(self._clipboard.text(QClipboard.Mode.Clipboard))
        )

    def _owns(self) -> bool:
        return self._clipboard.ownsClipboard() or not self._knows_owner

    def _hashed(self, text: str) -> bytes:
        return hmac.new(self._key, text.encode(), hashlib.sha256).digest()


def _marked(text: str) -> QMimeData:
    data = QMimeData()
    data.setText(text)
    if sys.platform == "win32":
        for name, value in WINDOWS_MARKS.items():
            data.setData(f'application/x-qt-windows-mime;value="{name}"', value)
    elif sys.platform != "darwin":
        data.setData(KDE_MARK, b"secret")
    return data
