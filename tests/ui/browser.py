"""Stands in for the browser: keeps the addresses it was told to open, and opens nothing."""

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

SCHEMES = ("http", "https")


class Browser(QObject):
    """Takes the place of the desktop's browser for this process until `close`."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        for scheme in SCHEMES:
            QDesktopServices.setUrlHandler(scheme, self, "show_page")  # type: ignore[arg-type]

    @Slot(QUrl)
    def show_page(self, address: QUrl) -> None:
        self.opened.append(address.toString())

    def close(self) -> None:
        """The desktop's own browser is asked again."""
        for scheme in SCHEMES:
            QDesktopServices.unsetUrlHandler(scheme)
