"""`backup`: tokens with their secrets into a file that a passphrase encrypts."""

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from partner_tokens.core.choosing import all_of
from partner_tokens.core.language import _, _n
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, folded
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
    names = {folded(" ".join(name.split())) for name in organizations}
    chosen = [
        token
        for token in (all_of(tokens, words) if words else tokens)
        if not names
        or folded(token.organization.name) in names
        or folded(token.organization.service_id) in names
    ]
    if not chosen:
        raise NotOne(" ".join((*organizations, *words)), ())
    return chosen
