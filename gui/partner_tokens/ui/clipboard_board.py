"""The system's clipboard as Qt gives it: put a marked secret there, know it again, take it off."""

import sys
from enum import Enum
from typing import Protocol

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication

WINDOWS_MARKS = {
    "ExcludeClipboardContentFromMonitorProcessing": b"1",
    "CanIncludeInClipboardHistory": bytes(4),
    "CanUploadToCloudClipboard": bytes(4),
    "Clipboard Viewer Ignore": b"1",
}
"""Microsoft's page "Clipboard Formats": of the first and the last the presence counts, the two
between are a DWORD that says no. The last is a custom of older clipboard managers."""

KDE_MARK = "x-kde-passwordManagerHint"
"""With the value `secret`, Klipper, wl-clipboard and others leave the text out of their history."""

_HERE = QClipboard.Mode.Clipboard
"""Never the primary selection: a middle click must not paste a secret."""


class Clearing(Enum):
    """What became of an attempt to clear."""

    DONE = "done"
    UNDER_WAY = "under way"
    REFUSED = "refused"
    """The platform does not allow it now; it may later."""


class Board(Protocol):
    """One platform's clipboard. Nothing here reads what another program put there."""

    def put(self, text: str) -> bool:
        """Puts the text there, marked as a secret; whether the platform took it.

        Where it did not, what was put there before is known as ours for as long as it lies there.
        """

    def is_ours(self) -> bool:
        """Whether the last text that the platform took still lies there."""

    def clear(self) -> Clearing:
        """Empties the clipboard, whosever it is. Asked again, goes on with what is under way."""


class QtBoard:
    """X11, Windows, and Qt's clipboard without a screen.

    Whether the clipboard is still ours is told by the identity of the data object: Qt hands out the
    very object it was given for as long as this program owns the clipboard (on X11 it asks the
    server for the owner). So no other program is ever asked for its text, which may block for
    seconds while that one hangs, and no copy of the secret is needed to compare with.
    """

    def __init__(self, application: QGuiApplication) -> None:
        self._clipboard = application.clipboard()
        self._data: QMimeData | None = None

    def put(self, text: str) -> bool:
        data = _marked(text)
        self._clipboard.setMimeData(data, _HERE)
        if self._clipboard.mimeData(_HERE) is not data:
            return False
        self._data = data
        return True

    def is_ours(self) -> bool:
        return self._data is not None and self._clipboard.mimeData(_HERE) is self._data

    def clear(self) -> Clearing:
        self._clipboard.clear(_HERE)
        return Clearing.REFUSED if self.is_ours() else Clearing.DONE


def _marked(text: str) -> QMimeData:
    data = QMimeData()
    data.setText(text)
    if sys.platform == "win32":
        for name, value in WINDOWS_MARKS.items():
            data.setData(f'application/x-qt-windows-mime;value="{name}"', value)
    elif sys.platform != "darwin":
        data.setData(KDE_MARK, b"secret")
    return data
