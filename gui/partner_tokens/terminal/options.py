"""What may be typed after `partner-tokens-cli`."""

import argparse
import re
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from partner_tokens import __version__
from partner_tokens.command_line import N_, Help
from partner_tokens.core.export import Export
from partner_tokens.core.formats import Format
from partner_tokens.core.language import _
from partner_tokens.core.lifetime import SOON_WITHIN
from partner_tokens.core.tokens import ENDPOINT_PRESETS, Kind
from partner_tokens.terminal.console import visible

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction["_Parser"]  # noqa: SLF001  # has no other name


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options; ends the program with 2, or with 0 after --help and --version."""
    parser = _parser()
    words = list(sys.argv[1:] if arguments is None else arguments)
    ours, dashes, program = words, False, []
    if "exec" in words and "--" in words:
        at = words.index("--")
        ours, dashes, program = words[:at], True, words[at + 1 :]
    options = parser.parse_args(ours)
    if options.command == "show" and not options.demo:
        parser.error("show needs --demo")
    if options.command == "add":
        _check_parts(parser, options)
    if options.command == "exec":
        if not program:
            parser.error("exec needs a program: exec WHAT -- PROGRAM …")
        options.program = program
    elif dashes:
        options = parser.parse_args(words)
    return options


def _check_parts(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """An app needs both of its ids, and nothing else has them."""
    ids = {"--client-id": options.client_id, "--organization-id": options.organization_id}
    is_app = options.kind is not None and Kind(options.kind).is_app
    for name, value in ids.items():
        if is_app and not value:
            parser.error(f"--kind {options.kind} needs {name}")
        if not is_app and value is not None:
            parser.error(f"{name} needs --kind with an app")


class _Parser(argparse.ArgumentParser):
    """Repeats what was typed, but commands no terminal with it."""

    def error(self, message: str) -> NoReturn:
        super().error(visible(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
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
    _let_it_open_a_store(parser, None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_add(commands)
    _add_import(commands)
    _add_list(commands)
    _add_header(commands)
    _add_token(commands)
    _add_exec(commands)
    _add_check(commands)
    _add_expiring(commands)
    _add_export(commands)
    _add_backup(commands)
    _add_command(commands, "show", N_("the demo as text; only with --demo"))
    return parser


def _add_add(commands: "Commands") -> None:
    add = _add_command(
        commands, "add", N_("store an API token or an app's secret, read from standard input")
    )
    add.add_argument(
        "--kind",
        metavar="KIND",
        choices=[each.value for each in Kind],
        help=N_("what it is, one of: %(choices)s; if left out, an API token of its host"),
    )
    add.add_argument("--client-id", metavar="ID", help=N_("an app's client id"))
    add.add_argument(
        "--organization-id",
        metavar="ID",
        help=N_("the long id of an app's organization, as the portal shows it"),
    )
    add.add_argument(
        "--organization", metavar="NAME", help=N_("its name; if left out, as the service says")
    )
    add.add_argument("--name", metavar="NAME", required=True, help=N_("the token's name"))
    add.add_argument(
        "--endpoint",
        metavar="URL",
        help=N_("where it is exchanged; if left out, the vendor's host for its kind"),
    )
    add.add_argument(
        "--expires",
        metavar="DATE",
        default="unknown",
        help=N_("such as 2027-01-31, or “never”, or “unknown”"),
    )
    add.add_argument(
        "--unproven", action="store_true", help=N_("store it without trying it, when offline")
    )


def _add_import(commands: "Commands") -> None:
    bring_in = _add_command(commands, "import", N_("store many API tokens from a file, unproven"))
    bring_in.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        help=N_(
            "CSV, text, INI, JSON or environment file, one made by backup or age, or a folder of "
            "them; - reads a pipe"
        ),
    )
    bring_in.add_argument(
        "--endpoint",
        metavar="URL",
        default=ENDPOINT_PRESETS[0],
        help=N_("of the rows that name none; if left out, %(default)s"),
    )
    bring_in.add_argument(
        "--dry-run", action="store_true", help=N_("only show what would be stored")
    )
    bring_in.add_argument("--json", action="store_true", help=N_("for programs"))
    _let_it_read_a_file_passphrase(bring_in)


def _add_list(commands: "Commands") -> None:
    listing = _add_command(commands, "list", N_("show all tokens"))
    listing.add_argument("--json", action="store_true", help=N_("for programs"))


def _add_header(commands: "Commands") -> None:
    header = _add_command(commands, "header", N_("print a fresh header, and nothing else"))
    _let_it_mean_one(header)
    header.add_argument(
        "--format",
        metavar="F",
        choices=[each.value for each in Format],
        default=Format.HEADER.value,
        help=N_("one of: %(choices)s"),
    )


def _add_token(commands: "Commands") -> None:
    token = _add_command(commands, "token", N_("print a fresh access token, and nothing else"))
    _let_it_mean_one(token)
    token.add_argument(
        "--json", action="store_true", help=N_("with its end, for credential helpers")
    )


def _add_exec(commands: "Commands") -> None:
    words = N_("run a program with a fresh access token in the variable CSP_AUTH_TOKEN")
    run = _add_command(commands, "exec", words)
    run.usage = "partner-tokens-cli exec [OPTIONS] WHAT … -- PROGRAM …"
    _let_it_mean_one(run)


def _let_it_mean_one(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "what", metavar="WHAT", nargs="+", help=N_("an id, or words that single out one token")
    )
    command.add_argument(
        "--min-life",
        metavar="SPAN",
        type=_span,
        help=N_("how long it must live at least, such as 10m"),
    )
    command.add_argument(
        "--passcode-stdin",
        action="store_true",
        help=N_("read the passcode of your device from standard input"),
    )


def _add_check(commands: "Commands") -> None:
    check = _add_command(commands, "check", N_("how far the way to each endpoint leads"))
    check.add_argument("what", metavar="WHAT", nargs="*", help=N_("try this token as well"))
    check.add_argument("--json", action="store_true", help=N_("for programs"))


def _add_expiring(commands: "Commands") -> None:
    expiring = _add_command(
        commands, "expiring", N_("what runs out soon or has run out; ends with 1 if there is any")
    )
    expiring.add_argument(
        "--within",
        metavar="SPAN",
        type=_span,
        default=SOON_WITHIN,
        help=N_("how soon, such as 14d; if left out, 30 days"),
    )
    expiring.add_argument("--json", action="store_true", help=N_("for programs"))


def _add_export(commands: "Commands") -> None:
    export = _add_command(
        commands, "export", N_("the inventory, or the days of expiry; never a secret")
    )
    export.add_argument(
        "--format",
        metavar="F",
        choices=[each.value for each in Export],
        default=Export.CSV.value,
        help=N_("csv, the inventory, for spreadsheets; or ics, the days of expiry, for calendars"),
    )
    export.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        type=Path,
        help=N_("where to; if left out, standard output"),
    )


def _add_backup(commands: "Commands") -> None:
    backup = _add_command(
        commands, "backup", N_("write tokens, secrets included, to a file encrypted by age")
    )
    backup.add_argument("file", metavar="FILE", type=Path, help=N_("where to, such as backup.age"))
    backup.add_argument(
        "what",
        metavar="WHAT",
        nargs="*",
        help=N_("only tokens in which all these words occur; if left out, all tokens"),
    )
    backup.add_argument(
        "--organization",
        metavar="NAME",
        action="append",
        default=[],
        help=N_("only tokens of this organization, by name or id; may be given more than once"),
    )
    _let_it_read_a_file_passphrase(backup)


def _let_it_read_a_file_passphrase(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--file-passphrase-fd",
        type=int,
        metavar="N",
        help=N_("read the passphrase of the encrypted file, one line, from this file descriptor"),
    )


def _add_command(commands: "Commands", name: str, words: str) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name, help=words, description=words, formatter_class=Help, allow_abbrev=False
    )
    _let_it_open_a_store(command, argparse.SUPPRESS)  # what stands in front of the command holds
    return command


def _let_it_open_a_store(parser: argparse.ArgumentParser, default: str | None) -> None:
    parser.add_argument(
        "--profile",
        type=Path,
        metavar="DIR",
        default=default,
        help=N_("keep data, preferences and log under one folder"),
    )
    parser.add_argument(
        "--passphrase-fd",
        type=int,
        metavar="N",
        default=default,
        help=N_("read the store's passphrase, one line, from this file descriptor"),
    )


def _span(text: str) -> timedelta:
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    if found is None:
        raise argparse.ArgumentTypeError(_("not a span of time: write 90s, 10m, 1h or 14d"))
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[found[2]]
    return timedelta(**{unit: int(found[1])})
