"""The answer to an exchange, read: the access token and its facts, or the error it stands for."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from partner_tokens.core.claims import LONGEST_JWT, Claims, read_claims
from partner_tokens.core.errors.service import (
    BrokenReply,
    PasscodeNeeded,
    Refused,
    Throttled,
    Unreachable,
)
from partner_tokens.core.lookalike import unless_given_away
from partner_tokens.core.replies import (
    ErrorBody,
    is_web_page,
    json_object,
    read_object,
    redacted,
    redacted_target,
    request_id,
    retry_at,
)
from partner_tokens.core.secret import Secret
from partner_tokens.core.stages import Flaw, Stage
from partner_tokens.core.tokens import AccessToken, host_of

if TYPE_CHECKING:
    from partner_tokens.core.transport import Reply

ASSUMED_LIFE = timedelta(minutes=30)
"""For an access token that cannot be read, where the answer carries no life either."""

LONGEST_LIFE = timedelta(days=366)
SLACK = timedelta(minutes=1)
"""How far a token may seem to outlive its own life before the Date header is thought wrong."""


def access_from(
    endpoint: str,
    reply: "Reply",
    secrets: tuple[Secret, ...],
    passcode: Secret | None = None,
    *,
    field: str = "accessToken",
    life_field: str = "",
    is_app: bool = False,
) -> AccessToken:
    """The access token in `field`, with what it says of itself.

    Any 2xx with a usable token is taken, whatever the vendor's page says. `life_field` names where
    the dialect tells the token's life in seconds: it is heeded where the token itself tells none.
    Raises Refused, PasscodeNeeded (not for an app: it knows none), Throttled, Unreachable,
    BrokenReply; their details hold no secret, nor a piece of one. A claim that does is left out: it
    would be stored, and exported.
    """
    if not 200 <= reply.status < 300:
        raise_for(endpoint, reply, secrets, passcode, is_app=is_app)
    fields = fields_of(endpoint, reply, secrets)
    text = fields.get(field)
    if not isinstance(text, str) or not re.fullmatch(rf"[!-~]{{1,{LONGEST_JWT}}}", text):
        # Anything else would not survive in a header, or would become a second one.
        told = request_id(reply, fields, *secrets)
        details = f"HTTP {reply.status}, no usable {field}"
        raise BrokenReply(host_of(endpoint), details, flaw=Flaw.NO_TOKEN, request_id=told)
    claims = read_claims(text) or Claims()
    life = _life(claims, reply) or _told_life(fields.get(life_field))
    return AccessToken(
        value=Secret(text),
        received_at=reply.received_at,
        expires_at=reply.received_at + _left(claims, life or ASSUMED_LIFE, reply),
        life=life or ASSUMED_LIFE,
        endpoint=endpoint,
        assumed=life is None,
        organization_id=unless_given_away(claims.organization_id, *secrets),
        user=unless_given_away(claims.user, *secrets),
        clock_offset=reply.clock_offset,
    )


def fields_of(endpoint: str, reply: "Reply", secrets: tuple[Secret, ...]) -> dict[str, object]:
    """The JSON object of a good answer. Raises BrokenReply."""
    fields = read_object(reply)
    if isinstance(fields, Flaw):
        raise BrokenReply(
            host_of(endpoint),
            f"HTTP {reply.status}, {fields}",
            web_page=is_web_page(reply),
            flaw=fields,
            request_id=request_id(reply, {}, *secrets),
        )
    return fields


def _life(claims: Claims, reply: "Reply") -> timedelta | None:
    """The whole life by the token's own account; None if it gives none, or an absurd one."""
    if claims.expires_at is None:
        return None
    server_now = reply.received_at + (reply.clock_offset or timedelta(0))
    life = claims.expires_at - (claims.issued_at or server_now)
    return life if timedelta(0) < life <= LONGEST_LIFE else None


def _told_life(seconds: object) -> timedelta | None:
    """`expires_in`: whole seconds; `true`, a text or an absurd number is none."""
    if isinstance(seconds, bool) or not isinstance(seconds, int):
        return None
    return timedelta(seconds=seconds) if 0 < seconds <= LONGEST_LIFE.total_seconds() else None


def _left(claims: Claims, life: timedelta, reply: "Reply") -> timedelta:
    """What is left of `life`, by the service's clock if the answer told it.

    Without a Date, or with one that contradicts the token, it is taken as just issued.
    """
    if claims.expires_at is None or reply.clock_offset is None:
        return life
    left = claims.expires_at - (reply.received_at + reply.clock_offset)
    return left if timedelta(0) < left <= life + SLACK else life


# ---- any other answer -------------------------------------------------------------------------


def raise_for(
    endpoint: str,
    reply: "Reply",
    secrets: tuple[Secret, ...],
    passcode: Secret | None = None,
    *,
    is_app: bool = False,
) -> NoReturn:
    """Raises what an answer other than 2xx stands for; see `access_from`."""
    host = host_of(endpoint)
    hidden = (*secrets, passcode)
    fields = json_object(reply)
    body = ErrorBody(fields or {})
    told = request_id(reply, body.fields, *hidden)
    details = redacted(f"HTTP {reply.status} {body.message}", *hidden)
    status = reply.status
    if 300 <= status < 400:
        moved_to = redacted_target(_target(reply), *hidden)
        raise BrokenReply(host, details, moved_to=moved_to, status=status, request_id=told)
    if status == 407:
        raise Unreachable(host, Stage.PROXY, details, cause="407", request_id=told)
    if status == 429:
        raise Throttled(host, retry_at(reply), details, request_id=told)
    if status >= 500 or status == 408:
        raise Unreachable(host, Stage.HTTP, details, cause=str(status), request_id=told)
    if not is_app and fields is not None and body.wants_passcode:
        raise PasscodeNeeded(host, details, wrong=bool(passcode), request_id=told)
    if _is_refusal(status, body, is_json=fields is not None, is_page=is_web_page(reply)):
        if passcode and (body.is_invalid_grant or status in {400, 401}):
            # The same words for a dead token and a wrong passcode; the passcode is likelier.
            raise PasscodeNeeded(host, details, wrong=True, request_id=told)
        raise Refused(host, details, is_app=is_app, request_id=told)
    web_page = is_web_page(reply) and status != 404
    raise BrokenReply(host, details, web_page=web_page, status=status, request_id=told)


def _is_refusal(status: int, body: ErrorBody, *, is_json: bool, is_page: bool) -> bool:
    """Whether the service itself judged the secret.

    A 404 without the service's own codes is a wrong endpoint; a bare 401 or 403 is a refusal all
    the same: every further try may be written into a customer's audit log.
    """
    if body.is_invalid_grant:
        return True
    if status in {401, 403}:
        return is_json or not is_page
    return (status == 400 and body.has_reason) or (status == 404 and body.is_known)


def _target(reply: "Reply") -> str:
    """Where a redirect points to: the other host, or the path on the same one; empty: nowhere."""
    try:
        parts = urlsplit(reply.headers.get("Location", ""))
    except ValueError:
        return "?"
    host = parts.netloc.rpartition("@")[2]
    if host and host.lower() != urlsplit(reply.url).netloc.lower():
        return host
    return parts.path
