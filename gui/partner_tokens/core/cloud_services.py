"""Cloud Services' dialect: exchange an API token, ask for its dates, which organization."""

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from partner_tokens.core.credentials import Credential, Told
from partner_tokens.core.errors.service import DatesUnknown
from partner_tokens.core.exchanging import access_from, fields_of, raise_for
from partner_tokens.core.records import is_plain_id, name_in, record
from partner_tokens.core.redaction import gives_away, redact
from partner_tokens.core.replies import request_id
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AccessToken, Particulars, host_of

if TYPE_CHECKING:
    from partner_tokens.core.transport import Transport

EXCHANGE = "/csp/gateway/am/api/auth/api-tokens/authorize"
DETAILS = "/csp/gateway/am/api/auth/api-tokens/details"
ORGANIZATION = "/csp/gateway/am/api/orgs/{id}"
"""Vendor: developer.broadcom.com/xapis/identity-and-access-management-cloud-services-platform."""

MILLISECONDS_FROM = 1e11
"""The page says seconds, public clients have read both; in seconds this is the year 5138."""

EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
"""Before the platform was there: such a date is none."""

FARTHEST_END = timedelta(days=100 * 366)
CLOCK_SLACK = timedelta(days=1)
"""How far a past instant may seem to lie ahead of this machine's clock."""


class CloudServices:
    """Speaks to any host of the platform: the endpoint comes with each call. Blocks."""

    def __init__(self, transport: "Transport") -> None:
        self._transport = transport

    def exchange(self, credential: Credential, passcode: Secret | None = None) -> AccessToken:
        """A fresh access token for an API token; raises what `access_from` does."""
        form = {"api_token": credential.secret.reveal()}
        if passcode:
            form["passcode"] = passcode.reveal()
        reply = self._transport.send("POST", credential.endpoint + EXCHANGE, form=form)
        return access_from(
            credential.endpoint,
            reply,
            (credential.secret,),
            passcode,
            field="access_token",
            life_field="expires_in",
        )

    def told(self, credential: Credential, now: datetime) -> Told:
        """What the service knows of an API token; the answer repeats the token: never show it.

        Raises DatesUnknown where this service knows no such address or no such token, and
        otherwise what `access_from` does.
        """
        endpoint, secrets = credential.endpoint, (credential.secret,)
        body = {"tokenValue": credential.secret.reveal()}
        reply = self._transport.send("POST", endpoint + DETAILS, json=body)
        if reply.status in {404, 405}:
            details = f"HTTP {reply.status}"
            told = request_id(reply, {}, *secrets)
            raise DatesUnknown(host_of(endpoint), details, request_id=told)
        if not 200 <= reply.status < 300:
            raise_for(endpoint, reply, secrets)
        fields = fields_of(endpoint, reply, secrets)
        latest = now + CLOCK_SLACK
        name = name_in(fields, "tokenName")
        is_clean = redact(name, *secrets) == name and not gives_away(name, *secrets)
        particulars = Particulars(
            asked_at=now,
            name=name if is_clean else "",
            made_at=_instant(fields.get("createdAt"), latest),
            used_at=_instant(fields.get("lastUsedAt"), latest),
        )
        return Told(particulars, _instant(fields.get("expiresAt"), now + FARTHEST_END))

    def organization_name(self, endpoint: str, access: AccessToken) -> str:
        """The organization's display name, or "" if the service does not tell it."""
        if not is_plain_id(access.organization_id):
            return ""
        url = endpoint + ORGANIZATION.format(id=access.organization_id)
        headers = {"Authorization": f"Bearer {access.value.reveal()}"}
        return name_in(record(self._transport, url, headers), "displayName")

    def user_name(self, _endpoint: str, _access: AccessToken) -> str:
        """Nothing: only the claims tell it."""
        return ""


def _instant(value: object, latest: datetime) -> datetime | None:
    """Seconds or milliseconds since 1970; None for anything else: absent, 0, absurd, `true`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    if not math.isfinite(number):
        return None
    if number > MILLISECONDS_FROM:
        number /= 1000
    try:
        at = datetime.fromtimestamp(int(number), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if EARLIEST <= at <= latest else None
