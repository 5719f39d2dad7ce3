"""Which of a provider's customers have no stored token."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from partner_tokens.core.organizations import Organizations
from partner_tokens.core.tokens import ApiToken, folded

if TYPE_CHECKING:
    from partner_tokens.core.broker import Broker
    from partner_tokens.core.tenants import Tenancy, Tenant, Tenants


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as the service shows it, and as it is stored.

    `name` is the one it is stored under, else the service's; empty where nobody has told one.
    """

    id: str
    name: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The customers, those without a token first; `is_cut` where the service shows more."""

    customers: tuple[Customer, ...]
    is_cut: bool

    @property
    def uncovered(self) -> int:
        """How many have no stored token."""
        return sum(not customer.tokens for customer in self.customers)


class Coverage:
    """Joins service and store. For any worker thread: it waits for both."""

    def __init__(self, organizations: Organizations, broker: "Broker", tenants: "Tenants") -> None:
        self._organizations = organizations
        self._broker = broker
        self._tenants = tenants

    def ask(self, token: ApiToken) -> "Tenancy":
        """What the service shows to this token; it is exchanged where no access token is at hand.

        Raises what Broker.fresh raises, and Tenants.of.
        """
        access = self._broker.fresh(token)
        return self._tenants.of(access.organization_id or token.organization.service_id, access)

    def compare(self, tenancy: "Tenancy") -> Comparison:
        """Each customer beside what is stored now: found by its id, else by a name without id."""
        by_id: dict[str, tuple[str, int]] = {}
        by_name: dict[str, tuple[str, int]] = {}
        for counted in self._organizations.all():
            organization = counted.organization
            stored = organization.name, counted.tokens
            if organization.service_id:
                by_id[organization.service_id] = stored
            else:
                by_name[folded(organization.name)] = stored

        def customer(tenant: "Tenant") -> Customer:
            unknown = tenant.name, 0
            name, tokens = by_id.get(tenant.id) or by_name.get(folded(tenant.name)) or unknown
            return Customer(tenant.id, name, tokens)

        customers = sorted(map(customer, tenancy.tenants), key=_place)
        return Comparison(tuple(customers), tenancy.is_cut)


def _place(customer: Customer) -> tuple[bool, bool, str]:
    return bool(customer.tokens), not customer.name, folded(customer.name or customer.id)
