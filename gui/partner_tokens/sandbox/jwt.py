"""Access tokens shaped like the service's: RS256 by name, of real size, signed by chance."""

import base64
import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

SIGNATURE_BYTES = 256
"""RSA-2048 gives 342 characters; nobody checks them here, so they are random."""

HEADER = {"alg": "RS256", "typ": "JWT", "kid": "signing_2"}


def claims_for(
    *,
    organization_id: str,
    user: str,
    issued_at: datetime,
    life: timedelta,
    roles: int = 3,
) -> dict[str, object]:
    """The claims seen in public samples of the platform's access tokens; no aud, no nbf."""
    domain = user.partition("@")[2]
    issued = int(issued_at.timestamp())
    return {
        "sub": f"{domain or 'vmware.com'}:{_guid('user', user)}",
        "iss": "https://gaz.csp-vidm-prod.com",
        "context_name": organization_id,
        "azp": "csp_prd_gaz_internal_client_id",
        "authorization_details": [],
        "domain": domain or "vmware.com",
        "context": _guid("context", organization_id),
        "perms": permissions(roles),
        "exp": issued + int(life.total_seconds()),
        "iat": issued,
        "jti": str(uuid.uuid4()),
        "acct": user,
        "username": user,
    }


def permissions(roles: int) -> list[str]:
    """Roles as the service writes them; about sixty characters for each one of a service."""
    known = ["csp:org_member", "csp:org_owner", "msp:provider_admin"]
    services = [
        f"external/{_guid('service', str(number))}/service-{number}:admin"
        for number in range(max(0, roles - len(known)))
    ]
    return known[:roles] + services


def signed(claims: Mapping[str, object], header: Mapping[str, object] | None = None) -> str:
    """The token's text: header, claims and a signature of the right length."""
    parts: Sequence[bytes] = (
        json.dumps(HEADER if header is None else header, separators=(",", ":")).encode(),
        json.dumps(claims, separators=(",", ":")).encode(),
        secrets.token_bytes(SIGNATURE_BYTES),
    )
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def _guid(kind: str, of: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}:{of}"))
