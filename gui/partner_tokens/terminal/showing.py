"""`show`: the demo as text, where there is no screen for its window."""

from argparse import Namespace
from typing import TYPE_CHECKING

from partner_tokens.core.formats import Format, render
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import State
from partner_tokens.core.wording import clock_words, span_words
from partner_tokens.terminal.codes import DONE
from partner_tokens.terminal.console import hand_out, say
from partner_tokens.terminal.listing import table

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


def show(_options: Namespace, parts: "Parts", _passphrase: Secret | None) -> int:
    """Prints the list, then one header, fetched just now from the demo's service."""
    tokens = parts.store.tokens()
    for line in table(tokens, parts.clock()):
        say(line)
    token = next(each for each in tokens if each.result.state is State.READY)
    access = parts.broker.fresh(token)
    fresh = _("A fresh header for {organization}, {name}, valid until {time} ({span}):").format(
        organization=token.organization.name,
        name=token.name,
        time=clock_words(access.expires_at),
        span=span_words(access.left(parts.clock())),
    )
    say()
    say(fresh)
    say()
    hand_out(render(Format.HEADER, access.value, access.endpoint))
    return DONE
