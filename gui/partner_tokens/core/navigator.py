"""Cloud Partner Navigator's dialect: exchange an API token, who am I, which organization."""

from typing import TYPE_CHECKING

from partner_tokens.core.credentials import Credential
from partner_tokens.core.exchanging import access_from
from partner_tokens.core.records import is_plain_id, name_in, record
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AccessToken

if TYPE_CHECKING:
    from partner_tokens.core.transport import Transport

EXCHANGE = "/cphub/api/auth/v1/authn/accesstoken"
CALLING_USER = "/cphub/api/auth/v1/users/calling-user?expandUser=false"
ORGANIZATION = "/cphub/api/core/v1/mgmt/orgs/{id}"
"""Vendor: developer.vmware.com/apis/cloud-partner-navigator; the last needs a provider's role."""

PLATFORM_ORGANIZATION = "/csp/gateway/am/api/orgs/{id}"
"""The platform's own record, where its host is the endpoint: any member may read it."""


class Navigator:
    """Speaks to one service or many: the endpoint comes with each call. Blocks: not for the GUI."""

    def __init__(self, transport: "Transport") -> None:
        self._transport = transport

    def exchange(self, credential: Credential, passcode: Secret | None = None) -> AccessToken:
        """A fresh access token for an API token; raises what `access_from` does.

        The page says 201, a newer version sends 200; neither tells the access token's life.
        """
        body = {"refreshToken": credential.secret.reveal()}
        if passcode:
            body["passcode"] = passcode.reveal()
        reply = self._transport.send("POST", credential.endpoint + EXCHANGE, json=body)
        return access_from(credential.endpoint, reply, (credential.secret,), passcode)

    def organization_name(self, endpoint: str, access: AccessToken) -> str:
        """The organization's display name, or "" if the service does not tell it.

        Most roles may not read the Navigator's record; a refusal, or any other failure here, is
        no reason to doubt the access token.
        """
        if not is_plain_id(access.organization_id):
            return ""
        for path in (ORGANIZATION, PLATFORM_ORGANIZATION):
            url = endpoint + path.format(id=access.organization_id)
            name = name_in(self._record(url, access), "displayName", "companyName")
            if name:
                return name
        return ""

    def user_name(self, endpoint: str, access: AccessToken) -> str:
        """Whom the service takes us for, or "" if it does not tell."""
        return name_in(self._record(endpoint + CALLING_USER, access), "username", "email")

    def _record(self, url: str, access: AccessToken) -> dict[str, object]:
        return record(self._transport, url, {"csp-auth-token": access.value.reveal()})
