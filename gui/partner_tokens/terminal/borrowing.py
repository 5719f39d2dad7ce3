"""A fresh access token for a command: borrowed from the running window, else made here."""

from typing import TYPE_CHECKING

from partner_tokens.ahead import Ahead
from partner_tokens.core.backoff import LONGEST_EXCHANGE
from partner_tokens.core.deadlines import DEADLINE
from partner_tokens.core.errors import NotAnswering
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.events import Event
from partner_tokens.core.instance import ask, is_running
from partner_tokens.core.relay import Wish, access_in, ask_for
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AccessToken, ApiToken
from partner_tokens.terminal.opening import open_vault, with_current_key

if TYPE_CHECKING:
    from partner_tokens.parts import Parts

PATIENCE = (LONGEST_EXCHANGE + 3 * DEADLINE).total_seconds()
"""As long as the window may need for its answer: one request that it has under way by itself, an
exchange with its retries, and two questions for the name of an organization that is another one.

By itself the terminal would not be faster, and would ask a throttled service beside the window.
"""


def fresh(parts: "Parts", token: ApiToken, wish: Wish, passphrase: Secret | None) -> AccessToken:
    """An access token of `token` that lives as long as was wished, if the service gives such.

    Marks the token as used. Raises what Broker.fresh raises, Relayed for what the window says,
    and Locked where the window is locked, unless a passphrase was handed over.
    """
    access = _borrowed(parts, wish, passphrase)
    if access is None:
        network = Ahead(lambda: parts.transport.get_ready())  # while the keyring thinks
        open_vault(parts, passphrase)
        network()
        access = with_current_key(
            parts,
            passphrase,
            lambda: parts.broker.fresh(token, wish.min_life, passcode=wish.passcode),
        )
        parts.broker.mark_used(token.id, Event.HANDED_OUT, wish.form)
    return access


def _borrowed(parts: "Parts", wish: Wish, passphrase: Secret | None) -> AccessToken | None:
    folder = parts.profile.data
    if not is_running(folder):
        return None
    try:
        return access_in(ask(folder, ask_for(wish), PATIENCE))
    except NotAnswering:  # it hangs, or it ends just now: the terminal does not depend on it
        return None
    except Locked:
        if passphrase is None:
            raise
        return None
