"""When an API token ends: in six months, on a date, never, unknown, or as the service says."""

import calendar
from datetime import datetime, timedelta
from enum import Enum

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from partner_tokens.core.clock import Clock
from partner_tokens.core.instants import instant_of, local
from partner_tokens.core.kind_words import expiry_source
from partner_tokens.core.language import _
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.tokens import Kind as TokenKind
from partner_tokens.core.wording import expiry_exact
from partner_tokens.ui.choice_box import ChoiceBox, DateBox, date_of
from partner_tokens.ui.look import Look
from partner_tokens.ui.number_box import NumberBox

DEFAULT_MONTHS = 6
"""The portal proposes six months for a new API token."""

REFRESH = timedelta(seconds=10)
"""How often the exact date follows the clock while it is shown."""

LAST_MINUTE = (23, 59)
"""A date without a time means that whole day, where the user is."""


class Kind(Enum):
    """The ways to tell an end."""

    TOLD = "told"
    IN = "in"
    ON = "on"
    NEVER = "never"
    UNKNOWN = "unknown"


class Unit(Enum):
    """What a life is counted in."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"


def after(now: datetime, amount: int, unit: Unit) -> datetime:
    """The instant `amount` units from now; days and months keep the local time of day."""
    if unit in (Unit.MINUTES, Unit.HOURS):
        return now + timedelta(**{unit.value: amount})
    wall = local(now).replace(tzinfo=None)  # calendar days, whatever the zone does meanwhile
    if unit is Unit.DAYS:
        return instant_of(wall + timedelta(days=amount))
    years, month = divmod(wall.month - 1 + amount, 12)
    year, month = wall.year + years, month + 1
    day = min(wall.day, calendar.monthrange(year, month)[1])
    return instant_of(wall.replace(year=year, month=month, day=day))


class ExpiryField(QWidget):
    """Shows below, in quiet words, the exact instant that results."""

    changed = Signal()

    def __init__(self, clock: Clock, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._kept: Expiry | None = None
        self._told: Expiry | None = None
        self._proposed = Kind.IN
        self.kind = ChoiceBox(look)
        self.kind.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        for kind, words in (
            (Kind.IN, _("in")),
            (Kind.ON, _("on a date")),
            (Kind.NEVER, _("never")),
            (Kind.UNKNOWN, _("unknown")),
        ):
            self.kind.addItem(words, kind)
        self.amount = NumberBox((1, 9_999))
        self.amount.setValue(DEFAULT_MONTHS)
        self.unit = ChoiceBox(look)
        for unit, words in (
            (Unit.MINUTES, _("minutes")),
            (Unit.HOURS, _("hours")),
            (Unit.DAYS, _("days")),
            (Unit.MONTHS, _("months")),
        ):
            self.unit.addItem(words, unit)
        self.unit.setCurrentIndex(self.unit.findData(Unit.MONTHS))
        self._unit_label = QLabel(_("Unit of time"), self)
        """Never seen: on Linux a screen reader calls a box by its label, and by nothing else."""
        self.date = DateBox(look)
        self._exact = QLabel()
        self._lay_out()
        self._timer = QTimer(self)
        self.refresh_every(REFRESH)
        self._timer.timeout.connect(self._say)
        self._set_date(after(clock(), DEFAULT_MONTHS, Unit.MONTHS))
        self.kind.currentIndexChanged.connect(self._chosen)
        self.amount.valueChanged.connect(self._on_change)
        self.unit.currentIndexChanged.connect(self._on_change)
        self.date.dateChanged.connect(self._on_change)
        self._arrange()

    def _lay_out(self) -> None:
        self.setFocusProxy(self.kind)
        self.amount.setAccessibleName(_("How many"))
        self.unit.setAccessibleName(_("Unit of time"))
        self._unit_label.setBuddy(self.unit)
        self._unit_label.hide()
        self.date.setAccessibleName(_("Date"))
        self._exact.setObjectName("hintLabel")
        self._exact.setTextFormat(Qt.TextFormat.PlainText)
        self._exact.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.kind, self.amount, self.unit, self.date):
            row.addWidget(widget)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._exact)

    # ---- its value ----

    def expiry(self) -> Expiry:
        """The end as it is told now. An end that was set and not touched comes back unchanged."""
        match self.kind.currentData():
            case Kind.IN:
                now = self._clock().replace(microsecond=0)
                return Expiry(at=after(now, self.amount.value(), self.unit.currentData()))
            case Kind.ON:
                return self._on_date()
            case Kind.TOLD:
                return self._told or Expiry.unknown()
            case Kind.NEVER:
                return Expiry.endless()
            case _:
                return Expiry.unknown()

    def propose_for(self, token_kind: TokenKind) -> None:
        """Offers what is usual for a kind of token, unless the user has chosen otherwise."""
        is_untouched = self.kind.currentData() is self._proposed
        self._offer_told(token_kind.tells_dates)
        self._proposed = Kind.UNKNOWN if token_kind.is_app else Kind.IN
        if token_kind.tells_dates:
            self._proposed = Kind.TOLD
        if is_untouched or self.kind.currentIndex() < 0:
            self.kind.setCurrentIndex(self.kind.findData(self._proposed))

    def _offer_told(self, offered: bool) -> None:
        place = self.kind.findData(Kind.TOLD)
        if offered and place < 0:
            self.kind.insertItem(0, _("as the service says"), Kind.TOLD)
        elif not offered and place >= 0:
            self.kind.removeItem(place)

    def set_expiry(self, expiry: Expiry, *, told: bool = False) -> None:
        """Shows an end that is stored; `told` where the service said it."""
        if told:
            self._told = expiry
            if expiry.at is not None:
                self._set_date(expiry.at)  # where typing over it begins
            self._offer_told(True)
            self.kind.setCurrentIndex(self.kind.findData(Kind.TOLD))
            self._say()
            return
        kind = Kind.NEVER if expiry.never else Kind.UNKNOWN
        if expiry.at is not None:
            kind = Kind.ON
            self._set_date(expiry.at)
            self._kept = expiry
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self._say()

    def refresh_every(self, pause: timedelta) -> None:
        """How often the exact date follows the clock."""
        self._timer.setInterval(round(pause.total_seconds() * 1000))

    def exact_words(self) -> str:
        """What is said below."""
        return self._exact.text()

    def _on_date(self) -> Expiry:
        date = self.date.date()
        if self._kept and self._kept.at and date_of(self._kept.at) == date:
            return self._kept
        hour, minute = LAST_MINUTE
        wall = datetime(date.year(), date.month(), date.day(), hour, minute)  # noqa: DTZ001  # local
        return Expiry(at=instant_of(wall))

    def _set_date(self, at: datetime) -> None:
        self.date.setDate(date_of(at))

    # ---- what is shown ----

    def _chosen(self) -> None:
        self._arrange()
        self.changed.emit()

    def _on_change(self) -> None:
        self._say()
        self.changed.emit()

    def _arrange(self) -> None:
        kind = self.kind.currentData()
        self.amount.setVisible(kind is Kind.IN)
        self.unit.setVisible(kind is Kind.IN)
        self.date.setVisible(kind is Kind.ON)
        self._say()

    def _say(self) -> None:
        words = self._words()
        self._exact.setText(words)
        self.kind.setAccessibleDescription(words)

    def _words(self) -> str:
        expiry = self.expiry()
        if expiry.never:
            return _("Only if the portal made it without an end.")
        is_told = self.kind.currentData() is Kind.TOLD
        if expiry.at is None and is_told:
            return _("It is asked as soon as the token is proven.")
        if expiry.at is None:
            return _("Nobody will be warned before it ends.")
        words = _("Runs out on {date}, {source}.")
        if expiry.at <= self._clock():
            words = _("Ran out on {date}, {source}.")
        return words.format(date=expiry_exact(expiry), source=expiry_source(told=is_told))

    def showEvent(self, event: QShowEvent) -> None:
        height = self.kind.sizeHint().height()  # Qt makes boxes with a number in them taller
        for box in (self.amount, self.date):
            box.setFixedHeight(height)
        self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)
