"""`exec`: another program, with a fresh access token in one variable of its own."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from argparse import Namespace
from typing import TYPE_CHECKING, NoReturn

from partner_tokens.core.formats import VARIABLE
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.terminal.choosing import choose_in
from partner_tokens.terminal.console import UsageError
from partner_tokens.terminal.handing_out import wanted
from partner_tokens.terminal.useless import say_useless

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


def execute(options: Namespace, parts: "Parts", passphrase: Secret | None) -> int:
    """Ends as the program ends. The token is in its environment only, and in no command line."""
    access = wanted(choose_in(parts.store, options.what), options, parts, passphrase)
    environment = {**os.environ, VARIABLE: access.value.reveal()}
    say_useless(parts)
    parts.close()
    try:
        if os.name == "nt":
            return subprocess.run(options.program, env=environment, check=False).returncode
        _become(options.program, environment)
    except FileNotFoundError:
        raise UsageError(
            _("There is no program “{name}”.").format(name=options.program[0]),
            _("Write it as you would without `exec`, behind the two dashes."),
        ) from None
    except OSError as error:
        raise UsageError(
            _("“{name}” cannot be run: {reason}.").format(
                name=options.program[0], reason=error.strerror or type(error).__name__
            ),
            _("Write it as you would without `exec`, behind the two dashes."),
        ) from None


def _become(program: list[str], environment: dict[str, str]) -> NoReturn:
    """This process turns into the program: signals and the exit code are its own."""
    sys.stdout.flush()
    sys.stderr.flush()
    for name in ("SIGPIPE", "SIGXFSZ"):  # Python ignores them, and a program inherits that
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_DFL)
    try:
        os.execvpe(program[0], program, environment)  # noqa: S606  # what the user asked for
    except OSError as error:
        if error.errno != errno.ENOEXEC:
            raise
    # A script that names no interpreter: shells, env and sudo run it by sh, as execvp does (POSIX).
    script = shutil.which(program[0]) or program[0]
    os.execve("/bin/sh", ["/bin/sh", script, *program[1:]], environment)  # noqa: S606
