"""The quick palette joined to the rest: opened on call, copies, closes, keeps what was copied."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from partner_tokens.core.choosing import all_of
from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.errors.service import PasscodeNeeded
from partner_tokens.core.formats import Form
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AccessToken, ApiToken
from partner_tokens.ui.copying import Copying, Wish
from partner_tokens.ui.look import Look
from partner_tokens.ui.session import Access, Session
from partner_tokens.ui.token_model import TokenModel

if TYPE_CHECKING:
    from partner_tokens.ui.palette import Palette

CLAIMS_SILENTLY = ("xcb", "windows", "cocoa", "offscreen")
"""Where a copy without a gesture can be relied on; a Wayland compositor may drop it unsaid."""


class QuickCopy(QObject):
    """Opens the palette and copies from it. The palette is imported when it is first wanted."""

    shown = Signal()
    """The palette was painted."""
    done = Signal()
    """The palette was closed."""
    window_wanted = Signal()
    """What is amiss can be put right in the main window."""

    def __init__(
        self,
        session: Session,
        model: TokenModel,
        copying: Copying,
        look: Look,
        clock: Clock,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._model = model
        self._copying = copying
        self._look = look
        self._clock = clock
        copying.copied.connect(self._copied)
        copying.failed.connect(self._failed)
        self._palette: Palette | None = None
        self._wish: Wish | None = None
        """What was asked for here, until it is copied or the palette is closed."""
        self._is_shown = False
        """Whether the palette stands open for it, and is done with once it is copied."""

    @property
    def palette(self) -> "Palette":
        """The palette; made when it is first asked for."""
        if self._palette is None:
            self._palette = self._make()
        return self._palette

    def _make(self) -> "Palette":
        from partner_tokens.ui.palette import Palette

        palette = Palette(
            self._look, self._clock, self._session.at_hand, lambda: self._copying.own_forms
        )
        palette.copy_wanted.connect(self._copy)
        palette.window_wanted.connect(self._open_window)
        palette.opened.connect(self.shown)
        palette.closed.connect(self._forget_wish)
        palette.closed.connect(self.done)
        self._copying.fetching.connect(palette.model.set_fetching)
        self._model.counted.connect(self._take_tokens)
        return palette

    @property
    def is_open(self) -> bool:
        """Whether the palette can be seen."""
        return self._palette is not None and self._palette.isVisible()

    def open(self, words: str = "", token_id: str = "") -> None:
        """Opens the palette, or brings it forward."""
        self.palette.open(self._offered(), words, token_id)
        if self._is_locked:
            self.palette.tell_failure("", Locked())

    def copy(self, words: str) -> None:
        """Copies the header of the one token that is meant, else asks which.

        Where the platform may drop a copy that no key was pressed for, the palette opens with the
        token selected instead.
        """
        meant = all_of(self._model.tokens(), words.split())
        if len(meant) == 1:
            self.copy_token(meant[0])
        else:
            self.open(words)

    def copy_token(self, token: ApiToken) -> None:
        """Copies the header of a token that was asked for outside a window, or asks as above."""
        if QGuiApplication.platformName() in CLAIMS_SILENTLY:
            self._copy(token, None)
        else:
            self.open(token.organization.name, token.id)

    @property
    def _is_locked(self) -> bool:
        return self._session.access is Access.LOCKED

    def _offered(self) -> Sequence[ApiToken]:
        """What a locked program keeps tokens for is nobody's to see."""
        return () if self._is_locked else self._model.tokens()

    def lock(self) -> None:
        """Takes the palette away; what was wanted through it brings it back no more."""
        self._forget_wish()
        self.close()

    def close(self) -> None:
        """Takes the palette away."""
        if self.is_open:
            self.palette.close()

    def stop(self) -> None:
        """The program ends: the palette, which is no child of the window's, ends with it."""
        palette, self._palette = self._palette, None
        if palette is not None:
            palette.close()
            palette.deleteLater()

    def _take_tokens(self) -> None:
        if self.is_open:
            self.palette.set_tokens(self._offered())

    def _copy(self, token: ApiToken, form: Form | None) -> None:
        form = form or self._copying.usual_form
        self._expect(Wish(token, form))
        self._copying.copy(token, form)

    def _send_passcode(self, wish: Wish, passcode: Secret) -> None:
        self._expect(wish)
        self._copying.copy(wish.token, wish.form, again=True, passcode=passcode)

    def _expect(self, wish: Wish) -> None:
        self._wish, self._is_shown = wish, self.is_open

    def _forget_wish(self) -> None:
        """Who closes the palette does not wait for it there any more."""
        self._wish = None

    def _is_own(self, wish: Wish) -> bool:
        """Whether this was asked for here, and not in the main window."""
        return self._wish is not None and self._wish.token.id == wish.token.id

    def _copied(self, wish: Wish, _access: AccessToken) -> None:
        is_done = self._is_own(wish) and self._is_shown
        self._forget_wish()  # also where another has taken its place
        if is_done:
            self.close()

    def _failed(self, wish: Wish, error: AppError) -> None:
        if not self._is_own(wish):
            self._forget_wish()
            return
        name = "" if isinstance(error, Locked) else wish.token.organization.name
        if not self.is_open:  # asked for from outside
            self.open(name, wish.token.id)
        self._expect(wish)
        if isinstance(error, PasscodeNeeded):
            self.palette.ask_passcode(name, error, partial(self._send_passcode, wish))
        else:
            self.palette.tell_failure(name, error)

    def _open_window(self) -> None:
        self.palette.close()
        self.window_wanted.emit()
