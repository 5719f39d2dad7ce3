"""One command carried out from its options to its exit code, whatever happens on the way."""

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _, choose_by
from partner_tokens.core.profile import Profile, default_profile, profile_under
from partner_tokens.core.secret import Secret
from partner_tokens.terminal.choosing import NotOne
from partner_tokens.terminal.codes import BUG, NOBODY_READS
from partner_tokens.terminal.console import (
    complain,
    complain_of,
    drop_the_rest,
    flush,
    line_from,
    prepare_streams,
)
from partner_tokens.terminal.options import read_options
from partner_tokens.terminal.useless import say_useless

if TYPE_CHECKING:
    from partner_tokens.parts import Parts

Command = Callable[[Namespace, "Parts", Secret | None], int]

KEYRING_PATIENCE = timedelta(seconds=10)
"""Nobody can be asked here whether to go on waiting."""


def run(arguments: Sequence[str] | None) -> int:
    """Carries out one command; returns the process's exit code."""
    profile: Profile | None = None

    def place() -> Profile:
        return profile or default_profile()

    choose_by(lambda: _language(place()))
    try:
        prepare_streams()
        options = read_options(arguments)
        if options.profile is not None:
            profile = profile_under(options.profile)
        code = _run(options, place())
        flush()
    except AppError as error:
        from partner_tokens.terminal.verdicts import code_of

        code = code_of(error)
        complain_of(error)
        if isinstance(error, NotOne) and error.candidates:
            _show_candidates(error)
    except BrokenPipeError:
        drop_the_rest(sys.stdout)
        code = NOBODY_READS
    except Exception as error:  # noqa: BLE001  # a bug: told in words, the log has the rest
        code = BUG
        _report(error, place())
    return code


def _run(options: Namespace, profile: Profile) -> int:
    passphrase = None if options.passphrase_fd is None else line_from(options.passphrase_fd)
    with ExitStack() as stack:
        if options.demo:
            from partner_tokens.sandbox.demo import Demo

            demo = stack.enter_context(Demo())
            demo.fill()
            parts = demo.parts
        else:
            from partner_tokens.parts import Parts

            parts = Parts(profile, patience=KEYRING_PATIENCE)
            stack.callback(parts.close)
        try:
            return _command(options.command)(options, parts, passphrase)
        finally:
            say_useless(parts)


def _command(name: str) -> Command:  # noqa: C901  # a table, not logic
    """What a command does; each brings only what it needs."""
    match name:
        case "add":
            from partner_tokens.terminal.adding import add

            return add
        case "edit":
            from partner_tokens.terminal.editing import edit

            return edit
        case "remove":
            from partner_tokens.terminal.removing import remove

            return remove
        case "restore":
            from partner_tokens.terminal.removing import restore

            return restore
        case "import":
            from partner_tokens.terminal.importing import import_tokens

            return import_tokens
        case "backup":
            from partner_tokens.terminal.backing_up import back_up

            return back_up
        case "header":
            from partner_tokens.terminal.handing_out import header

            return header
        case "token":
            from partner_tokens.terminal.handing_out import token

            return token
        case "exec":
            from partner_tokens.terminal.running import execute

            return execute
        case "check":
            from partner_tokens.terminal.checking import check

            return check
        case "expiring":
            from partner_tokens.terminal.expiring import expiring

            return expiring
        case "export":
            from partner_tokens.terminal.exporting import export

            return export
        case "completion":
            from partner_tokens.terminal.completion import print_script

            return print_script
        case "show":
            from partner_tokens.terminal.showing import show

            return show
        case _:
            from partner_tokens.terminal.listing import list_tokens

            return list_tokens


def _show_candidates(error: NotOne) -> None:
    from partner_tokens.core.clock import utc_now
    from partner_tokens.terminal.listing import table

    for line in table(error.candidates, utc_now()):
        complain(f"  {line}")


def _language(profile: Profile) -> str:
    from partner_tokens.core.preferences import load

    return load(profile.preferences_path)[0].language


def _report(error: Exception, profile: Profile) -> None:
    from partner_tokens.core.errors import Unexpected
    from partner_tokens.core.logs import log_bug, start_log

    start_log(profile.log_path)
    log_bug(error)
    complain_of(Unexpected(type(error).__name__))
    complain(_("The log is {path}").format(path=profile.log_path))
