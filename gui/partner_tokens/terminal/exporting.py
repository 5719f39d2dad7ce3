"""`export`: the inventory or the days of expiry, into a file or onto standard output."""

from argparse import Namespace
from typing import TYPE_CHECKING

from partner_tokens.core.export import Export, as_file, exported
from partner_tokens.core.secret import Secret
from partner_tokens.terminal.codes import DONE
from partner_tokens.terminal.console import hand_out_bytes

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


def export(options: Namespace, parts: "Parts", _passphrase: Secret | None) -> int:
    """Writes it; no secret is needed, the vault stays closed. FileUnwritable.

    A file gets the mark by which spreadsheet programs know UTF-8; a pipe gets the text alone.
    """
    kind = Export(options.format)
    text = exported(kind, parts.store.tokens(), parts.store.identity(), parts.clock())
    if options.file is None:
        hand_out_bytes(text.encode())
    else:
        from partner_tokens.core.files import write_whole

        write_whole(options.file, as_file(kind, text))
    return DONE
