"""The commands of the terminal, and what may be typed after each of them."""

import argparse
from collections.abc import Callable, Mapping

from partner_tokens.command_line import N_, Help, path
from partner_tokens.core.export import Export
from partner_tokens.core.formats import Format
from partner_tokens.core.lifetime import SOON_WITHIN
from partner_tokens.core.tokens import ENDPOINT_PRESETS, Kind
from partner_tokens.terminal.parser import span

SCRIPTS = {
    "bash": "partner-tokens-cli.bash",
    "zsh": "_partner-tokens-cli",
    "fish": "partner-tokens-cli.fish",
    "powershell": "partner-tokens-cli.ps1",
}
"""The shells that can complete, each with its file in resources/completion/."""


def add_commands(parser: argparse.ArgumentParser, only: str = "") -> None:
    """Lets the parser know the commands: just one of them where it is named already, else all.

    To make all of them takes longer than to read the list from the disk.
    """
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in [only] if only in COMMANDS else COMMANDS:
        words, fill = COMMANDS[name]
        command = commands.add_parser(
            name, help=words, description=words, formatter_class=Help, allow_abbrev=False
        )
        let_it_open_a_store(command, argparse.SUPPRESS)  # what stands in front of it holds
        fill(command)


def let_it_open_a_store(parser: argparse.ArgumentParser, default: str | None) -> None:
    """The options of every command, which may stand in front of it as well."""
    parser.add_argument(
        "--profile",
        type=path,
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


def _fill_add(add: argparse.ArgumentParser) -> None:
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


def _fill_import(bring_in: argparse.ArgumentParser) -> None:
    bring_in.add_argument(
        "file",
        metavar="FILE",
        type=path,
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
        "--kind",
        metavar="KIND",
        action="append",
        default=[],
        choices=[each.value for each in Kind],
        help=N_(
            "of the rows that name none, one of: %(choices)s; twice, for API tokens and for apps"
        ),
    )
    bring_in.add_argument(
        "--dry-run", action="store_true", help=N_("only show what would be stored")
    )
    bring_in.add_argument("--json", action="store_true", help=N_("for programs"))
    _let_it_read_a_file_passphrase(bring_in)


def _fill_list(listing: argparse.ArgumentParser) -> None:
    listing.add_argument(
        "--removed", action="store_true", help=N_("show what is in the trash instead")
    )
    listing.add_argument("--json", action="store_true", help=N_("for programs"))


def _fill_edit(edit: argparse.ArgumentParser) -> None:
    _let_it_name_one(edit)
    edit.add_argument("--name", metavar="NAME", help=N_("another name for the token"))
    edit.add_argument(
        "--organization",
        metavar="NAME",
        help=N_(
            "another name for its organization, for all its tokens; the name of one that is stored "
            "moves this token there"
        ),
    )
    edit.add_argument("--endpoint", metavar="URL", help=N_("where it is exchanged; then unproven"))
    edit.add_argument(
        "--expires", metavar="DATE", help=N_("such as 2027-01-31, or “never”, or “unknown”")
    )
    edit.add_argument("--note", metavar="TEXT", help=N_("another note; empty takes it away"))
    pins = edit.add_mutually_exclusive_group()
    pins.add_argument(
        "--pin", dest="pinned", action="store_const", const=True, help=N_("let it stand first")
    )
    pins.add_argument(
        "--unpin", dest="pinned", action="store_const", const=False, help=N_("no longer")
    )


def _fill_remove(remove: argparse.ArgumentParser) -> None:
    _let_it_name_one(remove)


def _fill_restore(restore: argparse.ArgumentParser) -> None:
    restore.add_argument(
        "what",
        metavar="WHAT",
        nargs="+",
        help=N_("an id, or words that single out one removed token"),
    )


def _fill_completion(completion: argparse.ArgumentParser) -> None:
    completion.add_argument(
        "shell", metavar="SHELL", choices=list(SCRIPTS), help=N_("one of: %(choices)s")
    )


def _fill_show(_show: argparse.ArgumentParser) -> None:
    """Nothing but what all have."""


def _fill_header(header: argparse.ArgumentParser) -> None:
    _let_it_mean_one(header)
    header.add_argument(
        "--format",
        metavar="F",
        choices=_Among(each.value for each in Format),
        default=Format.HEADER.value,
        help=N_("one of: %(choices)s; or the name of a format of your own"),
    )


def _fill_token(token: argparse.ArgumentParser) -> None:
    _let_it_mean_one(token)
    token.add_argument(
        "--json", action="store_true", help=N_("with its end, for credential helpers")
    )


def _fill_exec(run: argparse.ArgumentParser) -> None:
    run.usage = N_("partner-tokens-cli exec [OPTIONS] WHAT … -- PROGRAM …")
    _let_it_mean_one(run)


def _let_it_name_one(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "what", metavar="WHAT", nargs="+", help=N_("an id, or words that single out one token")
    )


def _let_it_mean_one(command: argparse.ArgumentParser) -> None:
    _let_it_name_one(command)
    command.add_argument(
        "--min-life",
        metavar="SPAN",
        type=span,
        help=N_("how long it must live at least, such as 10m"),
    )
    command.add_argument(
        "--passcode-stdin",
        action="store_true",
        help=N_("read the passcode of your device from standard input"),
    )


def _fill_check(check: argparse.ArgumentParser) -> None:
    check.add_argument("what", metavar="WHAT", nargs="*", help=N_("try this token as well"))
    check.add_argument("--json", action="store_true", help=N_("for programs"))


def _fill_expiring(expiring: argparse.ArgumentParser) -> None:
    expiring.add_argument(
        "--within",
        metavar="SPAN",
        type=span,
        default=SOON_WITHIN,
        help=N_("how soon, such as 14d; if left out, 30 days"),
    )
    expiring.add_argument("--json", action="store_true", help=N_("for programs"))


def _fill_export(export: argparse.ArgumentParser) -> None:
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
        type=path,
        help=N_("where to; if left out, standard output"),
    )


def _fill_backup(backup: argparse.ArgumentParser) -> None:
    backup.add_argument("file", metavar="FILE", type=path, help=N_("where to, such as backup.age"))
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


class _Among(tuple[str, ...]):
    """Choices that are shown; others are taken as well, and judged later."""

    __slots__ = ()

    def __contains__(self, _value: object) -> bool:
        return True


Fill = Callable[[argparse.ArgumentParser], None]

COMMANDS: Mapping[str, tuple[str, Fill]] = {
    "list": (N_("show all tokens"), _fill_list),
    "header": (N_("print a fresh header, and nothing else"), _fill_header),
    "token": (N_("print a fresh access token, and nothing else"), _fill_token),
    "exec": (
        N_("run a program with a fresh access token in the variable CSP_AUTH_TOKEN"),
        _fill_exec,
    ),
    "add": (N_("store an API token or an app's secret, read from standard input"), _fill_add),
    "edit": (N_("change what is stored of a token, but not its secret"), _fill_edit),
    "remove": (N_("put a token into the trash, for 30 days"), _fill_remove),
    "restore": (N_("bring a removed token back"), _fill_restore),
    "import": (N_("store many API tokens from a file, unproven"), _fill_import),
    "check": (N_("how far the way to each endpoint leads"), _fill_check),
    "expiring": (
        N_("what runs out soon or has run out; ends with 1 if there is any"),
        _fill_expiring,
    ),
    "export": (N_("the inventory, or the days of expiry; never a secret"), _fill_export),
    "backup": (
        N_("write tokens, secrets included, to a file encrypted by age"),
        _fill_backup,
    ),
    "completion": (
        N_("print what lets a shell complete commands and names"),
        _fill_completion,
    ),
    "show": (N_("the demo as text; only with --demo"), _fill_show),
}
"""Each with what it does, and what adds its options."""
