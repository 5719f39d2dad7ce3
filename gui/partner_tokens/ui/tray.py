"""The icon in the desktop's tray, where there is one: quick copies, the palette, lock, quit."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from partner_tokens.assets import resources_folder
from partner_tokens.core.language import _, _n
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.actions import Act
from partner_tokens.ui.long_words import IN_A_MENU, short
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.pausing import Pausing
from partner_tokens.ui.session import Access, Session
from partner_tokens.ui.token_model import Chip, TokenModel

if TYPE_CHECKING:
    from partner_tokens.ui.tray_place import TrayPlace

ALWAYS_WITH_TRAYS = ("windows", "cocoa")

MOST = 10
"""So many recent tokens; pinned ones come on top of them, as many again at most."""

SHOWN_FOR = timedelta(seconds=15)
SIZES = (16, 22, 24, 32, 48, 64)


class Tray(QObject):
    """Without a tray nothing is lost: all of it is in the window as well.

    The icon comes back by itself when the panel restarts. A badge says that something needs
    attention; the words beside it say what.
    """

    copy_wanted = Signal(object)
    """An ApiToken whose header is to be copied."""
    palette_wanted = Signal()
    message_clicked = Signal()
    """The user took up the message that was shown last."""

    def __init__(
        self, window: MainWindow, model: TokenModel, session: Session, pausing: Pausing
    ) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._session = session
        self._pausing = pausing
        self._plain = QIcon(str(resources_folder() / "icons" / "app.svg"))
        self._needy = -1
        self._icon: QSystemTrayIcon | None = None
        self._place: TrayPlace | None = None
        self.words = ""
        """What stands beside the icon."""
        self.menu = QMenu(window)
        self.menu.aboutToShow.connect(self._fill)
        model.counted.connect(self._show_needs)
        pausing.changed.connect(self._show_words)

    @property
    def is_there(self) -> bool:
        """Whether the desktop has a tray now, so that a hidden window can be found again."""
        return self._icon is not None and QSystemTrayIcon.isSystemTrayAvailable()

    def start(self) -> None:
        """Shows the icon, now or as soon as the desktop has a tray."""
        platform = QGuiApplication.platformName()
        if platform in ALWAYS_WITH_TRAYS:
            self._show()
        elif platform == "xcb" or platform.startswith("wayland"):
            from partner_tokens.ui.tray_place import TrayPlace

            self._place = TrayPlace(platform, self)
            self._place.found.connect(self._show)
            self._place.look()

    def _show(self) -> None:
        self._fill()
        self._icon = QSystemTrayIcon(self._plain, self)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(self.message_clicked)
        self._needy = -1
        self._show_needs()
        self._icon.show()

    def stop(self) -> None:
        """Takes the icon away."""
        if self._place is not None:
            self._place.found.disconnect(self._show)
            self._place.close()
            self._place = None
        icon, self._icon = self._icon, None
        if icon is not None:
            icon.hide()

    def say(self, title: str, text: str) -> None:
        """A message of the desktop's own. Counts and names only: others may look at this screen."""
        if self._icon is not None and self.is_there and QSystemTrayIcon.supportsMessages():
            for_so_long = SHOWN_FOR // timedelta(milliseconds=1)
            self._icon.showMessage(title, text, self._plain, for_so_long)

    # ---- the menu ----

    def _fill(self) -> None:
        """Made anew each time it opens: what was used lately has changed."""
        menu = self.menu
        menu.clear()
        self._add(_("&Show the window"), self._window.come_forward)
        self._add(_("&Find and copy…"), self.palette_wanted.emit)
        if self._session.access is not Access.LOCKED:
            self._add_tokens(_("Pinned"), self._pinned())
            self._add_tokens(_("Used lately"), self._recent())
        menu.addSeparator()
        for act in (Act.PAUSE, Act.LOCK):
            self._add(self._window.acts[act].text(), self._window.acts[act].trigger)
        self._add(_("&Quit"), lambda: self._window.wanted.emit(Act.QUIT))

    def _add(self, words: str, deed: Callable[[], None]) -> None:
        self.menu.addAction(words).triggered.connect(lambda _on=False: deed())

    def _add_tokens(self, heading: str, tokens: list[ApiToken]) -> None:
        if tokens:  # a section's heading is shown by few panels
            self.menu.addSeparator()
            self.menu.addAction(heading).setEnabled(False)
        for token in tokens:
            words = _("{organization}, {name}").format(
                organization=short(token.organization.name, IN_A_MENU),
                name=short(token.name, IN_A_MENU),
            )
            if token.organization.production:
                words = _("{token} (production)").format(token=words)
            self._add(words, partial(self.copy_wanted.emit, token))

    def _pinned(self) -> list[ApiToken]:
        return [token for token in self._model.tokens() if token.pinned][:MOST]

    def _recent(self) -> list[ApiToken]:
        used = [t for t in self._model.tokens() if t.last_used_at is not None and not t.pinned]
        return sorted(used, key=lambda t: t.last_used_at or t.added_at, reverse=True)[:MOST]

    # ---- what it shows ----

    def _show_needs(self) -> None:
        needy = self._model.counts()[Chip.ATTENTION]
        if needy != self._needy:
            self._needy = needy
            if self._icon is not None:
                self._icon.setIcon(badged(self._plain) if needy else self._plain)
            self._show_words()

    def _show_words(self) -> None:
        words = _n("{count} token needs you", "{count} tokens need you", self._needy)
        said = words.format(count=self._needy) if self._needy > 0 else ""
        paused = _("Paused") if self._pausing.is_on else ""
        self.words = "\n".join(filter(None, ("Partner Tokens", said, paused)))
        if self._icon is not None:
            self._icon.setToolTip(self.words)

    def _activated(self, how: QSystemTrayIcon.ActivationReason) -> None:
        reasons = QSystemTrayIcon.ActivationReason
        if how in {reasons.Trigger, reasons.DoubleClick}:
            self._window.come_forward()


def badged(icon: QIcon) -> QIcon:
    """The icon with a dot in a corner, in a ring so that it is seen on any ground."""
    made = QIcon()
    for size in SIZES:
        picture: QPixmap = icon.pixmap(size, size)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = max(size * 7 // 16, 7)
        corner = QPoint(size - ring, size - ring)
        for colour, inset in ((Qt.GlobalColor.white, 0), (QColor("#c4314b"), max(size // 16, 1))):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            box = QRect(corner.x(), corner.y(), ring, ring)
            painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
        painter.end()
        made.addPixmap(picture)
    return made
