"""Colours and icons: one set of shades, light and dark, that follows the system."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache

from PySide6.QtCore import QBuffer, QByteArray, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImageReader, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from partner_tokens.assets import resources_folder
from partner_tokens.core.lifetime import Band

TONES = {
    Band.OVER: "over",
    Band.URGENT: "urgent",
    Band.SOON: "soon",
    Band.FINE: "fine",
    Band.NEVER: "plain",
    Band.UNKNOWN: "plain",
}
"""Which pair of shades (ink `X`, paper `X_on`) belongs to a band."""


@dataclass(frozen=True, slots=True)
class Shades:
    """The colours of one look, as `#rrggbb`.

    Every ink is at least 4.5:1 on each paper it is used on; `accent` and `edge`, by which controls
    and the focus are known, are 3:1. `line` only divides, and tells nothing.
    """

    base: str
    window: str
    text: str
    dim: str
    line: str
    edge: str
    off: str
    """Of what cannot be used now."""
    selection: str
    over: str
    over_on: str
    urgent: str
    urgent_on: str
    soon: str
    soon_on: str
    fine: str
    fine_on: str
    plain: str
    plain_on: str
    accent: str
    accent_text: str
    accent_hover: str


LIGHT = Shades(
    base="#ffffff",
    window="#f5f6f8",
    text="#1b1f24",
    dim="#5a6473",
    line="#e4e7ec",
    edge="#7d8796",
    off="#5a6473",
    selection="#e7f0fe",
    over="#c4314b",
    over_on="#fde8ec",
    urgent="#b25000",
    urgent_on="#fdeeda",
    soon="#7a6200",
    soon_on="#fbf3cf",
    fine="#167043",
    fine_on="#e3f5ea",
    plain="#55606e",
    plain_on="#eceff3",
    accent="#1964d6",
    accent_text="#ffffff",
    accent_hover="#1557bb",
)

DARK = Shades(
    base="#1b1e23",
    window="#22262c",
    text="#e8eaed",
    dim="#9aa4b2",
    line="#30353d",
    edge="#7e8796",
    off="#9aa4b2",
    selection="#21364f",
    over="#ff8fa0",
    over_on="#4a2129",
    urgent="#ffb366",
    urgent_on="#47311a",
    soon="#ecd36b",
    soon_on="#403815",
    fine="#7fd8a4",
    fine_on="#1d3a2b",
    plain="#aab4c2",
    plain_on="#2c3239",
    accent="#6cb0ff",
    accent_text="#10151c",
    accent_hover="#8ac1ff",
)


def shades_of(palette: QPalette) -> Shades:
    """Shades for high contrast and forced colours: the system's own, with no tint of ours."""
    role = QPalette.ColorRole

    def name(which: QPalette.ColorRole) -> str:
        return palette.color(which).name()

    text, base = name(role.Text), name(role.Base)
    inks = dict.fromkeys(("over", "urgent", "soon", "fine", "plain", "dim", "line", "edge"), text)
    papers = dict.fromkeys(("over_on", "urgent_on", "soon_on", "fine_on", "plain_on"), base)
    return Shades(
        base=base,
        window=name(role.Window),
        text=text,
        off=palette.color(QPalette.ColorGroup.Disabled, role.Text).name(),
        selection=base,
        accent=name(role.Highlight),
        accent_text=name(role.HighlightedText),
        accent_hover=name(role.Highlight),
        **inks,
        **papers,
    )


class Look(QObject):
    """The look in use; `changed` is emitted after the system switched light, dark or contrast.

    `scheme` overrules the system where it tells nothing, as on a screen without a desktop.
    """

    changed = Signal()

    def __init__(self, application: QApplication, scheme: Qt.ColorScheme | None = None) -> None:
        super().__init__(application)
        self._application = application
        self._scheme = scheme
        self.shades = LIGHT
        self._hints = hints = application.styleHints()  # kept, else what it gave is deleted
        hints.colorSchemeChanged.connect(self._follow)
        contrast: Callable[[], object] | None = getattr(hints, "accessibility", None)
        self._accessibility = contrast() if contrast else None
        changes = getattr(self._accessibility, "contrastPreferenceChanged", None)
        if changes is not None:
            changes.connect(self._follow)
        self._follow()

    @property
    def dark(self) -> bool:
        """Whether the background is dark."""
        return QColor(self.shades.base).lightness() < 128

    def _follow(self) -> None:
        if self._wants_contrast():
            self._application.setPalette(QPalette())
            self.shades = shades_of(self._application.palette())
        else:
            scheme = self._scheme or self._application.styleHints().colorScheme()
            self.shades = DARK if scheme is Qt.ColorScheme.Dark else LIGHT
            self._application.setPalette(_palette(self.shades))
        sheet = _style_sheet(self.shades, self._application.layoutDirection())
        if sheet != self._application.styleSheet():  # Qt would dress every widget anew
            self._application.setStyleSheet(sheet)
        self.changed.emit()

    def _wants_contrast(self) -> bool:
        preference = getattr(self._accessibility, "contrastPreference", None)
        return preference is not None and "High" in str(preference())

    def colour(self, name: str) -> QColor:
        """A shade by its name, for painting."""
        return QColor(getattr(self.shades, name))

    def pixmap(self, name: str, shade: str, size: int, ratio: float) -> QPixmap:
        """The icon `name` in a shade, `size` logical pixels wide, sharp at the screen's `ratio`."""
        return _pixmap(name, getattr(self.shades, shade), size, ratio)

    def icon(self, name: str, shade: str = "text") -> QIcon:
        """The icon `name` for a button, a menu or a line; dimmed where the button is disabled."""
        icon = QIcon()
        for ratio in (1.0, 2.0):
            icon.addPixmap(self.pixmap(name, shade, 16, ratio))
            icon.addPixmap(self.pixmap(name, "off", 16, ratio), QIcon.Mode.Disabled)
            icon.addPixmap(self.pixmap(name, shade, 16, ratio), QIcon.Mode.Selected)
        return icon


def scale_font(widget: QWidget, factor: float) -> None:
    """Makes a widget's font larger or smaller than the platform's; a style sheet cannot."""
    font = widget.font()
    if font.pointSizeF() > 0:
        font.setPointSizeF(font.pointSizeF() * factor)
    else:
        font.setPixelSize(round(font.pixelSize() * factor))
    widget.setFont(font)


def _palette(shades: Shades) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, name in (
        (role.Window, shades.window),
        (role.WindowText, shades.text),
        (role.Base, shades.base),
        (role.AlternateBase, shades.window),
        (role.Text, shades.text),
        (role.Button, shades.base),
        (role.ButtonText, shades.text),
        (role.PlaceholderText, shades.dim),
        (role.Highlight, shades.accent),
        (role.HighlightedText, shades.accent_text),
        (role.ToolTipBase, shades.base),
        (role.ToolTipText, shades.text),
        (role.Link, shades.accent),
        (role.Mid, shades.line),
        (role.Light, shades.base),
        (role.Midlight, shades.line),
        (role.Dark, shades.dim),
        (role.Shadow, shades.line),
    ):
        palette.setColor(which, QColor(name))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(shades.off))
    return palette


def _style_sheet(shades: Shades, direction: Qt.LayoutDirection) -> str:
    template = (resources_folder() / "style.qss").read_text(encoding="utf-8")
    is_mirrored = direction is Qt.LayoutDirection.RightToLeft
    template = template.replace("@leading", "right" if is_mirrored else "left")
    for field in sorted(fields(shades), key=lambda f: -len(f.name)):
        template = template.replace(f"@{field.name}", getattr(shades, field.name))
    return template


@lru_cache(maxsize=512)
def _pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    path = resources_folder() / "icons" / f"{name}.svg"
    drawing = path.read_bytes().replace(b"gray", colour.encode())
    buffer = QBuffer()
    buffer.setData(QByteArray(drawing))
    reader = QImageReader(buffer, QByteArray(b"svg"))
    pixels = round(size * ratio)
    reader.setScaledSize(QSize(pixels, pixels))
    pixmap = QPixmap.fromImage(reader.read())
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
