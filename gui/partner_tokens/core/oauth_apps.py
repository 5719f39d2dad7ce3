"""OAuth apps in Cloud Partner Navigator: client id and secret instead of a user's API token."""

from dataclasses import replace
from typing import TYPE_CHECKING

from partner_tokens.core.credentials import Credential, app_parts, basic, struck_out
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.exchanging import access_from
from partner_tokens.core.navigator import Navigator
from partner_tokens.core.records import is_plain_id
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AccessToken

if TYPE_CHECKING:
    from partner_tokens.core.transport import Reply

EXCHANGE_V1 = "/cphub/api/auth/v1/authn/accounts/{id}/accesstoken"
EXCHANGE_V2 = "/cphub/api/auth/v2/authn/authorize?orgId={id}"
"""Vendor: developer.vmware.com/apis/cloud-partner-navigator/identity."""


class OAuthApps(Navigator):
    """Version 1: id and secret as JSON. The service's other calls are the Navigator's.

    An app knows no passcode: one that is given is not sent.
    """

    def exchange(
        self,
        credential: Credential,
        passcode: Secret | None = None,  # noqa: ARG002  # an app knows none
    ) -> AccessToken:
        """A fresh access token whose `user` is the client id; raises what `access_from` does.

        Also raises InputError where the organization's id is missing or unfit for an address.
        """
        if not is_plain_id(credential.organization_id):
            raise InputError(Problem.ORGANIZATION_ID_MISSING)
        client_id, _client_secret = app_parts(credential.secret)
        access = access_from(
            credential.endpoint,
            self._ask(credential),
            struck_out(credential.kind, credential.secret),
            is_app=True,
        )
        return replace(access, user=client_id)

    def _ask(self, credential: Credential) -> "Reply":
        client_id, client_secret = app_parts(credential.secret)
        url = credential.endpoint + EXCHANGE_V1.format(id=credential.organization_id)
        body = {"clientId": client_id, "clientSecret": client_secret.reveal()}
        return self._transport.send("POST", url, json=body)


class OAuthAppsAnew(OAuthApps):
    """Version 2: id and secret in HTTP's Basic authentication, the rest as a form.

    The page names no field of the form; `grant_type` is what RFC 6749, 4.4.2, demands of one.
    """

    def _ask(self, credential: Credential) -> "Reply":
        url = credential.endpoint + EXCHANGE_V2.format(id=credential.organization_id)
        return self._transport.send(
            "POST",
            url,
            form={"grant_type": "client_credentials"},
            headers={"Authorization": f"Basic {basic(credential.secret)}"},
        )
