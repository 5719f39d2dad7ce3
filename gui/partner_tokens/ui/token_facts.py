"""What the details say of a token, as pairs of label and text: made from what is at hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from partner_tokens.core.kind_words import expiry_source, kind_words
from partner_tokens.core.language import _
from partner_tokens.core.tokens import AccessToken, ApiToken, host_of
from partner_tokens.core.wording import (
    countdown,
    exact,
    expiry_exact,
    expiry_words,
    long_span,
    result_words,
    when_words,
)
from partner_tokens.ui.role_words import role_lines

if TYPE_CHECKING:
    from partner_tokens.core.claims import Statement

Facts = Sequence[tuple[str, str]]
"""Label and text; a text that is empty is not shown."""


def token_facts(token: ApiToken, now: datetime) -> Facts:
    """What is stored of the API token itself."""
    ends = expiry_exact(token.expiry)
    if token.expiry.at is not None:
        ends = f"{expiry_words(token.expiry, now)}\n{ends}"
    return (
        (_("Ends"), ends),
        (_("Source"), _source(token)),
        (_("Kind"), kind_words(token.kind)),
        (_("Endpoint"), host_of(token.endpoint)),
        (_("Added"), exact(token.added_at)),
        (_("Last used here"), _moment(token.last_used_at, now)),
    )


def particulars_facts(token: ApiToken, now: datetime) -> Facts:
    """What the service said of the API token when it was asked."""
    said = token.particulars
    if said is None:
        return ()
    return (
        (_("Name there"), said.name),
        (_("Made"), exact(said.made_at) if said.made_at else ""),
        (_("Last used anywhere"), _moment(said.used_at, now) if said.used_at else ""),
        (_("Asked"), _moment(said.asked_at, now)),
    )


def result_facts(token: ApiToken, now: datetime) -> Facts:
    """How the last attempt ended."""
    result = token.result
    return (
        (_("Result"), result_words(result.state, result.stage)),
        (_("When"), _moment(result.at, now) if result.at else ""),
        (_("Request id"), result.request_id),
    )


def note_facts(token: ApiToken) -> Facts:
    """What the user wrote."""
    return (
        (_("Organization"), token.organization.note),
        (_("Token"), token.note),
    )


def access_facts(access: AccessToken | None, now: datetime) -> Facts:
    """How long the access token at hand lives on."""
    if access is None:
        return ((_("At hand"), _("None. It is fetched when you copy.")),)
    left, life = countdown(access.left(now)), long_span(access.life)
    words = _("{left} of {life}").format(left=left, life=life)
    if access.assumed:
        words = _("{left}, assumed: it does not say").format(left=left)
    return ((_("Life left"), words), (_("Valid until"), exact(access.expires_at)))


def statement_facts(statement: "Statement") -> Facts:
    """What the access token says of itself."""
    roles = role_lines(statement.roles, statement.more_roles)
    return (
        (_("Organization id"), statement.organization_id),
        (_("User"), statement.user),
        (_("Issued"), exact(statement.issued_at) if statement.issued_at else ""),
        (_("Ends"), exact(statement.expires_at) if statement.expires_at else ""),
        (_("Issuer"), statement.issuer),
        (_("Client"), statement.client),
        (_("Domain"), statement.domain),
        (_("Roles"), "\n".join(roles) or _("none")),
    )


def _source(token: ApiToken) -> str:
    known = token.expiry.never or token.expiry.at is not None
    return expiry_source(told=token.expiry_told) if known else ""


def _moment(at: datetime | None, now: datetime) -> str:
    """Roughly, and below it exactly."""
    if at is None:
        return _("never")
    return f"{when_words(at, now)}\n{exact(at)}"
