"""The service's calls: exchange an API token, who am I, which organization; answers are checked."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from partner_tokens.core.claims import LONGEST_JWT, Claims, read_claims
from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import (
    BrokenReply,
    PasscodeNeeded,
    Refused,
    ServiceError,
    Stage,
    Throttled,
    Unreachable,
)
from partner_tokens.core.replies import (
    ErrorBody,
    is_web_page,
    json_object,
    redacted,
    redacted_target,
    request_id,
    retry_at,
)
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AccessToken, host_of

if TYPE_CHECKING:
    from partner_tokens.core.transport import Reply, Transport

EXCHANGE = "/cphub/api/auth/v1/authn/accesstoken"
CALLING_USER = "/cphub/api/auth/v1/users/calling-user?expandUser=false"
ORGANIZATION = "/cphub/api/core/v1/mgmt/orgs/{id}"
"""Vendor: developer.vmware.com/apis/cloud-partner-navigator; the last needs a provider's role."""

PLATFORM_ORGANIZATION = "/csp/gateway/am/api/orgs/{id}"
"""The platform's own record, where its host is the endpoint: any member may read it."""

ASSUMED_LIFE = timedelta(minutes=30)
"""For an access token that cannot be read: the answer carries no `expires_in`."""

LONGEST_LIFE = timedelta(days=366)
SLACK = timedelta(minutes=1)
"""How far a token may seem to outlive its own life before the Date header is thought wrong."""


class Navigator:
    """Speaks to one service or many: the endpoint comes with each call. Blocks: not for the GUI."""

    def __init__(self, transport: "Transport", clock: Clock) -> None:
        self._transport = transport
        self._clock = clock

    def exchange(
        self, endpoint: str, api_token: Secret, passcode: Secret | None = None
    ) -> AccessToken:
        """A fresh access token for an API token.

        Any 2xx with a usable `accessToken` is taken (the page says 201; a newer version sends 200).
        Raises Refused, PasscodeNeeded, Throttled, Unreachable, BrokenReply; their details hold
        neither the API token nor a piece of it.
        """
        body = {"refreshToken": api_token.reveal()}
        if passcode:
            body["passcode"] = passcode.reveal()
        reply = self._transport.send("POST", endpoint + EXCHANGE, json=body)
        if not 200 <= reply.status < 300:
            _raise(host_of(endpoint), reply, api_token, passcode)
        return _access_token(endpoint, reply, api_token)

    def organization_name(self, endpoint: str, access: AccessToken) -> str:
        """The organization's display name, or "" if the service does not tell it.

        Most roles may not read the Navigator's record; a refusal, or any other failure here, is
        no reason to doubt the access token.
        """
        if not re.fullmatch(r"[\w-]{1,64}", access.organization_id, re.ASCII):
            return ""
        for path in (ORGANIZATION, PLATFORM_ORGANIZATION):
            record = self._record(endpoint + path.format(id=access.organization_id), access)
            name = _name(record.get("displayName")) or _name(record.get("companyName"))
            if name:
                return name
        return ""

    def user_name(self, endpoint: str, access: AccessToken) -> str:
        """Whom the service takes us for, or "" if it does not tell."""
        record = self._record(endpoint + CALLING_USER, access)
        return _name(record.get("username")) or _name(record.get("email"))

    def _record(self, url: str, access: AccessToken) -> dict[str, object]:
        headers = {"csp-auth-token": access.value.reveal()}
        try:
            reply = self._transport.send("GET", url, headers=headers)
        except ServiceError:
            return {}
        return (json_object(reply) or {}) if reply.status == 200 else {}


# ---- a good answer ----------------------------------------------------------------------------


def _access_token(endpoint: str, reply: "Reply", api_token: Secret) -> AccessToken:
    host, fields = host_of(endpoint), json_object(reply)
    told = request_id(reply, fields or {}, api_token)
    if fields is None:
        raise BrokenReply(
            host, f"HTTP {reply.status}, not JSON", web_page=is_web_page(reply), request_id=told
        )
    text = fields.get("accessToken")
    if not isinstance(text, str) or not re.fullmatch(rf"[!-~]{{1,{LONGEST_JWT}}}", text):
        # Anything else would not survive in a header, or would become a second one.
        raise BrokenReply(host, f"HTTP {reply.status}, no usable accessToken", request_id=told)
    claims = read_claims(text) or Claims()
    life = _life(claims, reply)
    return AccessToken(
        value=Secret(text),
        received_at=reply.received_at,
        expires_at=reply.received_at + _left(claims, life or ASSUMED_LIFE, reply),
        life=life or ASSUMED_LIFE,
        endpoint=endpoint,
        assumed=life is None,
        organization_id=claims.organization_id,
        user=claims.user,
        clock_offset=reply.clock_offset,
    )


def _life(claims: Claims, reply: "Reply") -> timedelta | None:
    """The whole life by the token's own account; None if it gives none, or an absurd one."""
    if claims.expires_at is None:
        return None
    server_now = reply.received_at + (reply.clock_offset or timedelta(0))
    life = claims.expires_at - (claims.issued_at or server_now)
    return life if timedelta(0) < life <= LONGEST_LIFE else None


def _left(claims: Claims, life: timedelta, reply: "Reply") -> timedelta:
    """What is left of `life`, by the service's clock if the answer told it.

    Without a Date, or with one that contradicts the token, it is taken as just issued.
    """
    if claims.expires_at is None or reply.clock_offset is None:
        return life
    left = claims.expires_at - (reply.received_at + reply.clock_offset)
    return left if timedelta(0) < left <= life + SLACK else life


def _name(value: object) -> str:
    if isinstance(value, str) and len(value) <= 200 and value.isprintable():
        return " ".join(value.split())
    return ""


# ---- any other answer -------------------------------------------------------------------------


def _raise(host: str, reply: "Reply", api_token: Secret, passcode: Secret | None) -> NoReturn:
    fields = json_object(reply)
    body = ErrorBody(fields or {})
    told = request_id(reply, body.fields, api_token, passcode)
    details = redacted(f"HTTP {reply.status} {body.message}", api_token, passcode)
    status = reply.status
    if 300 <= status < 400:
        moved_to = redacted_target(_target(reply), api_token, passcode)
        raise BrokenReply(host, details, moved_to=moved_to, request_id=told)
    if status == 407:
        raise Unreachable(host, Stage.PROXY, details, cause="407", request_id=told)
    if status == 429:
        raise Throttled(host, retry_at(reply), details, request_id=told)
    if status >= 500 or status == 408:
        raise Unreachable(host, Stage.HTTP, details, cause=str(status), request_id=told)
    if fields is not None and body.wants_passcode:
        raise PasscodeNeeded(host, details, wrong=bool(passcode), request_id=told)
    if _is_refusal(status, body, is_json=fields is not None, is_page=is_web_page(reply)):
        if passcode and (body.is_invalid_grant or status in {400, 401}):
            # The same words for a dead token and a wrong passcode; the passcode is likelier.
            raise PasscodeNeeded(host, details, wrong=True, request_id=told)
        raise Refused(host, details, request_id=told)
    web_page = is_web_page(reply) and status != 404
    raise BrokenReply(host, details, web_page=web_page, request_id=told)


def _is_refusal(status: int, body: ErrorBody, *, is_json: bool, is_page: bool) -> bool:
    """Whether the service itself judged the API token.

    A 404 without the service's own codes is a wrong endpoint; a bare 401 or 403 is a refusal all
    the same: every further try may be written into a customer's audit log.
    """
    if body.is_invalid_grant:
        return True
    if status in {401, 403}:
        return is_json or not is_page
    return (status == 400 and body.has_reason) or (status == 404 and body.is_known)


def _target(reply: "Reply") -> str:
    """Where a redirect points to: the other host, or the path on the same one."""
    try:
        parts = urlsplit(reply.headers.get("Location", ""))
    except ValueError:
        return "?"
    host = parts.netloc.rpartition("@")[2]
    if host and host.lower() != urlsplit(reply.url).netloc.lower():
        return host
    return parts.path or "?"
