"""The service in all its dialects: the kind of a credential decides which one is spoken."""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from partner_tokens.core.clock import Clock
from partner_tokens.core.cloud_services import CloudServices
from partner_tokens.core.credentials import Credential, Told, hidden_in
from partner_tokens.core.errors.service import DatesUnknown
from partner_tokens.core.lookalike import unless_given_away
from partner_tokens.core.navigator import Navigator
from partner_tokens.core.oauth_apps import OAuthApps, OAuthAppsAnew
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AccessToken, Kind, host_of

if TYPE_CHECKING:
    from partner_tokens.core.transport import Transport


class Dialect(Protocol):
    """How one kind of credential is exchanged, and what can be asked afterwards."""

    def exchange(self, credential: Credential, passcode: Secret | None = None) -> AccessToken:
        """A fresh access token."""

    def organization_name(self, endpoint: str, access: AccessToken) -> str:
        """The organization's display name, or "" if the service does not tell it."""

    def user_name(self, endpoint: str, access: AccessToken) -> str:
        """Whom the service takes us for, or "" if it does not tell."""


class Service:
    """The one place that looks at the kind: each secret goes to one address, nothing is tried.

    Blocks: not for the GUI.
    """

    def __init__(self, transport: "Transport", clock: Clock) -> None:
        self._clock = clock
        self._transport = transport
        self._cloud_services = CloudServices(transport)
        self._dialects: dict[Kind, Dialect] = {
            Kind.NAVIGATOR: Navigator(transport),
            Kind.CLOUD_SERVICES: self._cloud_services,
            Kind.OAUTH_APP_V1: OAuthApps(transport),
            Kind.OAUTH_APP_V2: OAuthAppsAnew(transport),
        }

    def exchange(self, credential: Credential, passcode: Secret | None = None) -> AccessToken:
        """A fresh access token.

        Raises Refused, PasscodeNeeded, Throttled, Unreachable, BrokenReply; their details hold
        neither the secret nor a piece of it. InputError where an app's organization has no id.
        """
        return self._dialects[credential.kind].exchange(credential, passcode)

    def withdraw(self) -> None:
        """Sends nothing any more of what was asked for so far, by whomever; never blocks."""
        self._transport.withdraw()

    def organization_name(self, credential: Credential, access: AccessToken) -> str:
        """The organization's display name, or "" if the service does not tell it.

        One that repeats the secret or the access token is none.
        """
        dialect = self._dialects[credential.kind]
        name = dialect.organization_name(credential.endpoint, access)
        return unless_given_away(name, hidden_in(credential), access.value)

    def user_name(self, credential: Credential, access: AccessToken) -> str:
        """Whom the service takes us for, or "" as in `organization_name`."""
        name = self._dialects[credential.kind].user_name(credential.endpoint, access)
        return unless_given_away(name, hidden_in(credential), access.value)

    def told(self, credential: Credential) -> Told:
        """What the service knows of an API token: its end, its name, when it was made and used.

        Documented for Cloud Services alone; elsewhere to be asked on the user's wish only. Raises
        DatesUnknown, also for an app, for which nothing is sent; else as `exchange`.
        """
        if credential.kind.is_app:
            raise DatesUnknown(host_of(credential.endpoint))
        now: datetime = self._clock()
        return self._cloud_services.told(credential, now)
