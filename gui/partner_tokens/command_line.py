"""What both command lines have in common: help and complaints in the user's language."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from partner_tokens.core.language import _, _n


def N_(words: str) -> str:
    """Marks words for translation; they are translated when they are shown."""
    return words


LATER: Final = frozenset(
    {
        N_("positional arguments"),
        N_("options"),
        N_("show this help message and exit"),
        N_("show program's version number and exit"),
    }
)
"""What argparse says when a parser is built, long before anybody asks for help."""

COMPLAINTS: Final = (
    N_("usage: "),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
    N_("unrecognized arguments: %s"),
    N_("not allowed with argument %s"),
    N_("ignored explicit argument %r"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("expected one argument"),
    N_("expected at most one argument"),
    N_("expected at least one argument"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("unknown parser %(parser_name)r (choices: %(choices)s)"),
)
"""What argparse says of a line that it cannot use, as in Python 3.11 to 3.14."""


NAMES: Final = (
    N_("COMMAND"),
    N_("DATE"),
    N_("DIR"),
    N_("FILE"),
    N_("KIND"),
    N_("NAME"),
    N_("SPAN"),
    N_("TEXT"),
    N_("WHAT"),
    N_("WORDS"),
)
"""What stands in a usage for what is to be typed; ID, URL, N and F are the same everywhere."""


def path(text: str) -> Path:
    """A path as it was typed. Raises ArgumentTypeError for none: the folder one is in is a dot.

    A script leaves it empty whose variable is not set, and means anything but that folder.
    """
    if not text:
        raise argparse.ArgumentTypeError(_("the path is missing"))
    return Path(text)


class Help(argparse.RawDescriptionHelpFormatter):
    """Help in the user's language, made when it is asked for: a header needs no words."""

    _is_asked_for = False
    """argparse also makes formatters to look whether an argument was defined well."""

    def add_text(self, text: str | None) -> None:
        super().add_text(_(text) if text and text is not argparse.SUPPRESS else text)

    def start_section(self, heading: str | None) -> None:
        super().start_section(_(heading) if heading else heading)

    def add_usage(self, usage: str | None, *more: Any, **others: Any) -> None:
        self._is_asked_for = True
        super().add_usage(_(usage) if usage else usage, *more, **others)

    def _metavar_formatter(
        self, action: argparse.Action, default_metavar: str
    ) -> Callable[[int], tuple[str, ...]]:
        names = super()._metavar_formatter(action, default_metavar)
        return lambda count: tuple(_(n) if self._is_asked_for else n for n in names(count))

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return _(action.help) if action.help else action.help


def _name(action: argparse.Action) -> str | None:
    name = _english_name(action)
    return _(name) if name else name


_english_name = vars(argparse)["_get_action_name"]


def _said(text: str) -> str:
    return text if text in LATER else _(text)


# There is no other way to argparse's own words than the names by which it calls for them.
vars(argparse).update({"_": _said, "ngettext": _n, "_get_action_name": _name})
