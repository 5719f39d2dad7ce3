"""The customer organizations that the service shows to a provider's token."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partner_tokens.core.errors.service import BrokenReply, TenantsHidden
from partner_tokens.core.exchanging import raise_for
from partner_tokens.core.navigator import ORGANIZATION
from partner_tokens.core.records import is_plain_id, name_in
from partner_tokens.core.tokens import AccessToken, host_of

if TYPE_CHECKING:
    from partner_tokens.core.transport import Reply, Transport

TENANTS = f"{ORGANIZATION}/tenants"
"""Vendor: developer.vmware.com/apis/cloud-partner-navigator, an array of organizations' records.

Whether it comes in pages is not said; the organization's own record names its children as well.
"""

MOST = 5_000
LARGEST_LIST = 8 * 1024 * 1024
"""Bytes: 5,000 records of some 500 bytes, and as much again."""

HIDES = frozenset({400, 401, 403, 404, 405, 422})
"""A role that is too small (401, 403, 422: all seen), or an organization that is no provider."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """A customer's organization; `name` is empty where the service told its id alone."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Tenancy:
    """What the service shows; `is_cut` where there is more than we read."""

    tenants: tuple[Tenant, ...]
    is_cut: bool = False


class Tenants:
    """Speaks to one service or many: the endpoint comes with each call. Blocks: not for the GUI."""

    def __init__(self, transport: "Transport") -> None:
        self._transport = transport

    def of(self, organization_id: str, access: AccessToken) -> Tenancy:
        """All that is shown of this organization's customers, in the service's order.

        Raises TenantsHidden where the role may not see them, or there are none to see; Unreachable,
        Throttled and BrokenReply.
        """
        host = host_of(access.endpoint)
        if not is_plain_id(organization_id):
            raise TenantsHidden(host, "no organization id")
        listed = self._send(TENANTS, organization_id, access)
        record = self._send(ORGANIZATION, organization_id, access)
        if listed.status in HIDES and record.status in HIDES:
            raise TenantsHidden(host, f"HTTP {listed.status}")
        for reply in (listed, record):
            if reply.status not in {*HIDES, 200}:
                raise_for(access.endpoint, reply, (access.value,))
        found = _read(listed, host) if listed.status == 200 else []
        children = _children(record) if record.status == 200 else []
        tenants = {one.id: one for one in (*map(Tenant, children), *found)}  # a name wins
        tenants.pop(organization_id, None)
        if not tenants and listed.status in HIDES:
            raise TenantsHidden(host, f"HTTP {listed.status}")
        shown = tuple(tenants.values())
        return Tenancy(shown[:MOST], len(shown) > MOST)

    def _send(self, path: str, organization_id: str, access: AccessToken) -> "Reply":
        url = access.endpoint + path.format(id=organization_id)
        headers = {"csp-auth-token": access.value.reveal()}
        return self._transport.send("GET", url, headers=headers, largest=LARGEST_LIST)


def _read(reply: "Reply", host: str) -> list[Tenant]:
    """The records of the list; those without a usable id are passed over. Raises BrokenReply."""
    found = _json(reply)
    if isinstance(found, dict):  # as other lists of the platform come
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else None
    if not isinstance(found, list):
        raise BrokenReply(host, "the customers are no list")
    tenants = []
    for record in found[: MOST + 1]:
        id = record.get("id") if isinstance(record, dict) else None
        if isinstance(id, str) and is_plain_id(id):
            tenants.append(Tenant(id, name_in(record, "displayName", "companyName", "name")))
    return tenants


def _children(reply: "Reply") -> list[str]:
    """The ids in an organization's own record; none where it is not to be read."""
    found = _json(reply)
    ids = found.get("childOrgIds") if isinstance(found, dict) else None
    if not isinstance(ids, list):
        return []
    return [id for id in ids[: MOST + 1] if isinstance(id, str) and is_plain_id(id)]


def _json(reply: "Reply") -> object:
    try:
        found: object = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return found
