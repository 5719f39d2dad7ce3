"""`backup`: tokens with their secrets into a file that a passphrase encrypts."""

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from partner_tokens.core.choosing import all_of
from partner_tokens.core.errors.typed import Problem
from partner_tokens.core.language import _, _n
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Organization, clean_name, folded
from partner_tokens.terminal.choosing import NotOne
from partner_tokens.terminal.codes import DONE, STORAGE
from partner_tokens.terminal.console import complain
from partner_tokens.terminal.file_passphrase import passphrase_for
from partner_tokens.terminal.opening import open_vault

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


def back_up(options: Namespace, parts: "Parts", passphrase: Secret | None) -> int:
    """Writes it whole or not at all; names each token that could not be opened, and then ends 6.

    Raises NotOne where nothing was meant, and the errors of Outgoing.hand_over.
    """
    tokens = _chosen(parts.store.tokens(), options.what, options.organization)
    open_vault(parts, passphrase)
    chosen = passphrase_for(options.file.name, options.file_passphrase_fd)
    told = parts.outgoing.hand_over({token.id for token in tokens}, chosen, options.file)
    for token in told.unopened:
        complain(
            _("Not in the file, because it cannot be opened: {organization}, {name}").format(
                organization=token.organization.name, name=token.name
            )
        )
    count = len(told.tokens)
    words = _n("{count} token written to {file}.", "{count} tokens written to {file}.", count)
    complain(words.format(count=count, file=options.file))
    complain(_("Whoever has the file and knows its passphrase can use the tokens."))
    return STORAGE if told.unopened else DONE


def _chosen(
    tokens: Sequence[ApiToken], words: Sequence[str], organizations: Sequence[str]
) -> Sequence[ApiToken]:
    """The tokens that are meant. Raises NotOne, also for one organization of several that has none.

    InputError for an organization without a name: what a script leaves empty means nobody's tokens.
    """
    of_these: set[str] = set()
    for organization in organizations:
        name = folded(clean_name(organization, Problem.ORGANIZATION_MISSING))
        found = {token.id for token in tokens if name in _names_of(token.organization)}
        if not found:
            raise NotOne(organization, ())
        of_these |= found
    chosen = all_of(tokens, words) if words else tokens
    if organizations:
        chosen = [token for token in chosen if token.id in of_these]
    if not chosen:
        raise NotOne(" ".join((*organizations, *words)), ())
    return chosen


def _names_of(organization: Organization) -> tuple[str, str]:
    return folded(organization.name), folded(organization.service_id)
