"""What users read of the kinds of tokens, and of who says when one ends."""

from typing import assert_never

from partner_tokens.core.language import _
from partner_tokens.core.tokens import ApiToken, Kind


def kind_words(kind: Kind) -> str:
    """What a user chooses when a token is added."""
    match kind:
        case Kind.NAVIGATOR:
            return _("API token of Cloud Partner Navigator")
        case Kind.CLOUD_SERVICES:
            return _("API token of Cloud Services")
        case Kind.OAUTH_APP_V1:
            return _("OAuth app, version 1")
        case Kind.OAUTH_APP_V2:
            return _("OAuth app, version 2")
    assert_never(kind)


def expiry_source(*, told: bool) -> str:
    """Who says when an API token ends."""
    return _("from the service") if told else _("typed by you")


def expiry_teller(token: ApiToken) -> str:
    """The same in one word, for a column; empty where nobody has said it."""
    if token.expiry_told:
        return _("service")
    return _("you") if token.expiry.never or token.expiry.at else ""
