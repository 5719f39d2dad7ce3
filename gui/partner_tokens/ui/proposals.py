"""What is proposed for a new token, seen from the tokens there are."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain, count

from partner_tokens.core.credentials import PRESETS
from partner_tokens.core.language import _
from partner_tokens.core.tokens import ApiToken, Kind, folded


def endpoints(tokens: Sequence[ApiToken], kind: Kind = Kind.NAVIGATOR) -> list[str]:
    """The presets of a kind, then what else is in use for it."""
    in_use = {token.endpoint for token in tokens if _is_alike(token.kind, kind)}
    return [*PRESETS[kind], *sorted(in_use.difference(PRESETS[kind]))]


def usual_endpoint(tokens: Sequence[ApiToken], kind: Kind = Kind.NAVIGATOR) -> str:
    """The one that most tokens of the kind use; its first preset where there are none."""
    uses = Counter(token.endpoint for token in tokens if _is_alike(token.kind, kind))
    return max(endpoints(tokens, kind), key=lambda endpoint: uses[endpoint])


def _is_alike(one: Kind, other: Kind) -> bool:
    """Whether two kinds are exchanged with the same hosts."""
    return (one is Kind.CLOUD_SERVICES) == (other is Kind.CLOUD_SERVICES)


def known_id(tokens: Sequence[ApiToken], organization: str) -> str:
    """The service's id of an organization, as far as its name tells it without doubt."""
    name = folded(" ".join(organization.split()))
    ids = {t.organization.service_id for t in tokens if folded(t.organization.name) == name}
    return ids.pop() if len(ids) == 1 else ""


def usual_name(kind: Kind = Kind.NAVIGATOR) -> str:
    """What a token is called that is given no name."""
    return _("OAuth app") if kind.is_app else _("API token")


def free_name(tokens: Sequence[ApiToken], organization: str, kind: Kind = Kind.NAVIGATOR) -> str:
    """The usual name, with a number where the organization has a token of that name already."""
    taken = {
        folded(token.name)
        for token in tokens
        if folded(token.organization.name) == folded(" ".join(organization.split()))
    }
    usual = usual_name(kind)
    names = chain([usual], (f"{usual} {number}" for number in count(2)))
    return next(name for name in names if folded(name) not in taken)
