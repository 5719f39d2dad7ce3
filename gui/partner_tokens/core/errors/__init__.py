"""All that may go wrong, in words fit to show: what every failure has, and those of any deed.

The others lie beside, each next to its words, in a module for what they are about; so a start loads
only those that it may raise.
"""

from partner_tokens.core.language import _
from partner_tokens.core.stages import Stage


class AppError(Exception):
    """Something went wrong that a user can understand.

    `title` says what happened, `hint` the one next step; both are made when they are asked for, so
    that the terminal need not load a catalogue of words for an exit code. `details` are for
    support: plain facts, redacted, never a secret. `passes` says that the same act may work later.
    """

    stage: Stage | None = None
    passes = False

    def __init__(self, details: str = "") -> None:
        super().__init__(details)
        self.details = details

    @property
    def title(self) -> str:
        """What happened, in the user's terms."""
        return self._words()[0]

    @property
    def hint(self) -> str:
        """The one next step."""
        return self._words()[1]

    def _words(self) -> tuple[str, str]:
        raise NotImplementedError

    def __str__(self) -> str:
        return f"{self.title} {self.hint}"


class Unexpected(AppError):
    """A bug in the program; `details` name the kind of exception, the log has the rest."""

    def _words(self) -> tuple[str, str]:
        return (
            _("Something went wrong inside Partner Tokens."),
            _("Try again; if it happens again, send the log to support."),
        )


class NothingBegins(AppError):
    """The system starts no more threads for this program."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("Your computer lets Partner Tokens begin nothing more."),
            _("Close other programs, then try again."),
        )


class NotAnswering(AppError):
    """Another process runs with this profile, and cannot be talked to."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("Partner Tokens is running, but does not answer."),
            _("Wait a moment, or end it and start it again."),
        )
