"""The organizations of the demo: about a dozen that together show every state a token can be in."""

import hashlib
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.stages import Stage
from partner_tokens.core.tokens import Colour, Kind, Organization, State
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken

if TYPE_CHECKING:
    from partner_tokens.sandbox.service import Sandbox

NOBODY_THERE = "http://127.0.0.1:9"
"""The discard port: refuses connections on any ordinary machine."""

ANA = "ana@partner.example"
OPS = "ops@partner.example"


@dataclass(frozen=True, slots=True)
class DemoToken:
    """A row of the demo as it is to be stored, and how the service answers for it."""

    organization: str
    name: str
    user: str
    api_token: str = field(repr=False)
    organization_id: str
    endpoint: str
    expiry: Expiry
    added_at: datetime
    note: str = ""
    pinned: bool = False
    interactive: bool = False
    state: State = State.READY
    stage: Stage | None = None
    last_tried_at: datetime | None = None
    last_used_at: datetime | None = None
    behaviour: Behaviour = Behaviour.FINE
    kind: Kind = Kind.NAVIGATOR

    @property
    def home(self) -> Organization:
        """Its organization with its marks."""
        marks = MARKS.get(self.organization, Organization(""))
        return replace(marks, name=self.organization, service_id=self.organization_id)

    @property
    def endpoint_unreachable(self) -> bool:
        """Whether nobody listens at its endpoint."""
        return self.endpoint == NOBODY_THERE


@dataclass(frozen=True, slots=True)
class _Row:
    """A row in short; times count back from now, lives count on from now, in days."""

    organization: str
    name: str
    user: str
    ends_in: float | None
    used_ago: timedelta | None = None
    note: str = ""
    pinned: bool = False
    never_ends: bool = False
    state: State = State.READY
    behaviour: Behaviour = Behaviour.FINE
    kind: Kind = Kind.NAVIGATOR


PROVIDER = "Relecloud (provider)"
"""The organization of the partner itself; its token sees the customers."""

STRANGERS = ("City Power & Light", "Lucerne Publishing", "Trey Research")
"""Customers of whom no token is stored."""

ROWS = (
    _Row(
        "Contoso Ltd",
        "billing-scripts",
        ANA,
        152,
        timedelta(minutes=2),
        "Nightly invoices. Owner: Finance.",
        pinned=True,
    ),
    _Row("Fabrikam", "ops", ANA, 3, timedelta(days=1), "Regenerate before Friday.", pinned=True),
    _Row(
        "Adventure Works",
        "tenant-admin",
        OPS,
        -4,
        timedelta(days=11),
        state=State.REFUSED,
        behaviour=Behaviour.REFUSED_CSP,
    ),
    _Row(
        "Alpine Ski House",
        "onboarding",
        ANA,
        19,
        timedelta(days=20),
        "Wants a passcode with every exchange. In this demo it is 123456.",
        state=State.PASSCODE,
        behaviour=Behaviour.PASSCODE,
    ),
    _Row("Blue Yonder Airlines", "api", ANA, 334),
    _Row("Coho Winery", "reporting", OPS, None, timedelta(minutes=21), never_ends=True),
    _Row("Coho Winery", "support-tickets", OPS, 61, timedelta(days=53)),
    _Row("Coho Winery", "usage-meter", ANA, 12, timedelta(days=6)),
    _Row(
        "Litware",
        "migration",
        OPS,
        44,
        timedelta(days=36),
        "Their own console, behind the VPN.",
        state=State.UNREACHABLE,
    ),
    _Row("Northwind Traders", "api", ANA, 26),
    _Row(
        "Northwind Traders",
        "inventory",
        "nw-inventory-4f2a",
        None,
        timedelta(hours=3),
        "An OAuth app: client id and secret instead of a person's token.",
        kind=Kind.OAUTH_APP_V2,
    ),
    _Row(
        "Proseware",
        "sddc-automation",
        OPS,
        118,
        timedelta(days=3),
        "Cloud Services: the service itself tells when it ends.",
        kind=Kind.CLOUD_SERVICES,
    ),
    _Row(PROVIDER, "provider-admin", ANA, 240, note="Sees all customers of ours."),
    _Row("Tailspin Toys", "seasonal", ANA, 6, timedelta(days=18)),
    _Row(
        "The Graphic Design Institute and School of Applied Fine Arts, "
        "Department of Cloud Operations (EMEA)",
        "course-lab-environments-autumn",
        "maria-fernanda.de-la-cruz@partner.example",
        95,
        timedelta(hours=5),
    ),
    _Row("شركة الأفق للحلول السحابية", "تقارير", ANA, 210, timedelta(days=2)),
    _Row("Wide World Importers", "inherited", OPS, None, note="Made by a colleague who has left."),
    _Row("Woodgrove Bank", "audit", OPS, 1, state=State.UNPROVEN),
)


MARKS = {
    "Coho Winery": Organization("", colour=Colour.GREEN),
    "Fabrikam": Organization("", colour=Colour.RED, production=True, note="Live since March."),
    "Northwind Traders": Organization("", colour=Colour.BLUE),
    "Woodgrove Bank": Organization("", colour=Colour.PURPLE, production=True),
}
"""What the user has marked organizations with."""


def demo_tokens(now: datetime, url: str) -> tuple[DemoToken, ...]:
    """The rows, with times counted from `now`, at the endpoint `url` of the service in small."""
    return tuple(_demo_token(row, now, url) for row in ROWS)


def register(sandbox: "Sandbox", tokens: tuple[DemoToken, ...]) -> None:
    """Lets the service in small know the API tokens of these rows."""
    for token in tokens:
        if not token.endpoint_unreachable:
            sandbox.register(
                KnownToken(
                    api_token=token.api_token,
                    organization_id=token.organization_id,
                    organization=token.organization,
                    user=token.user,
                    behaviour=token.behaviour,
                    roles=3 + len(token.organization) % 12,
                    kind=token.kind,
                    name=token.name,
                    made_at=token.added_at,
                    expires_at=token.expiry.at,
                    used_at=token.last_used_at,
                    tenants=_customers(tokens) if token.organization == PROVIDER else (),
                )
            )


def _customers(tokens: tuple[DemoToken, ...]) -> tuple[tuple[str, str], ...]:
    stored = {token.organization_id: token.organization for token in tokens}
    strangers = {_organization_id(name): name for name in STRANGERS}
    return tuple((id, name) for id, name in {**stored, **strangers}.items() if name != PROVIDER)


def _organization_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def _demo_token(row: _Row, now: datetime, url: str) -> DemoToken:
    unreachable = row.state is State.UNREACHABLE
    used_at = None if row.used_ago is None else now - row.used_ago
    tried_at = None if row.state is State.UNPROVEN else used_at or now - timedelta(days=9)
    expiry = Expiry.endless() if row.never_ends else Expiry.unknown()
    if row.ends_in is not None:
        expiry = Expiry(now + timedelta(days=row.ends_in, hours=5))
    return DemoToken(
        organization=row.organization,
        name=row.name,
        user=row.user,
        api_token=_api_token(row),
        organization_id=_organization_id(row.organization),
        endpoint=NOBODY_THERE if unreachable else url,
        expiry=expiry,
        added_at=now - timedelta(days=60),
        note=row.note,
        pinned=row.pinned,
        interactive=row.state is State.PASSCODE,
        state=row.state,
        stage=Stage.TCP if unreachable else None,
        last_tried_at=tried_at,
        last_used_at=used_at,
        behaviour=row.behaviour,
        kind=row.kind,
    )


def _api_token(row: _Row) -> str:
    """64 characters that look like a real one and are plainly none; the same in every run."""
    digest = hashlib.sha256(f"{row.organization}/{row.name}".encode()).hexdigest()
    text = f"DemoOnly{digest}"[:64]
    return f"{row.user}:{text}" if row.kind.is_app else text
