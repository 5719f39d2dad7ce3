"""Tokens for tests of the window: short to write, whole in themselves."""

from datetime import UTC, datetime, timedelta

from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AccessToken, ApiToken, Organization, Result, State

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ENDPOINT = "https://console.navigator.vmware.com"


def api_token(
    id: str,
    organization: str = "Contoso",
    *,
    key: int | None = None,
    name: str = "build",
    days: float | None = 90,
    state: State = State.READY,
    pinned: bool = False,
    used: datetime | None = None,
    user: str = "ana@partner.example",
    note: str = "",
    service_id: str = "",
    endpoint: str = ENDPOINT,
) -> ApiToken:
    """A stored token whose API token ends in `days` from NOW; None for unknown."""
    expiry = Expiry.unknown() if days is None else Expiry(NOW + timedelta(days=days))
    return ApiToken(
        id=id,
        organization=Organization(
            organization, service_id, hash(organization) if key is None else key
        ),
        name=name,
        endpoint=endpoint,
        added_at=NOW,
        expiry=expiry,
        user=user,
        note=note,
        pinned=pinned,
        result=Result(state, None, NOW),
        last_used_at=used,
    )


def access_token(minutes: float, life: float = 30) -> AccessToken:
    """An access token that ends in `minutes` from NOW."""
    ends = NOW + timedelta(minutes=minutes)
    return AccessToken(Secret("a.b.c"), NOW, ends, timedelta(minutes=life), ENDPOINT)
