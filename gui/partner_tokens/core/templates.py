"""The user's own forms of a header: texts with placeholders, checked when they are typed.

A value can be anybody's words: the name of an organization comes from a service or from a file. So
a bare placeholder takes only what no shell, no JSON and no page reads as more than text; for all
else the template says how it is quoted, as in `{organization:bash}`.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from urllib.parse import quote

from partner_tokens.core.errors import (
    InputError,
    PlaceholderInQuotes,
    PlaceholderUnknown,
    PlaceholderUnquoted,
    Problem,
)
from partner_tokens.core.formats import Format, Template, bash, cmd, powershell
from partner_tokens.core.lookalike import looks_like_api_token
from partner_tokens.core.redaction import BEARER, JWT
from partner_tokens.core.tokens import clean_name

LONGEST_NAME = 40
LONGEST_TEMPLATE = 2_000
MOST_TEMPLATES = 50

VALUES = (
    "token",
    "header",
    "endpoint",
    "host",
    "organization",
    "organization_id",
    "name",
    "user",
    "expires_at",
)
"""What a placeholder can stand for; `header` is the whole line, `expires_at` is in UTC."""

SECRETS = ("token", "header")

WITH_QUOTES: Mapping[str, Callable[[str], str]] = {
    "bash": bash,
    "powershell": powershell,
    "cmd": cmd,
    "json": json.dumps,
}
"""These bring their own quotes, and so stand outside of any."""

QUOTINGS: Mapping[str, Callable[[str], str]] = {
    **WITH_QUOTES,
    "url": lambda text: quote(text, safe=""),
    "raw": str,
}
"""What may follow a placeholder's colon; `raw` is for texts that no program reads."""

_WORD = "[A-Za-z][A-Za-z0-9_-]*"
_PLACEHOLDER = re.compile(
    rf"\{{\{{(?P<kept>{_WORD}(?::{_WORD})?)\}}\}}"
    rf"|(?<!\$)\{{(?P<of>{_WORD})(?::(?P<by>[A-Za-z0-9_-]*))?\}}"
)
"""A word in braces. Other braces are braces, as JSON has them, and so are a shell's `${name}`.

Doubled braces stand for single ones, which are no placeholder.
"""

_MARKS = frozenset({"Mn", "Mc"})
"""Parts of letters, in Indic scripts and others."""


def clean_template(name: str, text: str) -> Template:
    """A template that can be kept. Raises InputError, by name PlaceholderUnknown where one is."""
    name = clean_name(name)
    if len(name) > LONGEST_NAME:
        raise InputError(Problem.TEXT_TOO_LONG)
    if name.startswith("-") or not name.isprintable():
        raise InputError(Problem.TEMPLATE_NAME_INVALID)
    if name.casefold() in set(Format):
        raise InputError(Problem.TEMPLATE_NAME_TAKEN)
    text = text.replace("\r\n", "\n").strip("\n")
    if len(text) > LONGEST_TEMPLATE:
        raise InputError(Problem.TEXT_TOO_LONG)
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in text):
        raise InputError(Problem.TEXT_UNPRINTABLE)
    found = [match for match in _PLACEHOLDER.finditer(text) if not match["kept"]]
    for match in found:
        _check(match, text)
    if not any(match["of"] in SECRETS for match in found):
        raise InputError(Problem.TEMPLATE_WITHOUT_TOKEN)
    if any(map(_holds_secret, (name, _PLACEHOLDER.sub(" ", text)))):
        raise InputError(Problem.TEMPLATE_HOLDS_SECRET)
    return Template(name, text)


def filled(template: Template, values: Mapping[str, str]) -> str:
    """The text with a value for each of VALUES. Raises PlaceholderUnquoted."""

    def value(match: re.Match[str]) -> str:
        if match["kept"]:
            return f"{{{match['kept']}}}"
        text = values[match["of"]]
        if match["by"] is not None:
            return QUOTINGS[match["by"]](text)
        if not _is_harmless(text):
            raise PlaceholderUnquoted(match["of"], tuple(QUOTINGS))
        return text

    return _PLACEHOLDER.sub(value, template.text)


def _check(match: re.Match[str], text: str) -> None:
    if match["of"] not in VALUES:
        raise PlaceholderUnknown(match["of"], VALUES)
    if match["by"] is not None and match["by"] not in QUOTINGS:
        raise PlaceholderUnknown(f"{match['of']}:{match['by']}", tuple(QUOTINGS))
    if match["by"] in WITH_QUOTES and _is_inside_quotes(text[: match.start()]):
        raise PlaceholderInQuotes(match["of"], match["by"])


def _is_inside_quotes(before: str) -> bool:
    """Whether quotes are open, in the line or in the whole text; an apostrophe counts as one.

    Quotes in quotes would end the outer ones, and bare words would stand between.
    """
    before = _PLACEHOLDER.sub("", before)
    line = before.rpartition("\n")[2]
    return any(part.count(mark) % 2 for part in (line, before) for mark in "\"'")


def _is_harmless(text: str) -> bool:
    """Letters, digits and some signs; no word begins as an option, a home or a command does."""
    return all(
        c.isalnum() or c in " .,:/@+=_-" or unicodedata.category(c) in _MARKS for c in text
    ) and not any(word[0] in "-=@" for word in text.split())


def _holds_secret(text: str) -> bool:
    """Whether a token stands in it, of which the placeholder should be there instead."""
    runs = re.findall(r"[A-Za-z0-9+/=_-]+", text)
    return bool(JWT.search(text) or BEARER.search(text)) or any(map(looks_like_api_token, runs))
