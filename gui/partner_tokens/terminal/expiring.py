"""`expiring`: what runs out soon or has run out, for people, for programs and for cron."""

import json
from argparse import Namespace
from datetime import datetime
from typing import TYPE_CHECKING

from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken
from partner_tokens.terminal.codes import DONE, SOME
from partner_tokens.terminal.console import hand_out, say
from partner_tokens.terminal.listing import as_json, table

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


def expiring(options: Namespace, parts: "Parts", _passphrase: Secret | None) -> int:
    """Prints them, the nearest end first; says by its exit code whether there are any."""
    now = parts.clock()
    dated: list[tuple[datetime, ApiToken]] = [
        (token.expiry.at, token) for token in parts.store.tokens() if token.expiry.at is not None
    ]
    dated.sort(key=lambda each: (each[0], each[1].id))
    found = [token for at, token in dated if at - now <= options.within]
    if options.json:
        hand_out(json.dumps([as_json(token, now) for token in found], indent=2))
    elif found:
        for line in table(found, now):
            say(line)
    return SOME if found else DONE
