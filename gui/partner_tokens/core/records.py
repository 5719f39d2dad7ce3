"""What the service tells of an organization or a user; where it does not, that is no error."""

import re
from typing import TYPE_CHECKING

from partner_tokens.core.errors.service import ServiceError
from partner_tokens.core.replies import json_object

if TYPE_CHECKING:
    from partner_tokens.core.transport import Transport

LONGEST = 200


def record(transport: "Transport", url: str, headers: dict[str, str]) -> dict[str, object]:
    """A record's fields; none where it may not be read, or for whatever reason it is not had."""
    try:
        reply = transport.send("GET", url, headers=headers)
    except ServiceError:
        return {}
    return (json_object(reply) or {}) if reply.status == 200 else {}


def name_in(fields: dict[str, object], *wanted: str) -> str:
    """The first of these fields that holds a short text of one line; else empty."""
    for field in wanted:
        value = fields.get(field)
        if isinstance(value, str) and len(value) <= LONGEST and value.isprintable():
            name = " ".join(value.split())
            if name:
                return name
    return ""


def is_plain_id(id: str) -> bool:
    """Whether an id that rests on unverified claims is fit for an address."""
    return re.fullmatch(r"[\w-]{1,64}", id, re.ASCII) is not None
