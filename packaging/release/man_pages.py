"""The manual pages: options from the programs themselves, the rest from packaging/linux/*.man."""

import argparse
import importlib
from collections.abc import Collection, Iterator
from datetime import datetime

from release import places
from release.identity import NAME

PARSERS = {
    "partner-tokens": ("partner_tokens.__main__", "_parser"),
    "partner-tokens-cli": ("partner_tokens.terminal.options", "make_parser"),
}
"""Module and function that make the parser of a command."""
PURPOSES = {
    "partner-tokens": "keep the API tokens of organizations, copy fresh headers",
    "partner-tokens-cli": "the API tokens of organizations, in the terminal",
}


def man_page(command: str, date: datetime) -> str:
    """The page of a command as troff, section 1, in the language of this process."""
    module, function = PARSERS[command]
    parser = getattr(importlib.import_module(module), function)()
    written = (places.PACKAGING / "linux" / f"{command}.man").read_text(encoding="utf-8")
    return (
        f'.TH {command.upper()} 1 {date:%Y-%m-%d} "{NAME} {places.version()}" "{NAME}"\n'
        f".SH NAME\n{_plain(command)} \\- {_plain(PURPOSES[command])}\n"
        f"{described(parser)}{written}"
    )


def described(parser: argparse.ArgumentParser) -> str:
    """Synopsis, description, options and commands of a parser."""
    lines = [
        ".SH SYNOPSIS",
        *_synopsis(parser),
        ".SH DESCRIPTION",
        _plain(parser.description or ""),
    ]
    lines += [".SH OPTIONS", *_arguments(parser)]
    general = {option for action in parser._actions for option in action.option_strings}  # noqa: SLF001
    commands = list(_commands(parser))
    if commands:
        lines.append(".SH COMMANDS")
    for name, words, command in commands:
        lines += [f".SS {_plain(name)}", *_synopsis(command), ".PP", _sentence(words)]
        lines += _arguments(command, general)
    return "".join(f"{line}\n" for line in lines)


def _synopsis(parser: argparse.ArgumentParser) -> Iterator[str]:
    name, _, usage = parser.format_usage().partition(": ")[2].partition(parser.prog)
    words = " ".join(f"{name}{usage}".split())
    yield f".B {_plain(parser.prog)}"
    yield _plain(words)


def _arguments(parser: argparse.ArgumentParser, general: Collection[str] = ()) -> Iterator[str]:
    """What may follow; `general` options are those that every command has."""
    formatter = parser._get_formatter()  # noqa: SLF001  # argparse has no other way to its words
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction) or action.help == argparse.SUPPRESS:  # noqa: SLF001
            continue
        if general and set(action.option_strings) & set(general):
            continue
        value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
        names = ", ".join(rf"\fB{_plain(option)}\fR" for option in action.option_strings)
        if action.nargs != 0:
            names += rf"{' ' if names else ''}\fI{_plain(value)}\fR"
        yield ".TP"
        yield names
        yield _sentence(formatter._expand_help(action) if action.help else "")  # noqa: SLF001


def _commands(
    parser: argparse.ArgumentParser,
) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for listed in action._get_subactions():  # noqa: SLF001
                yield listed.dest, listed.help or "", action.choices[listed.dest]


def _sentence(words: str) -> str:
    plain = " ".join(words.split())
    return _plain(f"{plain[:1].upper()}{plain[1:]}{'' if plain.endswith('.') else '.'}")


def _plain(text: str) -> str:
    """Text that troff prints as it stands."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return "\n".join(f"\\&{line}" if line.startswith(".") else line for line in escaped.split("\n"))
