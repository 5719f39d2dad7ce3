"""The roles an access token names, in words where they are known, grouped by service."""

import re
from collections.abc import Iterable

from partner_tokens.core.language import _, _n

MOST_LINES = 24

SERVICE_ROLE = re.compile(r"external/[^/]+/(?P<service>[^/:]+):(?P<role>.+)")
"""`external/<service id>/<service>:<role>`, as seen in public samples of access tokens."""


def role_lines(roles: Iterable[str], more: int = 0) -> tuple[str, ...]:
    """A line each: roles in the organization, then those in each service, then all others.

    `more` is how many roles are not among those given. What no line is left for is counted.
    """
    known = {
        "csp:org_owner": _("organization owner"),
        "csp:org_member": _("organization member"),
        "msp:provider_admin": _("provider administrator"),
    }
    named: list[str] = []
    others: list[str] = []
    services: dict[str, list[str]] = {}
    for role in roles:
        match = SERVICE_ROLE.fullmatch(role)
        if role in known:
            named.append(known[role])
        elif match:
            services.setdefault(match["service"], []).append(match["role"])
        else:
            others.append(role)
    grouped = [f"{service}: {', '.join(theirs)}" for service, theirs in services.items()]
    lines = [*named, *grouped, *others]
    left = max(0, len(lines) - MOST_LINES) + more
    if left:
        lines[MOST_LINES:] = [_n("and {count} more", "and {count} more", left).format(count=left)]
    return tuple(lines)
