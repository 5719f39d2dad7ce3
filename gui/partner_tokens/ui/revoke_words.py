"""What is said before and after a token is revoked in the portal."""

from collections.abc import Sequence
from datetime import datetime

from partner_tokens.core.language import _, _n
from partner_tokens.core.tokens import ApiToken, host_of
from partner_tokens.core.wording import expiry_words
from partner_tokens.ui.long_words import short
from partner_tokens.ui.trash_words import named


def details(token: ApiToken, now: datetime) -> str:
    """Below its name: whose it is, where, and until when."""
    if token.expiry.at is None:
        ends = _("never expires") if token.expiry.never else _("expiry unknown")
    else:
        words = _("expires {when}") if token.expiry.at > now else _("expired {when}")
        ends = words.format(when=expiry_words(token.expiry, now))
    return "  ·  ".join(part for part in (token.user, host_of(token.endpoint), ends) if part)


def warning(tokens: Sequence[ApiToken]) -> str:
    """What dies."""
    return _n(
        "Revoking ends this token for good. Every copy of it stops working at once: in scripts, "
        "in pipelines, on other computers.",
        "Revoking ends these tokens for good. Every copy of them stops working at once: in "
        "scripts, in pipelines, on other computers.",
        len(tokens),
    )


def steps(tokens: Sequence[ApiToken]) -> str:
    """What to do in the portal, which is the only place that can."""
    first = tokens[0]
    if first.kind.is_app:
        deed = _("In the organization's page of OAuth apps, delete “{name}”.")
    elif len(tokens) == 1:
        deed = _("In your account, on its page of API tokens, revoke “{name}”.")
    else:
        deed = _("In your account, on its page of API tokens, revoke all of those below.")
    lines = (
        _("Open the portal and switch to {organization} there first."),
        deed,
        _("Come back and confirm it here."),
    )
    return "\n".join(
        f"{number}.  {line.format(organization=first.organization.name, name=first.name)}"
        for number, line in enumerate(lines, 1)
    )


def all_of(tokens: Sequence[ApiToken]) -> str:
    """The box that takes all of one user's tokens in the organization."""
    words = _n(
        "Revoke &all {count} token of {user} in {organization}",
        "Revoke &all {count} tokens of {user} in {organization}",
        len(tokens),
    )
    user, name = short(tokens[0].user), short(tokens[0].organization.name)
    return words.format(count=len(tokens), user=user, organization=name)


def lives_on() -> str:
    """What revoking an API token does not end at once."""
    return _("An access token that was issued before may keep working for up to 30 minutes.")


def added(tokens: Sequence[ApiToken]) -> tuple[str, str]:
    """Others of the same user have come since all were listed: title and text."""
    title = _n("{token} was added meanwhile.", "{token} were added meanwhile.", len(tokens))
    text = _n(
        "It is listed now, too. Revoke it in the portal as well, then confirm it again.",
        "They are listed now, too. Revoke them in the portal as well, then confirm it again.",
        len(tokens),
    )
    return title.format(token=named(tokens)), text


def confirm(count: int) -> str:
    """The button that says it was done in the portal."""
    return _n("&I have revoked it", "&I have revoked all {count}", count).format(count=count)


def revoked(tokens: Sequence[ApiToken]) -> str:
    """Said when it is done."""
    words = _n("{token} is revoked, and in the trash.", "{token} are revoked, and in the trash.",
               len(tokens))  # fmt: skip
    return words.format(token=named(tokens))
