"""How the colours look with which organizations are marked."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from partner_tokens.core.tokens import Colour
from partner_tokens.ui.look import Look

ON_LIGHT = {
    Colour.RED: "#d1344b",
    Colour.ORANGE: "#c46200",
    Colour.GREEN: "#1e8a4f",
    Colour.TEAL: "#0a8490",
    Colour.BLUE: "#2b6fd6",
    Colour.PURPLE: "#8a4bd0",
}
ON_DARK = {
    Colour.RED: "#ff7b8c",
    Colour.ORANGE: "#ffa54d",
    Colour.GREEN: "#63c98d",
    Colour.TEAL: "#4cc7d0",
    Colour.BLUE: "#76adff",
    Colour.PURPLE: "#c296ff",
}
"""Each at least 3:1 on the paper of a line, selected or not; in high contrast as well."""

DOT = 12


def mark_colour(look: Look, colour: Colour) -> QColor:
    """The colour on the paper of the look; high contrast keeps it, since the user has chosen it."""
    return QColor((ON_DARK if look.dark else ON_LIGHT)[colour])


def paint_dot(painter: QPainter, place: QRectF, look: Look, colour: Colour) -> None:
    """A filled dot, or an empty ring for no colour."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if colour:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mark_colour(look, colour))
    else:
        painter.setPen(look.colour("dim"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(place.adjusted(0.5, 0.5, -0.5, -0.5))


def dot_icon(look: Look, colour: Colour) -> QIcon:
    """The dot for a list of colours, beside the colour's name."""
    icon = QIcon()
    for ratio in (1.0, 2.0):
        pixmap = QPixmap(round(DOT * ratio), round(DOT * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_dot(painter, QRectF(0, 0, DOT, DOT), look, colour)
        painter.end()
        icon.addPixmap(pixmap)
        icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon
