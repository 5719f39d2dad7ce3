"""`header`: a fresh header of one token, and nothing else, on standard output."""

from argparse import Namespace
from typing import TYPE_CHECKING

from partner_tokens.core.errors import PasscodeNeeded
from partner_tokens.core.formats import Format, render
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import clean_passcode
from partner_tokens.terminal.choosing import choose
from partner_tokens.terminal.codes import DONE
from partner_tokens.terminal.console import complain, flush, from_standard_input, hand_out
from partner_tokens.terminal.opening import open_vault

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


def header(options: Namespace, parts: "Parts", passphrase: Secret | None) -> int:
    """Prints it in the format asked for. A token that was refused is not tried again."""
    token = choose(parts.store.tokens(), options.what)
    passcode = None
    if options.passcode_stdin:
        passcode = clean_passcode(from_standard_input(_("Passcode:")).reveal())
    open_vault(parts, passphrase)
    try:
        access = parts.broker.fresh(token, options.min_life, passcode=passcode)
    except PasscodeNeeded:
        if passcode is None:
            complain(_("Hand the passcode over: header --passcode-stdin"))
        raise
    hand_out(render(Format(options.format), access.value, access.endpoint))
    flush()
    parts.broker.mark_used(token.id)
    if options.min_life is not None and access.left(parts.clock()) < options.min_life:
        from partner_tokens.core.wording import span_words

        left = span_words(access.left(parts.clock()))
        complain(_("This header lives {span} only: the service gives no longer.").format(span=left))
    return DONE
