"""What may be typed after `partner-tokens-cli`."""

import argparse
import sys
from collections.abc import Sequence

from partner_tokens import __version__
from partner_tokens.command_line import N_, Help
from partner_tokens.core.language import _
from partner_tokens.core.tokens import Kind
from partner_tokens.terminal.commands import add_commands, let_it_open_a_store
from partner_tokens.terminal.parser import Parser

WITH_VALUES = frozenset({"--profile", "--passphrase-fd"})
"""What may stand in front of the command, with a word of its own behind it."""

EDITABLE = ("name", "organization", "endpoint", "expires", "note", "pinned")
"""The options of `edit`, at least one of which is to be given."""


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options; ends the program with 2, or with 0 after --help and --version."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    command = _command_in(words)
    parser = make_parser(command)
    program: list[str] = []
    if command == "exec" and "--" in words:
        at = words.index("--")
        if (
            words.index("exec") == at - 1 and "--" in words[at + 1 :]
        ):  # WHAT itself begins with a dash
            at = words.index("--", at + 1)
        words, program = words[:at], words[at + 1 :]
    options = parser.parse_args(words)
    match options.command:
        case "show" if not options.demo:
            parser.error(_("show needs --demo"))
        case "add":
            _check_parts(parser, options)
        case "edit" if all(getattr(options, name) is None for name in EDITABLE):
            parser.error(_("edit needs what is to be changed: see edit --help"))
        case "exec":
            if not program or not program[0]:
                parser.error(_("exec needs a program: exec WHAT -- PROGRAM …"))
            options.program = program
    return options


def _command_in(words: Sequence[str]) -> str:
    """The command, found at a glance; empty where there is none, or where help is asked for."""
    rest = iter(words)
    for word in rest:
        if word in WITH_VALUES:
            next(rest, "")
        elif word in {"-h", "--help"}:
            return ""
        elif not word.startswith("-"):
            return word
    return ""


def _check_parts(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """An app needs both of its ids, and nothing else has them."""
    ids = {"--client-id": options.client_id, "--organization-id": options.organization_id}
    is_app = options.kind is not None and Kind(options.kind).is_app
    for name, value in ids.items():
        if is_app and not value:
            parser.error(
                _("{option} needs {other}").format(option=f"--kind {options.kind}", other=name)
            )
        if not is_app and value is not None:
            parser.error(_("{option} needs --kind with an app").format(option=name))


def make_parser(command: str = "") -> argparse.ArgumentParser:
    """The parser of this command, or of all where it is unknown."""
    parser = Parser(
        prog="partner-tokens-cli",
        description=N_("API tokens of your customers' organizations, and fresh headers from them."),
        epilog=N_(
            "Exit codes: 0 done, 2 usage, 3 nothing or more than one matches, 4 refused,\n"
            "5 endpoint unreachable, throttled or its reply unusable, 6 secret storage missing,\n"
            "locked or unreadable, 7 passcode needed."
        ),
        formatter_class=Help,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"Partner Tokens {__version__}")
    parser.add_argument(
        "--demo", action="store_true", help=N_("invented organizations and a service in small")
    )
    let_it_open_a_store(parser, None)
    add_commands(parser, command)
    return parser
