"""A JWT opened for display and for its lifetime; unverified, so that nothing trusts it."""

import base64
import binascii
import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST_JWT = 16 * 1024
"""Real ones have 1 to 2.5 kB; nothing longer would fit into a request header anyway."""

LONGEST_TEXT = 200


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


def read_claims(jwt: str) -> Claims | None:
    """The claims of a JWT, or None for anything that is not a readable one. Never raises."""
    parts = jwt.split(".") if len(jwt) <= LONGEST_JWT else []
    if len(parts) != 3:
        return None
    try:
        payload = json.loads(_decoded(parts[1]))
    except (ValueError, RecursionError):
        return None
    if not isinstance(payload, dict):
        return None
    return Claims(
        issued_at=_instant(payload.get("iat")),
        expires_at=_instant(payload.get("exp")),
        organization_id=_text(payload.get("context_name")),
        user=_text(payload.get("username"))
        or _text(payload.get("acct"))
        or _text(payload.get("user_name")),
    )


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def _instant(claim: object) -> datetime | None:
    """Seconds since 1970 as an instant; None for anything else, `true` and `NaN` included."""
    if isinstance(claim, bool) or not isinstance(claim, int | float) or not _finite(claim):
        return None
    try:
        return datetime.fromtimestamp(claim, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # an int too large for a float
        return False


def _text(claim: object) -> str:
    """A short printable text; control, bidi and lone surrogate characters make it empty."""
    if isinstance(claim, str) and len(claim) <= LONGEST_TEXT and claim.isprintable():
        return claim.strip()
    return ""
