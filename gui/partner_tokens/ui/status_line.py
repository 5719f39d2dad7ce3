"""The line at the bottom: whether each endpoint can be reached, and where the key is kept."""

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from partner_tokens.core.language import _, _n
from partner_tokens.core.tokens import State, host_of
from partner_tokens.core.wording import clock_words, result_words, span_words
from partner_tokens.ui.look import Look

if TYPE_CHECKING:
    from partner_tokens.core.ladder import Health

NARROW = 840
"""Below this width only host and state are written; the ladder has the rest."""

MOST = 2
"""How many endpoints are named; the others are counted."""


def health_words(health: "Health") -> str:
    """Host, reachable or the stage that failed, round trip, clock offset, time of the check."""
    parts = [brief_words(health)]
    if health.failure is None:
        if health.round_trip is not None:
            milliseconds = round(health.round_trip.total_seconds() * 1000)
            parts.append(_("{count} ms").format(count=milliseconds))
        if health.clock_offset is not None:
            parts.append(_offset_words(health.clock_offset))
    parts.append(_("checked {time}").format(time=clock_words(health.at)))
    return " · ".join(parts)


def brief_words(health: "Health") -> str:
    """Host, and whether it can be reached."""
    if health.failure is None:
        return _("{host} reachable").format(host=host_of(health.endpoint))
    words = result_words(State.UNREACHABLE, health.failure.stage)
    return f"{host_of(health.endpoint)}: {words}"


def _offset_words(offset: timedelta) -> str:
    """The service's date has whole seconds, so less than two are no difference."""
    if abs(offset) < timedelta(seconds=2):
        return _("clocks agree")
    if offset > timedelta(0):
        return _("this clock is {span} behind").format(span=span_words(offset))
    return _("this clock is {span} ahead").format(span=span_words(-offset))


class StatusLine(QWidget):
    """Each endpoint is a button that opens its ladder."""

    ladder_wanted = Signal(str)

    def __init__(self, look: Look, *, demo: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._healths: tuple[Health, ...] = ()
        self.setObjectName("statusLine")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._buttons = [self._make_button(place) for place in range(MOST)]
        self._more = QLabel()
        self._selected = QLabel()
        self._pause = QLabel()
        self._pause.hide()
        self._keyring = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 16, 4)
        row.setSpacing(12)
        for button in self._buttons:
            row.addWidget(button)
        row.addWidget(self._more)
        row.addStretch()
        row.addWidget(self._pause)
        row.addWidget(self._selected)
        row.addWidget(self._keyring)
        if demo:
            mark = QLabel(_("Demo"))
            mark.setToolTip(_("Invented organizations; nothing leaves this computer."))
            mark.setObjectName("demoMark")
            row.addWidget(mark)
        look.changed.connect(self._write)

    def _make_button(self, place: int) -> QToolButton:
        button = QToolButton()
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(_("Show how far the connection comes"))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self.ladder_wanted.emit(self._named()[place].endpoint))
        button.hide()
        return button

    def show_healths(self, healths: tuple["Health", ...]) -> None:
        """Names the endpoint in most use, then those that fail."""
        self._healths = healths
        self._write()

    def show_checking(self) -> None:
        """The user has asked for a check; its outcome takes the place of these words."""
        for button, health in zip(self._buttons, self._named(), strict=False):
            button.setText(_("{host}: checking…").format(host=host_of(health.endpoint)))

    def show_keyring(self, words: str) -> None:
        """Where the key is kept."""
        self._keyring.setText(words)

    def show_pause(self, words: str) -> None:
        """That nothing is done unasked; empty while it is."""
        self._pause.setText(words)
        self._pause.setVisible(bool(words))

    def show_selected(self, count: int) -> None:
        """How many tokens are selected, where it is more than one."""
        words = _n("{count} selected", "{count} selected", count) if count > 1 else ""
        self._selected.setText(words.format(count=count))

    def words(self) -> str:
        """All that the line says about endpoints."""
        return " | ".join(b.text() for b in self._buttons if not b.isHidden())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()

    def _named(self) -> tuple["Health", ...]:
        first = self._healths[:1]
        others = sorted(self._healths[1:], key=lambda health: health.failure is None)
        return (*first, *others)[:MOST]

    def _write(self) -> None:
        named = self._named()
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(named))
            if place < len(named):
                health = named[place]
                icon, shade = ("dot", "fine") if health.failure is None else ("warning", "urgent")
                button.setIcon(self._look.icon(icon, shade))
                whole = place == 0 and self.width() >= NARROW
                button.setText(health_words(health) if whole else brief_words(health))
                button.setAccessibleName(health_words(health))
        self._keyring.setVisible(self.width() >= NARROW)
        hidden = len(self._healths) - len(named)
        self._more.setVisible(hidden > 0)
        if hidden > 0:
            text = _n("and {count} more endpoint", "and {count} more endpoints", hidden)
            self._more.setText(text.format(count=hidden))
