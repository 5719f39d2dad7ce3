"""The quiet bar below the list: what just happened, for whom, until when, and what can be done."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.ui.long_words import breakable
from partner_tokens.ui.look import Look
from partner_tokens.ui.passcode_field import PasscodeField

Deed = tuple[str, Callable[[], None]]
"""A button: its words, and what it does."""


MOST_DEEDS = 3
NARROW = 260
"""Words in a column narrower than this are hard to read: the buttons go below them."""


def announce(widget: QWidget, words: str, *, urgent: bool = False) -> None:
    """Tells a screen reader, without moving the focus."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    event = QAccessibleAnnouncementEvent(widget, words)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)


@dataclass(frozen=True, slots=True)
class _Notice:
    tone: str
    icon: tuple[str, str]
    title: str
    text: str
    deeds: tuple[Deed, ...]
    names: bool = True
    """It may name tokens or organizations."""
    answers: bool = False
    """It tells what became of a copy."""
    answered: Callable[[Secret], None] | None = None
    """Takes the passcode that this notice asks for."""


class NoticeBar(QWidget):
    """Shows one notice at a time; a newer one takes its place.

    While a passcode is typed the newest waits: those digits are short lived, and what follows them
    must not go to the list as keys of its own. It comes when the field is left, or else behind what
    became of the copy. What became of a later copy takes the question's place: it was asked for
    since. While the list is hidden the newest waits unless it names nobody.
    """

    focus_freed = Signal()
    """The notice went while it had the keyboard."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = ("check", "fine")
        self.setObjectName("noticeBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = QLabel()
        self._title = QLabel()
        self._title.setObjectName("noticeTitle")
        self._text = QLabel()
        self._labels = (self._title, self._text)
        for label in self._labels:
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self._words = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._passcode = PasscodeField()
        self._passcode.mistyped.connect(self._say_mistyped)
        self._passcode.dismissed.connect(self.dismiss)
        self._passcode.left.connect(self._tell_waiting)
        self._buttons = tuple(QPushButton() for _place in range(MOST_DEEDS))
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setAccessibleName(_("Close this notice"))
        self._close.setToolTip(_("Close"))
        self._close.clicked.connect(self.dismiss)
        self._deeds: tuple[Deed, ...] = ()
        self._waiting: _Notice | None = None
        self._last_waits = False
        self._is_discreet = False
        self.number = 0
        """How many notices there have been: tells whether one is still the last."""
        for place, button in enumerate(self._buttons):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _on=False, place=place: self._deeds[place][1]())
        self._lay_out()
        look.changed.connect(self._dress)
        self.hide()

    def _lay_out(self) -> None:
        self._words.setContentsMargins(0, 0, 0, 0)
        self._words.addWidget(self._title)
        self._words.addWidget(self._text, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(10)
        deeds = QHBoxLayout()
        deeds.setSpacing(10)
        for widget in (self._passcode, *self._buttons):
            deeds.addWidget(widget)
        deeds.addStretch(1)
        self._middle.setSpacing(10)
        self._middle.addLayout(self._words, 1)
        self._middle.addLayout(deeds)
        row.addWidget(self._icon)
        row.addLayout(self._middle, 1)
        row.addWidget(self._close)

    def tell(
        self,
        title: str,
        text: str = "",
        *,
        deeds: tuple[Deed, ...] = (),
        names: bool = True,
        answers: bool = False,
    ) -> None:
        """Good news."""
        self._take(_Notice("fine", ("check", "fine"), title, text, deeds, names, answers))

    def warn(
        self,
        title: str,
        text: str = "",
        *,
        deeds: tuple[Deed, ...] = (),
        names: bool = True,
        answers: bool = False,
    ) -> None:
        """Something failed: what, and the next step."""
        self._take(_Notice("over", ("warning", "over"), title, text, deeds, names, answers))

    def warn_of(self, error: AppError, *, answers: bool = False) -> None:
        """A deed failed: why, and the next step; that it is locked can be told at once."""
        names = not isinstance(error, Locked)
        self.warn(error.title, error.hint, names=names, answers=answers)

    def remark(self, title: str, text: str = "", *, deeds: tuple[Deed, ...] = ()) -> None:
        """Neither good nor bad: waiting, removed, changed elsewhere."""
        self._take(_Notice("plain", ("info", "plain"), title, text, deeds))

    def ask_passcode(self, title: str, text: str, answered: Callable[[Secret], None]) -> None:
        """Asks for six digits, in place; one submit is one attempt.

        While the list is hidden it does not: who asked for the copy does not wait for it any more.
        """
        if self._is_discreet:
            return
        send = (_("&Send"), self._passcode.submit)
        icon = "key", "soon"
        self._take(_Notice("plain", icon, title, text, (send,), answers=True, answered=answered))

    def end_question(self) -> None:
        """Another copy is asked for than the one that wants a passcode."""
        if not self._passcode.isHidden():
            self.make_room()

    def be_discreet(self, discreet: bool) -> None:
        """Names nobody, until it may again: the list is hidden."""
        if discreet is not self._is_discreet:
            self._is_discreet = discreet
            self._tell_waiting()

    def _say_mistyped(self, error: InputError) -> None:
        self._text.setText(breakable(f"{error.title} {error.hint}"))
        announce(self, str(error), urgent=True)

    def set_text(self, text: str) -> None:
        """Changes the second half of the last one, without announcing it: a countdown."""
        if not self._last_waits:
            self._text.setText(breakable(text))
            self._fit()

    def withdraw(self, deed: Deed) -> None:
        """Takes a button away whose deed is no longer possible; the words stay."""
        if self._waiting is not None:
            deeds = tuple(one for one in self._waiting.deeds if one is not deed)
            self._waiting = replace(self._waiting, deeds=deeds)
        for button, offered in zip(self._buttons, self._deeds, strict=False):
            if offered is deed and not button.isHidden():
                had_focus = button.hasFocus()
                button.hide()
                self._fit()
                if had_focus:
                    self.focus_freed.emit()

    def take_back(self) -> None:
        """The last one is not true any more."""
        if self._last_waits:
            self._forget_waiting()
        else:
            self.dismiss()

    def dismiss(self) -> None:
        """Takes away what is shown; what waits behind it comes as soon as it may."""
        self.make_room()
        self._tell_waiting()

    def clear(self) -> None:
        """Takes all away, and gives the keyboard back if it was here."""
        self._forget_waiting()
        self.make_room()

    def make_room(self) -> None:
        """Takes away what is shown for what is to come; what waits stays behind that."""
        if not self.isHidden():  # also in a window that is not shown, and may be shown again
            had_focus = self.isAncestorOf(self.window().focusWidget())
            self._passcode.close_field()
            self.hide()
            if had_focus:
                self.focus_freed.emit()

    def _forget_waiting(self) -> None:
        self._waiting = None
        self._last_waits = False

    def button(self, place: int) -> QPushButton:
        """The button of a deed, from 0."""
        return self._buttons[place]

    def words(self) -> str:
        """What the bar says now; empty while it is hidden."""
        return f"{self._title.text()} {self._text.text()}".strip() if self.isVisible() else ""

    def _take(self, notice: _Notice) -> None:
        self.number += 1
        self._last_waits = not self._may_show(notice)
        if self._last_waits:
            self._waiting = notice
        else:
            self._show(notice)

    def _tell_waiting(self) -> None:
        notice = self._waiting
        if notice is not None and self._may_show(notice):
            self._forget_waiting()
            self.number += 1  # what was told since is not the last any more
            self._show(notice)

    def _may_show(self, notice: _Notice) -> bool:
        is_in_the_way = self._is_typed_in() and not notice.answers
        return not is_in_the_way and not (self._is_discreet and notice.names)

    def _is_typed_in(self) -> bool:
        """Whether a passcode is asked for; also while its user looks it up in another program."""
        has_keyboard = self.isAncestorOf(self.window().focusWidget())
        return has_keyboard and not self._passcode.isHidden()

    def _show(self, notice: _Notice) -> None:
        self._passcode.close_field()
        self._icon_name = notice.icon
        self._deeds = notice.deeds
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(notice.deeds))
            if place < len(notice.deeds):
                button.setText(notice.deeds[place][0])
        self._title.setText(breakable(notice.title))
        self._text.setText(breakable(notice.text))
        self.setProperty("tone", notice.tone)
        for widget in (self, self._title):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self._dress()
        self.show()
        self._fit()
        announce(self, f"{notice.title} {notice.text}".strip(), urgent=notice.tone == "over")
        if notice.answered is not None:
            self._passcode.ask(notice.answered)

    def _fit(self) -> None:
        """Title, text and deeds stand side by side where there is room, else one below another."""
        wanted = sum(label.fontMetrics().horizontalAdvance(label.text()) for label in self._labels)
        others = (self._passcode, self._close, self._icon, *self._buttons)
        taken = sum(w.sizeHint().width() + 10 for w in others if not w.isHidden()) + 48
        direction = QBoxLayout.Direction
        fits = wanted + taken <= self.width()
        room = self.width() - taken
        beside = fits or room >= NARROW
        self._middle.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
        self._title.setWordWrap(not fits)
        self._words.setDirection(direction.LeftToRight if fits else direction.TopToBottom)
        self._words.setSpacing(10 if fits else 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _dress(self) -> None:
        name, shade = self._icon_name
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(self._look.pixmap(name, shade, 16, ratio))
        self._close.setIcon(self._look.icon("close", "dim"))
