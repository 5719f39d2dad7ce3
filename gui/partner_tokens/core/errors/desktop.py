"""What the desktop around the program does not do for it."""

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _


class ClipboardRefused(AppError):
    """The platform did not take what was copied; nothing of ours lies on the clipboard."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("The clipboard did not take it."),
            _("Another program may be holding it, or this window was not in front. Try again."),
        )


class NoBrowser(AppError):
    """The desktop has no program that opens a page of the web."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("No browser could be opened."),
            _("Copy the address and open it in a browser yourself."),
        )
