"""`edit`: what is stored of a token, except its secret."""

from argparse import Namespace
from typing import TYPE_CHECKING

from partner_tokens.core.dates import expiry_from
from partner_tokens.core.errors.typed import Problem
from partner_tokens.core.language import _, _n
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, clean_endpoint, clean_name
from partner_tokens.terminal.choosing import choose_in
from partner_tokens.terminal.codes import DONE
from partner_tokens.terminal.console import complain, say
from partner_tokens.terminal.opening import open_vault, with_current_key

if TYPE_CHECKING:
    from partner_tokens.parts import Parts

TYPED = ("name", "organization", "endpoint", "expires", "note")
"""The options that change more than the place of the row."""


def edit(options: Namespace, parts: "Parts", passphrase: Secret | None) -> int:
    """Prints the token's id; says where a new name of the organization led.

    The vault is opened for a new endpoint only: the secret is sealed to it. Raises InputError and
    what Registry.edit raises.
    """
    seen = choose_in(parts.store, options.what)
    if any(getattr(options, name) is not None for name in TYPED):
        draft = _draft(options, seen)
        if draft.endpoint != seen.endpoint:
            open_vault(parts, passphrase)
        after = with_current_key(
            parts, passphrase, lambda: parts.registry.edit(seen, draft, proof=None)
        )
        _say_where(seen, after, parts)
    if options.pinned is not None:
        parts.registry.pin(seen.id, options.pinned)
    say(seen.id)
    return DONE


def _draft(options: Namespace, seen: ApiToken) -> Draft:
    """The row with what was typed; None stands for what was not. Raises InputError."""
    organization = seen.organization.name
    if options.organization is not None:
        organization = clean_name(options.organization, Problem.ORGANIZATION_MISSING)
    return Draft(
        organization=organization,
        name=seen.name if options.name is None else clean_name(options.name),
        endpoint=seen.endpoint if options.endpoint is None else clean_endpoint(options.endpoint),
        secret=None,
        expiry=seen.expiry if options.expires is None else expiry_from(options.expires),
        note=seen.note if options.note is None else options.note.strip(),
        interactive=seen.interactive,
        kind=seen.kind,
        organization_id=seen.organization.service_id if seen.kind.is_app else "",
    )


def _say_where(before: ApiToken, after: ApiToken, parts: "Parts") -> None:
    former, now = before.organization, after.organization
    if former.key != now.key:
        words = _("{name} belongs to {organization} now, no longer to {former}.")
        complain(words.format(name=after.name, organization=now.name, former=former.name))
    elif former.name != now.name:
        count = sum(token.organization.key == now.key for token in parts.store.tokens())
        words = _n(
            "{former} is called {organization} now; it has {count} token.",
            "{former} is called {organization} now, for all its {count} tokens.",
            count,
        )
        complain(words.format(former=former.name, organization=now.name, count=count))
