"""`completion`: prints the script that lets a shell complete."""

from argparse import Namespace
from typing import TYPE_CHECKING

from partner_tokens.assets import resources_folder
from partner_tokens.core.secret import Secret
from partner_tokens.terminal.codes import DONE
from partner_tokens.terminal.commands import SCRIPTS
from partner_tokens.terminal.console import hand_out_bytes

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


def print_script(options: Namespace, _parts: "Parts", _passphrase: Secret | None) -> int:
    """Prints it as it is shipped."""
    script = resources_folder() / "completion" / SCRIPTS[options.shell]
    hand_out_bytes(script.read_bytes())
    return DONE
