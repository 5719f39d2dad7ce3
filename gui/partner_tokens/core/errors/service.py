"""What fails on the way to the service, and what it answers instead of what was asked for."""

from datetime import datetime

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _
from partner_tokens.core.stages import Flaw, Stage


class ServiceError(AppError):
    """The service, or the way to it, failed; `host` is the endpoint's, with its port if unusual."""

    def __init__(self, host: str, details: str = "", *, request_id: str = "") -> None:
        super().__init__(details)
        self.host = host
        self.request_id = request_id


class Unreachable(ServiceError):
    """No usable answer. `stage` says how far it came, `flaw` what was wrong there, if known.

    `cause` is a fact: an issuer, a date, whom a certificate is for, a status, a kind of proxy.
    """

    passes = True

    def __init__(
        self,
        host: str,
        stage: Stage,
        details: str = "",
        *,
        cause: str = "",
        flaw: Flaw | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(host, details, request_id=request_id)
        self.stage: Stage = stage
        self.cause = cause
        self.flaw = flaw

    def _words(self) -> tuple[str, str]:
        from partner_tokens.core.errors.service_words import unreachable_words

        return unreachable_words(self.host, self.stage, self.flaw, self.cause)


class CaFileUnusable(Unreachable):
    """The extra CA file that was set is missing, unreadable, or holds no certificate."""

    passes = False

    def __init__(self, host: str, details: str = "") -> None:
        super().__init__(host, Stage.TLS, details)

    def _words(self) -> tuple[str, str]:
        return (
            _("The extra CA file cannot be used."),
            _("Choose a file with certificates in PEM form, or do without one."),
        )


class BrokenReply(ServiceError):
    """An answer came that the service should not send: HTML, a redirect, too much, no token.

    `flaw` says what was wrong with it, `status` which it had where that is what was wrong.
    """

    stage = Stage.REPLY

    def __init__(
        self,
        host: str,
        details: str = "",
        *,
        web_page: bool = False,
        moved_to: str = "",
        flaw: Flaw | None = None,
        status: int = 0,
        request_id: str = "",
    ) -> None:
        super().__init__(host, details, request_id=request_id)
        self.web_page = web_page
        self.moved_to = moved_to
        self.flaw = flaw
        self.status = status

    def _words(self) -> tuple[str, str]:
        from partner_tokens.core.errors.service_words import broken_words, moved_words, page_words

        if self.moved_to:
            return moved_words(self.host, self.moved_to)
        if self.web_page:
            return page_words(self.host)
        return broken_words(self.host, self.flaw, self.status)


class Throttled(ServiceError):
    """The service asks for patience (429). `again_at` is when it may be asked again, if known."""

    stage = Stage.HTTP
    passes = True

    def __init__(
        self, host: str, again_at: datetime | None, details: str = "", *, request_id: str = ""
    ) -> None:
        super().__init__(host, details, request_id=request_id)
        self.again_at = again_at

    def _words(self) -> tuple[str, str]:
        return (
            _("{host} asks us to slow down.").format(host=self.host),
            _("Try again in a minute."),
        )


class Refused(ServiceError):
    """The service does not accept the API token; it cannot tell us why (expired, revoked, …).

    `is_app` where it is an OAuth app's id and secret.
    """

    def __init__(
        self, host: str, details: str = "", *, is_app: bool = False, request_id: str = ""
    ) -> None:
        super().__init__(host, details, request_id=request_id)
        self.is_app = is_app

    def _words(self) -> tuple[str, str]:
        if self.is_app:
            return (
                _("The service refused this app."),
                _(
                    "Its secret may have been replaced, or its id, its organization's id or its "
                    "version may be wrong. Look in the portal, then edit this row."
                ),
            )
        return (
            _("The service refused this token."),
            _(
                "It may have expired, been regenerated, revoked or deactivated, or belong to "
                "another endpoint. Make a new one in the portal and edit this row."
            ),
        )


class DatesUnknown(ServiceError):
    """This service does not tell when an API token was made and when it ends."""

    def _words(self) -> tuple[str, str]:
        return (
            _("{host} does not tell the dates of this token.").format(host=self.host),
            _("Look them up in the portal, then edit the token and type its expiry."),
        )


class TenantsHidden(ServiceError):
    """This token may not see a provider's customers, or its organization has none."""

    def _words(self) -> tuple[str, str]:
        return (
            _("{host} shows this token no customer organizations.").format(host=self.host),
            _("Use a provider's token: of a Provider, Operations or Account Administrator."),
        )


class PasscodeNeeded(ServiceError):
    """The exchange wants the passcode of the user's device; `wrong` if one was refused."""

    def __init__(
        self, host: str, details: str = "", *, wrong: bool = False, request_id: str = ""
    ) -> None:
        super().__init__(host, details, request_id=request_id)
        self.wrong = wrong

    def _words(self) -> tuple[str, str]:
        if self.wrong:
            return (
                _("The service did not accept this passcode."),
                _(
                    "Wait for the next code on your device, then try again. If none is accepted, "
                    "the token itself may have ended."
                ),
            )
        return (
            _("This token wants a passcode."),
            _("Type the six digits your device shows now."),
        )
