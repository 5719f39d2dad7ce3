"""Tells what became of a copy: for whom, until when, when the clipboard clears; or why not."""

from functools import partial

from PySide6.QtCore import QObject

from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.errors.service import BrokenReply, PasscodeNeeded, Refused, Unreachable
from partner_tokens.core.errors.tokens import AnotherOrganization
from partner_tokens.core.formats import Format
from partner_tokens.core.language import _
from partner_tokens.core.tokens import AccessToken
from partner_tokens.core.wording import clock_words, format_label, named_with_mark, span_words
from partner_tokens.ui.clipboard import Clipboard
from partner_tokens.ui.copying import Copying, Wish
from partner_tokens.ui.desk import Desk
from partner_tokens.ui.notices import Deed, NoticeBar, announce
from partner_tokens.ui.renewing import Renewing
from partner_tokens.ui.retiring import Retiring


class CopyNotices(QObject):
    """Speaks through the notice bar."""

    def __init__(
        self,
        notices: NoticeBar,
        copying: Copying,
        clipboard: Clipboard,
        desk: Desk,
        retiring: Retiring,
        renewing: Renewing,
        clock: Clock,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._notices = notices
        self._copying = copying
        self._clipboard = clipboard
        self._desk = desk
        self._retiring = retiring
        self._renewing = renewing
        self._clock = clock
        self._valid = ""
        self._number = 0
        """The notice of the last copy."""
        copying.asked.connect(notices.end_question)
        copying.copied.connect(self._copied)
        copying.failed.connect(self._failed)
        clipboard.seconds_left.connect(self._count_down)
        clipboard.cleared.connect(self._cleared)
        clipboard.replaced.connect(self._replaced)
        clipboard.could_not_clear.connect(self._could_not_clear)

    def _copied(self, wish: Wish, access: AccessToken) -> None:
        left = access.left(self._clock())
        valid = _("valid until {time} ({span})").format(
            time=clock_words(access.expires_at), span=span_words(left)
        )
        if access.assumed:
            valid = _("{valid}, if it lives the usual 30 minutes").format(valid=valid)
        self._valid = valid
        what = "csp-auth-token" if wish.form is Format.HEADER else format_label(wish.form)
        self._notices.tell(
            _("{what} for {organization} copied").format(what=what, organization=_whose(wish)),
            self._with_countdown(self._clipboard.left()),
            deeds=((_("C&lear now"), self._clipboard.clear_now),),
            answers=True,
        )
        self._number = self._notices.number

    def _with_countdown(self, seconds: int | None) -> str:
        if seconds is None:
            return self._valid
        words = _("the clipboard clears in {count} s").format(count=seconds)
        return f"{self._valid}  ·  {words}"

    def _count_down(self, seconds: int) -> None:
        if self._notices.number == self._number:
            self._notices.set_text(self._with_countdown(seconds))

    def _cleared(self) -> None:
        self._replaced()
        announce(self._notices, _("The clipboard was cleared."))

    def _replaced(self) -> None:
        if self._notices.number == self._number:
            self._notices.take_back()

    def _could_not_clear(self) -> None:
        self._notices.warn(
            _("The clipboard could not be cleared."),
            _("This desktop does not allow it: copy something else to be safe."),
            names=False,
        )
        self._number = self._notices.number

    def _failed(self, wish: Wish, error: AppError) -> None:
        if isinstance(error, PasscodeNeeded):
            self._ask_passcode(wish, error)
            return
        if isinstance(error, AnotherOrganization):
            return  # see ui/holding.py
        deeds: list[Deed] = []
        if isinstance(error, Refused):
            deeds.append((_("&Replace…"), partial(self._renewing.open, wish.token)))
            deeds.append((_("Re&move"), partial(self._retiring.remove, (wish.token,))))
            deeds.append((_("&Try with a passcode"), partial(self._ask_passcode, wish, error)))
        elif error.passes:
            deeds.append((_("Try &again"), partial(self._again, wish)))
        if isinstance(error, Unreachable | BrokenReply):
            deeds.append((_("&Where it fails…"), partial(self._open_ladder, wish)))
        if isinstance(error, Locked):  # then nobody is named
            self._notices.warn_of(error, answers=True)
            return
        title = f"{wish.organization}: {error.title}"
        self._notices.warn(title, error.hint, deeds=tuple(deeds), answers=True)

    def _open_ladder(self, wish: Wish) -> None:
        self._desk.open_ladder(wish.token.endpoint)

    def _again(self, wish: Wish) -> None:
        self._notices.make_room()
        self._copying.copy(wish.token, wish.form, again=True)

    def _ask_passcode(self, wish: Wish, error: AppError) -> None:
        if isinstance(error, PasscodeNeeded):
            title, hint = error.title, error.hint
        else:
            title = _("Try with a passcode")
            hint = _("Type the six digits your device shows now.")

        self._notices.ask_passcode(
            f"{wish.organization}: {title}",
            hint,
            lambda code: self._copying.copy(wish.token, wish.form, again=True, passcode=code),
        )


def _whose(wish: Wish) -> str:
    """Whose header it is; the row's mark says nothing of an organization it is held for."""
    return wish.organization if wish.agreed else named_with_mark(wish.token.organization)
