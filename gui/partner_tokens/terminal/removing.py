"""`remove`, `restore`, and the list of what is in the trash."""

import json
from argparse import Namespace
from datetime import datetime
from typing import TYPE_CHECKING

from partner_tokens.core.choosing import short_ids
from partner_tokens.core.instants import iso
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.terminal.choosing import choose_in, choose_removed
from partner_tokens.terminal.codes import DONE
from partner_tokens.terminal.console import complain, hand_out, say
from partner_tokens.terminal.listing import aligned, as_json, clipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from partner_tokens.core.trash import Removed
    from partner_tokens.parts import Parts


def remove(options: Namespace, parts: "Parts", _passphrase: Secret | None) -> int:
    """Puts the token that is meant into the trash; prints its id, and says how it comes back."""
    (taken,) = parts.trash.put([choose_in(parts.store, options.what).id])
    say(taken.id)
    complain(
        _("{organization}, {name} was removed.").format(
            organization=taken.organization.name, name=taken.name
        )
    )
    complain(_("It still works: revoke it in the portal if nobody needs it."))
    command = f"partner-tokens-cli restore {taken.id}"
    complain(_("Within 30 days this brings it back: {command}").format(command=command))
    return DONE


def restore(options: Namespace, parts: "Parts", _passphrase: Secret | None) -> int:
    """Brings a removed token back; prints its id.

    Raises NotOneRemoved, and DuplicateToken where the same one is stored anew meanwhile.
    """
    meant = choose_removed([each.token for each in parts.trash.tokens()], options.what)
    restored = parts.trash.restore([meant.id])
    for _token, error in restored.refused:
        raise error
    say(meant.id)
    return DONE


def list_removed(options: Namespace, parts: "Parts") -> int:
    """Prints the trash, the last removed first; nothing where it is empty."""
    removed, now = parts.trash.tokens(), parts.clock()
    if options.json:
        hand_out(json.dumps([_as_json(each, now) for each in removed], indent=2))
    elif removed:
        for line in _table(removed, now):
            say(line)
    else:
        complain(_("The trash is empty."))
    return DONE


def _as_json(removed: "Removed", now: datetime) -> dict[str, object]:
    times = {"removed_at": iso(removed.removed_at), "kept_until": iso(removed.erased_at)}
    return as_json(removed.token, now) | times


def _table(removed: "Sequence[Removed]", now: datetime) -> list[str]:
    from partner_tokens.core.wording import day_words, removed_words

    rows = [[_("Id"), _("Organization"), _("Token"), _("Removed"), _("Kept until")]]
    for id, each in zip(short_ids([each.token for each in removed]), removed, strict=True):
        names = [clipped(each.token.organization.name), clipped(each.token.name)]
        times = [removed_words(each.removed_at, each.why, now), day_words(each.erased_at, now)]
        rows.append([id, *names, *times])
    return aligned(rows)
