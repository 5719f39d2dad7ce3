"""A JWT opened for display and for its lifetime; unverified, so that nothing trusts it."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST_JWT = 16 * 1024
"""Real ones have 1 to 2.5 kB; nothing longer would fit into a request header anyway."""

LONGEST_TEXT = 200
MOST_ROLES = 200

USER_CLAIMS = ("username", "acct", "user_name")
"""The last one is what tokens of the newer issuer have."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says of itself; a claim that is missing or odd is None or empty.

    `organization_id` is `context_name`, as public clients of the platform read it; `user` is
    `username`, else `acct`, else `user_name` (tokens of the newer issuer).
    """

    issued_at: datetime | None = None
    expires_at: datetime | None = None
    organization_id: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """All that is shown of what an access token says of itself; nobody has verified it.

    Every text is one short line, with characters that steer a screen or the order of reading
    spelled out. `roles` are the permissions by their own names, at most MOST_ROLES of them;
    `more_roles` counts the others.
    """

    organization_id: str = ""
    user: str = ""
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    issuer: str = ""
    client: str = ""
    domain: str = ""
    roles: tuple[str, ...] = ()
    more_roles: int = 0


def read_claims(jwt: str) -> Claims | None:
    """The claims of a JWT, or None for anything that is not a readable one. Never raises."""
    payload = _payload(jwt)
    if payload is None:
        return None
    return Claims(
        issued_at=_instant(payload.get("iat")),
        expires_at=_instant(payload.get("exp")),
        organization_id=_text(payload.get("context_name")),
        user=next(filter(None, (_text(payload.get(name)) for name in USER_CLAIMS)), ""),
    )


def statement_of(jwt: str) -> Statement | None:
    """What a JWT says of itself, or None for anything that is not a readable one. Never raises.

    Tokens of the newer issuer have `scope` instead of `perms`.
    """
    payload = _payload(jwt)
    if payload is None:
        return None
    named = payload.get("perms") or payload.get("scope")
    roles = dict.fromkeys(map(_visible, named)) if isinstance(named, list) else {}
    roles.pop("", None)
    return Statement(
        organization_id=_visible(payload.get("context_name")),
        user=next(filter(None, (_visible(payload.get(name)) for name in USER_CLAIMS)), ""),
        issued_at=_instant(payload.get("iat")),
        expires_at=_instant(payload.get("exp")),
        issuer=_visible(payload.get("iss")),
        client=_visible(payload.get("azp")),
        domain=_visible(payload.get("domain")),
        roles=tuple(roles)[:MOST_ROLES],
        more_roles=max(0, len(roles) - MOST_ROLES),
    )


def _payload(jwt: str) -> dict[str, object] | None:
    parts = jwt.split(".") if len(jwt) <= LONGEST_JWT else []
    if len(parts) != 3:
        return None
    try:
        payload = json.loads(_decoded(parts[1]))
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def _instant(claim: object) -> datetime | None:
    """Seconds since 1970 as an instant; None for anything else, `true` and `NaN` included."""
    if isinstance(claim, bool) or not isinstance(claim, int | float):
        return None
    try:
        return datetime.fromtimestamp(claim, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _text(claim: object) -> str:
    """A short printable text; control, bidi and lone surrogate characters make it empty."""
    if isinstance(claim, str) and len(claim) <= LONGEST_TEXT and claim.isprintable():
        return claim.strip()
    return ""


def _visible(claim: object) -> str:
    """A text with what cannot be seen spelled out, cut where it is too long; else empty."""
    if not isinstance(claim, str):
        return ""
    text = claim.strip()
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]}…"
    return "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in text)
