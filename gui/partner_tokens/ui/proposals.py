"""What is proposed for a new token, seen from the tokens there are."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain, count

from partner_tokens.core.language import _
from partner_tokens.core.tokens import ENDPOINT_PRESETS, ApiToken, folded


def endpoints(tokens: Sequence[ApiToken]) -> list[str]:
    """The presets, then what else is in use."""
    in_use = {token.endpoint for token in tokens}
    return [*ENDPOINT_PRESETS, *sorted(in_use.difference(ENDPOINT_PRESETS))]


def usual_endpoint(tokens: Sequence[ApiToken]) -> str:
    """The one that most tokens use; the first preset where there are none."""
    uses = Counter(token.endpoint for token in tokens)
    return max(endpoints(tokens), key=lambda endpoint: uses[endpoint])


def usual_name() -> str:
    """What a token is called that is given no name."""
    return _("API token")


def free_name(tokens: Sequence[ApiToken], organization: str) -> str:
    """The usual name, with a number where the organization has a token of that name already."""
    taken = {
        folded(token.name)
        for token in tokens
        if folded(token.organization.name) == folded(" ".join(organization.split()))
    }
    names = chain([usual_name()], (f"{usual_name()} {number}" for number in count(2)))
    return next(name for name in names if folded(name) not in taken)
