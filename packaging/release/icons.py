"""Draws the program's icon in every size that a system asks for."""

import os
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from release import places
from release.icons_of_theme import SIZES

FOR_WINDOWS = (16, 24, 32, 48, 64, 256)
FOR_MACOS = 1024


def draw() -> None:
    """Writes PNG files, and the collections of Windows and macOS, into `places.DRAWN`."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication([])
    places.DRAWN.mkdir(parents=True, exist_ok=True)
    for size in (*SIZES, FOR_MACOS):
        _draw(size).save(str(png(size)))
    application.quit()
    pictures = [Image.open(png(size)) for size in FOR_WINDOWS]
    pictures[-1].save(
        places.DRAWN / "app.ico",
        sizes=[(size, size) for size in FOR_WINDOWS],
        append_images=pictures[:-1],
    )
    Image.open(png(FOR_MACOS)).save(places.DRAWN / "app.icns")


def png(size: int) -> Path:
    """Where the picture of so many pixels lies."""
    return places.DRAWN / f"{size}.png"


def _draw(size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(places.ICON)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image
